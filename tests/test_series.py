"""A series: painted to its end whatever happens to those who paint it, and told truly."""

import contextlib
import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks import chaos
from PIL import Image

import diavlex
from diavlex import weights
from diavlex.brushes import mypaint
from diavlex.cli import main as cli
from diavlex.cli import series as cli_series
from diavlex.config import choose
from diavlex.errors import BadFolder, BadValue
from diavlex.series import claims, many, page, pool, table
from diavlex.series.driver import Driver, Failed, Finished, check_makers
from diavlex.series.folder import SeriesFolder
from diavlex.series.identity import identity, makers
from diavlex.series.many import jobs_of
from diavlex.series.status import standing
from diavlex.series.work import Order, Outcome, paint

TINY = {"strokes": 12, "steps": 3, "views": 2, "canvas_px": 48, "size": "64x64"}
FLAGS = [w for k, v in TINY.items() for w in (f"--{k.replace('_', '-')}", str(v))]
FILES = ["job.json", "made.json", "painting.json", "painting.png"]


def run(*words: str | Path, **options) -> subprocess.CompletedProcess:
    """Run `diavlex` as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "diavlex", *map(str, words)],
        capture_output=True, text=True, check=False, **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's own weights: a brush that is like oil."""
    folder = tmp_path_factory.mktemp("home")
    card, path = weights.find("brush", "oil")
    shutil.copyfile(path, folder / "mine.safetensors")
    facts = json.loads(path.with_suffix(".json").read_text()) | {"name": "mine"}
    (folder / "mine.json").write_text(json.dumps(facts))
    assert card.sha256 == facts["sha256"]
    return folder


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Path:
    """A series of four paintings, one of which fails, as the command leaves it."""
    folder = tmp_path_factory.mktemp("done")
    plan, out = folder / "plan.csv", folder / "series"
    plan.write_text(
        "prompt,brush\na fox,\na cat,mine\n<b>ünï</b> a goldfish,\na fox,\n", "utf-8-sig"
    )
    environment = os.environ | {"DIAVLEX_HOME": str(home)}
    many_words = ["series", plan, "--out", out, "--workers", "1", "--finish", "neural", *FLAGS]
    planned = subprocess.Popen(
        [sys.executable, "-m", "diavlex", *map(str, many_words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    while planned.poll() is None and not (out / ".series" / "plans").exists():
        time.sleep(0.02)
    (home / "mine.safetensors").write_bytes(b"altered since its card was written")
    told, errors = planned.communicate(timeout=600)
    assert planned.returncode == 1, errors
    assert told == f"{out}\n"
    assert "1 failed:\n  a-cat-0: the weights of 'mine' are not what their card says" in errors
    assert "2 of 3 done" in errors
    return out


def test_each_painting_has_its_folder(done: Path) -> None:
    names = ["a-fox-0", "b-ünï-b-a-goldfish-0"]
    assert sorted(p.name for p in done.iterdir()) == [".series", *names, "table.sqlite"]
    for name in names:
        assert sorted(os.listdir(done / name)) == FILES
    job = json.loads((done / names[0] / "job.json").read_text())
    assert job["prompt"] == "a fox"
    assert choose(**job["config"]) == choose(**TINY, finish="neural")
    assert len(list((done / ".series" / "work").iterdir())) == 1


def test_a_painting_is_that_of_the_command_paint(done: Path, tmp_path: Path) -> None:
    words = ["paint", "a fox", *FLAGS, "--finish", "neural", "--out", tmp_path]
    alone = run(*words, env=os.environ | {"OMP_NUM_THREADS": "1"})
    for name in ("painting.json", "painting.png"):
        mine = (Path(alone.stdout.strip()) / name).read_bytes()
        assert mine == (done / "a-fox-0" / name).read_bytes(), name


def test_a_finished_painting_is_never_painted_again(done: Path, home: Path) -> None:
    made = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in done.glob("*/made.json")}
    again = run(
        "series", "resume", done, "--workers", "1", env=os.environ | {"DIAVLEX_HOME": str(home)}
    )
    assert again.returncode == 1, again.stderr  # what failed was tried again, in vain
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in done.glob("*/made.json")} == made
    attempts = list((done / ".series" / "work" / "a-cat-0").iterdir())
    assert len(attempts) == 6


def test_how_it_stands_is_told(done: Path, capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["series", "status", str(done)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "2 of 3 done, 0 running, 0 waiting, 1 failed"
    assert told[1:] == ["1 failed:", f"  a-cat-0: {standing(SeriesFolder(done)).failed['a-cat-0']}"]


def test_status_and_help_need_no_torch(done: Path) -> None:
    for words in (["status", str(done)], ["--help"], ["table", str(done)]):
        code = (
            "import sys; from diavlex.cli.main import main\n"
            "try: main(['series', *sys.argv[1:]])\n"
            "except SystemExit: pass\n"
            "assert 'torch' not in sys.modules, 'torch was loaded'"
        )
        subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True)


def test_the_table_says_all(done: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    from pyarrow import parquet

    files = tmp_path / "a.csv", tmp_path / "a.parquet"
    words = ["series", "table", str(done), "--csv", str(files[0]), "--parquet", str(files[1])]
    assert cli.main(words) == 0
    assert capsys.readouterr().out == f"{done / 'table.sqlite'}\n{files[0]}\n{files[1]}\n"
    with contextlib.closing(sqlite3.connect(done / "table.sqlite")) as opened:
        opened.row_factory = sqlite3.Row
        rows = [dict(row) for row in opened.execute("SELECT * FROM paintings ORDER BY number")]
    assert [(r["name"], r["state"]) for r in rows] == [
        ("a-fox-0", "done"), ("a-cat-0", "failed"), ("b-ünï-b-a-goldfish-0", "done"),
    ]  # fmt: skip
    fox, cat, _ = rows
    record = diavlex.load(done / "a-fox-0")
    assert (fox["score_cosine"], fox["seed"]) == (record.scores["cosine"], 0)
    assert (fox["strokes"], fox["contrast"], fox["size"]) == (12, 0.3, "64x64")
    assert fox["seconds"] > 0
    assert json.loads(fox["files"]) == FILES
    assert cat["brush"] == "mine"
    assert "card" in cat["reason"]
    with open(files[0], newline="", encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert [r["prompt"] for r in written] == [r["prompt"] for r in rows]
    assert float(written[0]["score_cosine"]) == fox["score_cosine"]
    assert parquet.read_table(files[1]).to_pylist() == rows


def test_a_table_is_brought_up_to_date(done: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy"
    shutil.copytree(done, out)
    series = SeriesFolder(out)

    def states() -> dict[str, str]:
        with contextlib.closing(table.opened(table.update(series))) as rows:
            return dict(rows.execute("SELECT name, state FROM paintings ORDER BY number"))

    before = states()
    shutil.rmtree(out / "a-fox-0")
    assert states() == before | {"a-fox-0": "planned"}
    for broken in (b"", b"no table", (out / "table.sqlite").read_bytes()[:5000]):
        (out / "table.sqlite").write_bytes(broken)
        assert states() == before | {"a-fox-0": "planned"}


def test_a_sheet_shows_all(done: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["series", "sheet", str(done), "--out", str(tmp_path / "all.png")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'all.png'}\n"
    with Image.open(tmp_path / "all.png") as sheet:
        assert sheet.width > 2 * 224
    assert cli.main(["series", "sheet", str(done), "--out", str(tmp_path / "all.jpg")]) == 2


def test_the_judge_judges_a_series(done: Path, capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["judge", str(done)]) == 0
    assert "a-fox-0" in capsys.readouterr().out


def test_the_page_holds_words_as_words(done: Path) -> None:
    path = page.save_page(SeriesFolder(done), "</script><script>alert(1)</script>")
    text = path.read_text("utf-8")
    assert text.count("</script>") == 1
    part = (done / "page" / "rows-0.js").read_text("utf-8")
    assert part.startswith("diavlexRows(0,[")
    assert "<" not in part
    rows = json.loads(part[len("diavlexRows(0,") : -2])
    assert [row[1] for row in rows] == ["a fox", "<b>ünï</b> a goldfish"]


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium")
def test_the_page_works_from_a_file(done: Path) -> None:
    series = SeriesFolder(done)
    assert list(page.save_replays(series)) == [2, 1, 0]
    assert list(page.save_replays(series)) == [0]
    assert diavlex.load(done / "a-fox-0" / "replay.html").prompt == "a fox"
    path = page.save_page(series, "Two <i>paintings</i>")
    assert "replay.html" in (done / "page" / "rows-0.js").read_text("utf-8")
    for mark, seen in {"": 2, "#find=g%C3%B6ldfish": 0, "#find=goldfish&order=best": 1}.items():
        dom = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
             "--virtual-time-budget=5000", path.resolve().as_uri() + mark],
            capture_output=True, text=True, check=True, timeout=120,
        ).stdout  # fmt: skip
        assert dom.count("<figure") == seen, dom
        assert "Two &lt;i&gt;paintings" in dom


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that gets the series which nobody disturbs, for all that are compared with it."""
    return tmp_path_factory.mktemp("chaos")


@pytest.mark.slow
@pytest.mark.parametrize(("where", "seed"), [("pool", 3), ("ray", 1)])
def test_killed_workers_drivers_and_nodes_change_nothing(calm: Path, where: str, seed: int) -> None:
    killed = chaos.disturb(where, calm, paintings=5, kills=2, pause_s=2, seed=seed)
    assert len(killed) == 2


HOUR_OFF = ["faketime", "-m", "-f", "+1h"] if shutil.which("faketime") else []


@pytest.mark.slow
def test_two_drivers_share_a_series_though_a_clock_is_an_hour_off(tmp_path: Path) -> None:
    plan, out = tmp_path / "plan.txt", tmp_path / "series"
    plan.write_text("\n".join(chaos.THINGS[:3]))
    words = ["series", plan, "--seeds", "2", "--out", out, "--workers", "1", *FLAGS]
    both = [
        subprocess.Popen(
            [*before, sys.executable, "-m", "diavlex", *map(str, words)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for before in (HOUR_OFF, [])
    ]  # fmt: skip
    for driver in both:
        _, errors = driver.communicate(timeout=600)
        assert driver.returncode == 0, errors
        assert "6 of 6 done" in errors
    assert len(list(out.glob("*/painting.json"))) == 6
    assert not list((out / ".series" / "work").iterdir())
    assert len(list((out / ".series" / "plans").iterdir())) == 1
    made = [json.loads(path.read_text()) for path in out.glob("*/made.json")]
    assert {one["attempt"] for one in made} == {1}
    hours = {one["finished"][:13] for one in made}
    assert len(hours) >= (2 if HOUR_OFF else 1)


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_there(tmp_path: Path) -> None:
    plan, out = tmp_path / "plan.txt", tmp_path / "series"
    plan.write_text("a fox")
    words = ["series", plan, "--out", out, *FLAGS, "--steps", "100000", "--workers", "1"]
    driver = subprocess.Popen(
        [sys.executable, "-m", "diavlex", *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    attempt = out / ".series" / "work" / "a-fox-0" / "1"
    while driver.poll() is None and not (attempt / "painting" / "unfinished.safetensors").exists():
        time.sleep(0.05)
    os.killpg(driver.pid, signal.SIGINT)  # as a terminal does
    _, errors = driver.communicate(timeout=300)
    assert driver.returncode == 130, errors
    assert f"Go on with: diavlex series resume {out}" in errors
    assert "Traceback" not in errors
    assert (attempt / "left").exists()
    found = standing(SeriesFolder(out))
    assert (found.done, found.running, found.cut_off) == (0, (), ("a-fox-0",))


@pytest.mark.slow
def test_from_python(tmp_path: Path) -> None:
    def paint_all(*prompts: str) -> list[diavlex.Painting]:
        return list(
            diavlex.paint_series(
                prompts, tmp_path, workers=1, films=True, strokes=12, steps=3, views=2,
                canvas_px=48, size="64x64",
            )
        )  # fmt: skip

    found = paint_all("a fox", "a cat")
    assert [p.prompt for p in found] == ["a fox", "a cat"]
    assert (tmp_path / "a-fox-0" / "strokes.mp4").is_file()
    again = paint_all("a cat")
    assert [p.prompt for p in again] == ["a cat"]
    assert (again[0].actions == found[1].actions).all()


LISTENING = """
import sys
from pathlib import Path
from benchmarks.chaos import descendants
from diavlex.series.cluster import Cluster
import os, subprocess
crew = Cluster("local", workers=1)
told = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=True).stdout
marks = [f"pid={n}," for n in descendants(os.getpid())]
ours = [line for line in told.splitlines() if any(mark in line for mark in marks)]
print(*(line.split()[3] for line in ours))
crew.close()
"""


@pytest.mark.skipif(not shutil.which("ss"), reason="no ss")
def test_a_cluster_that_is_started_here_listens_to_this_machine_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LISTENING], capture_output=True, text=True, check=True
    )
    places = done.stdout.split()
    assert len(places) > 3
    assert all("127.0.0.1" in place for place in places), places


def planned(path: Path, *prompts: str) -> SeriesFolder:
    series = SeriesFolder(path)
    series.plan(jobs_of(prompts or ["a fox", "a cat", "a dog"], choices=TINY))
    return series


def order(series: SeriesFolder, name: str = "a-fox-0", **changes) -> Order:
    row = series.planned[name]
    facts = {
        "folder": str(series.path), "name": name, "prompt": row.prompt, "choices": row.choices,
        "identity": row.identity, "makers": makers(row.config), "token": "mine",
    }  # fmt: skip
    return Order(**facts | changes)


def tmpfs(path: Path, options: str) -> Iterator[Path]:
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", path], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a disk cannot be mounted here")
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, with room for 400 kB."""
    yield from tmpfs(tmp_path / "disk", "size=400k")


def test_a_full_disk_stops_a_series_and_harms_nothing(disk: Path) -> None:
    series = planned(disk / "series")
    assert paint(order(series)).ending == "done"
    (disk / "rest").write_bytes(b"x" * (shutil.disk_usage(disk).free - 8192))
    outcome = paint(order(series, "a-cat-0"))
    assert outcome.ending == "stop", outcome
    assert "no space left" in outcome.reason.lower()
    assert series.finished() == ["a-fox-0"]
    (disk / "rest").unlink()
    assert paint(order(series, "a-cat-0")).ending == "done"


def test_a_disk_that_cannot_be_written_is_told(disk: Path, capsys: pytest.CaptureFixture) -> None:
    plan = disk / "plan.txt"
    plan.write_text("a fox")
    planned(disk / "series", "a fox")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    for words in ([str(plan), "--out", str(disk / "other")], ["resume", str(disk / "series")]):
        assert cli.main(["series", *words, "--workers", "1"]) == 2
        told = capsys.readouterr().err
        assert "read-only" in told.lower()
        assert told.count("\n") == 1
    assert cli.main(["series", "status", str(disk / "series")]) == 0


def test_a_machine_that_paints_otherwise_does_not_begin(tmp_path: Path) -> None:
    series = planned(tmp_path)
    other = {**makers(choose(**TINY)), "guide pocket": "another"}
    outcome = paint(order(series, makers=other))
    assert outcome.ending == "unfit"
    assert "guide pocket was another" in outcome.reason
    assert paint(order(series, folder=str(tmp_path / "unseen"))).ending == "unfit"
    assert not (tmp_path / ".series" / "work").exists()


def test_another_painting_is_not_taken_for_the_one_that_is_planned(tmp_path: Path) -> None:
    series = planned(tmp_path)
    assert paint(order(series)).ending == "done"
    assert Driver(series, Workers(tmp_path)).begin() is None
    path = tmp_path / "a-fox-0" / "job.json"
    path.write_text(path.read_text().replace(series.planned["a-fox-0"].identity, "0" * 32))
    assert paint(order(series)).reason == "another painting lies there."
    with pytest.raises(BadFolder, match="a-fox-0 is not the painting that is planned"):
        Driver(series, Workers(tmp_path)).begin()


def test_all_that_decides_a_painting_decides_its_identity() -> None:
    config = choose(**TINY)
    by = makers(config)
    plain = config.to_plain()
    assert {"diavlex", "engine", "brush oil", "guide pocket"} <= by.keys()
    assert by["engine"] == ("mypaint" if mypaint.is_available() else "neural")
    own = identity("a fox", plain, by)
    assert own == identity(
        "a fox", dict(reversed(list(plain.items()))), dict(reversed(list(by.items())))
    )
    others = [identity("a cat", plain, by)]
    others += [identity("a fox", plain | {key: None}, by) for key in plain]
    others += [identity("a fox", plain, dict(by) | {key: "x"}) for key in by]
    assert len({own, *others}) == 2 + len(plain) + len(by)


@pytest.mark.parametrize("key", ["version", "guide pocket"])
def test_a_series_is_not_gone_on_with_by_another_version(tmp_path: Path, key: str) -> None:
    series = planned(tmp_path)
    check_makers(series)
    (path,) = (tmp_path / ".series" / "plans").iterdir()
    head, *rows = path.read_text().splitlines()
    facts = json.loads(head)
    if key == "version":
        facts["version"] = "0.0.9"
    else:
        (by,) = facts["makers"].values()
        by[key] = "0" * 64
    path.write_text("\n".join([json.dumps(facts), *rows]))
    with pytest.raises(BadFolder, match=r"0\.0\.9|guide pocket was 000"):
        check_makers(SeriesFolder(tmp_path))


class Workers:
    """Who does in this very process what an order says, or what a test wants instead."""

    def __init__(self, path: Path, *endings: str | None) -> None:
        self.path, self.endings = path, list(endings)
        self.orders: list[Order] = []
        self.given: list[Order] = []
        self.room = 1

    @property
    def asked(self) -> list[str]:
        return [order.name for order in self.given]

    def submit(self, order: Order) -> None:
        self.orders.append(order)
        self.given.append(order)
        self.room = 0

    def wait(self, patience_s: float) -> list[tuple[Order, Outcome | None]]:
        if not self.orders:
            time.sleep(patience_s / 10)
            return []
        self.room, order = 1, self.orders.pop()
        ending = self.endings.pop(0) if self.endings else "done"
        if ending is None:
            return [(order, None)]
        if ending == "done":
            (self.path / order.name).mkdir()
            (self.path / order.name / "job.json").write_text(
                json.dumps({"identity": order.identity})
            )
        return [(order, Outcome(order.name, ending, "why", is_ours=True))]  # type: ignore[arg-type]

    def close(self) -> list[tuple[Order, Outcome | None]]:
        return []


def drive(path: Path, *endings: str | None) -> tuple[Driver, Workers, list]:
    workers = Workers(path, *endings)
    driver = Driver(planned(path), workers)
    driver.begin()
    return driver, workers, [event for event in driver.run() if event is not None]


def test_what_a_worker_leaves_is_given_out_again(tmp_path: Path) -> None:
    driver, workers, events = drive(tmp_path, None, "left", "unfit", "done")
    assert sorted(driver.done) == ["a-cat-0", "a-dog-0", "a-fox-0"]
    assert len(workers.asked) == 6
    assert workers.asked[:2] == ["a-fox-0", "a-fox-0"]
    assert [type(event) for event in events] == [Finished] * 3
    assert driver.notes == ["why"]


def test_workers_that_all_die_end_a_series(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="no worker gets anything done"):
        drive(tmp_path, *[None] * 100)
    with pytest.raises(BadValue, match="the last one: why"):
        drive(tmp_path, *["unfit"] * 100)


def test_a_folder_that_cannot_be_written_ends_a_series(tmp_path: Path) -> None:
    with pytest.raises(BadFolder, match=r"why \(on .*\); when that is mended, go on"):
        drive(tmp_path, "done", "stop")


def test_what_another_has_is_waited_for(tmp_path: Path) -> None:
    series = planned(tmp_path)
    _, own = claims.claim(series, "a-cat-0", "theirs")
    assert isinstance(own, claims.Claim)
    workers = Workers(tmp_path, "taken")
    driver = Driver(series, workers, lease_s=1.0)
    driver.begin()
    assert driver.todo[0] == "a-cat-0"  # if it was only begun, it is gone on with first
    events = []
    for event in driver.run():
        events.append(event)
        if len(driver.done) == 2 and own.path.exists():
            own.painting.mkdir()
            own.finish()
    assert Finished("a-cat-0", 0.0, False) in events
    assert len(driver.done) == 3


def test_what_nobody_works_at_any_more_is_taken_over(tmp_path: Path) -> None:
    series = planned(tmp_path)
    _, own = claims.claim(series, "a-cat-0", "theirs")
    assert isinstance(own, claims.Claim)
    seen = claims.sight(series, "a-cat-0")
    workers = Workers(tmp_path, "taken")
    driver = Driver(series, workers, lease_s=1.0)
    driver.begin()
    list(driver.run())
    assert len(driver.done) == 3
    assert [order.dead for order in workers.given if order.name == "a-cat-0"] == [None, seen]


def test_a_failure_is_told_and_the_series_goes_on(tmp_path: Path) -> None:
    series = planned(tmp_path)
    for _ in range(claims.TRIES):
        _, own = claims.claim(series, "a-cat-0", "mine")
        assert isinstance(own, claims.Claim)
        own.fail("it is too hard", is_final=False)
    workers = Workers(tmp_path)
    driver = Driver(series, workers)
    driver.begin()
    list(driver.run())
    assert driver.failed == {"a-cat-0": "it is too hard"}
    assert sorted(workers.asked) == ["a-dog-0", "a-fox-0"]
    again = Driver(series, Workers(tmp_path))
    again.begin(is_again=True)
    assert list(again.todo) == ["a-cat-0"]


def test_a_failing_painting_ends_in_an_event(tmp_path: Path) -> None:
    workers = Workers(tmp_path, "failed")
    driver = Driver(planned(tmp_path), workers)
    driver.begin()
    _, own = claims.claim(driver.series, "a-fox-0", "mine")
    assert isinstance(own, claims.Claim)
    own.fail("never", is_final=True)
    assert Failed("a-fox-0", "never") in list(driver.run())


def test_the_live_table_can_be_drawn(tmp_path: Path) -> None:
    from io import StringIO

    from rich.console import Console

    from diavlex.cli.tally import Tally, duration

    driver, _, _ = drive(tmp_path)
    driver.running, driver.failed = {"a-[red]-0": "x"}, {"b-0": "[/b]"}
    tally = Tally(driver)
    tally.note(Failed("b-0", "[/b]"))
    tally.note(Finished("c-0"))
    console = Console(file=StringIO(), width=100)
    console.print(tally.table())
    assert isinstance(console.file, StringIO)
    drawn = console.file.getvalue()
    assert "a-[red]-0" in drawn
    assert "b-0 failed: [/b]" in drawn
    assert tally.line().startswith("3 of 5 done, 1 running, 1 failed, ")
    assert [duration(s) for s in (None, 5, 600, 7200, 1e6)] == [
        "time left not known yet", "5 s left", "10 min left", "2.0 h left", "11.6 d left",
    ]  # fmt: skip


def test_the_machine_is_not_crowded() -> None:
    from diavlex.series import machine

    assert 1 <= machine.processors() <= len(os.sched_getaffinity(0))
    assert machine.workers(1 << 60) == 1
    assert machine.memory() > 0
    assert many.devices("cpu", 3) == ["cpu"] * 3
    with pytest.raises(BadValue, match="this machine does not have it"):
        many.devices("warp")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "no plan is given"),
        (["none.txt"], "cannot be read"),
        (["status", "."], "holds no series"),
        (["resume", "."], "holds no series"),
        (["plan.txt", "--seeds", "0"], "--seeds is 0"),
        (["plan.txt", "--recipe", "none.toml"], "recipe none.toml cannot be read"),
        (["plan.txt", "--recipe", "a/x.toml", "--recipe", "b/x.toml"], "two recipes are called"),
        (["plan.txt", "--ray", "127.0.0.1:1"], "no cluster answers"),
        (["plan.txt", "--device", "warp"], "this machine does not have it"),
        (["plan.txt", "--stroks", "5"], "did you mean --strokes"),
    ],
)
def test_mistakes_are_one_line(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.txt").write_text("a fox")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.toml").write_text("strokes = 9")
    assert cli.main(["series", *words]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_recipes_are_looks(tmp_path: Path) -> None:
    (tmp_path / "few.toml").write_text("strokes = 9\nalso = ['a storm:0.5']\n")
    found = cli_series._named([str(tmp_path / "few.toml")])
    assert list(found) == ["few"]


def test_this_process_works_on_one_thread_as_long_as_it_paints() -> None:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        tiny = torch.tensor(1e-310, dtype=torch.float64)
        seen = pool.side_by_side(lambda _: (torch.get_num_threads(), float(tiny * 1)), [0], 1)
        assert list(seen) == [(1, 0.0)]
        assert torch.get_num_threads() == 2
        assert float(tiny * 1) > 0
    finally:
        torch.set_num_threads(before)
