"""Colors that are said: a thing takes the color that words give to it, and keeps its shading."""

import torch
from torch import Tensor

from diavlex.phrases import COLORS, Levels

from .shapes import Cutout, Paint, Plane

HUES: dict[str, Levels] = COLORS | {
    "turquoise": (60, 200, 195), "beige": (226, 205, 165), "silver": (190, 195, 202),
    "maroon": (110, 20, 35), "blond": (236, 200, 110), "ginger": (200, 95, 35),
}  # fmt: skip
"""Colors and what else words may mean by one."""
_SHADES = {"black": (0.02, 0.24), "white": (0.66, 1.0), "grey": (0.32, 0.66), "silver": (0.5, 0.9)}
"""How dark and how light a thing of no hue is where it is darkest and lightest."""
_LUMA = torch.tensor([0.299, 0.587, 0.114])
_LIVING = ("flower", "fruit", "tree", "plant")
"""What has green parts that keep their color."""


def paint_of(name: str) -> Paint:
    """A color as paint, by its name."""
    red, green, blue = HUES[name]
    return red / 255, green / 255, blue / 255


def tinted(cutout: Cutout, name: str, kind: str = "thing") -> Cutout:
    """A cutout in another color.

    Args:
        cutout: of the thing.
        name: of the color, one of `HUES`.
        kind: of the thing; of flowers and fruit, what is green stays so.
    """
    shade = _shading(cutout)
    if name in _SHADES:
        low, high = _SHADES[name]
        colors = (low + (high - low) * shade).expand_as(cutout.colors)
    else:
        paint = torch.tensor(paint_of(name))[:, None, None]
        dark, light = 0.45 * paint, paint + 0.45 * (1 - paint)
        colors = torch.where(
            shade < 0.6, dark.lerp(paint, shade / 0.6), paint.lerp(light, (shade - 0.6) / 0.4)
        )
    taken = torch.ones_like(shade)
    if kind in _LIVING and name != "green":
        green = greenness(cutout.colors)
        is_green = float((green * cutout.share).sum() / cutout.share.sum().clamp_min(1e-6)) > 0.5
        taken = taken if is_green else 1 - green  # a green apple is no stem
    return Cutout(cutout.colors.lerp(colors, taken), cutout.share)


def greenness(colors: Tensor) -> Plane:
    """How green each place is, in [0, 1]."""
    red, green, blue = colors
    return ((green - torch.maximum(red, blue)) / green.clamp_min(0.05) * 6).clamp(0, 1)


def fleshed(cutout: Cutout, skin: Paint = (0.93, 0.74, 0.60)) -> Cutout:
    """A drawing of a person whose skin is the yellow of an emoji, with skin instead."""
    red, green, blue = cutout.colors
    is_yellow = (red > 0.7) & (green > 0.5) & (green < 0.95 * red) & (blue < 0.62 * green)
    light = (red / 0.97).clamp(0.6, 1.08)
    flesh = torch.tensor(skin)[:, None, None] * light
    return Cutout(torch.where(is_yellow, flesh, cutout.colors).clamp(0, 1), cutout.share)


def _shading(cutout: Cutout) -> Plane:
    """How light each place is beside the thing's darkest and lightest, in [0, 1]."""
    light = torch.einsum("c,chw->hw", _LUMA, cutout.colors)
    inside = light[cutout.share > 0.5]
    if inside.numel() < 8:
        return torch.full_like(light, 0.6)
    low, high = torch.quantile(inside, torch.tensor([0.05, 0.95]))
    middle = float(inside.median())
    spread = (high - low).clamp_min(0.25)
    return (0.6 + (light - middle) / spread).clamp(0, 1)
