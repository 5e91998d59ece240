"""How a painting stands, as plain data for programs and pages."""

from typing import Any

from diavlex.config import PaintConfig
from diavlex.errors import DiavlexError
from diavlex.web import form, recount
from diavlex.web.ledger import DONE, FAILED, FINISHING, PAINTING, PAUSED, STOPPED, WAITING, Entry
from diavlex.web.progress import Progress

STANDS = {
    WAITING: "waiting in line", PAINTING: "being painted", FINISHING: "being finished",
    PAUSED: "paused", STOPPED: "stopped", FAILED: "cut off", DONE: "finished",
}  # fmt: skip
_CAN = {
    WAITING: ("pause", "stop", "remove"),
    PAINTING: ("pause", "stop"),
    FINISHING: (),
    PAUSED: ("continue", "stop", "again", "remove"),
    STOPPED: ("continue", "again", "remove"),
    FAILED: ("continue", "again", "remove"),
    DONE: ("again", "remove"),
}


class CannotNow(DiavlexError):
    """What was asked of a painting does not go with how it stands."""


def cannot(what: str, entry: Entry) -> CannotNow:
    """Why something cannot be done with a painting now."""
    return CannotNow(f"this painting cannot {what}: it is {STANDS[entry.state]}.")


def state(
    entry: Entry, progress: Progress | None, place: int | None, has_picture: bool, trouble: str
) -> dict[str, Any]:
    """What all lists and events say of a painting.

    Args:
        entry: from the book.
        progress: if it is in hand.
        place: in line, from 1.
        has_picture: whether the server's own picture is there.
        trouble: why no painter can paint, if so.
    """
    config = _config(entry)
    return {
        "kind": "state",
        "id": entry.id,
        "prompt": entry.prompt,
        "state": entry.state,
        "place_in_line": place,
        "step": progress.step if progress else entry.step,
        "steps": entry.steps,
        "hold_at": entry.hold_at,
        "left_s": progress.left_s if progress else None,
        "is_to_finish": entry.is_to_finish,
        "error": entry.error or (trouble if entry.state == WAITING else ""),
        "remarks": entry.remarks,
        "has_picture": has_picture,
        "family": entry.family,
        "created": entry.created,
        "seed": config.seed,
        "height_px": config.size.height_px,
        "width_px": config.size.width_px,
        "background": "#" + "".join(f"{round(v * 255):02x}" for v in config.background),
        "brushes": list(config.brushes),
        "can": list(_CAN[entry.state]),
    }


def detail(
    told: dict[str, Any], entry: Entry, progress: Progress | None, wished: dict[str, Any]
) -> dict[str, Any]:
    """Beside its state: what was asked for, how to make it elsewhere, and its curve."""
    return told | {
        "request": entry.request,
        "command": recount.command(entry.request, wished),
        "python": recount.python(entry.request, wished),
        "curve": progress.curve if progress else entry.curve,
    }


def _config(entry: Entry) -> PaintConfig:
    """The choices of a painting; the usual ones where another version's cannot be read."""
    try:
        return form.config_of(entry.request)
    except DiavlexError:
        return PaintConfig()
