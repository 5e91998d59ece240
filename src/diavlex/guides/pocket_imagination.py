"""How the pocket guide imagines: by an icon that is called so, else by prototypes of photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from diavlex.phrases import COLORS, Thing, color_of, depicted, parse, uncolored
from diavlex.tensors import Embeddings, Pictures

from .cutout import FINE, layout
from .icons import Icons
from .imagination import Imagined, ImaginedThing, Seen
from .prototypes import Prototypes
from .repertoire import Repertoire
from .shapes import Cutout
from .tint import tinted

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
        cutout = self._icon(thing)
        if cutout is None or float(cutout.share.mean()) > _SCENE:
            return None
        device = next(self.guide.parameters()).device
        colors, share, background = _on_background(cutout)
        seen = self.see(colors[None].to(device)).features
        assert seen is not None
        places = layout(colors, FINE).to(device)
        covered = functional.adaptive_avg_pool2d(share[None], FINE)[0].to(device)
        return ImaginedThing(seen, places, covered, background.to(device))

    def _icon(self, thing: Thing) -> Cutout | None:
        """A thing alone in its color; None if nothing shows it, or it is a place."""
        words = [word for word in thing.kind.split() if word not in _ARTICLES]
        if self.icons is None or parse(thing.kind).places:
            return None
        found = Repertoire(self.icons, self.guide.encode_text).find(" ".join(words), _OWN)
        if found is None:
            return None
        name = next((name for name, hue in COLORS.items() if hue == thing.color), None)
        return tinted(found.cutout, name, found.kind) if name else found.cutout

    def _keys(self) -> Embeddings:
        return functional.normalize(self.guide.eye.head(self.prototypes.features), dim=-1)


def _on_background(cutout: Cutout) -> tuple[Tensor, Tensor, Tensor]:
    """A thing on a plain background, how much of each place it is, and that background."""
    background = torch.tensor(_BACKGROUND)
    share = functional.pad(cutout.share, (2, 2, 2, 2))
    colors = functional.pad(cutout.colors[None], (2, 2, 2, 2), mode="replicate")[0]
    return background[:, None, None].lerp(colors, share), share, background
