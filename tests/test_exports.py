"""Laws over every export: choices are used or refused, files are whole, the same and nothing else.

What each kind of file holds is in test_export_files, test_export_plot and test_replay.
"""

import hashlib
import os
import re
import shlex
import subprocess
import sys
import types
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from paintings import make

import diavlex
from diavlex import plugins
from diavlex.brushes import mypaint
from diavlex.cli import main as cli
from diavlex.cli.export import flags, given, takers_of
from diavlex.config import knob, knobs, settle
from diavlex.errors import BadFolder, BadValue, UnknownName
from diavlex.gallery import exports
from diavlex.gallery.exports import Export

NAMES = sorted(exports.known())
ENGINE = "mypaint" if mypaint.is_available() else "neural"
QUICK: dict[str, Any] = {
    "size": 16, "engine": "neural", "seconds": 0.3, "hold": 0.1, "frames": 3, "paper": "100x100",
}  # fmt: skip
"""Choices that make an export quick, for those that take them."""
OTHER: dict[str, Any] = {
    "size": "32", "engine": ENGINE, "transparent": True, "frames": 2, "alone": True, "groups": 3,
    "seconds": 0.5, "speed": 60.0, "hold": 0.4, "easing": "in", "fps": 12, "paper": "a6",
    "margin": "7mm", "pens": 3, "pen_width": "5mm", "reload_every": "2cm", "order": "painted",
    "hidden": "drawn", "draw_speed": 5.0, "travel_speed": 5.0, "lift": 2.0,
}  # fmt: skip
"""Another value of each choice, which must change the file."""
CHOICES = sorted(takers_of())


def quick(export: Export, without: str = "") -> dict[str, Any]:
    """The choices that make an export quick; speed and seconds, size and paper go one at a time."""
    left_out = {"speed": ("seconds",), "size": ("paper",), "paper": ("size",)}.get(without, ())
    if export.name == "svg" and without not in ("paper", "margin"):
        left_out = (*left_out, "paper")
    if export.name == "svg" and without == "margin":
        left_out = (*left_out, "size")
    return {
        name: value
        for name, value in QUICK.items()
        if name in knobs(export.options) and name not in left_out
    }


def written(export: Export, folder: Path, **choices: Any) -> str:
    """An export's digest, whole folders and files beside it included."""
    folder.mkdir(parents=True)
    diavlex.save(make((32, 48), 12), folder / f"a{export.suffix}", export.name, **choices)
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


# --- choices


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("name", NAMES)
def test_every_choice_is_used_or_refused(name: str, choice: str, tmp_path: Path) -> None:
    export = exports.find(name)
    if choice not in knobs(export.options):
        with pytest.raises(BadValue) as caught:
            exports.choose(export, {choice: OTHER[choice]}, exports.known().values())
        told = str(caught.value)
        flag = "--" + choice.replace("_", "-")
        assert told.startswith(f"{flag} says nothing of {name}")
        assert takers_of()[choice][0].name in told
        assert "\n" not in told
        return
    if choice == "engine" and ENGINE == "neural":
        pytest.skip("there is only one engine on this machine")
    choices = quick(export, choice)
    before = written(export, tmp_path / "before", **choices)
    after = written(export, tmp_path / "after", **(choices | {choice: OTHER[choice]}))
    assert after != before


def test_each_choice_has_a_test_and_means_one_thing() -> None:
    assert set(OTHER) == set(CHOICES)
    for choice, takers in takers_of().items():
        told = [knobs(one.options)[choice][1] for one in takers]
        assert {(one.about, one.low, one.high, one.choices, one.group) for one in told} == {
            (told[0].about, told[0].low, told[0].high, told[0].choices, told[0].group)
        }, choice
        assert told[0].group, choice


@pytest.mark.parametrize("name", NAMES)
def test_options_are_checked_facts(name: str) -> None:
    export = exports.find(name)
    assert is_dataclass(export.options)
    params = export.options.__dataclass_params__  # pyright: ignore[reportAttributeAccessIssue]
    assert not fields(export.options) or params.frozen
    assert "\n" not in export.about
    for choice, (_, told) in knobs(export.options).items():
        for wrong in ([told.high + 1] if told.high is not None else []) + ["no such thing", -9999]:
            with pytest.raises((BadValue, UnknownName)):
                exports.choose(export, {choice: wrong})


WRONG = [
    ("mp4", {"seconds": 3.0, "speed": 2.0}, "give only one"),
    ("mp4", {"speed": 0.001}, "3600 are the most; give 0.00 or more"),
    ("svg", {"margin": 5.0}, "give --paper as well"),
    ("svg", {"paper": "a4", "size": 64}, "leave out --size, or --paper"),
    ("svg", {"paper": "a44"}, "give one of a2"),
    ("svg", {"paper": "9x9"}, "width x height in mm"),
    ("plotter", {"paper": "20x20", "margin": "12mm"}, "leaves no room"),
    ("plotter", {"margin": "12 yards"}, "give a length"),
    ("plotter", {"reload_every": "-3mm"}, "give a length"),
    ("plotter", {"pen_width": "0.0001mm"}, "km of lines; take a pen of"),
    ("png", {"size": "7"}, "must be 8 to 16384"),
    ("png", {"size": "64x64"}, "ask for 96x64"),
    ("png", {"size": "16384"}, "needs"),
    ("png", {"size": "9" * 40}, "must be 8 to 16384"),
    ("png", {"transparent": "maybe"}, "neither yes nor no"),
    ("png", {"engine": "mypant"}, "did you mean 'mypaint'"),
    ("gif", {"size": "4000"}, "a film's longer side may have 4096 px"),
]


@pytest.mark.parametrize(("name", "choices", "told"), WRONG)
def test_a_choice_that_cannot_be_is_told(
    name: str, choices: dict[str, Any], told: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a{exports.find(name).suffix}"
    with pytest.raises((BadValue, UnknownName), match=told) as caught:
        diavlex.save(make((32, 48), 6), path, name, **choices)
    assert "\n" not in str(caught.value)
    assert not os.listdir(tmp_path)


# --- files


@pytest.mark.parametrize("name", NAMES)
def test_the_same_painting_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    export = exports.find(name)
    first, second = (written(export, tmp_path / place, **quick(export)) for place in "ab")
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_how_much_is_done_rises_to_all(name: str, tmp_path: Path) -> None:
    export, told = exports.find(name), []
    path = tmp_path / f"a{export.suffix}"
    diavlex.save(make((32, 48), 12), path, name, told.append, **quick(export))
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] == 1


@pytest.mark.parametrize("name", NAMES)
def test_whoever_stops_it_finds_nothing_half_written(name: str, tmp_path: Path) -> None:
    export = exports.find(name)
    path = tmp_path / f"a{export.suffix}"
    if export.suffix:
        path.write_bytes(b"old")
    else:
        path.mkdir()
        (path / "old").write_bytes(b"old")

    def stop(share: float) -> None:
        if share < 1:
            raise KeyboardInterrupt

    told: list[float] = []
    diavlex.save(
        make((32, 48), 12), tmp_path / f"b{export.suffix}", name, told.append, **quick(export)
    )
    if told[0] == 1:
        pytest.skip("it is written at one go")
    kept = sorted(os.listdir(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        diavlex.save(make((32, 48), 12), path, name, stop, **quick(export))
    assert sorted(os.listdir(tmp_path)) == kept
    assert (path if export.suffix else path / "old").read_bytes() == b"old"


@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_is_told_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    export = exports.find(name)
    choices: dict[str, Any] = quick(export) | (
        {"size": 192} if "size" in knobs(export.options) else {}
    )
    try:
        with pytest.raises(BadFolder, match="no space left on device"):
            diavlex.save(make((64, 96), 120), disk / f"a{export.suffix}", name, **choices)
        assert not os.listdir(disk)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# --- the command


@pytest.fixture
def sheep(tmp_path: Path) -> Path:
    """A painting's folder."""
    make((32, 48), 12).save(tmp_path / "sheep-7" / "painting.json")
    return tmp_path / "sheep-7"


@pytest.mark.parametrize("name", NAMES)
def test_the_command_says_where_it_wrote(
    name: str, sheep: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sheep.parent)
    export = exports.find(name)
    words = [f"--{key.replace('_', '-')}={value}" for key, value in quick(export).items()]
    assert cli.main(["export", str(sheep), "--to", name, *words]) == 0
    out, error = capsys.readouterr()
    path = Path(out.strip())
    assert path.exists()
    assert path.name.startswith("sheep-7")
    assert path.suffix == export.suffix
    assert error.count("\n") == (export.remark is not None)
    before = sorted(os.listdir(sheep.parent))
    assert cli.main(["export", str(sheep), "--to", name, *words]) == 2
    assert "is there already; give another --out, or --overwrite" in capsys.readouterr().err
    assert cli.main(["export", str(sheep), "--to", name, "--overwrite", *words]) == 0
    assert sorted(os.listdir(sheep.parent)) == before


MISTAKES = [
    (["--to", "pgn"], "did you mean 'png'"),
    ([], "say what it shall become"),
    (["--out", "a.xyz"], "must end in one of .png"),
    (["--to", "svg", "--out", "a.png"], "svg cannot be 'a.png': its name must end in .svg"),
    (["--to", "csv", "--size", "64"], "--size says nothing of csv, which takes no choices"),
    (["--to", "svg", "--engine", "mypaint"], "--engine says nothing of svg"),
    (["--to", "png", "--paper", "a4"], "it goes with svg, plotter, gcode"),
    (["--to", "mp4", "--fps", "many"], "invalid int value"),
    (["--to", "mp4", "--fpz", "3"], "did you mean --fps"),
    (["--to", "png", "--out", "/proc/nowhere/a.png"], "cannot write"),
    (["--to", "frames", "--frames", "1", "--out", "file"], "file is there already"),
]


@pytest.mark.parametrize(("words", "told"), MISTAKES, ids=[" ".join(w) for w, _ in MISTAKES])
def test_a_mistake_gets_one_line(
    words: list[str],
    told: str,
    sheep: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(sheep.parent)
    (sheep.parent / "file").write_text("")
    assert cli.main(["export", str(sheep), *words]) == 2
    out, line = capsys.readouterr()
    assert told in line
    assert line.count("\n") == 1
    assert not out
    assert sorted(os.listdir(sheep.parent)) == ["file", "sheep-7"]


def test_a_folder_is_not_put_where_a_file_is(sheep: Path) -> None:
    (sheep / "file").write_text("old")
    with pytest.raises(BadFolder, match="is a file"):
        diavlex.save(make((32, 48), 3), sheep / "file", "frames", size=16, engine="neural")
    assert (sheep / "file").read_text() == "old"


def test_render_uses_what_it_is_given_or_refuses(
    sheep: Path, capsys: pytest.CaptureFixture
) -> None:
    out = sheep / "a.svg"
    assert cli.main(["render", str(sheep), "--size", "2048", "--out", str(out)]) == 0
    assert 'width="3072" height="2048"' in out.read_text()
    assert cli.main(["render", str(sheep), "--size", "4096", "--out", str(sheep / "a.mp4")]) == 2
    assert "a film's longer side may have 4096 px" in capsys.readouterr().err
    assert cli.main(["render", str(sheep), "--engine", "neural", "--out", str(out)]) == 2
    assert "--engine says nothing of svg" in capsys.readouterr().err


def test_the_list_and_the_help_name_every_export(capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["export"]) == 0
    listed = capsys.readouterr().out
    with pytest.raises(SystemExit):
        cli.main(["export", "--help"])
    told = capsys.readouterr().out
    for name in NAMES:
        assert name in listed
        assert name in told
    for choice in CHOICES:
        assert f"--{choice.replace('_', '-')}" in told


def test_the_list_and_the_help_load_no_torch() -> None:
    code = (
        "import sys; from diavlex.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "assert 'torch' not in sys.modules, 'torch was loaded'"
    )
    for words in (["export"], ["export", "--help"], ["render", "--help"], ["show", "--help"]):
        subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True)


# --- exports of other packages


@dataclass(frozen=True)
class Shout:
    """The choices of a foreign export."""

    loudness: int = knob(1, "how loud", 1, 9, group="the voice")

    def __post_init__(self) -> None:
        settle(self)


def shout(painting: Any, path: Path, options: Shout, each: Any) -> None:
    """Write the prompt in capitals."""
    path.write_text(painting.prompt.upper() + "!" * options.loudness)
    each(1.0)


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch):
    """What other packages add."""
    added = {
        "shout": Export("shout", ".txt", "the prompt, loud", shout, Shout),
        "broken": object(),
        "png": Export("png", ".png", "another png", shout, Shout),
    }
    monkeypatch.setattr(plugins, "load", lambda group: added)
    exports.known.cache_clear()
    yield
    exports.known.cache_clear()


def test_another_package_adds_an_export(
    foreign: None, sheep: Path, capsys: pytest.CaptureFixture
) -> None:
    out = sheep / "a.txt"
    words = ["export", str(sheep), "--to", "shout", "--loudness", "3", "--out", str(out)]
    assert cli.main(words) == 0
    assert out.read_text() == "BLACK SHEEP!!!"
    assert exports.find("png").about == "a picture"
    assert "broken" not in exports.known()
    assert cli.main([*words, "--overwrite", "--loudness", "12"]) == 2
    assert "--loudness is 12: it must be 1 to 9" in capsys.readouterr().err


def test_an_entry_point_is_found(tmp_path: Path) -> None:
    package = tmp_path / "shouting-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: shouting\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[diavlex.exports]\nshout = shouting:SHOUT\n")
    (tmp_path / "shouting.py").write_text(
        "from diavlex.gallery.exports import Export\n"
        "def write(painting, path, options, each): path.write_text(painting.prompt)\n"
        'SHOUT = Export("shout", ".txt", "the prompt alone", write)\n'
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-m", "diavlex", "export"],
        env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "the prompt alone" in done.stdout


DOCS = (Path(__file__).parents[1] / "docs" / "exports.md").read_text(encoding="utf-8")
LINES = re.findall(r"^diavlex (export .*?)(?:\s+#.*)?$", DOCS, re.MULTILINE)


@pytest.mark.parametrize("line", LINES)
def test_each_command_of_the_docs_can_be_typed(line: str) -> None:
    options = flags().parse_args(shlex.split(line)[1:])
    if options.painting is not None:
        export = exports.find(options.to) if options.to else exports.by_path(Path(options.out))
        exports.choose(export, given(options))


def test_the_docs_export_of_another_package_works(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    names: dict[str, Any] = {"__name__": "shouting"}
    sys.modules["shouting"] = types.ModuleType("shouting")  # where dataclasses look for it
    try:
        exec(code, names)
    finally:
        del sys.modules["shouting"]
    export = names["SHOUT"]
    options = exports.choose(export, {"loudness": 2})
    export.write(make((8, 12), 1), tmp_path / "a.txt", options, lambda share: None)
    assert (tmp_path / "a.txt").read_text() == "BLACK SHEEP!!"
