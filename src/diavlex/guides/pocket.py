"""The pocket guide: a small text-image model, trained to withstand attack, that ships with diavlex.

A network that small pixel changes cannot fool has gradients that draw: climbing them makes a
picture more like the words, not noise that scores high (Santurkar et al. 2019).
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from diavlex import weights
from diavlex.device import in_bfloat16
from diavlex.errors import BadValue
from diavlex.guides.depthwise import depthwise
from diavlex.guides.guide import Guide
from diavlex.guides.icons import Icons
from diavlex.guides.imagination import Imagination, Seen
from diavlex.guides.pocket_imagination import PocketImagination
from diavlex.guides.prototypes import Prototypes
from diavlex.guides.things import FAMILIAR, nearest
from diavlex.guides.words import Words
from diavlex.phrases import spelled
from diavlex.tensors import Embeddings, Pictures

SIDE_PX = 64
PX = 96
"""Pictures are enlarged to this side: its authors trained it on large ones."""
_SIDES = (3, 3, 5, 3, 5, 5, 3)
_STRIDES = (1, 2, 2, 2, 1, 2, 1)
_EXPAND, _TOP = 6, 1280
_INNER = 7
"""How many of its layers are shown: down to an eighth of the picture's side."""


class Eye(nn.Module):
    """Inverted residuals, laid out as in an EfficientNet-lite, its norms folded away.

    Without norms a picture and its attacked twin are seen alike, and a step costs less.

    Source: Tan and Le 2019 (arXiv 1905.11946); lite: no gates, ReLU6 for swish.

    Args:
        widths: channels of each stage.
        blocks: how many blocks each stage has.
        width: of the vectors.
    """

    def __init__(self, widths: tuple[int, ...], blocks: tuple[int, ...], width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [_Same(3, 32, 3, 2), nn.ReLU6()]
        before = 32
        for i, (outer, count) in enumerate(zip(widths, blocks, strict=True)):
            for j in range(count):
                stride = _STRIDES[i] if not j else 1
                expand = _EXPAND if i else 1
                layers.append(_Inverted(before, outer, _SIDES[i], stride, expand))
                before = outer
        layers += [nn.Conv2d(before, _TOP, 1), nn.ReLU6()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(_TOP, width)

    def forward(self, pictures: Tensor) -> Tensor:
        """Vectors (not of unit length) of pictures [batch 3 64 64], sRGB in [0, 1]."""
        return self.head(self.features(pictures, PX))

    def features(self, pictures: Tensor, side_px: int) -> Tensor:
        """What is seen of pictures before it is put into the space of words: [batch 1280]."""
        size = (side_px, side_px)
        pictures = functional.interpolate(pictures, size, mode="bilinear", align_corners=False)
        return self.body((pictures - 0.498) / 0.502).mean((-2, -1))

    def inner(self, pictures: Tensor, side_px: int) -> list[Tensor]:
        """What is found before each of the strides but the first, [batch channels rows columns]."""
        size = (side_px, side_px)
        pictures = functional.interpolate(pictures, size, mode="bilinear", align_corners=False)
        seen, found = (pictures - 0.498) / 0.502, []
        for layer in list(self.body)[:_INNER]:
            before, seen = seen, layer(seen)
            if found and before.shape[-1] == seen.shape[-1]:
                found[-1] = seen
            else:
                found.append(seen)
        return found


class _Same(nn.Conv2d):
    """A convolution that at stride 2 pads the far side more, as TensorFlow's "same" does."""

    def __init__(self, inner: int, outer: int, side: int, stride: int, groups: int = 1) -> None:
        super().__init__(inner, outer, side, stride, side // 2 if stride == 1 else 0, groups=groups)

    def forward(self, input: Tensor) -> Tensor:
        """Convolve."""
        if self.stride[0] == 2:
            total = self.kernel_size[0] - 2 + input.shape[-1] % 2
            near, far = total // 2, total - total // 2
            input = functional.pad(input, (near, far, near, far))
        if self.groups > 1 and input.device.type == "cpu":
            return depthwise(input, self.weight, self.bias, self.stride[0])
        return super().forward(input)


class _Inverted(nn.Module):
    """Widen, look at each channel alone, narrow."""

    def __init__(self, inner: int, outer: int, side: int, stride: int, expand: int) -> None:
        super().__init__()
        middle = inner * expand
        wide = [nn.Conv2d(inner, middle, 1), nn.ReLU6()] if expand > 1 else []
        alone = [_Same(middle, middle, side, stride, groups=middle), nn.ReLU6()]
        self.body = nn.Sequential(*wide, *alone, nn.Conv2d(middle, outer, 1))
        self.is_residual = inner == outer and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        """Add what was found, where the shape allows."""
        return x + self.body(x) if self.is_residual else self.body(x)


class Pocket(Guide):
    """An eye and a reader that meet in one space; prototypes and icons of what things look like."""

    side_px = SIDE_PX
    most_threads = 1
    max_words = 64
    """How many words of a prompt it reads."""
    is_bfloat16 = False
    """Whether it sees in bfloat16, where the device is quick at it."""

    def __init__(
        self,
        name: str,
        eye: Eye,
        words: Words,
        prototypes: Prototypes | None = None,
        icons: Icons | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.eye = eye
        self.words = words
        self.prototypes = prototypes
        self.icons = icons

    @property
    def imagination(self) -> Imagination | None:
        """What it imagines, if it was taught to."""
        if self.prototypes is None:
            return None
        return PocketImagination(self, self.prototypes, self.icons)

    @property
    def inner(self) -> Callable[[Pictures], list[Tensor]] | None:
        """What its eye finds at half, a quarter and an eighth of the picture's side."""
        return self._inner

    def _inner(self, pictures: Pictures) -> list[Tensor]:
        with in_bfloat16(pictures.device.type, is_asked=self.is_bfloat16):
            found = self.eye.inner(pictures.contiguous(memory_format=torch.channels_last), PX)
        return [layer.to(pictures.dtype) for layer in found]

    @torch.no_grad()
    def encode_text(self, texts: list[str]) -> Embeddings:
        """Unit vectors of texts, one each; what is beyond `max_words` is not read."""
        return self.words([" ".join(text.split()[: self.max_words]) for text in texts])

    def encode_image(self, pictures: Pictures) -> Embeddings:
        """Unit vectors of pictures, sRGB in [0, 1], of any size; differentiable."""
        return self.see(pictures).vectors

    def see(self, pictures: Pictures) -> Seen:
        """The same, with what the eye found before it was put into the space of words."""
        if pictures.shape[-2:] != (SIDE_PX, SIDE_PX):
            size = (SIDE_PX, SIDE_PX)
            pictures = functional.interpolate(pictures, size, mode="bilinear", antialias=True)
        with in_bfloat16(pictures.device.type, is_asked=self.is_bfloat16):
            found = self.eye.features(pictures.contiguous(memory_format=torch.channels_last), PX)
            vectors = self.eye.head(found)
        found, vectors = (
            functional.normalize(v.to(pictures.dtype), dim=-1) for v in (found, vectors)
        )
        return Seen(vectors, found)

    def unknown(self, text: str) -> list[str]:
        """The words of a text that are not in its vocabulary, nor made of words that are."""
        words = (word for word in spelled(text).split() if any(letter.isalnum() for letter in word))
        return [word for word in words if not self.words.numbers(word)]

    def remarks(self, prompt: str) -> list[str]:
        """What it does not read of a prompt.

        Raises:
            BadValue: it can read no word of the prompt.
        """
        found, unknown = [], self.unknown(prompt)
        if len(unknown) == sum(any(c.isalnum() for c in word) for word in spelled(prompt).split()):
            raise BadValue(
                f"{self.name} can read no word of '{prompt[:40]}': say it in English, or ask "
                "another guide (see: diavlex guides)."
            )
        if unknown:
            found.append(
                f"{self.name} does not know the word '{unknown[0][:40]}' and leaves it out."
            )
        if unread := " ".join(prompt.split()[self.max_words :]):
            found.append(f"{self.name} reads only the beginning of the prompt, not: '{unread}'.")
        return found

    def doubts(self, prompt: str) -> list[str]:
        """Whether a prompt is far from all things that it knows, and which are nearest."""
        known = nearest(self, prompt)
        if known[0][1] >= FAMILIAR:
            return []
        names = ", ".join(name for name, _ in known)
        return [f"'{prompt}' is far from what {self.name} knows; nearest: {names}."]


def load_pocket(name: str) -> Pocket:
    """A pocket guide from its shipped weights.

    Raises:
        UnknownName: no such weights.
        BadWeights: missing, altered, of another version, or holding NaN.
    """
    card, tensors = weights.load("guide", name)
    with weights.fitting(name):
        guide = build(name, card.settings, tensors)
    guide.is_bfloat16 = True  # as in training
    return guide.eval().requires_grad_(False)


def build(name: str, settings: dict[str, Any], tensors: dict[str, Tensor]) -> Pocket:
    """A pocket guide from its settings and tensors."""

    def part(start: str) -> dict[str, Tensor]:
        return {k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)}

    widths, blocks = tuple(settings["widths"]), tuple(settings["blocks"])
    eye = Eye(widths, blocks, settings["width"])
    eye.load_state_dict(part("eye."))
    imagined = part("imagination.")
    prototypes = Prototypes.from_tensors(imagined) if imagined else None
    icons = Icons.from_tensors(shown) if (shown := part("icons.")) else None
    guide = Pocket(name, eye, Words.from_tensors(part("words.")), prototypes, icons)
    guide.logit_scale = settings.get("logit_scale", guide.logit_scale)
    return guide


def packed(guide: Pocket) -> dict[str, Tensor]:
    """A guide's tensors for its weights file, in half precision."""
    tensors = {f"eye.{key}": value for key, value in guide.eye.state_dict().items()}
    tensors |= {f"words.{key}": value for key, value in guide.words.to_tensors().items()}
    if guide.prototypes is not None:
        tensors |= {f"imagination.{k}": v for k, v in guide.prototypes.state_dict().items()}
    if guide.icons is not None:
        tensors |= {f"icons.{k}": v for k, v in guide.icons.state_dict().items()}
    return {k: v.half() if v.dtype == torch.float32 else v for k, v in tensors.items()}
