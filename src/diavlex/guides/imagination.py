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
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from diavlex.guides.words import Hue
from diavlex.tensors import Canvas, Embeddings, Features, Layouts

PLACES, FINE = 12, 24
"""Rows and columns in which the colors of photos are imagined, and those of icons: the mean of
photos has no finer shapes, and a painting shall not be as blurred as it is."""
COARSE = 8
"""The same where it is asked only how colors lie on the whole."""
_LEVELS = 15
"""Largest number in half a byte."""
_NAMED = 0.82
"""Cosine from which words are the name of an icon, and of little else."""
_PLAINER = 2.5
"""How much nearer to words an icon is that they name, by how plainly and clearly it shows."""
_CLEAR = 0.49
"""From where on an icon is clear; one that is not is found where no photo is as near."""
_CLEARER = 0.1
"""How much nearer any prototype is, by how clear it is."""
_COLORED = 0.15
"""The same, by how much of it has the color that words give to what they name."""
_TAKEN = 0.5
"""How much of an icon takes that color."""
_PLAIN = 0.2
"""From where on what is shown is plain."""
_POORER = 0.1
"""How much farther one is that they do not: it shows its thing and nothing around it."""
_CUT, _CUT_OFF = 0.25, 4.0
"""From how far from the ground's color a place at the edge is the thing's, and how much that counts
against it."""
_TINT = 0.8
"""How much a thing takes the color that words give it."""
_PART, _SCENE = 0.35, 0.73
"""From which share on a place is the thing's, and from how many of them an icon shows a scene: it
leaves no ground."""
_SURELY = 0.09
"""Share of all places that are surely the thing's: those most unlike the edge."""
_TONES = torch.tensor(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
)
"""From red, green and blue to how light a color is and its two tones, in [-0.5, 0.5] (ITU-R BT.601,
as in JPEG)."""
_NO_TONE = 128 / 255
"""A tone of greys, as it is kept."""
_TONED = 0.05
"""Tones of less than this are a grey's."""


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
    """Prototypes of pictures, kept in few bytes.

    What the eye finds is kept in half a byte a number, the finer the nearer it is to nothing; of
    colors, how light each place is, and their tones, of icons in half as many rows and columns.

    Args:
        features: what the eye finds in them, [prototypes channels], an even number, 0 or more.
        layouts: their colors by place; those of photos are kept in `PLACES`, of icons in `FINE`.
        words: what they are called, as vectors of texts or their means; each by one name or more.
        owner: of which prototype each name is; without, they have one each.
        clear: how alike the pictures are of which each is the mean, in [0, 1]; 1 if not given.
        icons: how many of the prototypes, the last, are of icons.

    Source: tones in fewer places, as in JPEG, Wallace 1991.
    """

    def __init__(
        self,
        features: Float[Tensor, "prototypes channels"],
        layouts: Layouts,
        words: Float[Tensor, "names features"],
        owner: Int[Tensor, " names"] | None = None,
        clear: Float[Tensor, " prototypes"] | None = None,
        icons: int = 0,
    ) -> None:
        super().__init__()
        owner = torch.arange(len(words)) if owner is None else owner
        most = features.amax(1, keepdim=True).clamp_min(1e-6)
        numbers = ((features / most).sqrt() * _LEVELS).round().to(torch.uint8)
        self.found = nn.Buffer(numbers[:, ::2] << 4 | numbers[:, 1::2])
        self.most = nn.Buffer(most.half())
        photos = len(features) - icons
        colors = torch.einsum("ij,pjhw->pihw", _TONES.to(layouts), layouts)
        tones = functional.adaptive_avg_pool2d(colors[:, 1:], PLACES)
        self.light = nn.Buffer(_bytes(functional.adaptive_avg_pool2d(colors[:photos, :1], PLACES)))
        self.drawn = nn.Buffer(_bytes(functional.adaptive_avg_pool2d(colors[photos:, :1], FINE)))
        self.tones = nn.Buffer(_bytes(tones + _NO_TONE))
        self.words = nn.Buffer(words.half())
        self.owner = nn.Buffer(owner.to(torch.int16))
        clear = torch.ones(len(features)) if clear is None else clear
        self.clear = nn.Buffer(_bytes(clear))

    @property
    def photos(self) -> int:
        """How many of the prototypes, the first, are of photos or paintings."""
        return len(self.light)

    @property
    def features(self) -> Tensor:
        """What the eye finds in the prototypes, [prototypes channels]."""
        return self._features(slice(None))

    @property
    def plainness(self) -> Tensor:
        """How far the colors of each icon's places are from their mean, root mean square.

        Less for one that its edge cuts off.
        """
        drawn = self._drawn(slice(None))
        colors, edge = layout(drawn, COARSE), drawn[:, :, _is_edge(FINE)]
        apart = colors - colors.mean((-2, -1), keepdim=True)
        cut = (edge - edge.median(-1, keepdim=True).values).norm(dim=1) > _CUT
        whole = (1 - _CUT_OFF * cut.float().mean(1)).clamp_min(0)
        return apart.square().mean((1, 2, 3)).sqrt().clamp_max(_PLAIN) * whole

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
        names = self._names(vectors)
        likes = vectors @ keys.T + names + self._known(names)
        for like, hue in zip(likes, hues, strict=False):
            if hue:
                like[: self.photos] += _COLORED * self._share_of(hue)
                like[self.photos :] += _COLORED * _TAKEN
        if is_photo:
            likes[:, self.photos :] = -torch.inf
        nearest, layouts = likes.argmax(1), []
        for row, hue in zip_longest(nearest.tolist(), hues):
            colors = self._colors(row)
            layouts.append(tinted(colors, hue) if hue and row >= self.photos else colors)
        places = min(colors.shape[-1] for colors in layouts)
        layouts = torch.stack([layout(colors, places) for colors in layouts])
        return Imagined(self._found(nearest), layouts)

    def subject(
        self,
        vectors: Float[Tensor, "texts features"],
        keys: Float[Tensor, "prototypes features"],
        hue: Hue | None = None,
    ) -> Subject | None:
        """The icon whose name a thing is; None if there is no such icon, or it shows a scene.

        Args:
            vectors: of what the thing is called: as it is, and without its color.
            keys: of how the prototypes look, in the same space.
            hue: the color that the thing takes.
        """
        names = self._names(vectors).amax(0)
        names[: self.photos] = -torch.inf
        likes = keys @ vectors[0] + names + self._known(names[None])[0]
        likes = torch.where(names > _NAMED, likes, -torch.inf)
        best = likes.argmax()
        if not likes[best].isfinite():
            return None
        colors = self._colors(int(best))
        ground, share = _cut_out(colors)
        if (share > _PART).float().mean() > _SCENE:
            return None
        colors = tinted(colors, hue) if hue else colors
        return Subject(self._found(best[None]), colors, share, ground)

    def _names(self, vectors: Float[Tensor, "texts features"]) -> Float[Tensor, "texts prototypes"]:
        """How near texts are to what prototypes are called, each by its nearest name."""
        near = vectors @ self.words.float().T
        out = near.new_full((len(vectors), len(self.found)), -torch.inf)
        return out.scatter_reduce(1, self.owner.long().expand_as(near), near, "amax")

    def _known(self, names: Float[Tensor, "texts prototypes"]) -> Float[Tensor, "texts prototypes"]:
        """How much nearer to texts icons are that they name, and farther the others."""
        clear, photos = self.clear.float() / 255, self.photos
        known = (_CLEARER * clear).expand(names.shape).clone()
        is_known = (names[:, photos:] > _NAMED) & (clear[photos:] >= _CLEAR)
        better = _PLAINER * self.plainness * clear[photos:]
        known[:, photos:] += torch.where(is_known, better, -_POORER)
        return known

    def _share_of(self, hue: Hue) -> Float[Tensor, " photos"]:
        """How much of each photo has the tones of a color, in [0, 1]; of black, grey, white: 0."""
        tones = self.tones[: self.photos].float() / 255 - _NO_TONE
        wanted = _TONES.to(tones)[1:] @ (torch.tensor(hue).to(tones) / 255)
        share = torch.einsum("c,pchw->phw", wanted, tones) / wanted.square().sum()
        return share.clamp(0, 1).mean((1, 2)) * float(wanted.norm() > _TONED)

    def _colors(self, row: int) -> Float[Tensor, "3 places places"]:
        one = slice(row, row + 1)
        if row < self.photos:
            return _shown(self.light[one], self.tones[one])[0]
        return self._drawn(slice(row - self.photos, row - self.photos + 1))[0]

    def _drawn(self, icons: slice) -> Layouts:
        return _shown(self.drawn[icons], self.tones[self.photos :][icons])

    def _features(self, rows: Tensor | slice) -> Tensor:
        pairs = self.found[rows]
        numbers = torch.stack([pairs >> 4, pairs & _LEVELS], -1).flatten(1)
        return (numbers.float() / _LEVELS).square() * self.most[rows].float()

    def _found(self, rows: Tensor) -> Features:
        return functional.normalize(self._features(rows), dim=-1)

    @classmethod
    def from_tensors(cls, tensors: dict[str, Tensor]) -> "Imagination":
        """What `state_dict` gave."""
        features = torch.zeros(len(tensors["found"]), 2 * tensors["found"].shape[1])
        layouts, words = torch.zeros(len(features), 3, 1, 1), torch.zeros_like(tensors["words"])
        again = cls(features, layouts, words, icons=len(tensors["drawn"]))
        again.load_state_dict(tensors)
        return again


def layout(canvas: Canvas, places: int = PLACES) -> Float[Tensor, "*batch 3 places places"]:
    """The colors of a canvas by place; differentiable."""
    return functional.adaptive_avg_pool2d(canvas, places)


def _shown(light: Tensor, tones: Tensor) -> Layouts:
    """Colors by place, of how light each is and its tones, in bytes."""
    tones = tones.float() / 255 - _NO_TONE
    tones = functional.interpolate(tones, light.shape[-2:], mode="bilinear")
    colors = torch.cat([light.float() / 255, tones], 1)
    return torch.einsum("ij,pjhw->pihw", _TONES.inverse().to(colors), colors).clamp(0, 1)


def _bytes(shares: Tensor) -> Tensor:
    return (shares * 255).round().clamp(0, 255).to(torch.uint8)


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


def _is_edge(places: int) -> Bool[Tensor, "places places"]:
    is_edge = torch.ones(places, places, dtype=torch.bool)
    is_edge[1:-1, 1:-1] = False
    return is_edge


def _cut_out(colors: Float[Tensor, "3 places places"]) -> tuple[Tensor, Tensor]:
    """The ground of a thing, and how much of each place is the thing's: what is unlike the edge."""
    ground = colors[:, _is_edge(colors.shape[-1])].median(1).values
    apart = (colors - ground[:, None, None]).norm(dim=0)
    surely = apart.flatten().topk(round(_SURELY * apart.numel())).values.mean()
    return ground, (apart / surely.clamp_min(1e-6)).clamp_max(1)
