"""The page of commands: what the help of each says, from its own parser."""

import contextlib
import io
import os
from collections.abc import Sequence
from unittest.mock import patch

from diavlex.cli import main as cli

WIDTH = "92"
DEEPER = {
    "paint": [["--help-all"]],
    "series": [["--help-all"], *([deed, "--help"] for deed in (
        "resume", "status", "table", "sheet", "page",
    ))],
    "train": [[what, "--help"] for what in ("brush", "pocket", "pocket-judge", "icons")],
}  # fmt: skip
"""Helps of a command beside `--help`; `--help-all` stands in its place."""
HEAD = """# Every command

*Made from the program: `make pages` writes this page anew, and a test holds it current.*

`diavlex COMMAND --help` shows the same in a terminal; `diavlex paint --help-all` shows every
choice, and [Every choice](choices.md) lists them as a table. A mistake is one line and exit code 2;
Ctrl-C is exit code 130.

"""


def page() -> str:
    """The page."""
    parts = [f"```text\n{help_of(['--help'])}```"]
    for command, about in cli.COMMANDS.items():
        parts.append(f"## diavlex {command}\n\n{about.capitalize()}.")
        further = DEEPER.get(command, [])
        is_whole = further[:1] == [["--help-all"]]
        for words in [*([] if is_whole else [["--help"]]), *further]:
            parts.append(f"```text\n{help_of([command, *words])}```")
    return HEAD + "\n\n".join(parts) + "\n"


def help_of(words: Sequence[str]) -> str:
    """What a command prints when it is asked for help, without the colors of a terminal."""
    told = io.StringIO()
    plain = {"COLUMNS": WIDTH, "NO_COLOR": "1", "DIAVLEX_PLUGINS": "0"}
    with patch.dict(os.environ, plain), contextlib.redirect_stdout(told):
        with contextlib.suppress(SystemExit):
            cli.main(words)
    return told.getvalue()
