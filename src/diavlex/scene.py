"""A scene: the strokes of one step, laid on a canvas and looked at by every guide.

Several terms of an objective ask for the same things. A scene makes each of them once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from diavlex import canvas
from diavlex.composition import Composition, Layer
from diavlex.config import Region
from diavlex.guides import Guide, Seen
from diavlex.guides.views import Augmentation, take_views
from diavlex.stroke import Parts
from diavlex.tensors import Canvas, Patches


@dataclass(frozen=True)
class Strokes:
    """Strokes as a brush makes them, ready to be laid."""

    parts: Parts
    """The strokes, taken apart into shape, placement and color."""
    patches: Patches
    """Coverage of each stroke in its own frame."""

    def lay(self, background: Canvas, rows: slice | Tensor = slice(None)) -> Canvas:
        """The canvas that some of the strokes leave on a background; differentiable."""
        parts = self.parts[rows]
        return canvas.paint(self.patches[rows], parts.placements, parts.colors, background)


@dataclass(frozen=True)
class Viewing:
    """How the guides look at a scene."""

    augmentation: Augmentation
    views: Sequence[int]
    """How many views of the whole canvas each guide takes."""
    layer_views: int
    """How many views of each layer alone are taken."""
    generator: torch.Generator
    """Says where."""
    region_views: int = 4
    """How many views of each region are taken."""


@dataclass(frozen=True)
class Alone:
    """A layer by itself."""

    canvas: Canvas
    """With none but the layer's strokes."""
    background: Float[Tensor, " 3"]
    """The one color on which they lie."""


class Scene:
    """The strokes of one step, by layer, and what guides find in them; all differentiable.

    Args:
        strokes: all of them.
        picture: the canvas that they leave.
        composition: their layers.
        guides: what looks at them.
        viewing: how they are looked at.
        plain: gives the color of the background on which a layer is laid alone.
        importance: ones by which the coverage of each stroke was multiplied, so that the gradient
            in them says how much each stroke helps; None where nobody asks.
        share: how far the painting has come, 0 to 1.
    """

    def __init__(
        self,
        strokes: Strokes,
        picture: Canvas,
        composition: Composition,
        guides: Sequence[Guide],
        viewing: Viewing,
        plain: Callable[[], Float[Tensor, " 3"]],
        importance: Float[Tensor, " strokes"] | None = None,
        share: float = 0.0,
    ) -> None:
        self.strokes, self.canvas, self.composition = strokes, picture, composition
        self.guides, self.importance, self.share = guides, importance, share
        self._viewing, self._plain = viewing, plain
        self._seen: dict[int, Seen] = {}
        self._alone: dict[int, Alone] = {}
        self._seen_alone: dict[tuple[int, int], Seen] = {}
        self._seen_within: dict[tuple[Region, int], Seen] = {}
        if picture.requires_grad:
            picture.retain_grad()

    def seen(self, guide: Guide) -> Seen:
        """What a guide finds in its views of the canvas."""
        at = self._place_of(guide)
        if at not in self._seen:
            how = self._viewing
            count = how.views[at]
            side_px = guide.side_px
            views = take_views(self.canvas, count, side_px, how.augmentation, how.generator)
            self._seen[at] = see(guide, views)
        return self._seen[at]

    def alone(self, layer: Layer) -> Alone:
        """A layer of a thing by itself, on a background of one color."""
        at = self.composition.layers.index(layer)
        if at not in self._alone:
            color = self._plain()
            background = color[:, None, None].expand_as(self.canvas)
            picture = self.strokes.lay(background, layer.rows)
            if picture.requires_grad:
                picture.retain_grad()
            self._alone[at] = Alone(picture, color)
        return self._alone[at]

    def seen_alone(self, layer: Layer, guide: Guide) -> Seen:
        """What a guide finds in its views of a layer by itself, within the layer's frame."""
        key = self.composition.layers.index(layer), self._place_of(guide)
        if key not in self._seen_alone:
            how, picture = self._viewing, self.alone(layer).canvas
            framed = layer.frame.crop(picture) if layer.frame else picture
            augmentation = replace(how.augmentation, focus=None)
            views = take_views(framed, how.layer_views, guide.side_px, augmentation, how.generator)
            self._seen_alone[key] = see(guide, views)
        return self._seen_alone[key]

    def seen_within(self, region: Region, guide: Guide) -> Seen:
        """What a guide finds in its views of a region, with all strokes that reach into it."""
        key = region, self._place_of(guide)
        if key not in self._seen_within:
            how, (height, width) = self._viewing, self.canvas.shape[-2:]
            top, bottom = round(region.top * height), round(region.bottom * height)
            left, right = round(region.left * width), round(region.right * width)
            part = self.canvas[:, top:bottom, left:right]
            augmentation = replace(how.augmentation, focus=None)
            views = take_views(part, how.region_views, guide.side_px, augmentation, how.generator)
            self._seen_within[key] = see(guide, views)
        return self._seen_within[key]

    def _place_of(self, guide: Guide) -> int:
        return next(at for at, one in enumerate(self.guides) if one is guide)


def see(guide: Guide, views: Tensor) -> Seen:
    """What a guide finds in pictures: its vectors, and its features if it imagines."""
    imagination = guide.imagination
    return Seen(guide.encode_image(views)) if imagination is None else imagination.see(views)
