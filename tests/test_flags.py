"""Every flag of every command is used, or what it cannot do is told in one line.

The flags are found by walking the commands' parsers. One without a case here makes a test red.
"""

import argparse
import contextlib
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from paintings import make
from PIL import Image

import diavlex
from diavlex.cli import main as cli
from diavlex.cli import options
from diavlex.cli.options import Flags
from diavlex.cli.series import DEEDS
from diavlex.cli.train import WHAT
from diavlex.config import PaintConfig, choose, knobs
from diavlex.gallery import exports
from diavlex.pictures import Photo
from diavlex.series.doors import prepare
from diavlex.series.inputs import read_inputs

FURTHER: dict[str, tuple[str, ...]] = {"series": tuple(DEEDS), "train": WHAT}
"""Words behind a command that choose another parser."""


class Found(Exception):
    """A command's parser, before it reads anything."""

    def __init__(self, parser: Flags, site: str) -> None:
        super().__init__(parser.prog)
        self.parser, self.site = parser, site


def _caught(self: Flags, *_: Any, **__: Any) -> None:
    raise Found(self, "")


@cache
def parsers() -> dict[str, Flags]:
    """Every command's parser, by what is typed to reach it."""
    found: dict[str, Flags] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flags, "parse_args", _caught)
        for command in cli.COMMANDS:
            for words in ([command], *([command, more] for more in FURTHER.get(command, ()))):
                with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
                    try:
                        cli.main(words)
                    except Found as caught:
                        found[caught.parser.prog.removeprefix("diavlex ")] = caught.parser
    return found


def flags_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Its flags, but for help."""
    for action in parser._actions:
        if action.option_strings and not action.option_strings[-1].startswith("--help"):
            yield action


ALL = sorted(
    (name, action.option_strings[-1]) for name, parser in parsers().items()
    for action in flags_of(parser)
)  # fmt: skip


def test_every_parser_is_walked() -> None:
    """There are as many ways to make a parser as there are parsers that were found."""
    made = [
        place
        for path in Path(options.__file__).parent.glob("*.py")
        for place in re.findall(r"\bFlags\(\s*f?\"([\w ]+)", path.read_text())
    ]
    assert len(made) > 10
    for start in made:
        assert any(name.startswith(start.strip()) for name in parsers()), (
            f"no command that is walked here makes the parser '{start}': add the words that lead "
            "to it to FURTHER"
        )


@dataclass(frozen=True)
class Case:
    """What shows that a flag is used: the command does something else with it than without."""

    words: tuple[str, ...]
    """The command; SHEEP, PHOTO and PLAN stand for a painting, a picture and a plan."""
    value: tuple[str, ...] = ()
    """The flag's value, if it takes one."""
    told: str = ""
    """What is said of it on stderr or stdout, or the start of the file that it makes."""
    without: tuple[str, ...] = ()
    """What is typed instead, in the run without the flag."""
    keep: tuple[str, ...] = field(default=())


QUICK = ("--strokes", "6", "--steps", "2", "--views", "1", "--size", "64x64", "--canvas-px", "32")
PAINT = ("paint", "a fox", *QUICK, "--progress", "none")
NO_CORPUS = "holds no corpus"
CASES: dict[tuple[str, str], Case] = {
    ("paint", "--from"): Case(PAINT, ("PHOTO",)),
    ("paint", "--start"): Case(PAINT, ("FOX",)),
    ("paint", "--keep"): Case(PAINT, ("PHOTO",), "name the painting with --start"),
    ("paint", "--detail"): Case(PAINT, ("PHOTO",)),
    ("paint", "--style"): Case(PAINT, ("PHOTO",)),
    ("paint", "--layout"): Case(PAINT, ("PHOTO",), "give both"),
    ("paint", "--legend"): Case((*PAINT, "--layout", "PHOTO"), ("LEGEND",),
                                without=("paint", "a fox", *QUICK, "--progress", "none")),
    ("paint", "--recipe"): Case(PAINT, ("none.toml",), "none.toml"),
    ("paint", "--save-recipe"): Case(PAINT, ("look.toml",)),
    ("paint", "--preset"): Case((*PAINT[:2], *QUICK[:4], *QUICK[6:], "--progress", "none"),
                                ("clipdraw",)),
    ("paint", "--out"): Case(PAINT, ("elsewhere",)),
    ("paint", "--overwrite"): Case(PAINT, (), keep=PAINT),
    ("paint", "--resume"): Case(("paint",), ("SHEEP",), "holds a finished painting"),
    ("paint", "--device"): Case(PAINT, ("tpu9",), "try cpu"),
    ("paint", "--verbose"): Case(PAINT, (), "--verbose says nothing with --progress none"),
    ("paint", "--progress"): Case(PAINT[:-2], ("json",), '"event": "step"'),
    ("paint", "--finish"): Case(PAINT, ("mypant",), "did you mean 'mypaint'"),
    ("paint", "--term"): Case(PAINT, ("nobodys:1",), "nobodys"),
    ("export", "--to"): Case(("export", "SHEEP", "--out", "a.png"), ("tiff",), "must end in .tiff"),
    ("export", "--out"): Case(("export", "SHEEP", "--to", "png", "--size", "16"), ("b.png",)),
    ("export", "--overwrite"): Case(
        ("export", "SHEEP", "--to", "csv", "--out", "a.csv"), (),
        keep=("export", "SHEEP", "--to", "csv", "--out", "a.csv"),
    ),
    ("render", "--out"): Case(("render", "SHEEP", "--size", "16"), ("b.png",)),
    ("render", "--size"): Case(("render", "SHEEP"), ("16",)),
    ("render", "--engine"): Case(("render", "SHEEP", "--out", "a.csv"), ("neural",), "--engine"),
    ("judge", "--captions"): Case(("judge", "SHEEP"), ("PLAN",), "among 3 captions"),
    ("judge", "--guide"): Case(("judge", "SHEEP"), ("pokcet",), "did you mean 'pocket'"),
    ("judge", "--same-guide"): Case(("judge", "SHEEP", "--guide", "pocket"), (), "R-Precision"),
    ("judge", "--json"): Case(("judge", "SHEEP"), ("scores.json",)),
    ("judge", "--sheet"): Case(("judge", "SHEEP"), ("s.png",)),
    ("verify", "--from"): Case(("verify", "FOX"), ("PHOTO",)),
    ("verify", "--device"): Case(("verify", "FOX"), ("tpu9",), "try cpu"),
    ("studio", "--out"): Case(("studio", "--host", "0.0.0.0"), ("/dev/null",), "password"),
    ("studio", "--host"): Case(("studio", "--device", "x"), ("0.0.0.0",), "password"),
    ("studio", "--port"): Case(("studio",), ("99999",), "--port is 99999"),
    ("studio", "--workers"): Case(("studio",), ("0",), "--workers is 0"),
    ("studio", "--new-password"): Case(("studio",), (), "--new-password says nothing"),
    ("series", "--out"): Case(("series", "PLAN"), ("/dev/null",), "/dev/null"),
    ("series", "--seeds"): Case(("series", "PLAN"), ("0",), "--seeds is 0"),
    ("series", "--recipe"): Case(("series", "PLAN"), ("none.toml",), "none.toml"),
    ("series", "--preset"): Case(("series", "PLAN"), ("clipdrow",), "clipdraw"),
    ("series", "--photo-weight"): Case(("series", "PLAN"), ("2",), "has no photos"),
    ("series", "--workers"): Case(("series", "PLAN"), ("-1",), "--workers is -1"),
    ("series", "--device"): Case(("series", "PLAN", *QUICK), ("tpu9",), "try cpu"),
    ("series resume", "--workers"): Case(("series", "resume", "s"), ("-1",), "--workers is -1"),
    ("train icons", "--corpus"): Case(("train", "icons"), ("c",), NO_CORPUS),
    ("train icons", "--run"): Case(("train", "icons", "--corpus", "c"), ("/dev/null/a",), "write"),
    ("train brush", "--name"): Case(("train", "brush", "oil"), ("a/b",), "cannot be called"),
    ("train brush", "--strokes"): Case(("train", "brush", "oil"), ("0",), "--strokes is 0"),
    ("train brush", "--steps"): Case(("train", "brush", "oil"), ("0",), "--steps is 0"),
    ("train brush", "--cap"): Case(("train", "brush", "oil"), ("9",), "--cap must lie"),
    ("train brush", "--seed"): Case(("train", "brush", "oil"), ("-1",), "--seed is -1"),
    ("train brush", "--workers"): Case(("train", "brush", "oil"), ("0",), "--workers is 0"),
    ("train brush", "--runs"): Case(("train", "brush", "oil"), ("/dev/null",), "cannot write"),
    ("train brush", "--into"): Case(("train", "brush", "oil"), ("/dev/null",), "cannot write"),
}  # fmt: skip
for _guide in ("pocket", "pocket-judge"):
    _base = ("train", _guide, "--corpus", "c")
    CASES |= {
        (f"train {_guide}", "--corpus"): Case(("train", _guide), ("c",), NO_CORPUS),
        (f"train {_guide}", "--run"): Case(_base, ("/dev/null/a",), "cannot write"),
        (f"train {_guide}", "--samples"): Case(_base, ("9",), "at most --samples"),
        (f"train {_guide}", "--cooldown"): Case(_base, ("9999999",), "at most --samples"),
        (f"train {_guide}", "--report"): Case(_base, ("0",), "--report is 0"),
        (f"train {_guide}", "--device"): Case(_base, ("tpu9",), "try cpu"),
    }

ELSEWHERE = {
    ("studio", "--name"): "test_web_hosted: a studio is visited under another name",
    ("studio", "--device"): "test_web: settings share devices out to the workers",
    ("series", "--films"): "test_series: films are in the folders",
    ("series", "--ray"): "test_series: a cluster paints",
    ("series resume", "--ray"): "test_series: a cluster paints",
    ("series resume", "--device"): "the same flag as that of series",
    ("series sheet", "--out"): "test_series: the sheet is where it was asked for",
    ("series page", "--title"): "test_series: the page has its title",
    ("series page", "--no-replays"): "test_series: no replays are written",
    ("series table", "--csv"): "test_series: the table as CSV",
    ("series table", "--parquet"): "test_series: the table as Parquet",
    ("train pocket", "--licences"): "test_training_pocket and test_corpus: licences are kept",
    ("train pocket-judge", "--licences"): "test_training_pocket and test_corpus",
    ("train pocket", "--start"): "test_training_pocket: a run begins with a guide's weights",
    ("train pocket-judge", "--start"): "test_training_pocket",
    ("train icons", "--guide"): "test_training_icons: the guide whose icons are taught",
}
"""Flags whose effect takes more than a command's first second, and where it is tested."""


def is_known(command: str, flag: str) -> bool:
    """Whether a flag's effect is shown: by a case, by another test, or as a choice of one."""
    (action,) = [one for one in flags_of(parsers()[command]) if flag in one.option_strings]
    name = action.dest
    if command in ("paint", "series") and name in knobs(PaintConfig):
        return True  # test_a_choice_changes_the_painting, test_series passes them on
    if command == "export" and any(name in knobs(one.options) for one in exports.known().values()):
        return True  # test_every_choice_is_used_or_refused
    return (command, flag) in CASES or (command, flag) in ELSEWHERE


@pytest.mark.parametrize(("command", "flag"), ALL)
def test_every_flag_has_a_case(command: str, flag: str) -> None:
    assert is_known(command, flag), (
        f"nothing shows what {flag} of diavlex {command} does: add to CASES a command that does "
        "something else with it than without, or tells in one line why not"
    )


def test_no_case_is_of_a_flag_that_is_gone() -> None:
    assert set(CASES) | set(ELSEWHERE) <= set(ALL)


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the words of a case stand for."""
    folder = tmp_path_factory.mktemp("things")
    (folder / "sheep").mkdir()
    make((32, 48), 4).save(folder / "sheep" / "painting.json")
    diavlex.paint("a fox", strokes=6, steps=2, views=1, size="64x64", canvas_px=32).save(
        folder / "fox.json"
    )
    Image.linear_gradient("L").resize((48, 32)).save(folder / "photo.png")
    (folder / "legend.toml").write_text('"#404040" = "a dark sky"')
    (folder / "plan.txt").write_text(f"{make((32, 48), 4).prompt}\na cat\na dog\n")
    return {
        "SHEEP": str(folder / "sheep"), "PHOTO": str(folder / "photo.png"),
        "PLAN": str(folder / "plan.txt"), "FOX": str(folder / "fox.json"),
        "LEGEND": str(folder / "legend.toml"),
    }  # fmt: skip


def outcome(words: list[str], folder: Path, capsys: pytest.CaptureFixture) -> tuple[Any, ...]:
    """All that a command does: its exit code, what it says, and the files that it leaves."""
    code = cli.main(words)
    out, told = capsys.readouterr()
    files = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return code, out, told, files


@pytest.mark.parametrize(("command", "flag"), sorted(CASES))
def test_a_flag_is_used_or_refused(
    command: str, flag: str, things: dict[str, str], tmp_path: Path,
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    case = CASES[command, flag]
    typed = [things.get(word, word) for word in case.words]
    value = [things.get(word, word) for word in case.value]
    given = [f"{flag}={value[0]}"] if value else [flag]
    seen = []
    for more in ([], given) if not case.told else (given,):
        folder = tmp_path / str(len(seen))
        folder.mkdir()
        monkeypatch.chdir(folder)
        if case.keep:
            outcome([things.get(word, word) for word in case.keep], folder, capsys)
        seen.append(outcome([*typed, *more], folder, capsys))
    if case.told:
        ((code, out, told, files),) = seen
        assert case.told in told + out, (out, told)
        assert code == 0 or (code == 2 and told.count("\n") == 1 and not files), told
    else:
        assert seen[0] != seen[1]


@pytest.mark.parametrize(
    "flag", [flag for command, flag in ALL if command == "paint"]
)  # fmt: skip
def test_what_goes_on_takes_no_other_choice(
    flag: str, capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    """With --resume, a flag says how to go on (and is used), or is refused."""
    (action,) = [one for one in flags_of(parsers()["paint"]) if flag in one.option_strings]
    if flag in ("--resume", "--device", "--verbose", "--progress"):
        return
    words = [flag] if action.nargs == 0 else [f"{flag}=1"]
    assert cli.main(["paint", "--resume", str(tmp_path), *words]) == 2
    told = capsys.readouterr().err
    assert "give it no prompt and no other choice" in told or flag[2:] in told
    assert told.count("\n") == 1


# --- the choices of a painting


SMALL: dict[str, Any] = {
    "strokes": 10, "steps": 4, "views": 2, "size": "64x48", "canvas_px": 32,
}  # fmt: skip
OTHER: dict[str, Any] = {
    "brush": "ink", "guide": "pocket-judge", "size": "48x64", "background": "navy",
    "palette": "red,blue", "focus": "0.2,0.8", "also": ["a storm:0.5"], "canvas_px": 40,
    "reinitialize": 2, "rate_place": 0.5, "rate_shape": 0.5, "rate_color": 0.5, "tries": 5,
    "smallest": 0.3, "steps": 3, "regions": ["0,0.5,1,1:a green meadow"],
}  # fmt: skip
"""Values of choices that are no plain numbers or names, or whose middle shows nothing."""
BESIDE: dict[str, dict[str, Any]] = {
    "wide_fall": {"views": 12}, "noise": {"views": 4}, "layer_share": {"prompt": "two cats"},
    "reinitialize": {"steps": 6}, "first_colors": {"sketch": 0}, "largest": {"sketch": 0},
    "smallest": {"sketch": 0}, "order": {"sketch": 0},
    "photo_weight": {"has_photo": True, "prompt": "a fox"},
    "tries": {"steps": 30, "strokes": 6, "sketch": 0}, "wide": {"views": 12},
    "shuffle": {"strokes": 40}, "focus": {"sketch": 0}, "direction": {"directed": 1.0},
}  # fmt: skip
"""What must be chosen beside a choice for it to show."""
NOT_STROKES = {
    "finish": "who paints the picture", "term": "test_plugins", "also": "no flag",
    "backdrop": "no flag", "paper": "test_backgrounds", "transparent": "test_backgrounds",
}  # fmt: skip
"""Choices of the picture alone, or of no flag, and where they are tested."""


def other(name: str) -> Any:
    """Another value of a choice than the usual one."""
    told = knobs(PaintConfig)[name][1]
    usual = SMALL.get(name, knobs(PaintConfig)[name][0].default)
    if name in OTHER:
        return OTHER[name]
    if told.choices:
        return next(one for one in told.choices if one != usual)
    assert not told.typed, f"add another value of {name} to OTHER"
    low, high = told.low or 0, told.high if told.high is not None else 100
    near = [usual * 2 or 1, usual / 2, low, high]
    kind = type(usual)
    return next(kind(one) for one in near if low <= one <= high and kind(one) != usual)


Painted = tuple[torch.Tensor, tuple[Any, ...], list[str]]


@cache
def photo() -> Photo:
    """From dark to light."""
    ramp = torch.linspace(0, 1, 48).expand(3, 32, 48)
    return Photo(ramp.contiguous(), torch.ones(32, 48))


def painted(prompt: str = "a red fox", has_photo: bool = False, **choices: Any) -> Painted:
    """The strokes, what else a picture is made of, and the remarks; nothing is on the disk."""
    config = choose(**SMALL | choices)
    inputs = read_inputs(photo() if has_photo else None)
    session = prepare(prompt, config, Path(), "cpu", inputs)
    session.remark_unheard(choices)
    list(session.walk())
    record = session.painting()
    rest = (record.background, record.brushes, record.height_px, record.width_px)
    return record.actions, rest, session.remarks


usual = cache(painted)
"""The same, kept for the next choice that is compared with it."""


def is_used_or_told(name: str, **beside: Any) -> bool:
    """Whether another value of a choice changes the painting, or a remark names it."""
    strokes, rest, _ = usual(**beside)
    changed, others, remarks = painted(**beside | {name: other(name)})
    is_same = strokes.shape == changed.shape and torch.equal(strokes, changed) and rest == others
    return not is_same or any(f"--{name.replace('_', '-')} " in line for line in remarks)


@pytest.mark.parametrize("name", sorted(set(knobs(PaintConfig)) - set(NOT_STROKES)))
def test_a_choice_changes_the_painting(name: str) -> None:
    assert is_used_or_told(name, **BESIDE.get(name, {})), (
        f"--{name.replace('_', '-')} changes nothing and nothing is told of it: say in BESIDE "
        "beside what it does"
    )


BESIDE_A_PHOTO = sorted(set(knobs(PaintConfig)) - set(NOT_STROKES) - {"guide", "tries"})


@pytest.mark.parametrize("prompt", ["", "a fox"])
@pytest.mark.parametrize("name", BESIDE_A_PHOTO)
def test_beside_a_photo_a_choice_is_used_or_told(name: str, prompt: str) -> None:
    beside = {k: v for k, v in BESIDE.get(name, {}).items() if k in ("views", "steps", "strokes")}
    assert is_used_or_told(name, prompt=prompt, has_photo=True, **beside), (
        f"--{name.replace('_', '-')} changes nothing beside a photo and nothing is told of it: "
        "say so in config/honored.py"
    )
