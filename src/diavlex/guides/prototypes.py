"""Prototypes: what pictures of one kind look like, kept in few bytes and found by words.

A prototype is the mean of several pictures that the guide sees alike and that people call alike:
what the guide finds in them, their colors by place, and their words. What is imagined of a text is
the prototype nearest to it in look and in words; the mean of many prototypes is of many shapes, and
of none.

Differs from a prior (Ramesh et al. 2022) in that what is imagined is looked up, not computed.
"""

from collections.abc import Sequence
from itertools import zip_longest

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from diavlex.phrases import Levels
from diavlex.tensors import Embeddings, Features, Layouts

from .cutout import COARSE, FINE, PLACES, cut_out, is_edge, layout, tinted
from .imagination import Imagined, ImaginedThing

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
"""From how far from the background's color a place at the edge is the thing's, and how much that
counts against it."""
_PART, _SCENE = 0.35, 0.73
"""From which share on a place is the thing's, and from how many of them an icon shows a scene: it
leaves no background."""
_TONES = torch.tensor(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
)
"""From red, green and blue to how light a color is and its two tones, in [-0.5, 0.5] (ITU-R BT.601,
as in JPEG)."""
_NO_TONE = 128 / 255
"""A tone of greys, as it is kept."""
_TONED = 0.05
"""Tones of less than this are a grey's."""


class Prototypes(nn.Module):
    """Prototypes of pictures, kept in few bytes.

    What the eye finds is kept in half a byte a number, the finer the nearer it is to nothing; of
    colors, how light each place is, and their tones, of icons in half as many rows and columns.

    Args:
        photos: how many prototypes, the first, are of photos.
        icons: how many, the last, are of icons.
        channels: of what the eye finds in them.
        names: how many names they have in all.
        width: numbers of the vector of a name.

    Source: tones in fewer places, as in JPEG, Wallace 1991.
    """

    def __init__(self, photos: int, icons: int, channels: int, names: int, width: int) -> None:
        super().__init__()
        count = photos + icons

        def empty(*shape: int, dtype: torch.dtype = torch.uint8) -> nn.Buffer:
            return nn.Buffer(torch.zeros(shape, dtype=dtype))

        self.found = empty(count, channels // 2)
        self.most = empty(count, 1, dtype=torch.float16)
        self.light = empty(photos, 1, PLACES, PLACES)
        self.drawn = empty(icons, 1, FINE, FINE)
        self.tones = empty(count, 2, PLACES, PLACES)
        self.words = empty(names, width, dtype=torch.float16)
        self.owner = empty(names, dtype=torch.int16)
        self.clear = empty(count)

    @classmethod
    def of(
        cls,
        features: Float[Tensor, "prototypes channels"],
        layouts: Layouts,
        words: Float[Tensor, "names features"],
        owner: Int[Tensor, " names"] | None = None,
        clear: Float[Tensor, " prototypes"] | None = None,
        icons: int = 0,
    ) -> "Prototypes":
        """Prototypes that look so.

        Args:
            features: what the eye finds in them, [prototypes channels], an even number, 0 or more.
            layouts: their colors by place; those of photos are kept in `PLACES`, of icons in
                `FINE`.
            words: what they are called, as vectors of texts or their means; each by one name or
                more.
            owner: of which prototype each name is; without, they have one each.
            clear: how alike the pictures are of which each is the mean, in [0, 1]; 1 if not given.
            icons: how many of the prototypes, the last, are of icons.
        """
        owner = torch.arange(len(words)) if owner is None else owner
        most = features.amax(1, keepdim=True).clamp_min(1e-6)
        numbers = ((features / most).sqrt() * _LEVELS).round().to(torch.uint8)
        photos = len(features) - icons
        colors = torch.einsum("ij,pjhw->pihw", _TONES.to(layouts), layouts)
        tones = functional.adaptive_avg_pool2d(colors[:, 1:], PLACES)
        clear = torch.ones(len(features)) if clear is None else clear
        return cls.from_tensors(
            {
                "found": numbers[:, ::2] << 4 | numbers[:, 1::2],
                "most": most.half(),
                "light": _bytes(functional.adaptive_avg_pool2d(colors[:photos, :1], PLACES)),
                "drawn": _bytes(functional.adaptive_avg_pool2d(colors[photos:, :1], FINE)),
                "tones": _bytes(tones + _NO_TONE),
                "words": words.half(),
                "owner": owner.to(torch.int16),
                "clear": _bytes(clear),
            }
        )

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
        colors, edge = layout(drawn, COARSE), drawn[:, :, is_edge(FINE)]
        apart = colors - colors.mean((-2, -1), keepdim=True)
        cut = (edge - edge.median(-1, keepdim=True).values).norm(dim=1) > _CUT
        whole = (1 - _CUT_OFF * cut.float().mean(1)).clamp_min(0)
        return apart.square().mean((1, 2, 3)).sqrt().clamp_max(_PLAIN) * whole

    def forward(
        self,
        vectors: Embeddings,
        keys: Float[Tensor, "prototypes features"],
        hues: Sequence[Levels | None] = (),
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

    def thing(
        self,
        vectors: Float[Tensor, "texts features"],
        keys: Float[Tensor, "prototypes features"],
        hue: Levels | None = None,
    ) -> ImaginedThing | None:
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
        background, share = cut_out(colors)
        if (share > _PART).float().mean() > _SCENE:
            return None
        colors = tinted(colors, hue) if hue else colors
        return ImaginedThing(self._found(best[None]), colors, share, background)

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

    def _share_of(self, hue: Levels) -> Float[Tensor, " photos"]:
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
    def from_tensors(cls, tensors: dict[str, Tensor]) -> "Prototypes":
        """What `state_dict` gave."""
        photos, icons = len(tensors["light"]), len(tensors["drawn"])
        names, width = tensors["words"].shape
        again = cls(photos, icons, 2 * tensors["found"].shape[1], names, width)
        again.load_state_dict(tensors)
        return again


def _shown(light: Tensor, tones: Tensor) -> Layouts:
    """Colors by place, of how light each is and its tones, in bytes."""
    tones = tones.float() / 255 - _NO_TONE
    tones = functional.interpolate(tones, light.shape[-2:], mode="bilinear")
    colors = torch.cat([light.float() / 255, tones], 1)
    return torch.einsum("ij,pjhw->pihw", _TONES.inverse().to(colors), colors).clamp(0, 1)


def _bytes(shares: Tensor) -> Tensor:
    return (shares * 255).round().clamp(0, 255).to(torch.uint8)
