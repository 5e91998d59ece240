"""Every command and every piece of Python in the README and the docs runs, with small settings."""

import ast
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from blocks import HOME, LANGUAGES, Block, blocks, blocks_of, fences, pages
from PIL import Image
from test_guides_clip import FAMILIES, write

import diavlex
from diavlex.brushes import mypaint
from diavlex.cli import main as cli
from diavlex.cli.export import flags as export_flags
from diavlex.cli.options import Flags
from diavlex.cli.paint import flags as paint_flags
from diavlex.cli.render import flags as render_flags
from diavlex.cli.series import flags as series_flags
from diavlex.errors import BadValue

FLAGS: dict[str, Callable[[], Flags]] = {
    "paint": paint_flags, "render": render_flags, "export": export_flags, "series": series_flags,
}  # fmt: skip
SMALL: dict[str, Any] = {
    "strokes": 12, "steps": 2, "views": 2, "canvas_px": 40, "size": "48x48",
}  # fmt: skip
KNOBS = [
    word for key, value in SMALL.items() for word in (f"--{key.replace('_', '-')}", str(value))
]
SERVED = "studio"
"""A command that goes on until it is stopped."""
ELSEWHERE = {
    "docs/extend.md": "test_plugins installs and runs its package",
    "docs/gallery.md": "test_pictures paints one of the 24",
}
"""Pages whose blocks are parsed here and run elsewhere."""
LONG = (["train", "brush"],)
"""Commands that take minutes, whatever their choices; their flags are read."""
PAINTED = ("black-sheep-0", "black-sheep-7", "a-sheep-0", "a-barn-0")
ENGINE = "mypaint" if mypaint.is_available() else "neural"


def of(language: str) -> list[Block]:
    return [one for one in blocks() if one.language == language]


def named(one: object) -> str:
    if not isinstance(one, Block):
        return str(one)
    first = re.sub(r"\W+", "-", one.text.strip().splitlines()[0])[:40]
    return f"{Path(one.page).stem}-{first}"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny CLIP in its real file format, in place of the one that would be fetched."""
    return str(write(FAMILIES["clip"], tmp_path_factory.mktemp("clip") / "tiny"))


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small painting in its folder."""
    folder = tmp_path_factory.mktemp("painted") / "black-sheep-0"
    session = diavlex.begin("black sheep", folder=folder, **SMALL)
    list(session.paint())
    return session.finish()


@pytest.fixture
def place(
    painted: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with what the docs speak of, in which the test stands."""
    place = tmp_path_factory.mktemp("place")
    for name in PAINTED:
        shutil.copytree(painted, place / "paintings" / name)
    rows = np.linspace(0, 255, 48 * 64 * 3).reshape(48, 64, 3).astype(np.uint8)
    Image.fromarray(rows).save(place / "photo.jpg")
    Image.linear_gradient("L").resize((64, 48)).save(place / "mask.png")
    (place / "prompts.txt").write_text("a red rose\n")
    monkeypatch.chdir(place)
    monkeypatch.setenv("HOME", str(place / "home"))
    monkeypatch.setenv("DIAVLEX_HOME", str(place / "own"))
    return place


def made_small(words: list[str], tiny: str) -> list[str]:
    """A command of the docs as it is run here: small, and with what is on this machine."""
    command = words[0]
    words = [re.sub(r"^clip(?=:|$)", tiny, word) for word in words]
    for flag, value in (("--size", "48"), ("--engine", ENGINE), ("--seeds", "1")):
        if command in ("render", "export", "series") and flag in words:
            words[words.index(flag) + 1] = value
    if command == "paint" and not {"--resume", "--help", "--help-all"} & set(words):
        return [*words, *KNOBS, "--overwrite", "--progress", "none"]
    if command == "series" and words[1].endswith(".txt"):
        return [*words, *KNOBS, "--workers", "1"]
    if command == "export" and len(words) > 1:
        return [*words, "--overwrite"]
    return words


def cut_off(folder: str) -> None:
    """A painting that was cut off after its first step."""
    shutil.rmtree(folder)
    session = diavlex.begin("black sheep", folder=folder, **SMALL)
    next(session.paint())
    session.keep()


def run(words: list[str], tiny: str) -> int:
    if words[0] == SERVED or any(words[: len(one)] == one for one in LONG):
        return 0
    if "--resume" in words:
        cut_off(words[words.index("--resume") + 1])
    try:
        return cli.main(made_small(words, tiny))
    except SystemExit as stop:
        return int(stop.code or 0)


@pytest.mark.parametrize("page", pages())
def test_each_block_has_a_language(page: str) -> None:
    text = (HOME / page).read_text(encoding="utf-8")
    found = blocks_of(page)
    assert fences(text) == 2 * len(found)
    assert {one.language for one in found} <= {*LANGUAGES, "{toctree}"}


@pytest.mark.parametrize("block", of("sh"), ids=named)
def test_each_command_can_be_typed(block: Block) -> None:
    for words in block.commands():
        check(words, is_run=not block.why_not)


@pytest.mark.parametrize("words", [
    ["diavlex", "pain", "cat"], ["diavlex", "paint", "cat", "--colour", "red"], ["make", "sheep"],
    ["pip", "install", ".[clop]"], ["python", "-m", "benchmarks.sped"],
    ["python", "-m", "benchmarks.kill", "--tims", "3"], ["curl", "localhost:8700/painting"],
    ["rm", "-rf", "/"],
])  # fmt: skip
def test_a_command_that_cannot_be_typed_is_seen(words: list[str]) -> None:
    with pytest.raises((AssertionError, BadValue)):
        check(words, is_run=True)


def check(words: list[str], *, is_run: bool) -> None:
    """Refuse a command that does not exist, or whose flags do not."""
    program, *rest = words
    if program == "diavlex":
        assert rest[0] in cli.COMMANDS, f"no command {rest[0]}"
        if rest[0] in FLAGS and not {"--help", "--help-all"} & set(rest):
            FLAGS[rest[0]]().parse_args(rest[1:])
    elif program == "make":
        made = re.findall(r"^(\w+):", (HOME / "Makefile").read_text(), re.MULTILINE)
        assert rest[0] in made, f"make makes no {rest[0]}"
    elif program == "pip":
        extras = re.findall(r"^(\w+) = \[", (HOME / "pyproject.toml").read_text(), re.MULTILINE)
        asked = re.findall(r"\[(.*?)\]", " ".join(rest))
        assert {one for group in asked for one in group.split(",")} <= set(extras)
    elif program == "python":
        check_script(rest)
    elif program == "curl":
        check_address(rest)
    else:
        assert not is_run, f"{program} is not tested; mark the block as not run"


def check_script(words: list[str]) -> None:
    """Refuse a script or a module that is not there, or does not know a flag."""
    name = f"{words[1].replace('.', '/')}.py" if words[0] == "-m" else words[0]
    text = (HOME / name).read_text() if (HOME / name).is_file() else ""
    assert text, f"there is no {name}"
    for flag in (word for word in words[1:] if word.startswith("--")):
        assert f'"{flag}"' in text, f"{name} has no {flag}"


def check_address(words: list[str]) -> None:
    """Refuse an address that the studio does not serve."""
    from diavlex.web.openapi import description

    (address,) = [word for word in words if word.startswith("localhost")]
    asked = address.removeprefix("localhost:8700").split("?")[0]
    served = [re.sub(r"\{\w+\}", r"[^/]+", path) for path in description()["paths"]]
    assert any(re.fullmatch(path, asked) for path in served), f"the studio serves no {asked}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "block", [one for one in of("sh") if not one.why_not and one.page not in ELSEWHERE], ids=named
)
def test_each_command_runs(block: Block, place: Path, tiny: str) -> None:
    for program, *words in block.commands():
        if program == "diavlex":
            assert run(words, tiny) == 0, words


@pytest.mark.parametrize("block", of("python"), ids=named)
def test_each_piece_of_python_is_python(block: Block) -> None:
    ast.parse(block.text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "block",
    [one for one in of("python") if not one.why_not and one.page not in ELSEWHERE],
    ids=named,
)
def test_each_piece_of_python_runs(
    block: Block, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("paint", "begin"):
        monkeypatch.setattr(diavlex, name, small(getattr(diavlex, name)))
    code = compile(block.text, block.page, "exec")
    exec(code, {"__name__": "pasted"})


def small(deed: Callable[..., Any]) -> Callable[..., Any]:
    """The same with few strokes and steps, whatever is asked for."""
    return lambda *args, **choices: deed(*args, **(choices | SMALL))


def test_a_block_that_is_not_run_says_why() -> None:
    text = "<!-- not run: needs a GPU -->\n```sh\nls\n```\n\n```sh\nls\n```\n"
    assert [one.why_not for one in blocks_of("README.md", text)] == ["needs a GPU", ""]
