"""Plain data that anybody may have written, checked against a schema while it is read.

Types are Python's own (`dict[str, int]`, dataclasses); msgspec does the reading. It stops at the
first value of another type, at a depth of a few hundred brackets, and at NaN and infinity.
"""

import re
from functools import cache
from typing import Any

from msgspec import DecodeError, MsgspecError, Raw, ValidationError, convert, defstruct
from msgspec.json import decode
from msgspec.structs import asdict

from diavlex.errors import shown

Number = int | float
_Leaf = bool | int | float | str | None
_Row = _Leaf | list[_Leaf] | dict[str, _Leaf]
_Table = _Leaf | list[_Row] | dict[str, _Row]
Facts = dict[str, _Leaf | list[_Table] | dict[str, _Table]]
"""A table of plain values, of a few levels."""
Numbers = dict[str, Number | list[Number] | dict[str, Number | list[Number]]]
"""A table of numbers, lists of numbers, and tables of these."""

_KINDS = {
    "array": "a list", "bool": "true or false", "float": "a number", "int": "a whole number",
    "null": "nothing", "object": "a table", "str": "text",
}  # fmt: skip


class Unfit(ValueError):
    """Data that does not keep to its schema.

    Attributes:
        what: what is wrong.
        place: where, as in `brushes[1]`; empty if it is all of it.
    """

    def __init__(self, what: str, place: str = "") -> None:
        super().__init__(f"{what} at '{shown(place)}'" if place else what)
        self.what, self.place = what, place


def pieces(data: bytes, keys: tuple[str, ...]) -> dict[str, Raw]:
    """The entries of a table that holds just these, none of which is read yet.

    Each is the bytes that stand for it, so that they can be measured and counted first.

    Raises:
        Unfit: it is not a table in JSON, or one of its entries is missing or unknown.
    """
    return asdict(read(data, _outline(keys)))


@cache
def _outline(keys: tuple[str, ...]) -> Any:
    return defstruct("Outline", [(key, Raw) for key in keys], forbid_unknown_fields=True)


def read(data: bytes | Raw, kind: Any) -> Any:
    """What JSON says, as a type.

    Raises:
        Unfit: it is not JSON, or says something else.
    """
    try:
        return decode(data, type=kind)
    except (MsgspecError, RecursionError, ValueError) as error:
        raise _unfit(error) from error


def check(plain: Any, kind: Any) -> Any:
    """Plain Python data as a type, by the rules of `read`.

    Raises:
        Unfit: it is something else.
    """
    try:
        return convert(plain, kind)
    except (MsgspecError, RecursionError, ValueError) as error:
        raise _unfit(error) from error


def _unfit(error: Exception) -> Unfit:
    if isinstance(error, RecursionError):
        return Unfit("it is nested too deeply")
    if isinstance(error, DecodeError) and not isinstance(error, ValidationError):
        return Unfit(f"it is cut short or not JSON ({shown(error, 100)})")
    if not isinstance(error, ValidationError):
        return Unfit(f"it holds what cannot be read ({shown(error, 100)})")
    what, _, place = str(error).partition(" - at `")
    if found := re.match("Object (missing required|contains unknown) field `(.*)", what, re.DOTALL):
        said = "it has no" if found[1].startswith("missing") else "it has an unknown entry"
        return Unfit(f"{said} '{shown(found[2].removesuffix('`'))}'")
    said = re.sub("`(.*?)`", lambda found: _named(found[1]), what)
    said = said[:1].lower() + said[1:]
    return Unfit(shown(said, 120), place.removeprefix("key in ").strip("$.`"))


def _named(kinds: str) -> str:
    """Kinds in plain words: "int | null" is "a whole number or nothing"."""
    return " or ".join(_KINDS.get(kind, f"'{kind}'") for kind in kinds.split(" | "))
