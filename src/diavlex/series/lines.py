"""The lines of a plan: a text file of prompts, or a table of prompts with choices."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diavlex import files
from diavlex.config import PaintConfig, check_no_path, check_prompt, knobs
from diavlex.errors import BadPlan, BadValue, DiavlexError, UnknownName, shown

MOST_BYTES = 1 << 28
"""The largest file that is read at all."""
MOST_NAMED = 20
"""How many bad lines one error names."""
TABLES = {".csv": ",", ".tsv": "\t"}
"""Endings of files that are tables, and what parts their cells."""
_PROMPT = "prompt"


@dataclass(frozen=True)
class Line:
    """What one line of a plan asks for."""

    number: int
    """Of the line in its file, from 1."""
    prompt: str
    choices: dict[str, Any]
    """Of `PaintConfig`, by name; what is not said is as usual."""


@dataclass
class Faults:
    """What is wrong with a plan, by line; all of it is told in one error."""

    source: str
    told: dict[int, str] = field(default_factory=dict)

    def add(self, number: int, error: DiavlexError | str) -> None:
        """Note what is wrong with a line; the first fault of a line is the one that is told."""
        self.told.setdefault(number, str(error))

    def check(self) -> None:
        """Name every bad line.

        Raises:
            BadPlan: there is one.
        """
        if not self.told:
            return
        count = len(self.told)
        lines = [f"line {number}: {text}" for number, text in sorted(self.told.items())]
        if count > MOST_NAMED:
            lines = [*lines[:MOST_NAMED], f"and {count - MOST_NAMED} lines more."]
        what = "1 line" if count == 1 else f"{count} lines"
        head = f"{self.source} has {what} that cannot be painted; mend them (nothing was begun):"
        raise BadPlan(head, lines)


def from_prompts(prompts: Iterable[str], faults: Faults) -> list[Line]:
    """Lines of prompts alone; empty ones are passed over."""
    lines = []
    for number, text in enumerate(prompts, 1):
        if isinstance(text, str) and not text.strip():
            continue
        try:
            lines.append(Line(number, check_prompt(text), {}))
        except BadValue as error:
            faults.add(number, error)
    return lines


def read(path: Path, faults: Faults) -> list[Line]:
    """The lines of a file: a table if it ends in .csv or .tsv, else one prompt a line.

    The text is UTF-8, or UTF-16 with its mark; lines may end as on any system.

    Raises:
        BadValue: it cannot be read, holds no line, or a table's head is wrong.
    """
    text = _decode(_bytes(path), path, faults)
    if path.suffix.lower() in TABLES:
        lines = list(_rows(text, path, faults))
    else:
        lines = from_prompts(io.StringIO(text, newline=None), faults)
    if not lines and not faults.told:
        raise BadValue(f"the plan {path} holds no prompt; write one a line.")
    return lines


def _bytes(path: Path) -> bytes:
    try:
        return files.read(path, MOST_BYTES)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise BadValue(f"the plan {path} cannot be read ({why}); give a text file.") from error


def _decode(data: bytes, path: Path, faults: Faults) -> str:
    """The text of a file; a line that is no text becomes empty and is noted."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise BadValue(f"the plan {path} is cut short ({error}); save it again.") from error
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError:
        pieces = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        return "\n".join(_piece(at, piece, faults) for at, piece in enumerate(pieces, 1))


def _piece(number: int, piece: bytes, faults: Faults) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError as error:
        told = piece.decode(errors="backslashreplace")[:40]
        faults.add(
            number, f"'{told}' is not UTF-8 text at byte {error.start + 1}; save it as such."
        )
        return ""


def _rows(text: str, path: Path, faults: Faults) -> Iterator[Line]:
    head, _, _ = text.partition("\n")
    comma = TABLES[path.suffix.lower()]
    if comma not in head and ";" in head:
        comma = ";"  # as spreadsheets write it where the comma is the decimal point
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=comma, strict=True)
    names: list[str] = []
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            faults.add(start, f"it is no line of a table ({error}); mend its quotes.")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names = _head(cells, path)
            continue
        try:
            yield _row(start, names, cells)
        except DiavlexError as error:
            faults.add(start, error)


def _head(cells: Sequence[str], path: Path) -> list[str]:
    """The names of a table's columns.

    Raises:
        BadValue: there is no column of prompts, or a column twice.
        UnknownName: a column that is no choice.
    """
    names = [cell.strip().lower().replace("-", "_") for cell in cells]
    if _PROMPT not in names:
        raise BadValue(
            f"the table {path} has no column '{_PROMPT}' in its first line (it has: "
            f"{', '.join(names)[:80]}); write one."
        )
    for name in names:
        if name not in (_PROMPT, *knobs(PaintConfig)):
            raise UnknownName(f"column of {path}", name, (_PROMPT, *knobs(PaintConfig)))
        if names.count(name) > 1:
            raise BadValue(f"the table {path} has the column '{name}' twice; keep one.")
    return names


def _row(number: int, names: Sequence[str], cells: Sequence[str]) -> Line:
    if len(cells) != len(names):
        raise BadValue(
            f"it has {len(cells)} cells where the first line has {len(names)}; mend it, and put "
            "words with commas in quotes."
        )
    told = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell.strip()}
    prompt = check_prompt(told.pop(_PROMPT, ""))
    return Line(number, prompt, {name: read_choice(name, text) for name, text in told.items()})


def read_choice(name: str, text: str) -> Any:
    """A choice from what a cell says; further prompts and terms are parted by semicolons.

    Raises:
        BadValue: it should be a number and is none, or it names a file.
    """
    if name in ("also", "term", "regions"):
        return tuple(part.strip() for part in text.split(";") if part.strip())
    check_no_path(name, text)
    field, told = knobs(PaintConfig)[name]
    kind = type(field.default)
    if told.typed or kind is str:
        return text
    try:
        return kind(text)
    except ValueError:
        told = "a whole number" if kind is int else "a number"
        raise BadValue(f"its {name} is '{shown(text, 40)}': it must be {told}.") from None
