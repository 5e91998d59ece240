"""Choices that go together, or do not: checked once all of them are known."""

from typing import TYPE_CHECKING

from diavlex.errors import BadValue

if TYPE_CHECKING:
    from .choices import PaintConfig

LEAST_RANGE = 0.02
"""Between the thinnest and the thickest stroke."""


def check_together(config: "PaintConfig") -> None:
    """Check choices against each other.

    Raises:
        BadValue: two of them cannot be at once.
    """
    if config.smallest > config.largest:
        raise BadValue(
            f"--smallest {config.smallest:g} is above --largest {config.largest:g}; swap them."
        )
    if config.thickest - config.thinnest < LEAST_RANGE:
        raise BadValue(
            f"--thinnest {config.thinnest:g} must be {LEAST_RANGE:g} below --thickest "
            f"{config.thickest:g}; move one of them."
        )
    if 0 < config.canvas_px < 32:
        raise BadValue(f"--canvas-px is {config.canvas_px}: it must be 0 or 32 to 1024.")
    if config.regions and config.focus is not None:
        raise BadValue("--focus and --region both say what goes where; give one of them.")
    if len(config.regions) >= config.strokes:
        raise BadValue(
            f"--strokes is {config.strokes} for {len(config.regions)} regions; give more strokes."
        )
    if len(config.brush) > config.strokes:
        raise BadValue(
            f"--brush names {len(config.brush)} brushes for --strokes {config.strokes}; name fewer."
        )
