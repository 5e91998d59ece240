"""How the pocket guide imagines: by an icon where one is called so, else by prototypes of photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from diavlex.phrases import Levels, Thing, color_of, depicted, uncolored
from diavlex.tensors import Embeddings, Pictures

from .cutout import FINE, layout, tinted
from .icons import Icons
from .imagination import Imagined, ImaginedThing, Seen
from .prototypes import Prototypes
from .shapes import Cutout

if TYPE_CHECKING:
    from .pocket import Pocket

_ARTICLES = ("a", "an", "the")
_OWN = 2
"""Highest rank of the names by which icons are found: their own, other words for the same."""
_BACKGROUND = (0.93, 0.92, 0.89)
"""Behind a thing."""
_SCENE = 0.9
"""From which share on of the frame an icon shows a scene: it leaves no background."""


@dataclass(frozen=True)
class PocketImagination:
    """What a pocket guide imagines."""

    guide: "Pocket"
    prototypes: Prototypes
    """Of photos."""
    icons: Icons | None

    def see(self, pictures: Pictures) -> Seen:
        """The vectors and the features of pictures, sRGB in [0, 1]; differentiable."""
        return self.guide.see(pictures)

    @torch.no_grad()
    def imagine(self, texts: Sequence[str], *, is_photo: bool = False) -> Imagined:
        """What pictures of texts look like.

        A thing counts for more than its color: of all that is red, few are cars.

        Args:
            texts: one or more.
            is_photo: imagine photos alone: a thing and all that is around it.
        """
        texts = [depicted(text) for text in texts]
        plain = self.guide.encode_text([uncolored(text) for text in texts])
        vectors = functional.normalize(self.guide.encode_text(texts) + plain, dim=-1)
        hues = [color_of(text) for text in texts]
        found = self.prototypes(vectors, self._keys(), hues, is_photo=is_photo)
        if is_photo:
            return found
        features, layouts = list(found.features), list(found.layouts)
        for at, text in enumerate(texts):
            if seen := self.imagine_thing(Thing(text)):
                features[at], layouts[at] = seen.features[0], seen.colors
        places = min(colors.shape[-1] for colors in layouts)
        layouts = [layout(colors, places) for colors in layouts]
        return Imagined(torch.stack(features), torch.stack(layouts))

    @torch.no_grad()
    def imagine_thing(self, thing: Thing) -> ImaginedThing | None:
        """What a thing looks like alone; None if no icon is called so, or it shows a scene."""
        cutout = self._icon(thing.kind)
        if cutout is None or float(cutout.share.mean()) > _SCENE:
            return None
        device = next(self.guide.parameters()).device
        colors, share, background = _on_background(cutout, thing.color)
        seen = self.see(colors[None].to(device)).features
        assert seen is not None
        places = layout(colors, FINE).to(device)
        covered = functional.adaptive_avg_pool2d(share[None], FINE)[0].to(device)
        return ImaginedThing(seen, places, covered, background.to(device))

    def _icon(self, name: str) -> Cutout | None:
        if self.icons is None:
            return None
        words = [word for word in name.split() if word not in _ARTICLES]
        icon = self.icons.find(" ".join(words), _OWN)
        return None if icon is None else self.icons.cutout(icon)

    def _keys(self) -> Embeddings:
        return functional.normalize(self.guide.eye.head(self.prototypes.features), dim=-1)


def _on_background(cutout: Cutout, hue: Levels | None) -> tuple[Tensor, Tensor, Tensor]:
    """A thing in its color on a plain background, how much of each place it is, and that."""
    background = torch.tensor(_BACKGROUND)
    share = functional.pad(cutout.share, (2, 2, 2, 2))
    colors = functional.pad(cutout.colors[None], (2, 2, 2, 2), mode="replicate")[0]
    picture = background[:, None, None].lerp(colors, share)
    if hue:
        picture = picture.lerp(tinted(picture, hue), share)
    return picture, share, background
