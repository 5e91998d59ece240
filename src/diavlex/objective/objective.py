"""The objective: the weighted sum of its terms, each kept by its name."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from diavlex.errors import BadTerm
from diavlex.scene import Scene

from .reading import Reading
from .term import Weighed


@dataclass(frozen=True)
class Scores:
    """What an objective says of a scene."""

    total: Tensor
    """To be lowered; differentiable."""
    names: tuple[str, ...]
    values: tuple[Tensor, ...]
    """Of each term, by its weight; without a gradient."""
    cosine: Tensor
    """Of the prompt and the canvas, mean over the views and the guides; without a gradient."""

    def plain(self, is_sound: Tensor | None = None) -> tuple[float, float, dict[str, float]]:
        """The total, the cosine and each term's part as numbers; the device is waited for once.

        Args:
            is_sound: whether the gradient of the total is finite, if that is to be told as well.

        Raises:
            BadTerm: a term, or the gradient of all, is not finite.
        """
        sound = torch.ones_like(self.cosine) if is_sound is None else is_sound.to(self.cosine)
        told = torch.stack([self.total.detach(), self.cosine, sound, *self.values]).tolist()
        total, cosine, is_finite, *values = told
        parts = dict(zip(self.names, values, strict=True))
        for name, value in parts.items():
            if value != value or abs(value) == float("inf"):
                raise BadTerm(
                    f"the term '{name}' gave {value}, which is no finite number; paint without it, "
                    "or mend it."
                )
        if not is_finite:
            raise BadTerm(
                f"the gradient of the terms ({', '.join(self.names)}) is not finite; paint without "
                "the one that was added, or mend it."
            )
        return total, cosine, parts


class Objective:
    """What a painting should be, as one number to be lowered."""

    def __init__(self, terms: Sequence[Weighed], readings: Sequence[Reading]) -> None:
        self.terms = tuple(terms)
        self.readings = tuple(readings)
        """How the guides read the words; none where a photo is painted without words."""

    def __call__(self, scene: Scene) -> Scores:
        """Judge a scene.

        Raises:
            BadTerm: a term gives anything but one number.
        """
        values = [one.weight * _asked(one, scene) for one in self.terms]
        total = values[0]
        for value in values[1:]:
            total = total + value
        kept = tuple(value.detach() for value in values)
        return Scores(total, tuple(one.name for one in self.terms), kept, self._cosine(scene))

    def _cosine(self, scene: Scene) -> Tensor:
        if not self.readings:
            return torch.zeros(())
        with torch.no_grad():
            each = [(scene.seen(r.guide).vectors @ r.wanted[0]).mean() for r in self.readings]
            return torch.stack(each).mean()

    def __repr__(self) -> str:
        return " + ".join(f"{one.weight:g} {one.name}" for one in self.terms)


def _asked(one: Weighed, scene: Scene) -> Tensor:
    """What a term says of a scene."""
    value = one.term(scene)
    if not isinstance(value, Tensor) or value.shape != ():
        what = (
            f"a tensor of shape {list(value.shape)}" if isinstance(value, Tensor) else "no tensor"
        )
        raise BadTerm(
            f"the term '{one.name}' gave {what}: it must give one number, a tensor of []."
        )
    return value
