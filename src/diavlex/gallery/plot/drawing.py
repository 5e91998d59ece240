"""A painting's strokes as lines: flattened, filled by the pen, without what is not seen."""

import math

import numpy as np
from jaxtyping import Float

from diavlex import stroke
from diavlex.errors import BadValue
from diavlex.painting import Painting

from ..paper import Placed
from .lines import Line, Points, clipped, filled
from .seen import Seen

TOLERANCE_MM = 0.05
"""How far a line may lie from the curve it stands for."""
MOST_MM = 10_000_000.0
"""How far pens would draw at most, if nothing were hidden."""


def lines_of(
    painting: Painting, placed: Placed, pen_mm: float = 0.0, *, is_hidden_drawn: bool = False
) -> list[Line]:
    """The lines of a painting in painting order.

    Args:
        painting: the record.
        placed: how it lies on the paper.
        pen_mm: width of the pen, whose lines then fill each stroke; 0 draws each stroke once,
            along its middle.
        is_hidden_drawn: whether what later strokes cover is drawn as well.

    Raises:
        BadValue: so thin a pen would need too many lines.
    """
    _check_length(painting, placed, pen_mm)
    middles = [_middle(action, placed) for action in painting.actions.numpy().astype(np.float64)]
    widths = (2 * painting.actions[:, 2] * placed.scale_mm).tolist()
    seen = None if is_hidden_drawn else Seen(middles, widths, placed)
    lines = []
    for at, (middle, width_mm) in enumerate(zip(middles, widths, strict=True)):
        path = filled(middle, width_mm, pen_mm) if pen_mm else middle
        red, green, blue = painting.actions[at, stroke.COLOR].tolist()
        parts = [
            Line(part, (red, green, blue), pen_mm or width_mm) for part in clipped(path, placed)
        ]
        lines += parts if seen is None else [one for part in parts for one in seen.parts(at, part)]
    return lines


def _check_length(painting: Painting, placed: Placed, pen_mm: float) -> None:
    """Refuse a pen so thin that the drawing would not come to an end."""
    if not pen_mm:
        return
    areas = 2 * painting.actions[:, 2] * stroke.lengths(painting.actions) * placed.scale_mm**2
    total_mm = float(areas.sum()) / pen_mm
    if total_mm > MOST_MM:
        needed = math.ceil(pen_mm * total_mm / MOST_MM * 100) / 100
        raise BadValue(
            f"--pen-width is {pen_mm:g} mm: the strokes would take {total_mm / 1e6:,.0f} km of "
            f"lines; take a pen of {needed:g} mm or more, or 0."
        )


def _middle(action: Float[np.ndarray, "12"], placed: Placed) -> Points:
    """The middle of a stroke as points, dense enough that no corner is seen."""
    corner = np.array([placed.left_mm, placed.top_mm])
    start, control, end = (
        action[part] * placed.scale_mm + corner
        for part in (stroke.START, stroke.CONTROL, stroke.END)
    )
    deviation = float(np.hypot(*(start - 2 * control + end)))
    pieces = max(1, math.ceil(math.sqrt(deviation / (4 * TOLERANCE_MM))))
    return stroke.curve(start, control, end, np.linspace(0, 1, pieces + 1)[:, None])
