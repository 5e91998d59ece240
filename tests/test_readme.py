"""The README: its commands are real, its files are there."""

import re
import shlex
from pathlib import Path

import pytest

from diavlex.cli import main as cli
from diavlex.cli.options import Flags
from diavlex.cli.paint import flags as paint_flags
from diavlex.cli.render import flags as render_flags
from diavlex.guides.drawn import drawings
from diavlex.guides.pocket import load_pocket

HOME = Path(__file__).parents[1]
TEXT = (HOME / "README.md").read_text(encoding="utf-8")
LINES = re.findall(r"^diavlex (.*?)(?:\s+#.*)?$", TEXT, re.MULTILINE)
FLAGS = {"paint": paint_flags, "render": render_flags}


def test_there_are_commands() -> None:
    assert len(LINES) >= 6


@pytest.mark.parametrize("line", LINES)
def test_each_command_can_be_typed(line: str) -> None:
    command, *words = shlex.split(line)
    assert command in cli.COMMANDS
    if command in FLAGS:
        parser: Flags = FLAGS[command]()
        parser.parse_args(words)


def test_it_is_read_in_one_go() -> None:
    assert len(TEXT.splitlines()) <= 120


def test_a_flag_that_does_not_exist_would_be_seen() -> None:
    from diavlex.errors import BadValue

    with pytest.raises(BadValue):
        paint_flags().parse_args(["cat", "--colour", "red"])


@pytest.mark.parametrize("link", re.findall(r"\]\(((?!http)[^)#]+)\)", TEXT))
def test_each_link_leads_somewhere(link: str) -> None:
    assert (HOME / link).exists()


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", TEXT, re.MULTILINE))
def test_each_target_is_made(target: str) -> None:
    assert re.search(rf"^{target}:", (HOME / "Makefile").read_text(), re.MULTILINE)


def test_its_figures_are_those_of_the_package() -> None:
    icons = load_pocket("pocket").icons
    assert icons is not None
    for figure in (f"{len(drawings()):,} names", f"icons of {len(icons):,} more"):
        assert figure in TEXT
