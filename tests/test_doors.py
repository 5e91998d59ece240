"""Every door keeps its promises: words are shown as they are, and both doors know the same."""

import json
import logging
import os
import pty
import select
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from paintings import make
from PIL import Image

import diavlex
from diavlex.cli import main as cli
from diavlex.config import check_prompt, choose, said_here
from diavlex.errors import BadValue, UnknownName
from diavlex.phrases import words_of
from diavlex.series import Session

QUICK = ["--strokes", "12", "--steps", "4", "--views", "2", "--size", "96x64", "--canvas-px", "48"]
SMALL = {"strokes": 12, "steps": 4, "views": 2, "size": "96x64", "canvas_px": 48}
HOSTILE = "a [red]car[/] [/b] [link=x]"
LONG = ["--steps", "100000"]


def on_a_terminal(words: list[str], folder: Path, *, patience_s: float = 120) -> tuple[int, str]:
    """The exit code of a command whose stdout and stderr are one terminal, and all it shows."""
    mine, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "300", "NO_COLOR": "1"}
    run = subprocess.Popen(
        [sys.executable, "-m", "diavlex", *words],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=env,
    )  # fmt: skip
    os.close(theirs)
    seen, end = b"", time.monotonic() + patience_s
    while time.monotonic() < end:
        if not select.select([mine], [], [], 1)[0]:
            continue
        try:
            piece = os.read(mine, 65536)
        except OSError:  # the other side is closed
            break
        seen += piece
    os.close(mine)
    return run.wait(timeout=10), seen.decode(errors="replace")


def test_a_prompt_and_a_folder_are_shown_as_they_are_on_a_terminal(tmp_path: Path) -> None:
    words = ["paint", HOSTILE, *QUICK, "--out", "pics [draft] of [/mine]"]
    code, seen = on_a_terminal(words, tmp_path)
    assert code == 0, seen
    assert HOSTILE in seen
    assert "pics [draft] of [/mine]/a-red-car-b-link-x-0" in seen
    assert "Traceback" not in seen


HOSTILE_NAMES = ["[red]x", "[/b]", "x\x1b[31my", "[link=http:a]b[u]", "a" * 3000]
COMMANDS = [
    ["paint", "a cat", "--brush"],
    ["paint", "a cat", "--guide"],
    ["paint", "a cat", "--preset"],
    ["paint", "a cat", "--device"],
    ["paint", "a cat", "--progress"],
    ["paint", "a cat", "--size"],
    ["paint", "a cat", "--background"],
    ["paint", "--resume"],
    ["render"],
    ["judge"],
    ["guides"],
    ["brushes"],
    ["presets"],
    ["recipes"],
    ["paint", "a cat", "--recipe"],
    ["paint", "a cat", "--start"],
    ["paint", "a cat", "--region"],
    ["show"],
    ["verify"],
    ["export", "--to", "png"],
    ["train"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=lambda name: repr(name)[:12])
def test_hostile_names_are_told_as_they_are(
    command: list[str], name: str, capsys: pytest.CaptureFixture, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main([*command, name]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert line.strip().isprintable(), line
    assert len(line) < 2100
    if name.isprintable() and len(name) < 100:
        assert name in line
    assert not list(tmp_path.iterdir())


def test_tables_show_names_as_they_are(capsys: pytest.CaptureFixture) -> None:
    from diavlex.cli.cards import print_table

    print_table(("name",), [("[red]a[/red]",), ("b\x1b[31m",), ("[/b]",)])
    shown = capsys.readouterr().out
    assert "[red]a[/red]" in shown
    assert "[/b]" in shown
    assert "\x1b" not in shown


def begun(folder: Path, *words: str, **options) -> subprocess.Popen:
    """A long painting in a folder, after its first checkpoint."""
    command = [sys.executable, "-m", "diavlex", "paint", "a goldfish", *QUICK, *LONG, *words]
    run = subprocess.Popen(
        [*command, "--out", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip
    kept = folder / "a-goldfish-0" / "unfinished.png"
    end = time.monotonic() + 120
    while run.poll() is None and not kept.exists() and time.monotonic() < end:
        time.sleep(0.02)
    return run


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_that_ends_programs_leaves_a_painting_to_go_on_with(
    name: str, tmp_path: Path
) -> None:
    folder = tmp_path / "it's [a] folder; ls"
    run = begun(folder)
    with Image.open(folder / "a-goldfish-0" / "unfinished.png") as picture:
        assert picture.size[0] > picture.size[1] > 50
    assert (folder / "a-goldfish-0" / "unfinished.png").stat().st_size <= 20_000
    run.send_signal(getattr(signal, name))
    out, told = run.communicate(timeout=120)
    assert run.returncode == 130, told
    assert not out
    line = next(line for line in told.splitlines() if "goes on" in line)
    words = shlex.split(line.removeprefix("Stopped: ").removesuffix(" goes on."))
    assert words[:3] == ["diavlex", "paint", "--resume"]
    assert Path(words[3]) == folder / "a-goldfish-0"
    assert (folder / "a-goldfish-0" / "unfinished.safetensors").exists()


def test_ctrl_c_while_torch_is_loaded_ends_in_one_line(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "diavlex", "paint", "a cat", "--out", str(tmp_path / "new")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    maps, end = Path(f"/proc/{run.pid}/maps"), time.monotonic() + 60
    while "libtorch" not in maps.read_text() and time.monotonic() < end:
        time.sleep(0.002)
    run.send_signal(signal.SIGINT)
    out, told = run.communicate(timeout=60)
    assert (run.returncode, told, out) == (130, "diavlex: stopped.\n", "")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_stop_nothing(closed: str, tmp_path: Path) -> None:
    command = shlex.join([sys.executable, "-m", "diavlex", "paint", "a cat", *QUICK, "--out", "o"])
    done = subprocess.run(
        ["sh", "-c", f"{command} {closed}"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "o" / "a-cat-0" / "painting.png").exists()
    version = shlex.join([sys.executable, "-m", "diavlex", "--version"])
    done = subprocess.run(["sh", "-c", f"{version} {closed}"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_streams_that_are_none_stop_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["paint", ""]) == 2
    assert cli.main(["brushes"]) == 0
    for stream in (sys.stdout, sys.stderr):
        stream.close()


@pytest.mark.parametrize("size", ["64x48", "100x37", "41x90"])
def test_every_proportion_can_be_painted(size: str) -> None:
    for side in (32, 40, 47):
        diavlex.paint("a fox", **{**SMALL, "size": size, "canvas_px": side, "steps": 1})


def test_a_path_is_printed_as_its_own_bytes(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    words = ["paint", "a собака dog", *QUICK, "--out", str(tmp_path), "--progress", "none"]
    done = subprocess.run(
        [sys.executable, "-m", "diavlex", *words], env=env, capture_output=True, check=True
    )
    assert Path(os.fsdecode(done.stdout.strip(b"\n"))).is_dir()
    remark = done.stderr.decode().splitlines()[0]
    assert r"\u0441" in remark
    assert "leaves it out" in remark, "a remark is one line"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a happy family \U0001f468\u200d\U0001f469\u200d\U0001f467", None),
        ("می\u200cخواهم", None),
        ("\ufeffblack sheep", "black sheep"),
        ("black sh\u00adeep", "black sheep"),
        ("🐑", None),
        ("\u202eblack\u202c sheep", "black sheep"),
    ],
)
def test_what_is_only_unusual_is_no_mistake(given: str, kept: str | None) -> None:
    assert check_prompt(given) == (kept or given)


def test_bytes_that_are_no_text_are_named_as_such() -> None:
    with pytest.raises(BadValue, match="bytes that are no text"):
        check_prompt("a\udcffb")


def test_emoji_are_read_by_their_names() -> None:
    assert words_of("a 🐑 under a 🌻") == ["a", "sheep", "under", "a", "sunflower"]
    assert words_of("\U0001f468\u200d\U0001f469\u200d\U0001f467") == ["man", "woman", "girl"]
    from diavlex import guides

    pocket = guides.load("pocket")
    assert not pocket.remarks("🌻")
    assert torch.equal(pocket.encode_text(["🌻"]), pocket.encode_text(["sunflower"]))


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("a lighthouse:0.25 | a storm:0.5", "'|' parts prompts"),
        ("(sheep:1.4), field", "(words:1.4)"),
        ("((sheep)) in a field", "((words))"),
        ("a cat::2 a dog::1", "'::' gives a weight"),
        ("a cat <lora:thing:1>", "<name:weight>"),
        ("a cat --ar 16:9", "options within the prompt"),
    ],
)
def test_the_syntax_of_other_programs_is_told(prompt: str, told: str) -> None:
    (line,) = said_here(prompt)
    assert told in line


def test_plain_prompts_are_not_taken_for_another_syntax() -> None:
    for prompt in ("a cat (black)", "a dog at 5:30", "a cat - and a dog", "[draft] of a cat"):
        assert not said_here(prompt)


def test_both_doors_remark_the_same_and_keep_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    prompt = "a black sheep xyzzyq | (field:1.2)"
    with caplog.at_level(logging.WARNING, logger="diavlex"):
        painting = diavlex.paint(prompt, **SMALL)
        lines = [record.getMessage() for record in caplog.records]
        caplog.clear()
        session = diavlex.begin(prompt, folder=str(tmp_path / "a"), **SMALL)
        assert [record.getMessage() for record in caplog.records] == lines
    assert len(lines) >= 2
    assert painting.settings["remarks"] == session.remarks == lines
    from diavlex.cli.show import facts_of
    from diavlex.web.recount import request_of

    told = list(facts_of(painting, tmp_path))
    assert [value for name, value in told if name == "remark"] == lines
    assert not [name for name, _ in told if name == "--remarks"]
    assert request_of(prompt, painting.settings)["choices"]["strokes"] == 12


def test_begin_takes_what_paint_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    steps = []
    painting = diavlex.paint("a fox", preset="clipdraw", on_step=steps.append, **SMALL)
    session = diavlex.begin("a fox", folder="~/own", preset="clipdraw", **SMALL)
    assert session.folder == tmp_path / "own"
    indices = [step.index for step in session.paint()]
    assert indices == [step.index for step in steps] == [1, 2, 3, 4]
    assert torch.equal(session.painting().actions, painting.actions)
    assert diavlex.resume("~/own").folder == tmp_path / "own"
    for door in (diavlex.begin, diavlex.paint):
        with pytest.raises(BadValue, match="control characters"):
            door("red\x00car")
        with pytest.raises(UnknownName, match="did you mean 'strokes'"):
            door("a fox", stroks=3)
        with pytest.raises(UnknownName, match="did you mean 'clipdraw'"):
            door("a fox", preset="clipdrow")
    with pytest.raises(BadValue, match="a config is given"):
        diavlex.begin("a fox", choose(**SMALL), tmp_path / "b", steps=3)


def test_a_painting_is_a_picture_in_a_notebook() -> None:
    import io

    painting = diavlex.paint("a fox", **SMALL)
    data = painting._repr_png_()  # type: ignore[attr-defined]
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (96, 64)


def test_a_random_seed_is_told_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["paint", "a fox", *QUICK, "--seed", "random", "--out", str(tmp_path)]) == 0
    (folder,) = tmp_path.iterdir()
    seed = json.loads((folder / "painting.json").read_text())["seed"]
    assert folder.name == f"a-fox-{seed}"
    assert f"--seed {seed} paints the same again" in capsys.readouterr().err
    assert choose(seed="random").seed != choose(seed="random").seed


@pytest.mark.parametrize("way", ["plain", "json", "none", "auto"])
def test_progress_is_told_without_a_terminal(
    way: str, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diavlex.cli import progress

    for teller in (progress._Plain, progress._Lines):
        monkeypatch.setattr(teller, "every_s", 0.0)
    words = ["paint", "a sunflower", *QUICK, "--progress", way, "--out", str(tmp_path)]
    assert cli.main(words) == 0
    out, told = capsys.readouterr()
    assert Path(out.strip()).is_dir()
    if way == "none":
        assert not told
    elif way == "json":
        facts = [json.loads(line) for line in told.splitlines()]
        assert [one["step"] for one in facts if one["event"] == "step"] == [1, 2, 3, 4]
        assert {"painting.png", "strokes.mp4"} <= {f["file"] for f in facts if "file" in f}
    else:
        assert "4 of 4 steps, cosine " in told
        assert "writing strokes.mp4: 100%" in told


@pytest.mark.parametrize(
    "given",
    [["--out", "x"], ["--overwrite"], ["--preset", "clipdraw"], ["--seed", "3"], ["a cat"]],
    ids=" ".join,
)
def test_what_resume_cannot_honor_is_refused(
    given: list[str], capsys: pytest.CaptureFixture
) -> None:
    assert cli.main(["paint", "--resume", "/nowhere", *given]) == 2
    assert "give it no prompt and no other choice" in capsys.readouterr().err


def test_another_machine_is_told_when_a_painting_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session = diavlex.begin("a sunflower", folder=tmp_path / "a", **SMALL)
    next(session.paint())
    assert not diavlex.resume(tmp_path / "a").remarks
    facts = session.machine
    monkeypatch.setattr(Session, "machine", facts | {"threads": 99})
    (line,) = diavlex.resume(tmp_path / "a").remarks
    assert "begun on another machine (threads " in line
    assert "here 99" in line
    assert line in caplog.text


def test_verify_tells_the_same_from_the_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    painting = diavlex.paint("a fox xyzzyq", tries=2, **SMALL)
    painting.save(tmp_path)
    assert cli.main(["verify", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "same: every number of every stroke.\n"
    plain = json.loads((tmp_path / "painting.json").read_text())
    plain["strokes"][3][9] = 0.5 if plain["strokes"][3][9] != 0.5 else 0.6
    plain["machine"]["threads"] = 77
    (tmp_path / "painting.json").write_text(json.dumps(plain))
    assert cli.main(["verify", str(tmp_path)]) == 2
    told = capsys.readouterr().out
    assert "differs: 1 strokes, by up to " in told
    assert "threads 77" in told
    del plain["settings"]["views"]
    (tmp_path / "painting.json").write_text(json.dumps(plain))
    assert cli.main(["verify", str(tmp_path)]) == 2
    assert "verify it with that version" in capsys.readouterr().err


LONG_NAMES = ["a" * 300, "a" * 3000]


@pytest.mark.parametrize("name", LONG_NAMES, ids=len)
@pytest.mark.parametrize(
    "words",
    [
        ["export", "SHEEP", "--to", "png", "--out", "NAME.png"],
        ["export", "SHEEP", "--to", "frames", "--out", "NAME"],
        ["export", "NAME", "--to", "csv"],
        ["render", "SHEEP", "--out", "NAME.png"],
        ["judge", "SHEEP", "--json", "NAME"],
        ["judge", "SHEEP", "--sheet", "NAME.png"],
        ["train", "icons", "--corpus", "NAME"],
        ["train", "brush", "oil", "--into", "NAME"],
    ],
    ids=" ".join,
)
def test_a_long_name_is_told_before_anything_is_made(
    words: list[str], name: str, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make((32, 48), 4).save(tmp_path / "sheep.json")
    typed = [word.replace("NAME", name).replace("SHEEP", "sheep.json") for word in words]
    assert cli.main(typed) == 2
    out, told = capsys.readouterr()
    assert told.count("\n") == 1
    assert not out
    assert [path.name for path in tmp_path.iterdir()] == ["sheep.json"]


@pytest.mark.parametrize(
    "words",
    [
        ["paint", "--from", "pipe"], ["paint", "a cat", "--palette", "pipe.png"],
        ["judge", "sheep.json", "--captions", "pipe"], ["show", "pipe.png"], ["show", "pipe.svg"],
        ["verify", "pipe"], ["series", "pipe.csv"], ["render", "sheep.json", "--out", "pipe.png"],
        ["export", "sheep.json", "--to", "png", "--out", "pipe.png", "--overwrite"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_nothing_waits_for_a_pipe(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make((32, 48), 4).save(tmp_path / "sheep.json")
    os.mkfifo("pipe")
    for ending in ("png", "svg", "csv"):
        os.symlink("pipe", f"pipe.{ending}")
    assert cli.main(words) == 2
    told = capsys.readouterr().err
    assert "it is a device or a pipe" in told
    assert told.count("\n") == 1


def test_every_door_knows_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    painting = make((32, 48), 4)
    assert diavlex.save(painting, "~/a.svg") == tmp_path / "a.svg"
    assert painting.save("~/a.json") == tmp_path / "a.json"
    assert diavlex.load("~/a.json").prompt == diavlex.load("~/a.svg").prompt
    assert cli.main(["export", "~/a.json", "--to", "record", "--out", "./~b.json"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.svg", "~b.json"]


def test_folders_of_frames_are_as_the_umask_lets(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        diavlex.save(make((32, 48), 4), tmp_path / "frames", "frames", frames=1, size=16)
    finally:
        os.umask(before)
    assert (tmp_path / "frames").stat().st_mode & 0o777 == 0o750


def test_where_json_is_asked_for_all_is_json(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = [
        ["paint", "a cat", "--brush", "oli", "--progress", "json"],
        ["paint", "--progress=json", "--stroks", "3"],
        ["paint", "--resume", "nowhere", "--progress", "json"],
    ]
    for words in wrong:
        assert cli.main(words) == 2
        (line,) = capsys.readouterr().err.splitlines()
        fact = json.loads(line)
        assert fact["event"] == "error"
        assert fact["error"]
    assert cli.main(["paint", "a fox xyzzyq", *QUICK, "--progress", "json"]) == 0
    facts = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [f["text"] for f in facts if f["event"] == "remark"]
    assert cli.main(["paint", "", "--progress", "plain"]) == 2
    assert capsys.readouterr().err.startswith("diavlex: ")


def test_a_painting_from_a_photo_is_verified_with_the_photo(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    photo = tmp_path / "p.png"
    Image.linear_gradient("L").resize((48, 32)).convert("RGB").save(photo)
    for prompt, name in (("", "alone"), ("a hill", "words")):
        record = tmp_path / f"{name}.json"
        diavlex.paint(prompt, photo=photo, **SMALL).save(record)
        assert cli.main(["verify", str(record)]) == 2
        assert "painted from a photo, which a record does not keep" in capsys.readouterr().err
        assert cli.main(["verify", str(record), "--from", str(photo)]) == 0
        assert capsys.readouterr().out.startswith("same")
    choices: dict[str, Any] = SMALL | {"views": 4}
    diavlex.paint("a hill", preset="clipdraw", **choices).save(tmp_path / "c.json")
    assert cli.main(["verify", str(tmp_path / "c.json")]) == 0
    assert cli.main(["verify", str(tmp_path / "c.json"), "--from", str(photo)]) == 2
    assert "painted from words alone" in capsys.readouterr().err
    diavlex.paint("a hill", start=tmp_path / "c.json", **SMALL).save(tmp_path / "d.json")
    assert cli.main(["verify", str(tmp_path / "d.json")]) == 2
    assert "it was begun with another painting" in capsys.readouterr().err
    plain = json.loads((tmp_path / "c.json").read_text())
    plain["settings"]["size"] = 3
    (tmp_path / "c.json").write_text(json.dumps(plain))
    assert cli.main(["verify", str(tmp_path / "c.json")]) == 2
    assert "the record tells of choices that cannot be: --size is" in capsys.readouterr().err


def test_what_cannot_be_honored_is_told_at_both_doors(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    line = "--photo-weight says nothing without a photo (--from); it is left out."
    assert diavlex.paint("a fox", photo_weight=3, **SMALL).settings["remarks"] == [line]
    words = ["paint", "a fox", *QUICK, "--photo-weight", "3", "--out", str(tmp_path)]
    assert cli.main(words) == 0
    assert line in capsys.readouterr().err


def test_a_session_is_shown_in_one_line(tmp_path: Path) -> None:
    session = diavlex.begin("a fox", folder=tmp_path / "a", **SMALL)
    next(session.paint())
    assert repr(session).startswith("<Session 'a fox': 1 of 4 steps, in /")
    assert len(repr(session)) < 120


@pytest.mark.parametrize(
    ("flag", "meant"), [("init", "from"), ("iterations", "steps"), ("stroks", "strokes")]
)
def test_flags_of_other_programs_are_told_what_they_are_here(
    flag: str, meant: str, capsys: pytest.CaptureFixture
) -> None:
    assert cli.main(["paint", "a cat", f"--{flag}", "3"]) == 2
    assert f"did you mean --{meant}?" in capsys.readouterr().err
