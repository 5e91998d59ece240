"""The founding neural painters and their stitched canvas, to be compared with in speed.

Written from their description, with random weights: what they cost does not depend on them.
Source: Nakano 2019 (arXiv 1904.08410), the GAN painter; Castillo and others 2021 (arXiv
2111.10283), GeneratorX.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

TILE_PX, OVERLAP_PX = 64, 10
STROKES_A_TILE = 5


def small_painter() -> nn.Module:
    """Twelve numbers and sixteen of noise to 64 px RGB, 0.81 million parameters."""
    widths = (256, 128, 64, 32)
    layers: list[nn.Module] = [nn.Linear(28, 4096), nn.Unflatten(1, (256, 4, 4))]
    layers += [nn.BatchNorm2d(256), nn.ReLU()]
    for before, after in pairwise(widths):
        layers += [nn.ConvTranspose2d(before, after, 4, 2, 1), nn.BatchNorm2d(after), nn.ReLU()]
    layers += [nn.ConvTranspose2d(32, 3, 4, 2, 1), nn.Sigmoid()]
    return nn.Sequential(*layers).eval().requires_grad_(False)


def large_painter() -> nn.Module:
    """Twelve numbers to 64 px RGB, 36.4 million parameters."""
    layers: list[nn.Module] = [nn.Linear(12, 4096), nn.Unflatten(1, (4096, 1, 1))]
    layers += [nn.ConvTranspose2d(4096, 512, 4, 1), nn.ReLU(), nn.BatchNorm2d(512)]
    for before, after in ((512, 256), (256, 128), (128, 64)):
        layers += [nn.ConvTranspose2d(before, after, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(after)]
    layers += [nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(64)]
    layers += [nn.ConvTranspose2d(64, 3, 4, 2, 1), nn.Tanh()]
    return nn.Sequential(*layers).eval().requires_grad_(False)


def stitched_px(tiles: int) -> int:
    """Side of a canvas of so many tiles each way."""
    return TILE_PX * tiles - OVERLAP_PX * (tiles - 1)


def stitch(painter: nn.Module, actions: Tensor, tiles: int) -> Tensor:
    """Paint on white, all tiles at once, which is quicker than one by one as they did.

    Args:
        painter: as above.
        actions: [strokes of a tile, tiles, numbers]; 6, 7, 8 are the color.
        tiles: each way.
    """
    count = tiles * tiles
    canvas = actions.new_ones(count, 3, TILE_PX, TILE_PX)
    for strokes, drawn in zip(actions, painter(actions.flatten(0, 1)).split(count), strict=True):
        mask = 1 - drawn.mean(1, keepdim=True)
        mask = mask / mask.amax((2, 3), keepdim=True)
        canvas = mask * strokes[:, 6:9, None, None] + (1 - mask) * canvas
    side, step = stitched_px(tiles), TILE_PX - OVERLAP_PX
    columns = canvas.flatten(1).T[None]
    whole = functional.fold(columns, side, TILE_PX, stride=step)
    times = functional.fold(torch.ones_like(columns), side, TILE_PX, stride=step)
    return (whole / times)[0]
