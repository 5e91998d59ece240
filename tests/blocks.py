"""The blocks of code in the README and the docs.

A block that cannot run here stands under `<!-- not run: WHY -->`; it is parsed all the same.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parents[1]
LANGUAGES = ("sh", "python", "toml", "text")
_BLOCK = re.compile(
    r"(?:^<!-- not run: ([^\n]+) -->\n)?^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """Code between fences."""

    page: str
    """Its page, from the repository's root on."""
    language: str
    text: str
    why_not: str
    """Why it is not run; empty if it is."""

    def commands(self) -> list[list[str]]:
        """The words of each command of a shell block, remarks left out."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [words for line in lines if (words := shlex.split(line, comments=True))]


def pages() -> list[str]:
    """The README and every page of the docs but the lab's."""
    return ["README.md", *(f"docs/{path.name}" for path in sorted((HOME / "docs").glob("*.md")))]


def blocks_of(page: str, text: str | None = None) -> list[Block]:
    """The blocks of a page."""
    text = (HOME / page).read_text(encoding="utf-8") if text is None else text
    return [Block(page, language, body, why or "") for why, language, body in _BLOCK.findall(text)]


def fences(text: str) -> int:
    """How many lines open or close a block."""
    return len(re.findall(r"^```", text, re.MULTILINE))


def blocks() -> Iterator[Block]:
    """All of them."""
    for page in pages():
        yield from blocks_of(page)
