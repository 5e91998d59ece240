"""What a series costs besides its paintings, and how far it goes.

    python -m benchmarks.series

prints: how much faster two workers are than one process; what the machinery costs a painting; what
Ray adds to that; and, for 100,000 planned paintings, the driver's memory and how long `status`, the
table and the page take. The 100,000 are made by empty work: each is claimed, finished and recorded
as any other, and its files are links to those of one real painting.

    python -m benchmarks.series --only pool          # or: machinery, ray, many
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from diavlex.series import claims
from diavlex.series.claims import Claim
from diavlex.series.cluster import Cluster
from diavlex.series.driver import Crew, Driver, Finished
from diavlex.series.folder import JOB, MADE, SeriesFolder
from diavlex.series.many import jobs_of
from diavlex.series.pool import Here, Pool
from diavlex.series.work import Order, Outcome

PAINTING_S = 30.0
"""What a painting takes, against which the machinery is measured."""
THINGS = (
    "a red fox", "a goldfish", "a lighthouse", "a green apple", "a sunflower", "a sailing boat",
)  # fmt: skip
TINY = {"strokes": 12, "steps": 3, "views": 2, "canvas_px": 48, "size": "64x64"}


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = flags().parse_args(words)
    parts: dict[str, Callable[[Path, argparse.Namespace], None]] = {
        "pool": two_workers, "machinery": machinery, "ray": ray, "many": many,
    }  # fmt: skip
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the beginning")
    for name in options.only or parts:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            parts[name](Path(folder), options)


def two_workers(folder: Path, options: argparse.Namespace) -> None:
    """One process and two workers paint the same, in turns, each from its start to its end."""
    plan = folder / "plan.txt"
    plan.write_text("\n".join(THINGS))
    times: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(options.turns):
        for workers in (1, 2):
            out = folder / f"{workers}-{turn}"
            words = ["series", plan, "--workers", workers, "--out", out, "--steps", options.steps]
            start = time.perf_counter()
            run(*words)
            times[workers].append(time.perf_counter() - start)
            assert len(list(out.glob("*/painting.json"))) == len(THINGS)
    one, two = min(times[1]), min(times[2])
    print(
        f"{len(THINGS)} paintings of {options.steps} steps: one worker {one:.1f} s, two workers "
        f"{two:.1f} s: {one / two:.2f} times as fast (best of {options.turns} turns; start and "
        "end included)"
    )


def machinery(folder: Path, options: argparse.Namespace) -> None:
    """What a series adds to a painting: the same by empty work, and by tiny paintings."""
    count = 300
    empty = drive(folder / "empty", Pool(["cpu"], pretend), count) / count
    print(
        f"empty work, one worker: {1000 * empty:.1f} ms a painting, {empty / PAINTING_S:.2%} of "
        f"{PAINTING_S:.0f} s"
    )
    from diavlex.gallery import describe, finisher, render, save_png
    from diavlex.series import begin

    jobs = jobs_of(THINGS, choices=TINY)
    times: dict[str, list[float]] = {"plain": [], "series": []}
    for turn in range(options.turns + 1):  # the first warms up
        start = time.perf_counter()
        for number, job in enumerate(jobs):
            own = folder / f"plain-{turn}-{number}"
            session = begin(job.prompt, job.config, own)
            for _ in session.paint():
                pass
            record = session.painting()
            record.save(own)
            engine = finisher(job.config.finish, record.brushes)
            picture = render(record, engine=engine)
            save_png(picture, own / "painting.png", describe(record, engine, has_record=True))
        times["plain"].append(time.perf_counter() - start)
        series = SeriesFolder(folder / f"series-{turn}")
        series.plan(jobs)
        driver = Driver(series, Here("cpu"))
        driver.begin()
        start = time.perf_counter()
        assert sum(isinstance(event, Finished) for event in driver.run()) == len(jobs)
        times["series"].append(time.perf_counter() - start)
    plain, whole = (min(times[name][1:]) / len(jobs) for name in ("plain", "series"))
    more = max(0.0, whole - plain)
    print(
        f"tiny paintings in one process: {plain:.3f} s each in a loop, {whole:.3f} s in a series: "
        f"{1000 * more:.0f} ms more, {more / PAINTING_S:.2%} of {PAINTING_S:.0f} s"
    )


def ray(folder: Path, options: argparse.Namespace) -> None:
    """What Ray adds to a painting: the same empty work by one worker of each."""
    count = 300
    pool = drive(folder / "pool", Pool(["cpu"], pretend), count) / count
    cluster = drive(folder / "ray", Cluster("local", workers=1, deed=pretend), count) / count
    print(
        f"empty work: {1000 * pool:.1f} ms a painting by the pool, {1000 * cluster:.1f} ms by Ray: "
        f"{1000 * (cluster - pool):+.1f} ms"
    )


def drive(path: Path, crew: Crew, count: int) -> float:
    """Seconds that a crew takes for so many paintings, from its first outcome to its last."""
    series = SeriesFolder(path)
    series.plan(jobs_of([f"fox number {n}" for n in range(count + 1)]))
    make_templates(series)
    driver = Driver(series, crew)
    driver.begin()
    start = last = 0.0
    for event in driver.run():
        if isinstance(event, Finished):
            start, last = start or time.perf_counter(), time.perf_counter()
    assert len(driver.done) == count + 1
    return last - start


def many(folder: Path, options: argparse.Namespace) -> None:
    """A hundred thousand planned paintings."""
    plan, out = folder / "plan.txt", folder / "series"
    plan.write_text("\n".join(f"fox number {n} of a hundred thousand" for n in range(options.many)))
    code = (
        "import sys; from pathlib import Path; from benchmarks.series import drive_many\n"
        "drive_many(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, plan, out], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    print(
        f"{options.many:,} planned in {found['planned_s']:.0f} s, begun in {found['begun_s']:.1f} "
        f"s, all done by empty work in {found['done_s']:.0f} s; the driver had "
        f"{found['bytes'] / 2**20:.0f} MiB at most"
    )
    first = run("series", "table", out)
    print(f"diavlex series table, the first time: {first:.1f} s")
    for words in (["status"], ["table"], ["page", "--no-replays"]):
        took = min(run("series", words[0], out, *words[1:]) for _ in range(3))
        print(f"diavlex series {' '.join(words)}: {took:.2f} s")
    resume = run("series", "resume", out, "--workers", 1)
    print(f"diavlex series resume, with nothing to do: {resume:.1f} s")
    opened(out / "index.html", folder)


def drive_many(plan: Path, out: Path) -> None:
    """Plan and do all of it with two workers and empty work; print what it took."""
    start = time.perf_counter()
    series = SeriesFolder(out)
    series.plan(jobs_of(plan))
    planned = time.perf_counter()
    make_templates(series)
    driver = Driver(SeriesFolder(out), Pool(["cpu"] * 2, pretend))
    begin = time.perf_counter()
    driver.begin()
    begun = time.perf_counter()
    for _ in driver.run():
        pass
    found = {
        "planned_s": planned - start,
        "begun_s": begun - begin,
        "done_s": time.perf_counter() - begun,
        "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    assert len(driver.done) == len(series.planned)
    print(json.dumps(found))


def opened(page: Path, folder: Path) -> None:
    """How long chromium needs until it has drawn the page, and an empty one."""
    empty = folder / "empty.html"
    empty.write_text("<!doctype html><title>empty</title>")
    times = {}
    for path in (empty, page):
        took = []
        for _ in range(3):
            start = time.perf_counter()
            dom = subprocess.run(
                ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                 path.resolve().as_uri()],
                check=True, capture_output=True, text=True,
            ).stdout  # fmt: skip
            took.append(time.perf_counter() - start)
            assert path is empty or "<figure" in dom
        times[path] = min(took)
    print(
        f"the page in chromium: {times[page]:.2f} s from the program's start to the page drawn "
        f"(an empty page: {times[empty]:.2f} s)"
    )


def pretend(order: Order) -> Outcome:
    """Do for an order all that is done for a painting, but paint."""
    series = SeriesFolder(Path(order.folder))
    start = time.monotonic()
    kind, own = claims.claim(series, order.name, order.token, order.dead)
    if not isinstance(own, Claim):
        return Outcome(order.name, "done" if kind == "done" else "taken")
    with own.beating(order.lease_s):
        own.painting.mkdir()
        number = sum(order.name.encode()) * len(order.name) + int(order.identity[:6], 16)
        template = templates(series)[number % 8]
        for file in ("painting.json", "painting.png"):
            os.link(template / file, own.painting / file)
        facts = asdict(order) | {"config": order.choices, "dead": None}
        (own.painting / JOB).write_text(json.dumps(facts))
        made = {"seconds": 30.0, "cpu_s": 29.0, "attempt": 1, "scores": {"cosine": 0.3},
                "files": ["painting.json", "painting.png"]}  # fmt: skip
        (own.painting / MADE).write_text(json.dumps(made))
    is_ours = own.finish()
    return Outcome(order.name, "done", seconds=time.monotonic() - start, is_ours=is_ours)


def make_templates(series: SeriesFolder) -> None:
    """Keep a real record and picture, in eight copies, for empty work to link to."""
    import diavlex

    first, *others = templates(series)
    record = diavlex.load(Path(__file__).parents[1] / "pictures" / "a-yellow-sunflower.json")
    first.mkdir(parents=True)
    record.save(first)
    diavlex.save(record, first / "painting.png")
    for other in others:
        other.mkdir()
        for file in ("painting.json", "painting.png"):
            (other / file).write_bytes((first / file).read_bytes())


def templates(series: SeriesFolder) -> list[Path]:
    """Where the copies are."""
    return [series.path / ".series" / f"template-{number}" for number in range(8)]


def run(*words: object) -> float:
    """Seconds that a command takes."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "diavlex", *map(str, words)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - start


def flags() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", nargs="*", choices=("pool", "machinery", "ray", "many"))
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--steps", type=int, default=150, help="of the paintings of the pool")
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--folder", help="where to paint (default: the system's for temporary)")
    return parser


if __name__ == "__main__":
    main()
