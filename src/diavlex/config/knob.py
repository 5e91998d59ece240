"""A choice that knows its bounds, its names and its type: said once for flags, checks and pages."""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from diavlex.errors import BadValue, UnknownName


@dataclass(frozen=True)
class Typed:
    """How a choice that is neither a number nor one of a few names is read and written."""

    parse: Callable[[Any], Any]
    """Makes the typed value of what a person gave: text, or a value that has the type already."""
    write: Callable[[Any], Any]
    """Makes plain data (text, numbers, lists) of a typed value; `parse` reads it back exactly."""
    form: str
    """What stands for the value in help texts, such as WIDTHxHEIGHT."""
    is_list: bool = False
    """Whether a flag for it may be given more than once."""
    flag: str = ""
    """What its flag is called, if it is not called as the choice is."""


@dataclass(frozen=True)
class Knob:
    """What a choice means and how far it goes."""

    about: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    """The names that it may have; empty if it is no name."""
    typed: Typed | None = None
    group: str = ""
    """The heading under which help and page show it."""

    def flag(self, name: str) -> str:
        """The flag of a choice of a name, as it is typed."""
        own = self.typed.flag if self.typed else ""
        return "--" + (own or name).replace("_", "-")

    @property
    def bounds(self) -> str:
        """The bounds in words, for help texts."""
        if self.low is None and self.high is None:
            return ""
        low, high = (str(v) if isinstance(v, int) else f"{v or 0:g}" for v in (self.low, self.high))
        return f"at least {low}" if self.high is None else f"{low} to {high}"

    def read(self, name: str, value: Any, kind: type) -> Any:
        """The value of a choice, checked and typed.

        Args:
            name: of the field, for messages.
            value: as given.
            kind: type of the field's default.

        Raises:
            BadValue: of another kind, or outside the bounds.
            UnknownName: none of the names.
        """
        if self.typed:
            return self.typed.parse(value)
        value = as_kind(name, value, kind)
        if self.choices and value not in self.choices:
            raise UnknownName(name.replace("_", "-"), value, self.choices)
        if kind is not str:
            check_bounds(name, value, self)
        return value

    def write(self, value: Any) -> Any:
        """The value as plain data."""
        return self.typed.write(value) if self.typed else value


def knob(
    default: Any,
    about: str,
    low: float | None = None,
    high: float | None = None,
    *,
    choices: tuple[str, ...] = (),
    typed: Typed | None = None,
    group: str = "",
) -> Any:
    """A dataclass field that knows its bounds, its names or its type."""
    told = Knob(about, low, high, choices, typed, group)
    return field(default=default, metadata={"knob": told})


def knobs(config: type) -> dict[str, tuple[Field, Knob]]:
    """The choices of a config class by name."""
    return {f.name: (f, f.metadata["knob"]) for f in fields(config) if "knob" in f.metadata}


def settle(config: Any) -> None:
    """Check and type every choice of a frozen config; to be called from its `__post_init__`.

    Raises:
        BadValue: a value of another kind, or outside its bounds.
        UnknownName: a name that a choice does not have.
    """
    given = {name: getattr(config, name) for name in knobs(type(config))}
    for name, value in read_all(given, type(config)).items():
        object.__setattr__(config, name, value)


def read_all(given: Mapping[str, Any], config: type) -> dict[str, Any]:
    """Values of a config class' choices by name, checked and typed.

    Raises:
        UnknownName: no such choice, or a name that a choice does not have.
        BadValue: a value of another kind, or outside its bounds.
    """
    known = knobs(config)
    for name in given:
        if name not in known:
            raise UnknownName("choice", name, known)
    return {
        name: known[name][1].read(name, value, type(known[name][0].default))
        for name, value in given.items()
    }


def as_kind(name: str, value: Any, kind: type) -> Any:
    """A choice as a number or a text, as its default is; numpy's numbers become Python's.

    Raises:
        BadValue: it is something else.
    """
    told = {int: "a whole number", float: "a number", str: "text"}[kind]
    try:
        if isinstance(value, bool) or (kind is str) != isinstance(value, str):
            raise TypeError
        return value if kind is str else operator.index(value) if kind is int else float(value)
    except (TypeError, ValueError):
        flag = name.replace("_", "-")
        raise BadValue(f"{flag} is {value!r:.40}: it must be {told}.") from None


def check_bounds(name: str, value: float, told: Knob) -> None:
    """Check a number against its bounds.

    Raises:
        BadValue: outside them, or not finite.
    """
    flag = "--" + name.replace("_", "-")
    low = -math.inf if told.low is None else told.low
    high = math.inf if told.high is None else told.high
    if not low <= value <= high:
        shown = str(value) if isinstance(value, int) else f"{value:g}"
        raise BadValue(f"{flag} is {shown}: it must be {told.bounds}.")
