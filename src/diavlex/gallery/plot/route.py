"""In which order, and from which end, lines are drawn so that the pen travels little between."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from .lines import Line, Points

_WINDOW = 400
_ROUNDS = 6
_Place = Float[np.ndarray, "2"]


def short_route(lines: Sequence[Line], home: _Place) -> list[Line]:
    """The same lines, some of them turned around, in an order with little travel.

    The nearest end comes next; then pieces of the route are turned around as long as that helps.

    Args:
        lines: in any order.
        home: where the pen is at first.

    Source: Croes 1958 (the second step, "2-opt").
    """
    if not lines:
        return []
    ends = np.stack([np.stack([line.points[0], line.points[-1]]) for line in lines])
    order, is_turned = _nearest_next(ends, home)
    order, is_turned = _untangle(ends, order, is_turned, home)
    return [
        lines[at].turned() if turn else lines[at] for at, turn in zip(order, is_turned, strict=True)
    ]


def travel_mm(lines: Sequence[Line], home: _Place) -> float:
    """How far the pen travels from its home to the lines, in their order, without drawing."""
    at, total = home, 0.0
    for line in lines:
        total += float(np.hypot(*(line.points[0] - at)))
        at = line.points[-1]
    return total


def _nearest_next(
    ends: Float[np.ndarray, "lines 2 2"], home: _Place
) -> tuple[np.ndarray, np.ndarray]:
    """The line with the nearest end, again and again; and whether it is drawn from its end."""
    left = ends.copy()
    order, is_turned = np.zeros(len(ends), np.int64), np.zeros(len(ends), bool)
    names, at = np.arange(len(ends)), home
    for step in range(len(ends)):
        near = int(np.square(left - at).sum(-1).argmin())
        line, side = divmod(near, 2)
        order[step], is_turned[step], at = names[line], bool(side), left[line, 1 - side].copy()
        last = len(left) - 1
        left[line], names[line] = left[last], names[last]
        left, names = left[:last], names[:last]
    return order, is_turned


def _untangle(
    ends: Float[np.ndarray, "lines 2 2"], order: np.ndarray, is_turned: np.ndarray, home: _Place
) -> tuple[np.ndarray, np.ndarray]:
    """Turn pieces of a route around as long as that shortens it, within a window."""
    rows = np.arange(len(order))
    starts, stops = (ends[order, is_turned ^ side] for side in (0, 1))
    starts, stops = starts.copy(), stops.copy()
    for _ in range(_ROUNDS):
        is_better = False
        for first in rows:
            # Turned around, the piece from `first` to `last` begins at the end of `last`.
            before = stops[first - 1] if first else home
            last = rows[first : first + _WINDOW]
            after = starts[np.minimum(last + 1, len(rows) - 1)]
            has_after = (last + 1 < len(rows))[:, None]
            gap = _far(starts[first] - before) + _far((after - stops[last]) * has_after)
            gain = gap - _far(stops[last] - before) - _far((after - starts[first]) * has_after)
            best = int(gain.argmax())
            if gain[best] > 1e-9:
                is_better, piece = True, slice(first, first + best + 1)
                order[piece], is_turned[piece] = order[piece][::-1], ~is_turned[piece][::-1]
                starts[piece], stops[piece] = stops[piece][::-1].copy(), starts[piece][::-1].copy()
        if not is_better:
            break
    return order, is_turned


def _far(steps: Points | _Place) -> np.ndarray:
    return np.asarray(np.hypot(steps[..., 0], steps[..., 1]))
