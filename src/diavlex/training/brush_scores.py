"""How near a neural brush comes to the MyPaint engine."""

import math

import kornia
import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.brushes import mypaint
from diavlex.brushes.definition import Definition
from diavlex.brushes.neural import FAR_PX, SIDE_PX, NeuralBrush
from diavlex.tensors import Patches

from .strokes import Strokes, random_shapes

VARIANT_STROKES = 200
"""Strokes by which the variants of a brush are told apart."""
_INK = 0.02
"""Coverage above which there is paint."""


def score(brush: NeuralBrush, strokes: Strokes) -> dict[str, float]:
    """How near a neural brush comes to the engine: as `compare`, and PSNR of its small patches."""
    truth = halved(torch.from_numpy(strokes.patches).float() / 255)
    far = _decibel((predict(brush, strokes, FAR_PX) - truth).square().mean())
    return compare(predict(brush, strokes), strokes) | {"far_psnr": far}


def compare(guess: Patches, strokes: Strokes) -> dict[str, float]:
    """How near patches come to the engine's: PSNR in dB everywhere and where there is paint, SSIM.

    Also R2, the share of the patches' variance that is explained, and how many strokes there are.
    """
    truth = torch.from_numpy(strokes.patches).float() / 255
    error, inked = (guess - truth).square(), truth > _INK
    ssim = kornia.metrics.ssim(guess[:, None], truth[:, None], 11).mean()
    return {
        "psnr": _decibel(error.mean()),
        "psnr_on_stroke": _decibel(error[inked].mean()),
        "ssim": round(float(ssim), 4),
        "r2": round(1 - float(error.mean() / (truth - truth.mean()).square().mean()), 4),
        "strokes": len(strokes),
    }


@torch.no_grad()
def predict(
    brush: NeuralBrush, strokes: Strokes, side_px: int = SIDE_PX
) -> Float[Tensor, "strokes side side"]:
    """What a neural brush makes of the same strokes."""
    shapes, variants = torch.from_numpy(strokes.shapes), torch.from_numpy(strokes.variants)
    parts = zip(shapes.split(250), variants.split(250), strict=True)
    return torch.cat([brush(*part, side_px) for part in parts])


def between_variants(brush: Definition) -> float:
    """PSNR in dB of one variant taken for another: the score of one who does not know textures."""
    shapes = random_shapes(VARIANT_STROKES, 20_000)
    one, two = (
        np.array(list(mypaint.patches(brush, shapes, [variant] * len(shapes), SIDE_PX)))
        for variant in (0, 1)
    )
    return _decibel(torch.tensor(np.square(one - two).mean()))


def halved(patches: Patches) -> Float[Tensor, "strokes half half"]:
    """Patches of half the side."""
    return functional.avg_pool2d(patches[:, None], 2)[:, 0]


def _decibel(error: Tensor) -> float:
    return round(-10 * math.log10(max(float(error), 1e-10)), 2)
