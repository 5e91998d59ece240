"""Patterns: stripes, spots, checks and rainbows on the main color of a thing."""

import torch
from torch import Tensor

from diavlex.phrases import Noun

from .shapes import Cutout, Paint, Plane
from .tint import paint_of

_KINDS = {
    "striped": "stripes", "stripes": "stripes", "stripe": "stripes", "pinstriped": "stripes",
    "spotted": "spots", "dotted": "spots", "dots": "spots", "spots": "spots", "polka": "spots",
    "checkered": "checks", "checked": "checks", "plaid": "checks", "tartan": "checks",
    "checks": "checks", "squares": "checks", "rainbow": "rainbow", "colorful": "rainbow",
    "colourful": "rainbow", "multicolored": "rainbow", "multicolor": "rainbow",
    "rainbow-colored": "rainbow", "gingham": "checks", "speckled": "spots", "dappled": "spots",
}  # fmt: skip
"""Words for patterns, by the pattern."""
_RAINBOW: tuple[Paint, ...] = (
    (0.88, 0.18, 0.16), (0.95, 0.55, 0.12), (0.97, 0.84, 0.20), (0.25, 0.65, 0.30),
    (0.20, 0.45, 0.85), (0.52, 0.25, 0.70),
)  # fmt: skip
_UPRIGHT = (
    "umbrella",
    "parasol",
    "awning",
    "tent",
    "pants",
    "wall",
    "wallpaper",
    "tie",
    "carousel",
)
"""Things whose stripes go up and down."""
_NEAR = 0.30
"""Distance up to which a color is the main one, when both are as light."""
_COUNT = 4
"""How many stripes, spots or squares there are from edge to edge."""


def pattern_of(noun: Noun) -> tuple[str, Paint | None] | None:
    """The pattern of a thing and its color, if one is said."""
    for one in noun.having:
        if one.head in _KINDS:
            return _KINDS[one.head], paint_of(one.color) if one.color else None
    for word in noun.traits:
        if word in _KINDS:
            return _KINDS[word], paint_of(noun.also) if noun.also else None
    return ("stripes", paint_of(noun.also)) if noun.also else None


def with_pattern(cutout: Cutout, noun: Noun, on: Paint | None = None) -> Cutout:
    """A thing with the pattern that its noun tells.

    Args:
        cutout: of the thing.
        noun: what is said of it.
        on: the color that is patterned; the main one if not given.
    """
    found = pattern_of(noun)
    if found is None or not bool((cutout.share > 0.5).any()):
        return cutout
    kind, paint = found
    main = torch.tensor(on) if on else _main(cutout)
    cover = _covered(cutout, main, 0.6 * _NEAR if on else _NEAR)
    if float(cover.sum()) < _COUNT**2:
        return cutout
    if kind == "rainbow":
        colors = _rainbow(cover, is_upright=noun.head in _UPRIGHT)
        return Cutout(cutout.colors.lerp(colors, cover), cutout.share)
    is_light = float(main.mean()) > 0.7
    shown = torch.tensor(paint or ((0.12, 0.12, 0.14) if is_light else (0.97, 0.97, 0.95)))
    marks = _marks(kind, cover, is_upright=noun.head in _UPRIGHT) * cover
    return Cutout(cutout.colors.lerp(shown[:, None, None], marks), cutout.share)


def _main(cutout: Cutout) -> Tensor:
    """The color of most of a thing, above all if it is vivid."""
    colors = cutout.colors[:, cutout.share > 0.5]
    bins = (colors * 4.99).floor()
    keys = (bins * torch.tensor([25.0, 5.0, 1.0])[:, None]).sum(0)
    vivid = 0.25 + colors.amax(0) - colors.amin(0)
    weights = torch.zeros(125).index_add(0, keys.long(), vivid)
    return colors[:, keys.long() == int(weights.argmax())].mean(1)


def _covered(cutout: Cutout, main: Tensor, near: float) -> Plane:
    """Where a thing has its main color, or a shade of it."""
    light = cutout.colors.mean(0, keepdim=True).clamp_min(0.05)
    alike = (cutout.colors / light * main.mean() - main[:, None, None]).norm(dim=0)
    is_light = (light[0] - main.mean()).abs() < 0.28
    return ((alike < near) & is_light).float() * (cutout.share > 0.5)


def _box(cover: Plane) -> tuple[Plane, Plane]:
    """How far down and across each place is in what is covered, from 0 to 1."""
    rows, columns = cover.any(1).nonzero().flatten(), cover.any(0).nonzero().flatten()
    y = (torch.arange(cover.shape[0]) - rows[0]) / (rows[-1] - rows[0] + 1)
    x = (torch.arange(cover.shape[1]) - columns[0]) / (columns[-1] - columns[0] + 1)
    return y[:, None].expand_as(cover), x[None].expand_as(cover)


def _marks(kind: str, cover: Plane, *, is_upright: bool) -> Plane:
    down, across = _box(cover)
    if kind == "stripes":
        along = across if is_upright else down
        return ((along * _COUNT + 0.25) % 1 > 0.5).float()
    if kind == "checks":
        first, second = ((v * _COUNT % 1) > 0.5 for v in (down, across))
        return (first ^ second).float()
    row = (down * _COUNT).floor()
    y, x = down * _COUNT % 1 - 0.5, (across * _COUNT + 0.5 * (row % 2)) % 1 - 0.5
    return (y.square() + x.square() < 0.085).float()


def _rainbow(cover: Plane, *, is_upright: bool) -> Tensor:
    down, across = _box(cover)
    along = across if is_upright else down
    band = (along.clamp(0, 0.999) * len(_RAINBOW)).long().clamp(0, len(_RAINBOW) - 1)
    return torch.tensor(_RAINBOW)[band].permute(2, 0, 1)
