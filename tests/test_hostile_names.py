"""Prompts, folders, brushes and guides with hostile names are shown as they are, everywhere.

Every command is run in one process on a pseudo-terminal, and every kind of file is looked into.
"""

import html
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import termios
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from paintings import make
from PIL import Image

import diavlex
from diavlex.cli import main as cli

FOLDER = "pics [draft] of [/b] it's"
PROMPT = "a [red]car[/red] <b>&amp;\"' [/x] ${HOME} \U0001f411"
STEERING = "a car\x1b[31m red"
BRUSH, GUIDE = "oil [b]", "ck/[red]mine[/red]"
QUICK = ["--strokes", "6", "--steps", "2", "--views", "1", "--size", "64x64", "--canvas-px", "32"]

AS_TYPED = {
    "paint": [["a cat", "--brush", BRUSH], ["a cat", "--guide", GUIDE], ["--resume", FOLDER],
              ["a cat", "--from", FOLDER], ["a cat", "--preset", "[b]x"],
              ["a cat", "a [red]dog[/b]"]],
    "series": [[FOLDER], ["status", FOLDER], ["resume", FOLDER], ["sheet", FOLDER],
               ["page", FOLDER], ["table", FOLDER], ["PLAN", "--recipe", FOLDER]],
    "render": [["SHEEP", "--out", "[b]a[/b].csv"], ["SHEEP", "--out", "[b]a[/b]"], ["[b]none"]],
    "export": [["SHEEP", "--to", "csv", "--out", "[b]e[/b].csv"], ["SHEEP", "--to", "[b]x"]],
    "show": [["SHEEP"], ["[b]none"]],
    "studio": [["--out", "/dev/null/[b]x", "--host", "0.0.0.0"],
               ["--host", "[b]x[/b]", "--new-password"]],
    "judge": [["SHEEP"], ["SHEEP", "--captions", "[b]x"], ["SHEEP", "--guide", "[b]x"]],
    "guides": [["[b]x"]],
    "brushes": [["[b]x"], [], ["mine"]],
    "verify": [["SHEEP"], ["[b]none"]],
    "presets": [["[b]x"]],
    "recipes": [["[b]x"]],
    "train": [["[b]x"], ["brush", "[b]x"], ["icons", "--corpus", "[b]x"]],
}  # fmt: skip
"""What is typed behind each command; SHEEP is a painting in a hostile folder, PLAN a plan."""

PROGRAM = """
import json, sys
from diavlex.cli import main as cli
for number, words in enumerate(json.loads(sys.argv[1])):
    print(f"<<{number}>>", flush=True)
    try:
        code = cli.main(words)
    except SystemExit as stop:
        code = stop.code
    print(f"<<ends with {code}>>", flush=True)
"""


def test_every_command_is_typed() -> None:
    assert set(AS_TYPED) == set(cli.COMMANDS), "add what a hostile name can be of a new command"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a painting, a plan and a brush's card, all of hostile words."""
    place = tmp_path_factory.mktemp("hostile")
    (place / FOLDER).mkdir(parents=True)
    painting = replace(make(), prompt=PROMPT)
    painting.save(place / FOLDER / "painting.json")
    (place / "plan [b].txt").write_text("a cat\n")
    home = place / "home"
    home.mkdir()
    (home / "mine.json").write_text('{"name": "mine", "about": "[red]about[/red]\\u001b[31m"}')
    return place


def shown_on_a_terminal(program: list[str], place: Path) -> tuple[int, str]:
    """The exit code of a program on a wide pseudo-terminal, and all that it shows."""
    mine, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, 2000))
    env = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": "1", "COLUMNS": "2000",
           "DIAVLEX_HOME": str(place / "home")}  # fmt: skip
    run = subprocess.Popen(
        program, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, cwd=place, env=env
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(mine, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(mine)
    return run.wait(timeout=300), seen.decode(errors="replace")


def without_style(text: str) -> str:
    """What a terminal shows of it: styles and moves of the cursor are ours, all else is not."""
    return re.sub(r"\x1b\[[0-9;?]*[mKAhlHJ]", "", text).replace("\r", "")


@pytest.fixture(scope="module")
def told(place: Path) -> list[tuple[list[str], str]]:
    """What was typed and what was shown, command after command."""
    names = {"SHEEP": FOLDER, "PLAN": "plan [b].txt"}
    typed = [
        [command, *(names.get(word, word) for word in words)]
        for command, cases in AS_TYPED.items()
        for words in cases
    ]
    code, seen = shown_on_a_terminal([sys.executable, "-c", PROGRAM, json.dumps(typed)], place)
    assert code == 0, seen
    parts = re.split(r"<<\d+>>\n", without_style(seen))[1:]
    assert len(parts) == len(typed)
    return list(zip(typed, parts, strict=True))


def test_each_hostile_name_is_shown_as_it_is(told: list[tuple[list[str], str]]) -> None:
    for words, seen in told:
        assert "Traceback" not in seen, (words, seen)
        assert re.search(r"<<ends with [02]>>", seen), (words, seen)
        assert "\x1b" not in seen, (words, seen)
        if "ends with 2" in seen:
            line = next(line for line in seen.splitlines() if line.startswith("diavlex: "))
            assert "[" not in words[-1] or words[-1][:20] in line, (words, line)


def test_show_and_judge_show_a_prompt_as_it_is(told: list[tuple[list[str], str]]) -> None:
    for command in ("show", "judge"):
        seen = next(seen for words, seen in told if words == [command, FOLDER])
        assert PROMPT in seen, seen


def test_a_command_that_is_printed_can_be_typed(place: Path) -> None:
    """The way to go on with a painting, in a hostile folder, is one that a shell understands."""
    out = place / "went [off] $x; it's"
    words = ["paint", PROMPT, *QUICK, "--out", str(out)]
    painting = diavlex.begin(PROMPT, folder=out / "a", strokes=6, steps=9, views=1, size="64x64",
                             canvas_px=32)  # fmt: skip
    next(painting.paint())
    painting.keep()
    program = [sys.executable, "-m", "diavlex", "paint", PROMPT, *QUICK, "--out", str(out)]
    shutil.copytree(out / "a", out / "a-red-car-red-b-amp-x-home-0")
    code, seen = shown_on_a_terminal(program, place)
    line = without_style(seen)
    assert code == 2, (words, line)
    command = shlex.split(line.split("go on with --resume ")[1].split(", or pass")[0])
    assert command == [str(out / "a-red-car-red-b-amp-x-home-0")]


@pytest.mark.parametrize(
    "prompt", [PROMPT, STEERING, "]]> --> </script><script>x()</script> \u2028"]
)
def test_files_hold_the_words_as_they_are(prompt: str, tmp_path: Path) -> None:
    """A hostile prompt is text in every file: markup of it is not the file's."""
    painting = replace(make((32, 48), 4), prompt=prompt)
    for name in ("a.png", "a.svg", "a.ora", "a.html", "a.tiff"):
        choices: dict[str, Any] = {} if name.endswith("html") else {"size": 32}
        diavlex.save(painting, tmp_path / name, **choices)
        assert diavlex.load(tmp_path / name).prompt == prompt, name
    with Image.open(tmp_path / "a.png") as image:
        assert "\x1b" not in str(image.info["prompt"]) or prompt == STEERING
    plain = "".join(c for c in prompt if c.isprintable() or c in "\u200c\u200d")
    tree = ET.parse(tmp_path / "a.svg")
    assert not [one for one in tree.iter() if one.tag.endswith(("script", "}b"))]
    texts = [one.text for one in tree.iter() if one.text]
    assert any(plain in text for text in texts), texts[:3]
    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        ET.fromstring(archive.read("stack.xml"))
    page = (tmp_path / "a.html").read_text()
    assert "<script>x()" not in page
    assert html.escape(plain, quote=False)[:20] in page or plain[:20] in page
    assert page.count("<script") == page.count("</script>")
    assert "\x1b" not in page


def test_a_layer_with_a_hostile_name_is_text(tmp_path: Path) -> None:
    """Of a record, which anybody may have written."""
    from diavlex.painting import Layer

    name = "<b>[red]\"&' ]]></script>"
    layers = (Layer("background", 0, 2), Layer(name, 2, 2))
    painting = replace(make((32, 48), 4), layers=layers)
    for kind in ("svg", "ora", "html"):
        diavlex.save(painting, tmp_path / f"a.{kind}")
        assert diavlex.load(tmp_path / f"a.{kind}").layers == layers, kind
    drawn = (tmp_path / "a.svg").read_text()
    assert "<b>" not in drawn
    ET.fromstring(drawn)
    page = (tmp_path / "a.html").read_text()
    assert page.count("<script") == page.count("</script>")
    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        ET.fromstring(archive.read("stack.xml"))
