"""What strokes aim at: the sketch of a prompt, as colors by place and as what each layer shows.

A sketch is composed from the words alone, so it serves every guide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.composition import Frame, Standing
from diavlex.config import PaintConfig
from diavlex.guides import Guide
from diavlex.guides.recall import recalled
from diavlex.guides.shapes import Cutout
from diavlex.guides.sketch import Sketch, sketches
from diavlex.phrases import parse

ROWS = 80
"""Rows in which a sketch is drawn, for a canvas that is not higher than wide."""
PLACES = 40
"""Rows in which the colors of the canvas are compared with it."""
_MOST_LAYERS = 6
_SEEN = 0.5
"""From which share on a place is a layer's."""
_LEAST_SEEN = 4
"""Places of a thing that are seen at least, if it has a layer."""
_WIDTHS = (3, 7, 13)
"""Sides of the squares, in places, from whose mean colors detail stands out."""
_AT_LEAST = 0.4
"""How much a place without any detail counts."""
_EVEN = 0.05
"""Detail of a place without any, beside the mean."""

Plane = Float[Tensor, "rows columns"]


@dataclass(frozen=True)
class Aim:
    """What the strokes of a painting shall come to show, and where."""

    picture: Float[Tensor, "3 rows columns"]
    """All of it, sRGB in [0, 1]."""
    shares: tuple[Plane, ...]
    """How much of each place is seen of each layer, the background first."""
    names: tuple[str, ...] = ()
    """What the layers behind the background show."""
    sizes: tuple[float, ...] = ()
    """Of each of them the longer side of the largest part, in shorter sides."""

    has_place: bool = False
    """Whether a place is seen behind them."""
    known: Plane | None = None
    """1 where the picture is known, else 0; None if it is known everywhere."""
    areas: tuple[Plane, ...] = ()
    """Where strokes of each layer may lie, if that is not where the layer is seen."""

    @cached_property
    def detail(self) -> Plane:
        """How much the colors of each place stand out from those around it."""
        found = torch.zeros(self.picture.shape[1:])
        for side in _WIDTHS:
            around = functional.avg_pool2d(
                self.picture[None], side, 1, side // 2, count_include_pad=False
            )
            found = found + (self.picture - around[0]).square().sum(0).sqrt()
        return found + _EVEN * found.mean() + 1e-6

    def details(self) -> tuple[Plane, ...]:
        """Where the small strokes of each layer begin: where it is seen, and has detail."""
        return tuple(self.detail * share + 1e-9 for share in self.shares)

    def away(self) -> Float[Tensor, "layers rows columns"]:
        """How far each place is from each layer behind the background, in shorter sides."""
        rows, columns = self.picture.shape[1:]
        places = torch.cartesian_prod(torch.arange(rows), torch.arange(columns)).float()
        found = [
            torch.cdist(places, places[(share > _SEEN).flatten()]).amin(1).view(rows, columns)
            for share in (self.areas or self.shares)[1:]
        ]
        return torch.stack(found) / min(rows, columns)

    def standings(self) -> tuple[Standing, ...]:
        """The layers behind the background as plain facts, for the composition."""
        return tuple(
            Standing(name, frame_of(share), size, float((self.detail * share).sum()))
            for name, size, share in zip(self.names, self.sizes, self.shares[1:], strict=True)
        )

    def whole(self) -> "Aim":
        """The same with one layer, which shows all."""
        return Aim(self.picture, (torch.ones(self.picture.shape[1:]),), known=self.known)

    def without(self, mask: Plane | None) -> "Aim":
        """The same, known only where a mask is not white.

        Args:
            mask: 1 where the picture is none of its business; of any resolution.
        """
        if mask is None:
            return self
        size = self.picture.shape[-2], self.picture.shape[-1]
        left = 1 - functional.interpolate(mask[None, None], size, mode="area")[0, 0]
        return replace(self, known=left if self.known is None else left * self.known)

    def layout(self) -> Float[Tensor, "3 rows columns"]:
        """Its colors in the places in which those of the canvas are compared with it."""
        return at_places(self.picture)

    def attention(self) -> Plane:
        """How much each of these places counts: more where there is detail, 1 on the mean."""
        found = at_places(self.detail[None])[0]
        attention = _AT_LEAST + (1 - _AT_LEAST) * found / found.mean()
        return attention if self.known is None else attention * at_places(self.known[None])[0]


def at_places(
    canvas: Float[Tensor, "channels height width"], places: Sequence[int] = ()
) -> Float[Tensor, "channels rows columns"]:
    """The mean colors of a canvas in so many places; differentiable.

    Args:
        canvas: of any size.
        places: rows and columns; if not given, as many as its proportions ask for.
    """
    if places:
        return functional.adaptive_avg_pool2d(canvas, (places[0], places[1]))
    height, width = canvas.shape[-2:]
    short = min(height, width)
    size = round(PLACES * height / short), round(PLACES * width / short)
    return functional.adaptive_avg_pool2d(canvas, size)


def take_aim(
    text: str, config: PaintConfig, guides: Sequence[Guide], shape: tuple[int, int] | None = None
) -> Aim | None:
    """The sketch of a prompt; None where none is asked for, or nothing of it can be shown.

    Of several ways to show the same, that is taken which the first guide finds nearest to the
    words, so that they and what is imagined agree. Where a background is chosen, things without a
    place stand on it.

    Args:
        text: the prompt.
        config: the proportions of the canvas, and whether a sketch counts; a focus leaves none.
        guides: what judges; on any device.
        shape: rows and columns in which it is drawn; if not given, those of the canvas.
    """
    known = recalled() if config.sketch and not config.focus_at else None
    if known is None:
        return None
    height, width = config.aspect
    shape = shape or (round(ROWS * height), round(ROWS * width))
    is_chosen = config.background != PaintConfig.background
    found = sketches(parse(text), known, shape, config.background if is_chosen else None)
    if not found:
        return None
    return aim_at(found[_likest(text, found, guides[0])] if len(found) > 1 else found[0])


def aim_at(sketch: Sketch) -> Aim:
    """A sketch as what strokes aim at: a layer for each thing of its own name, if they are few."""
    shape = sketch.ground.shape[-2], sketch.ground.shape[-1]
    names: list[str] = []
    runs: list[Cutout] = []
    sizes: list[float] = []
    for part, cutout in zip(sketch.parts, sketch.laid(), strict=True):
        left, top, right, bottom = part.box
        size = max(right - left, bottom - top)
        if names and names[-1] == part.words:
            runs[-1], sizes[-1] = cutout.over(runs[-1]), max(size, sizes[-1])
        else:
            names, runs, sizes = [*names, part.words], [*runs, cutout], [*sizes, size]
    bare, shares = torch.ones(shape), []
    for run in reversed(runs):
        shares.insert(0, run.share * bare)
        bare = bare * (1 - run.share)
    kept = [at for at, share in enumerate(shares) if is_seen(share)]
    if len(kept) > _MOST_LAYERS:
        return Aim(sketch.picture(), (torch.ones(shape),))
    own = [shares[at] for at in kept]
    back = 1 - torch.stack(own).sum(0) if own else torch.ones(shape)
    told = tuple(names[at] for at in kept), tuple(sizes[at] for at in kept)
    return Aim(sketch.picture(), (back, *own), *told, sketch.has_place)


def _likest(text: str, found: Sequence[Sketch], guide: Guide) -> int:
    """Which of several sketches a guide finds nearest to the words."""
    device = next((one.device for one in guide.parameters()), torch.device("cpu"))
    pictures = torch.stack([one.picture() for one in found]).to(device)
    with torch.no_grad():
        alike = guide.encode_image(pictures) @ guide.encode_text([text])[0].to(device)
    return int(alike.argmax())


def is_seen(share: Plane) -> bool:
    """Whether enough is seen of a thing for a layer of its own."""
    return float((share > _SEEN).sum()) >= _LEAST_SEEN


def frame_of(share: Plane) -> Frame:
    """The square around a thing."""
    rows, columns = ((share > _SEEN).any(axis).nonzero().flatten() for axis in (1, 0))
    short = min(share.shape)
    top, bottom = int(rows[0]) / short, int(rows[-1] + 1) / short
    left, right = int(columns[0]) / short, int(columns[-1] + 1) / short
    return Frame((left + right) / 2, (top + bottom) / 2, max(bottom - top, right - left))
