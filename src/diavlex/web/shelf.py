"""The folders of a studio's paintings: named, found, read; nothing outside them is ever touched."""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diavlex.errors import DiavlexError
from diavlex.web.ledger import DONE, Entry, fresh_id
from diavlex.web.recount import request_of

RECORD, PICTURE, CHECKPOINT = "painting.json", "painting.png", "unfinished.safetensors"
MOST_BYTES = 1 << 26
"""The largest record that is read."""
_MOST_LETTERS = 40


def folder_name(prompt: str, id: str) -> str:
    """A name for a painting's folder that a person recognizes: words of the prompt, then the id."""
    words = "-".join(re.findall(r"[a-z0-9]+", prompt.lower()))[:_MOST_LETTERS].strip("-")
    return f"{words or 'painting'}-{id}"


def inside(root: Path, name: str) -> Path | None:
    """A painting's folder, if it is one within the studio's own; links that lead out are not."""
    path = root / name
    is_plain = name not in ("", ".", "..") and Path(name).name == name
    if not is_plain or not path.resolve().is_relative_to(root.resolve()):
        return None
    return path


def is_finished(folder: Path) -> bool:
    """Whether all of a painting is there, and nothing is left to go on with."""
    has_all = all(is_own(folder / name) for name in (RECORD, PICTURE))
    return has_all and not (folder / CHECKPOINT).exists()


def is_own(path: Path) -> bool:
    """Whether a file is there, and is no link to somewhere else."""
    return path.is_file() and not path.is_symlink()


def found(root: Path, known: set[str]) -> Iterator[Entry]:
    """Finished paintings that others have put into the folder; what cannot be read is left out."""
    for path in sorted(root.iterdir()):
        if path.name in known or path.name.startswith(".") or path.is_symlink():
            continue
        if is_finished(path) and (entry := _entry(path)):
            yield entry


def record(folder: Path) -> dict[str, Any] | None:
    """The record of a painting as plain data; None where there is none that can be read."""
    path = folder / RECORD
    try:
        if not is_own(path) or path.stat().st_size > MOST_BYTES:
            return None
        plain = json.loads(path.read_text(encoding="utf-8"))
        return plain if _is_record(plain) else None
    except (OSError, ValueError, RecursionError):
        return None


def _is_record(plain: Any) -> bool:
    """Whether plain data has what a page needs; the library checks the rest when it paints."""
    if not isinstance(plain, dict) or plain.get("format") != "diavlex painting":
        return False
    sides = (plain.get("height_px"), plain.get("width_px"))
    background, rows = plain.get("background"), plain.get("strokes")
    return (
        isinstance(plain.get("prompt"), str)
        and isinstance(plain.get("settings"), dict)
        and all(isinstance(n, int) and 0 <= n < 1 << 31 for n in (*sides, plain.get("steps")))
        and isinstance(background, list)
        and len(background) == 3
        and all(isinstance(v, int | float) and 0 <= v <= 1 for v in background)
        and isinstance(rows, list)
        and all(_is_row(row) for row in rows)
    )


def _is_row(row: Any) -> bool:
    return (
        isinstance(row, list)
        and len(row) == 14
        and all(isinstance(v, int | float) and math.isfinite(v) for v in row)
    )


def _entry(folder: Path) -> Entry | None:
    plain = record(folder)
    if plain is None:
        return None
    prompt, steps = plain["prompt"][:500], plain["steps"]
    made = (folder / RECORD).stat().st_mtime
    try:
        request, remarks = request_of(prompt, plain["settings"]), []
    except DiavlexError as error:
        request = {"prompt": prompt, "also": [], "choices": {}, "recipe": "", "wishes": {}}
        remarks = [f"Its choices are of another version, and left out: {error}"]
    return Entry(
        fresh_id(), folder.name, prompt, request, DONE, steps, step=steps, created=made,
        remarks=remarks,
    )  # fmt: skip
