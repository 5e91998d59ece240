"""A painting is painted again from its record, and compared: is it the same, or how far off?"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from diavlex.config import PHOTO_TERMS, REMARKS, PaintConfig, choose, knobs
from diavlex.errors import BadPainting, BadValue, UnknownName
from diavlex.gallery import render
from diavlex.painting import Painting
from diavlex.pictures import Photo
from diavlex.studio import Step

from .doors import GOES_ON, differences, prepare
from .inputs import read_inputs

LOOK_PX = 256
MASK_TERMS = ("detail", "kept")
"""Terms that only a painting with a mask has."""


@dataclass(frozen=True)
class Comparison:
    """How a painting and its record differ."""

    is_same: bool
    """Every number of every stroke is the same."""
    strokes: int
    """How many strokes differ in any number."""
    most: float
    """The largest difference of any number of a stroke."""
    levels: float
    """Mean difference of the pictures, of 255."""
    machine: str
    """What differs between the machine that painted it and this one; empty if nothing does."""


class Verification:
    """A painting that is being painted again, as its record says."""

    def __init__(
        self, record: Painting, device: str = "cpu", photo: Photo | Path | str | None = None
    ) -> None:
        """Prepare it.

        Args:
            record: the painting's.
            device: where to compute.
            photo: the one that it was painted from, if it was; the record does not keep it.

        Raises:
            BadPainting: the record does not hold all that was chosen, or what cannot be.
            BadValue: a photo is missing, or was given to a painting of words alone.
            UnknownName: a guide or brush that is not here.
        """
        self.record, self.device = record, device
        known = set(knobs(PaintConfig))
        missing = known - record.settings.keys()
        foreign = record.settings.keys() - known - {REMARKS}
        if missing or foreign:
            names = ", ".join(sorted(missing or foreign))
            raise BadPainting(
                f"it was painted by diavlex {record.version}, and its choices are not those of "
                f"this one ({names}); verify it with that version."
            )
        _check_is_alone(record)
        _check_photo(record, photo)
        try:
            config = choose(**{name: record.settings[name] for name in known})
        except (BadValue, UnknownName) as error:
            raise BadPainting(f"the record tells of choices that cannot be: {error}") from error
        self.session = prepare(record.prompt, config, Path(), device, read_inputs(photo))

    def paint(self, each: Callable[[Step], None] = lambda step: None) -> Comparison:
        """Paint as many steps as the record tells of, and compare."""
        starts = len(self.record.scores.get("tries", []))
        for step in self.session.walk():
            each(step)
            if len(self.session.tries) >= starts and step.index >= self.record.steps:
                break
        return compare(self.record, self.session.painting())


def _check_is_alone(record: Painting) -> None:
    """Make sure that a painting was not begun with another painting or with a mask.

    Raises:
        BadPainting: it was.
    """
    terms, remarks = record.scores.get("terms", {}), record.settings.get(REMARKS, [])
    goes_on = any(line.startswith(GOES_ON) for line in remarks)
    if goes_on or any(name in terms for name in MASK_TERMS):
        raise BadPainting(
            "it was begun with another painting or a mask (--start, --detail), which a record does "
            "not keep; it cannot be painted again from its record."
        )


def _check_photo(record: Painting, photo: object) -> None:
    """Make sure that there is a photo if and only if the painting was painted from one.

    Raises:
        BadValue: there is none, or one too many.
    """
    terms = record.scores.get("terms", {})
    is_from_photo = not record.prompt or any(name in terms for name in PHOTO_TERMS)
    if is_from_photo and photo is None:
        raise BadValue(
            "it was painted from a photo, which a record does not keep; give it: --from PICTURE."
        )
    if photo is not None and not is_from_photo:
        raise BadValue("it was painted from words alone; leave --from out.")


def compare(one: Painting, other: Painting) -> Comparison:
    """How two paintings differ; with other counts of strokes, all of them do."""
    told = differences(one.machine, other.machine) if one.machine else "not told in the record"
    if one.actions.shape != other.actions.shape:
        return Comparison(False, max(len(one.actions), len(other.actions)), 1.0, 255.0, told)
    off = (one.actions - other.actions).abs()
    are_other = (
        (off > 0).any(1) | (one.variants != other.variants) | (one.brush_of != other.brush_of)
    )
    pictures = [render(record, LOOK_PX).astype(np.float64) for record in (one, other)]
    levels = float(np.abs(pictures[0] - pictures[1]).mean()) if are_other.any() else 0.0
    return Comparison(not are_other.any(), int(are_other.sum()), float(off.max()), levels, told)
