"""The pocket guide: a small text-image model, trained to withstand attack, that ships with diavlex.

A network that small pixel changes cannot fool has gradients that draw: climbing them makes a
picture more like the words, not noise that scores high (Santurkar et al. 2019).
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from diavlex import weights
from diavlex.device import has_bfloat16
from diavlex.guides.guide import Guide
from diavlex.guides.words import Words
from diavlex.tensors import Embeddings, Pictures

SIDE_PX = 64
_GAIN = 1.7868
"""Keeps the variance of SiLU's output at 1 for normal input (Brock et al. 2021)."""


class Standardized(nn.Conv2d):
    """A convolution whose filters have zero mean and unit norm, times a learned gain.

    Source: weight standardization, Qiao et al. 2019; scaled, Brock et al. 2021 (arXiv 2101.08692).
    It stands in for batch norm, whose statistics differ between pictures and attacked pictures.
    """

    def __init__(self, inner: int, outer: int, side: int, stride: int = 1) -> None:
        super().__init__(inner, outer, side, stride, padding=(side - stride + 1) // 2)
        self.gain = nn.Parameter(torch.ones(outer, 1, 1, 1))

    def filters(self) -> Tensor:
        """The filters as they are applied."""
        flat = self.weight.flatten(1)
        centered = flat - flat.mean(1, keepdim=True)
        return functional.normalize(centered, dim=1).view_as(self.weight) * self.gain

    def forward(self, input: Tensor) -> Tensor:
        """Convolve."""
        return functional.conv2d(input, self.filters(), self.bias, self.stride, self.padding)


class Residual(nn.Module):
    """Two convolutions beside a straight path."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = Standardized(width, width, 3)
        self.second = Standardized(width, width, 3)
        self.share = nn.Parameter(torch.tensor(0.2))

    def forward(self, x: Tensor) -> Tensor:
        """Add what the two convolutions find."""
        inner = functional.silu(self.first(functional.silu(x) * _GAIN)) * _GAIN
        return x + self.share * self.second(inner)


class Eye(nn.Module):
    """A residual network without normalization layers: 64 px pictures to vectors."""

    def __init__(self, widths: tuple[int, ...], blocks: tuple[int, ...], width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [Standardized(3, widths[0], 8, 4)]
        for i, (inner, count) in enumerate(zip(widths, blocks, strict=True)):
            if i:
                layers.append(Standardized(widths[i - 1], inner, 2, 2))
            layers += [Residual(inner) for _ in range(count)]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(widths[-1], width)

    def forward(self, pictures: Tensor) -> Tensor:
        """Vectors (not of unit length) of pictures [batch 3 64 64], sRGB in [0, 1]."""
        x = self.body((pictures - 0.5) / 0.25)
        return self.head(functional.silu(x).mean((-2, -1)) * _GAIN)


class PlainEye(nn.Module):
    """A residual network of another make, for the judge: batch norm, ReLU, max pooling."""

    def __init__(self, widths: tuple[int, ...], blocks: tuple[int, ...], width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, widths[0], 5, 2, 2, bias=False)]
        layers += [nn.BatchNorm2d(widths[0]), nn.ReLU(), nn.MaxPool2d(2)]
        for i, (inner, count) in enumerate(zip(widths, blocks, strict=True)):
            before = widths[max(i - 1, 0)]
            for j in range(count):
                stride = 2 if i and not j else 1
                layers.append(_PlainBlock(before if not j else inner, inner, stride))
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(widths[-1], width)

    def forward(self, pictures: Tensor) -> Tensor:
        """Vectors (not of unit length) of pictures [batch 3 64 64], sRGB in [0, 1]."""
        return self.head(self.body((pictures - 0.5) / 0.25).mean((-2, -1)))


class _PlainBlock(nn.Module):
    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inner, outer, 3, stride, 1, bias=False), nn.BatchNorm2d(outer), nn.ReLU(),
            nn.Conv2d(outer, outer, 3, 1, 1, bias=False), nn.BatchNorm2d(outer),
        )  # fmt: skip
        straight = [nn.Conv2d(inner, outer, 1, stride, bias=False), nn.BatchNorm2d(outer)]
        same = inner == outer and stride == 1
        self.straight = nn.Identity() if same else nn.Sequential(*straight)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.body(x) + self.straight(x))


EYES = {"eye": Eye, "plain": PlainEye}


class Pocket(Guide):
    """An eye and a reader that meet in one space."""

    side_px = SIDE_PX
    max_words = 64
    is_bfloat16 = False
    """Whether pictures are seen in bfloat16, as in training."""

    def __init__(self, name: str, eye: nn.Module, words: Words) -> None:
        super().__init__()
        self.name = name
        self.eye = eye
        self.words = words

    @torch.no_grad()
    def encode_text(self, texts: list[str]) -> Embeddings:
        """Unit vectors of texts, one each; what is beyond `max_words` is not read."""
        return self.words([" ".join(text.split()[: self.max_words]) for text in texts])

    def encode_image(self, pictures: Pictures) -> Embeddings:
        """Unit vectors of pictures, sRGB in [0, 1], of any size; differentiable."""
        if pictures.shape[-2:] != (SIDE_PX, SIDE_PX):
            size = (SIDE_PX, SIDE_PX)
            pictures = functional.interpolate(pictures, size, mode="bilinear", antialias=True)
        with torch.autocast(pictures.device.type, torch.bfloat16, enabled=self.is_bfloat16):
            vectors = self.eye(pictures.contiguous(memory_format=torch.channels_last))
        return functional.normalize(vectors.to(pictures.dtype), dim=-1)


def load_pocket(name: str) -> Pocket:
    """A pocket guide from its shipped weights.

    Raises:
        UnknownName: no such weights.
        BadWeights: missing, altered, or holding NaN.
    """
    card, tensors = weights.load("guide", name)
    guide = build(name, card.settings, tensors)
    guide.is_bfloat16 = has_bfloat16()
    return guide.eval().requires_grad_(False)


def build(name: str, settings: dict[str, Any], tensors: dict[str, Tensor]) -> Pocket:
    """A pocket guide from its settings and tensors."""

    def part(start: str) -> dict[str, Tensor]:
        return {k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)}

    widths, blocks = tuple(settings["widths"]), tuple(settings["blocks"])
    eye = EYES[settings["eye"]](widths, blocks, settings["width"])
    eye.load_state_dict(part("eye."))
    guide = Pocket(name, eye, Words.from_tensors(part("words.")))
    guide.warmth = settings.get("warmth", guide.warmth)
    return guide


def packed(guide: Pocket) -> dict[str, Tensor]:
    """A guide's tensors for its weights file, in half precision."""
    tensors = {f"eye.{key}": value for key, value in guide.eye.state_dict().items()}
    tensors |= {f"words.{key}": value for key, value in guide.words.to_tensors().items()}
    return {k: v.half() if v.dtype == torch.float32 else v for k, v in tensors.items()}
