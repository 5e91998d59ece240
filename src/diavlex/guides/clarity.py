"""Clarity: what is laid over a ground is changed so that strokes can show it.

Lines thinner than a stroke become wider, and an edge that is as light as what is behind it becomes
darker, or lighter where that is dark. Painters do the same: they restate an edge that is lost.
"""

import torch
from torch import Tensor
from torch.nn import functional

from .shapes import Cutout, Plane

_THIN = 3
"""Width in places below which a line is thin."""
_LINE = 0.25
"""From which share on a place is a line's."""
_APART = 0.40
"""How far the lightness of an edge shall be from that of what is behind it."""
_RIM = 5
"""Width of an edge in places, twice and its middle."""
_DARK = 0.42
"""From which lightness on down a ground is dark."""
_DARKER, _LIGHTER = 0.42, 0.45
"""How much of a lost edge becomes black, or white."""
_ALIKE = 0.34
"""Distance of two mean colors below which one thing cannot be told from what is behind it."""
_VARIED = 0.26
"""From which deviation of its colors on a thing is told apart by them."""
_PART = 0.55
"""How far such a thing is moved toward white or black, at most."""
_PALE = 0.78
"""From which lightness on a thing cannot become lighter."""
_LUMA = torch.tensor([0.299, 0.587, 0.114])


def clear(cutout: Cutout, ground: Tensor) -> Cutout:
    """A cutout as it is laid on a ground, with its thin lines wider and its lost edges restated.

    Args:
        cutout: of the size of the ground.
        ground: what is behind it, [3 height width], sRGB in [0, 1].
    """
    return restated(parted(thickened(cutout), ground), ground)


def parted(cutout: Cutout, ground: Tensor) -> Cutout:
    """A cutout that is lighter or darker if it has nearly the color of what is behind it."""
    inside = cutout.share > 0.5
    if not bool(inside.any()):
        return cutout
    own, other = cutout.colors[:, inside].mean(1), ground[:, inside].mean(1)
    far = float((own - other).norm())
    if (
        far >= _ALIKE
        or float(own.min()) > _PALE
        or float(cutout.colors[:, inside].std(1).max()) > _VARIED
    ):
        return cutout
    step = _PART * (1 - far / _ALIKE)
    lighter = cutout.colors + step * (1 - cutout.colors)
    darker = cutout.colors * (1 - step)
    is_lighter = float(own.mean()) > float(other.mean()) and float(own.mean()) < _PALE
    return Cutout(lighter if is_lighter else darker, cutout.share)


def thickened(cutout: Cutout) -> Cutout:
    """A cutout whose thin lines are wider by one place on each side."""
    share = cutout.share[None, None]
    thin = (share - _grown(-_grown(-share, _THIN), _THIN)).clamp_min(0)
    thin = torch.where(thin > _LINE, thin, torch.zeros_like(thin))[0]
    wider = _grown(thin[None], 3)[0, 0]
    around = _mean(thin, 3).clamp_min(1e-4)
    colors = _mean(cutout.colors * thin, 3) / around
    gain = (wider - cutout.share).clamp_min(0)
    new = cutout.share + gain
    mixed = (cutout.colors * cutout.share + colors * gain) / new.clamp_min(1e-4)
    return Cutout(torch.where(gain > 0, mixed, cutout.colors).clamp(0, 1), new)


def lost(cutout: Cutout, ground: Tensor) -> float:
    """How much of a cutout's edge has nearly the color of what is behind it, 0 to 1."""
    rim = _rim(cutout.share)
    return float((_alike(cutout, ground) * rim).sum() / rim.sum().clamp_min(1e-4))


def restated(cutout: Cutout, ground: Tensor) -> Cutout:
    """A cutout whose edge is darker, or lighter, where it is as light as what is behind it."""
    light, behind = (torch.einsum("c,chw->hw", _LUMA, colors) for colors in (cutout.colors, ground))
    lost = _alike(cutout, ground) * _rim(cutout.share)
    is_dark = (behind < _DARK) & (light < 0.5)
    darker = cutout.colors * (1 - _DARKER * lost)
    lighter = cutout.colors + _LIGHTER * lost * (1 - cutout.colors)
    return Cutout(torch.where(is_dark, lighter, darker), cutout.share)


def _alike(cutout: Cutout, ground: Tensor) -> Plane:
    """1 where colors are those behind them, 0 where they are far from these."""
    apart = (cutout.colors - ground).abs().amax(0)
    return (1 - _mean(apart[None], 3)[0] / _APART).clamp(0, 1)


def _rim(share: Plane) -> Plane:
    """1 at the edge of what is there, 0 within it."""
    return (share - (1 - _grown(1 - share[None, None], _RIM)[0, 0])).clamp(0, 1)


def _grown(planes: Tensor, side: int) -> Tensor:
    """The largest number around each place."""
    return functional.max_pool2d(planes, side, 1, side // 2)


def _mean(planes: Tensor, side: int) -> Tensor:
    """The mean number around each place."""
    return functional.avg_pool2d(planes[None], side, 1, side // 2, count_include_pad=False)[0]
