"""What a picture of some words would look like to an eye, before any is painted.

A text's vector says what tells its pictures from all others, which is not what they look like: a
picture that only climbs towards it need not be one of them. The imagination holds prototypes, each
the mean of several pictures that the eye sees alike and that people call alike: what the eye finds
in them, their colors by place, and their words. What it imagines of a text is the prototype nearest
to it in look and in words: the mean of many prototypes is of many shapes, and of none.

Source: a picture is drawn by matching what a robust network finds in another, Engstrom et al. 2019
(arXiv 1906.00945); from words to what their pictures look like, Ramesh et al. 2022 (arXiv
2204.06125, the prior). Differs from the latter in that it is looked up, not computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from diavlex.guides.words import Hue
from diavlex.tensors import Canvas, Embeddings, Features, Layouts

PLACES, FINE = 8, 16
"""Rows and columns in which the colors of photos are imagined, and those of icons."""
_NAMED = 0.82
"""Cosine from which words are the name of an icon, and of little else."""
_PLAINER = 1.5
"""How much nearer to words an icon is that they name, for each unit of how plainly it shows."""
_PLAIN = 0.2
"""From where on what is shown is plain."""
_POORER = 0.05
"""How much farther one is that they do not: it shows its thing and nothing around it."""
_TINT = 0.8
"""How much a thing takes the color that words give it."""
_SURELY = 0.09
"""Share of all places that are surely the thing's: those most unlike the edge."""


@dataclass(frozen=True)
class Imagined:
    """What pictures of texts look like."""

    features: Features
    """What the eye finds in them, as unit vectors."""
    layouts: Layouts
    """Their colors by place."""


@dataclass(frozen=True)
class Subject:
    """What a thing looks like alone, on plain ground."""

    features: Features
    """What the eye finds in it, as one unit vector."""
    colors: Float[Tensor, "3 places places"]
    share: Float[Tensor, "places places"]
    """How much of each place is the thing's, in [0, 1]; the rest is the ground's."""
    ground: Float[Tensor, " 3"]

    def on(self, ground: Float[Tensor, " 3"]) -> Float[Tensor, "3 places places"]:
        """Its colors by place on another ground."""
        step = (ground - self.ground)[:, None, None]
        return (self.colors + (1 - self.share) * step).clamp(0, 1)


class Imagination(nn.Module):
    """Prototypes of pictures, kept in bytes.

    Args:
        features: what the eye finds in them, [prototypes features], 0 or more.
        layouts: their colors by place; those of photos are kept in `PLACES`, of icons in `FINE`.
        words: what they are called, as means of texts' vectors.
        icons: how many of them, the last, are of icons.
    """

    def __init__(
        self,
        features: Float[Tensor, "prototypes channels"],
        layouts: Layouts,
        words: Float[Tensor, "prototypes features"],
        icons: int = 0,
    ) -> None:
        super().__init__()
        scale = features.amax(1, keepdim=True).clamp_min(1e-6) / 255
        self.found = nn.Buffer((features / scale).round().to(torch.uint8))
        self.scale = nn.Buffer(scale.half())
        photos = len(layouts) - icons
        self.colors = nn.Buffer(_levels(functional.adaptive_avg_pool2d(layouts[:photos], PLACES)))
        self.drawn = nn.Buffer(_levels(functional.adaptive_avg_pool2d(layouts[photos:], FINE)))
        self.words = nn.Buffer(words.half())

    @property
    def features(self) -> Tensor:
        """What the eye finds in the prototypes, [prototypes features]."""
        return self.found.float() * self.scale.float()

    @property
    def plainness(self) -> Tensor:
        """How far the colors of each icon's places are from their mean, root mean square."""
        colors = functional.adaptive_avg_pool2d(self.drawn.float() / 255, PLACES)
        apart = colors - colors.mean((-2, -1), keepdim=True)
        return apart.square().mean((1, 2, 3)).sqrt().clamp_max(_PLAIN)

    def forward(
        self,
        vectors: Embeddings,
        keys: Float[Tensor, "prototypes features"],
        hues: Sequence[Hue | None] = (),
        *,
        is_photo: bool = False,
    ) -> Imagined:
        """What pictures look like of texts that have these vectors.

        Args:
            vectors: of texts.
            keys: of how the prototypes look, in the same space.
            hues: the colors that the texts give to what they name, if they give any. Icons take
                them; photos of things in other colors are other prototypes.
            is_photo: leave out icons.
        """
        names = vectors @ self.words.float().T
        likes, photos = vectors @ keys.T + names + self._known(names), len(self.colors)
        if is_photo:
            likes[:, photos:] = -torch.inf
        nearest, layouts = likes.argmax(1), []
        for row, hue in zip_longest(nearest.tolist(), hues):
            colors = self._colors(row)
            layouts.append(tinted(colors, hue) if hue and row >= photos else colors)
        places = min(colors.shape[-1] for colors in layouts)
        layouts = torch.stack([layout(colors, places) for colors in layouts])
        return Imagined(self._found(nearest), layouts)

    def subject(
        self,
        vectors: Float[Tensor, "texts features"],
        keys: Float[Tensor, "prototypes features"],
        hue: Hue | None = None,
    ) -> Subject | None:
        """The icon whose name a thing is; None if there is no such icon.

        Args:
            vectors: of what the thing is called: as it is, and without its color.
            keys: of how the prototypes look, in the same space.
            hue: the color that the thing takes.
        """
        names = (vectors @ self.words.float().T).amax(0)
        names[: len(self.colors)] = -torch.inf
        likes = keys @ vectors[0] + names + self._known(names[None])[0]
        likes = torch.where(names > _NAMED, likes, -torch.inf)
        best = likes.argmax()
        if not likes[best].isfinite():
            return None
        colors = self._colors(int(best))
        ground, share = _cut_out(colors)
        colors = tinted(colors, hue) if hue else colors
        return Subject(self._found(best[None]), colors, share, ground)

    def _known(self, names: Float[Tensor, "texts prototypes"]) -> Float[Tensor, "texts prototypes"]:
        """How much nearer to texts icons are that they name, and farther the others."""
        known, photos = torch.zeros_like(names), len(self.colors)
        known[:, photos:] = torch.where(
            names[:, photos:] > _NAMED, _PLAINER * self.plainness, -_POORER
        )
        return known

    def _colors(self, row: int) -> Float[Tensor, "3 places places"]:
        photos = len(self.colors)
        kept = self.colors[row] if row < photos else self.drawn[row - photos]
        return kept.float() / 255

    def _found(self, rows: Tensor) -> Features:
        found = self.found[rows].float() * self.scale[rows].float()
        return functional.normalize(found, dim=-1)

    @classmethod
    def from_tensors(cls, tensors: dict[str, Tensor]) -> "Imagination":
        """What `state_dict` gave."""
        found = tensors["found"].float() * tensors["scale"].float()
        fine = FINE // PLACES
        colors = tensors["colors"].repeat_interleave(fine, -1).repeat_interleave(fine, -2)
        layouts = torch.cat([colors, tensors["drawn"]]).float() / 255
        return cls(found, layouts, tensors["words"], len(tensors["drawn"]))


def layout(canvas: Canvas, places: int = PLACES) -> Float[Tensor, "*batch 3 places places"]:
    """The colors of a canvas by place; differentiable."""
    return functional.adaptive_avg_pool2d(canvas, places)


def _levels(colors: Tensor) -> Tensor:
    return (colors * 255).round().to(torch.uint8)


def tinted(colors: Float[Tensor, "3 places places"], hue: Hue) -> Tensor:
    """Colors by place, where the thing, which is what is unlike the edge, takes a color.

    Args:
        colors: sRGB in [0, 1].
        hue: sRGB in levels; lighter where the thing is lighter than it is on the whole.
    """
    _, share = _cut_out(colors)
    light = colors.mean(0)
    shade = light * share.sum() / (light * share).sum().clamp_min(1e-6)
    paint = torch.tensor(hue).to(colors)[:, None, None] / 255 * shade.clamp(0.6, 1.5)
    return colors.lerp(paint.clamp_max(1), _TINT * share)


def _cut_out(colors: Float[Tensor, "3 places places"]) -> tuple[Tensor, Tensor]:
    """The ground of a thing, and how much of each place is the thing's: what is unlike the edge."""
    is_edge = torch.ones(colors.shape[1:], dtype=torch.bool)
    is_edge[1:-1, 1:-1] = False
    ground = colors[:, is_edge].median(1).values
    apart = (colors - ground[:, None, None]).norm(dim=0)
    surely = apart.flatten().topk(round(_SURELY * apart.numel())).values.mean()
    return ground, (apart / surely.clamp_min(1e-6)).clamp_max(1)
