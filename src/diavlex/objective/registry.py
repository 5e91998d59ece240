"""Which terms there are: diavlex's own, and those that other packages add."""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import is_dataclass
from functools import cache
from typing import Any

from diavlex import plugins
from diavlex.config import Weighted, knobs
from diavlex.errors import BadValue, UnknownName

from . import detail, imagination, kept, layers, local_variance, photo, regions, saturation, words
from .brief import Brief
from .term import Term, Weighed

GROUP = "diavlex.terms"
TERMS: dict[str, Callable[[Brief], Weighed | None]] = {
    "words": words.make,
    "imagination": imagination.make_features,
    "saturation": saturation.make,
    "local variance": local_variance.make,
    "layout": imagination.make_layout,
    "photo": photo.make_colors,
    "photo features": photo.make_features,
    "detail": detail.make,
    "kept": kept.make,
    "regions": regions.make,
    "layers": layers.make_layers,
    "stray": layers.make_stray,
}
"""What makes each of diavlex's own terms from a brief; None where the brief does not ask for it."""
_OPTION = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*(\S+)\s*")


def terms_of(brief: Brief) -> list[Weighed]:
    """The terms of a painting, those that count for nothing left out.

    Raises:
        UnknownName: a term was asked for that nobody adds.
        BadValue: an option that the term does not have, or that is out of bounds.
    """
    own = [make(brief) for make in TERMS.values()]
    asked = [read_added(one) for one in brief.config.term]
    return [one for one in (*own, *asked) if one is not None and one.weight]


@cache
def added() -> dict[str, type[Term]]:
    """The terms that other packages add, by name; one that is no term of today is left out."""
    found = {}
    for name, term in plugins.load(GROUP).items():
        if why := _misfit(name, term):
            plugins.leave_out(name, GROUP, why)
        else:
            found[name] = term
    return found


def read_added(asked: Weighted) -> Weighed:
    """A term of another package as a person asks for it: a name, options behind it, a weight.

    Args:
        asked: such as "bluer" or "bluer,shade=0.3", with its weight.

    Raises:
        UnknownName: nobody adds such a term; the nearest name is offered.
        BadValue: an option that it does not have, or that is out of bounds.
    """
    name, *rest = asked.words.split(",")
    known = added()
    if name.strip() not in known:
        raise UnknownName("term", name.strip(), known or ["no term: no package adds one"])
    kind = known[name.strip()]
    return Weighed(name.strip(), asked.weight, kind(**_options(name.strip(), kind, rest)))


def _options(name: str, kind: type[Term], texts: Sequence[str]) -> dict[str, Any]:
    """Options of a term from texts such as "shade=0.3", checked against the term's knobs."""
    known, found = (knobs(kind) if is_dataclass(kind) else {}), {}
    for text in texts:
        match = _OPTION.fullmatch(text)
        if not match:
            raise BadValue(f"--term {name} has '{text}': give options as in {name},shade=0.3:0.5.")
        option, value = match.groups()
        if option not in known:
            raise UnknownName(f"option of the term {name}", option, known or ["none"])
        field, told = known[option]
        kind_of = type(field.default)
        try:
            typed = value if kind_of is str or told.typed else kind_of(value)
        except ValueError:
            typed = value
        found[option] = told.read(option, typed, kind_of)
    return found


def _misfit(name: str, term: Any) -> str:
    """Why something is no term that can be used; empty if it is one."""
    if name in TERMS:
        return "diavlex has a term of this name"
    if not (inspect.isclass(term) and issubclass(term, Term)):
        return "it is no diavlex.objective.Term"
    if inspect.isabstract(term):
        return "it was made for another version of diavlex: it lacks __call__(scene)"
    needed = inspect.signature(term.__call__).parameters
    if len(needed) != 2:
        return "it was made for another version of diavlex: __call__ takes the scene alone"
    return ""
