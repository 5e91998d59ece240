"""Cutouts: small pictures of things without what is around them, drawn from plain shapes.

A cutout is what a thing looks like where it is, and how much of each place it covers. Cutouts are
drawn from capsules, ellipses and polygons, or come from prototypes; they are laid over each other
as paint is.

Source: distances to shapes, and their smooth edges, as Quilez (articles on 2D distance functions,
2020) names them; "over", Porter and Duff 1984.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

Point = tuple[float, float]
"""x, to the right, and y, down, in shorter sides of the frame, from its upper left corner."""
Shape = tuple[int, int]
"""Rows and columns."""
Paint = tuple[float, float, float]
"""sRGB in [0, 1]."""
DRAWN: Shape = (64, 64)
"""Rows and columns in which things are drawn."""
_LITTLE = 1e-4

Plane = Float[Tensor, "height width"]


@dataclass(frozen=True)
class Cutout:
    """A thing without what is around it."""

    colors: Float[Tensor, "3 height width"]
    """sRGB in [0, 1]; anything where it is not."""
    share: Plane
    """How much of each place it covers, in [0, 1]."""

    def over(self, below: "Cutout") -> "Cutout":
        """This cutout laid over another of the same size."""
        left = (1 - self.share) * below.share
        share = self.share + left
        mixed = (self.colors * self.share + below.colors * left) / share.clamp_min(_LITTLE)
        return Cutout(mixed.clamp(0, 1), share)

    def on(self, ground: Float[Tensor, "3 height width"]) -> Float[Tensor, "3 height width"]:
        """The picture that it makes with a ground."""
        return ground.lerp(self.colors, self.share.expand_as(ground))

    def mirrored(self) -> "Cutout":
        """The same seen in a mirror."""
        return Cutout(self.colors.flip(-1), self.share.flip(-1))


def nothing(shape: Shape = DRAWN) -> Cutout:
    """A cutout of no thing."""
    return Cutout(torch.zeros(3, *shape), torch.zeros(shape))


def fill(coverage: Plane, paint: Paint) -> Cutout:
    """A cutout of one color."""
    return Cutout(torch.tensor(paint)[:, None, None].expand(3, *coverage.shape).clone(), coverage)


def stacked(parts: Sequence[Cutout]) -> Cutout:
    """Cutouts laid over each other, the first one lowest."""
    lowest, *others = parts
    for part in others:
        lowest = part.over(lowest)
    return lowest


def centers(shape: Shape) -> tuple[Plane, Plane]:
    """Where the centers of places are: x and y."""
    y, x = ((torch.arange(count) + 0.5) / min(shape) for count in shape)
    x, y = torch.meshgrid(x, y, indexing="xy")
    return x, y


def covered(distance: Plane) -> Plane:
    """How much of each place is inside of a shape, by its distance to the edge, inside negative."""
    return (0.5 - distance * min(distance.shape)).clamp(0, 1)


def line(
    points: Sequence[Point], width: float, end: float | None = None, shape: Shape = DRAWN
) -> Plane:
    """A thick line through points with round ends.

    Args:
        points: two or more.
        width: its width.
        end: its width at the last point, the same if not given.
        shape: rows and columns.
    """
    x, y = centers(shape)
    end, count = width if end is None else end, len(points) - 1
    best = torch.full_like(x, 9.0)
    for k in range(count):
        (ax, ay), (bx, by) = points[k], points[k + 1]
        dx, dy = bx - ax, by - ay
        along = ((x - ax) * dx + (y - ay) * dy) / max(dx * dx + dy * dy, _LITTLE)
        along = along.clamp(0, 1)
        far = ((x - ax - along * dx).square() + (y - ay - along * dy).square()).sqrt()
        best = torch.minimum(best, far - (width + (end - width) * (k + along) / count) / 2)
    return covered(best)


def ellipse(center: Point, width: float, height: float, shape: Shape = DRAWN) -> Plane:
    """An upright ellipse."""
    x, y = centers(shape)
    far = (((x - center[0]) / width * 2).square() + ((y - center[1]) / height * 2).square()).sqrt()
    return covered((far - 1) * min(width, height) / 2)


def polygon(points: Sequence[Point], shape: Shape = DRAWN) -> Plane:
    """A shape with straight edges, which may be hollow."""
    x, y = centers(shape)
    inside = torch.zeros_like(x, dtype=torch.bool)
    nearest = torch.full_like(x, 9.0)
    for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True):
        dx, dy = bx - ax, by - ay
        along = ((x - ax) * dx + (y - ay) * dy) / max(dx * dx + dy * dy, _LITTLE)
        along = along.clamp(0, 1)
        far = ((x - ax - along * dx).square() + (y - ay - along * dy).square()).sqrt()
        nearest = torch.minimum(nearest, far)
        if dy:
            crosses = (ay > y) != (by > y)
            inside ^= crosses & (x < ax + (y - ay) / dy * dx)
    return covered(torch.where(inside, -nearest, nearest))


def placed(
    cutout: Cutout,
    center: Point,
    width: float,
    shape: Shape,
    *,
    turn: float = 0.0,
    tall: float = 1.0,
) -> Cutout:
    """A cutout as it lies in a larger frame.

    Args:
        cutout: of any size.
        center: where its center comes to lie.
        width: how wide it becomes.
        shape: rows and columns of the frame.
        turn: how far it is turned clockwise, in radians.
        tall: its height over its width.
    """
    x, y = centers(shape)
    x, y = (x - center[0]) / width, (y - center[1]) / width
    sine, cosine = torch.sin(torch.tensor(turn)), torch.cos(torch.tensor(turn))
    x, y = x * cosine + y * sine, (y * cosine - x * sine) / tall
    grid = 2 * torch.stack([x, y], -1)[None]
    solid = torch.cat([cutout.colors * cutout.share, cutout.share[None]])
    smaller = max(1, round(cutout.share.shape[-1] / max(width * min(shape), 1)))
    solid = (
        functional.avg_pool2d(solid[None], smaller, ceil_mode=True) if smaller > 1 else solid[None]
    )
    seen = functional.grid_sample(solid, grid, align_corners=False)[0]
    return Cutout((seen[:3] / seen[3].clamp_min(_LITTLE)).clamp(0, 1), seen[3].clamp(0, 1))
