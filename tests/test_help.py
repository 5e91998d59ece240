"""What every command's help says, word for word.

`DIAVLEX_BLESS=1 python -m pytest tests/test_help.py` writes the texts anew; read the difference.
"""

import os
from pathlib import Path

import pytest

from diavlex.cli import main as cli

TEXTS = Path(__file__).parent / "help"
ASKED = [
    ["--help"],
    *([command, "--help"] for command in cli.COMMANDS),
    ["paint", "--help-all"],
    ["series", "--help-all"],
    *(["series", deed, "--help"] for deed in ("page", "resume", "sheet", "status", "table")),
    *(["train", what, "--help"] for what in ("brush", "pocket", "pocket-judge", "icons")),
]


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_help_is_as_it_was_read(
    words: list[str], capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("DIAVLEX_PLUGINS", "0")
    try:
        code = cli.main(words)
    except SystemExit as stop:
        code = stop.code
    text = capsys.readouterr().out
    assert code == 0
    path = TEXTS / ("-".join(word.strip("-") for word in words) + ".txt")
    if os.environ.get("DIAVLEX_BLESS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_no_text_is_left_of_a_command_that_is_gone() -> None:
    known = {"-".join(word.strip("-") for word in words) + ".txt" for words in ASKED}
    assert {path.name for path in TEXTS.iterdir()} == known


def test_a_painter_needs_no_more_than_two_dozen_flags() -> None:
    short, whole = (
        (TEXTS / name).read_text(encoding="utf-8").count("\n  --")
        for name in ("paint-help.txt", "paint-help-all.txt")
    )
    assert short <= 24
    assert whole > short + 15
