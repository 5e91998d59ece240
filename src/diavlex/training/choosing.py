"""Choosing the drawings that an icon is the mean of: two or three of one name, by different hands.

They are like each other in shape and colors, and look to a guide as they are called. Each may be
seen in a mirror.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from diavlex.tensors import Embeddings

from .drawings import Drawings
from .registration import GREY

_PLACES = 16
"""Rows and columns in which shapes are compared."""
_COLORS, _SHARES = 1.6, 1.2
"""How much colors count there, and which places are covered."""
_LOOKS, _NAMED, _OWN, _TIDY, _THIRD = 0.6, 1.2, 0.5, 0.12, 0.05
"""How much it counts that drawings look alike to a guide, that they look as they are called, that
the name is their own, that they are emoji, and that there are three."""
_MIRRORED = 0.02
"""How much more alike a mirror image must be to be taken."""
_ALIKE, _WORSE = 0.55, 0.25
"""The least cosine of a third drawing with the first, and how much worse than the second it is."""
_MOST = 60
"""Drawings of a name that are looked at."""
_TRIES = 3
"""Choices that are kept of each name, the best first."""


@dataclass(frozen=True)
class Choice:
    """Drawings that an icon may be the mean of."""

    name: str
    drawings: tuple[int, ...]
    """Two or three; the others are laid over the first."""
    mirrored: tuple[bool, ...]
    is_own: bool
    """Whether two hands or more gave the name to their drawing, not only as one of many."""
    named: float
    """How much they look as they are called."""
    own: float
    """How many of them have the name as their own, as a share."""
    tidy: float
    """How many of them are emoji, as a share."""
    score: float = 0.0

    @property
    def merit(self) -> float:
        """How good it is, but for how alike its drawings are."""
        third = _THIRD * (len(self.drawings) - 2)
        return _NAMED * self.named + _OWN * (self.own - 1) + _TIDY * self.tidy + third


class Chooser:
    """Chooses drawings by name.

    Args:
        drawings: to choose from.
        looks: how they look to a guide, as unit vectors.
    """

    def __init__(self, drawings: Drawings, looks: Embeddings) -> None:
        self.drawings, self.looks = drawings, looks
        self.shapes = shapes(drawings.cutouts)
        self.mirrored = shapes(drawings.cutouts.flip(-1))

    def choices(self, name: str, text: Float[Tensor, " features"]) -> list[Choice]:
        """The best choices of a name; none if no two hands drew it alike.

        Args:
            name: of the drawings.
            text: its unit vector.
        """
        main = self.drawings.main.get(name, [])
        is_own = self.drawings.hands_of(main) > 1
        rows = main if is_own else [*main, *self.drawings.others.get(name, [])][:_MOST]
        is_main = torch.tensor([True] * len(main) + [False] * len(rows))[: len(rows)]
        found = sorted(
            self._around(name, text, torch.tensor(rows), is_main, is_own),
            key=lambda choice: -choice.score,
        )
        kept: dict[frozenset[int], Choice] = {}
        for choice in found:
            kept.setdefault(frozenset(choice.drawings), choice)
        return list(kept.values())[:_TRIES]

    def _around(
        self,
        name: str,
        text: Float[Tensor, " features"],
        rows: Tensor,
        is_main: Bool[Tensor, " rows"],
        is_own: bool,
    ) -> Iterator[Choice]:
        """A choice around each drawing of a name: those that are most like it."""
        straight = self.shapes[rows] @ self.shapes[rows].T
        turned = self.shapes[rows] @ self.mirrored[rows].T
        alike, flips = torch.maximum(straight, turned), turned > straight + _MIRRORED
        looks = self.looks[rows]
        liked = alike + _LOOKS * looks @ looks.T + looks @ text - _OWN * (~is_main).float()
        hands = [self.drawings.hands[row] for row in rows.tolist()]
        for first in range(len(rows)):
            more = _mates(first, hands, alike[first], liked[first])
            if not more:
                continue
            own = [first, *more]
            choice = Choice(
                name, tuple(rows[own].tolist()), (False, *flips[first, more].tolist()), is_own,
                float((looks[own] @ text).mean()), float(is_main[own].float().mean()),
                float(self.drawings.is_emoji[rows[own]].float().mean()),
            )  # fmt: skip
            yield _scored(choice, float(alike[first, more].mean()))


def shapes(cutouts: Float[Tensor, "drawings 4 side side"]) -> Float[Tensor, "drawings places"]:
    """The shapes and colors of drawings in few places, as unit vectors."""
    coarse = functional.adaptive_avg_pool2d(cutouts, _PLACES)
    share = coarse[:, 3:]
    colors = coarse[:, :3] + GREY * (1 - share) - GREY
    both = torch.cat([_SHARES * (share - GREY), _COLORS * colors], 1)
    return functional.normalize(both.flatten(1), dim=-1)


def _mates(first: int, hands: Sequence[str], alike: Tensor, liked: Tensor) -> list[int]:
    """One or two drawings that go best with the first, each by another hand."""
    chosen: list[int] = []
    seen: set[str] = {hands[first]}
    order: list[int] = liked.argsort(descending=True).tolist()
    for at in order:
        if at == first or hands[at] in seen:
            continue
        if chosen and (alike[at] < _ALIKE or liked[at] < liked[chosen[0]] - _WORSE):
            continue
        seen.add(hands[at])
        chosen.append(at)
        if len(chosen) == 2:
            break
    return chosen


def _scored(choice: Choice, alike: float) -> Choice:
    return Choice(
        choice.name, choice.drawings, choice.mirrored, choice.is_own, choice.named, choice.own,
        choice.tidy, alike + choice.merit,
    )  # fmt: skip
