"""The neural painter: a network that predicts the coverage of a stroke of the MyPaint engine."""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from diavlex.brushes import ribbon
from diavlex.brushes.definition import VARIANTS
from diavlex.device import in_bfloat16
from diavlex.stroke import SHAPE_BOUNDS
from diavlex.tensors import Patches, Shapes, Variants

SIDE_PX = 64
"""Side of a patch; it spans [-1, 1] of the stroke's own frame both ways."""
FAR_PX = SIDE_PX // 2
"""Side of a patch for a canvas so small that no bristle shows."""

_ACROSS, _ALONG = 32, 64  # the ribbon, in pixels
_MOST_WIDE = 4096
"""Of a layer of a brush."""
_OCTAVES = 2
_BARE = -2.5
"""Logit of coverage where nothing is drawn, before training."""
_TRACE = 0.01
"""Coverage that counts as none."""
_MOST = 0.999
"""The highest coverage of small patches; below full coverage a stroke would get no gradient."""
_AT_ONCE, _AT_ONCE_ON_GPU = 512, 2048
"""Strokes painted together; activations of more of them do not fit into the caches."""


class NeuralBrush(nn.Module):
    """Predicts the coverage of strokes from their shapes; differentiable in the shapes.

    A network draws every stroke as a straight ribbon, which is then bent along the stroke's path.
    It draws by weighting a few textures, which show the bristles: each variant has its own, learned
    pixel by pixel and the same on every stroke.

    On a canvas so small that no bristle shows, patches of half the side are enough. A plain
    network, which has learned them from the first one, draws such a patch for a twentieth of the
    work.

    A new one holds no weights yet: load some, or call `initialize` before training.

    Args:
        width: of the hidden layers.
        channels: of the convolutions, from coarse to fine.
        grain: how many textures each variant has.
        cap: see `ribbon.locate`.
        far: width of the hidden layers of the plain network; 0 for none.
        is_bfloat16: compute in bfloat16 on devices that have it in hardware.
    """

    def __init__(
        self,
        width: int = 256,
        channels: Sequence[int] = (32, 24, 16),
        grain: int = 4,
        cap: float = 0.0,
        far: int = 0,
        is_bfloat16: bool = False,
    ) -> None:
        super().__init__()
        _check_sizes(width, *channels, grain, far or 1)
        self.cap, self.is_bfloat16 = cap, is_bfloat16
        low, high = torch.tensor(SHAPE_BOUNDS).T
        self.middle = nn.Buffer((low + high) / 2, persistent=False)
        self.spread = nn.Buffer((high - low) / 2, persistent=False)
        features = 5 * (1 + 2 * _OCTAVES) + 1 + VARIANTS
        first, second, third = channels
        self.plan = nn.Sequential(
            *_hidden(features, width),
            _linear(width, first * _ACROSS * _ALONG // 64),
            nn.LeakyReLU(0.1),
            nn.Unflatten(1, (first, _ACROSS // 8, _ALONG // 8)),
        )
        self.draw = nn.Sequential(
            *_twice_as_fine(first, second),
            nn.LeakyReLU(0.1),
            *_twice_as_fine(second, third),
            nn.LeakyReLU(0.1),
            _convolution(third, 4 * (1 + grain)),
        )
        self.grain = nn.Parameter(torch.empty(VARIANTS, grain, _ACROSS, _ALONG))
        self.bare = nn.Parameter(torch.tensor(_BARE))
        self.draw.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.far = _plain(features, far) if far else None

    @torch.no_grad()
    def initialize(self, generator: torch.Generator) -> None:
        """Fill the weights with random numbers, from which a training begins."""
        for layer in (*self.plan, *self.draw):
            _randomize(layer, generator)
        self.grain.normal_(generator=generator)
        self.bare.fill_(_BARE)
        for layer in self.far or ():
            _randomize(layer, generator)

    def forward(self, shapes: Shapes, variants: Variants, side_px: int = SIDE_PX) -> Patches:
        """Coverage of each stroke in its own frame, in [0, 1].

        Args:
            shapes: fullness, bend, skew, start pressure, end pressure, within their bounds.
            variants: 0 to `VARIANTS` - 1.
            side_px: side of the patches, even; `FAR_PX` costs least.
        """
        if self.far is not None and side_px == FAR_PX:
            return self._from_afar(self.far, shapes, variants)
        most = _AT_ONCE if shapes.device.type == "cpu" else _AT_ONCE_ON_GPU
        if len(shapes) <= most:
            return self._paint(shapes, variants, side_px)
        pairs = zip(shapes.split(most), variants.split(most), strict=True)
        return torch.cat([self._again(*pair, side_px) for pair in pairs])

    def _from_afar(self, far: nn.Module, shapes: Shapes, variants: Variants) -> Patches:
        with in_bfloat16(shapes.device.type, is_asked=self.is_bfloat16):
            paint = far(self._features(shapes, variants))
        cover = torch.sigmoid(paint.to(shapes.dtype))
        return _MOST * (cover * (1 + _TRACE) - _TRACE).clamp_min(0)

    def _again(self, shapes: Shapes, variants: Variants, side_px: int) -> Patches:
        """The same as `_paint`, painted again in the backward pass to save memory."""
        inputs = shapes, variants, side_px
        made = checkpoint(self._paint, *inputs, use_reentrant=False, preserve_rng_state=False)
        assert isinstance(made, Tensor)
        return made

    def _paint(self, shapes: Shapes, variants: Variants, side_px: int) -> Patches:
        with in_bfloat16(shapes.device.type, is_asked=self.is_bfloat16):
            strengths = self.draw(self.plan(self._features(shapes, variants)))
        with torch.autocast(shapes.device.type, enabled=False):
            strengths = strengths.to(shapes.dtype, memory_format=torch.contiguous_format)
            paint = (strengths * self._textures()[variants]).unflatten(1, (-1, 4)).sum(1)
            ribbons = torch.sigmoid(F.pixel_shuffle(paint, 2)[:, 0] + self.bare)
            return ribbon.bend(ribbons, shapes, side_px, self.cap)

    def _textures(self) -> Float[Tensor, "variants channels across along"]:
        """An even texture, then those of the grain; two by two pixels become four channels."""
        even = torch.ones_like(self.grain[:, :1])
        return F.pixel_unshuffle(torch.cat([even, self.grain], 1), 2)

    def _features(self, shapes: Shapes, variants: Variants) -> Float[Tensor, "strokes features"]:
        """Shapes and variants as the networks read them."""
        even = (shapes - self.middle) / self.spread
        waves = [even * (math.pi / 2 * 2**octave) for octave in range(_OCTAVES)]
        thinness = shapes[:, :1].log() + 1.2
        which = F.one_hot(variants, VARIANTS).to(shapes.dtype)
        return torch.cat(
            [even, *(w.sin() for w in waves), *(w.cos() for w in waves), thinness, which], -1
        )


def _plain(features: int, width: int) -> nn.Sequential:
    """The network for small patches."""
    return nn.Sequential(
        *_hidden(features, width),
        _linear(width, FAR_PX**2),
        nn.Unflatten(1, (FAR_PX, FAR_PX)),
    )


def _hidden(features: int, width: int) -> tuple[nn.Module, ...]:
    """Two hidden layers."""
    return _linear(features, width), nn.GELU(), _linear(width, width), nn.GELU()


def _twice_as_fine(before: int, after: int) -> tuple[nn.Module, nn.Module]:
    """A convolution that doubles both sides."""
    return _convolution(before, 4 * after), nn.PixelShuffle(2)


def _check_sizes(*sizes: int) -> None:
    """Make sure that sizes of layers, which a card tells, are ones that a brush can have.

    Raises:
        ValueError: no whole number, or none from 1 to 4096.
    """
    for size in sizes:
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= _MOST_WIDE:
            raise ValueError(f"a layer cannot be {size!r:.40} wide")


class _Linear(nn.Linear):
    def reset_parameters(self) -> None:
        """Leave the numbers to a weights file, or to `_randomize`."""


class _Convolution(nn.Conv2d):
    def reset_parameters(self) -> None:
        """Leave the numbers to a weights file, or to `_randomize`."""


def _linear(before: int, after: int) -> nn.Module:
    return _Linear(before, after)


def _convolution(before: int, after: int) -> nn.Module:
    return _Convolution(before, after, 3, padding=1)


def _randomize(layer: nn.Module, generator: torch.Generator) -> None:
    """Fill a layer as torch does by default, but with numbers from a generator.

    Source: He et al. 2015 (arXiv 1502.01852), uniform, of gain sqrt(1/3).
    """
    if not isinstance(layer, nn.Linear | nn.Conv2d):
        return
    bound = 1 / math.sqrt(layer.weight[0].numel())
    for numbers in (layer.weight, layer.bias):
        if numbers is not None:
            fresh = torch.empty(numbers.shape).uniform_(-bound, bound, generator=generator)
            numbers.copy_(fresh)  # whatever the order in memory
