"""Strokes as the MyPaint engine paints them, for a neural brush to learn from."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int, UInt8

from diavlex.brushes import apart, mypaint
from diavlex.brushes.definition import VARIANTS, Definition
from diavlex.brushes.neural import SIDE_PX
from diavlex.stroke import SHAPE_BOUNDS

PIECE = 250
"""Strokes that are painted together."""


@dataclass(frozen=True)
class Strokes:
    """Strokes in their own frames."""

    shapes: Float[np.ndarray, "strokes 5"]
    variants: Int[np.ndarray, " strokes"]
    patches: UInt8[np.ndarray, "strokes side side"]
    """Coverage, 255 where it is full."""

    def __len__(self) -> int:
        return len(self.shapes)

    def save(self, path: Path) -> None:
        """Write to an .npz file, which `load` reads."""
        np.savez(path, shapes=self.shapes, variants=self.variants, patches=self.patches)

    @staticmethod
    def load(path: Path) -> "Strokes":
        """Read what `save` wrote."""
        with np.load(path) as file:
            return Strokes(file["shapes"], file["variants"], file["patches"])


def random_shapes(count: int, seed: int) -> Float[np.ndarray, "count 5"]:
    """Stroke shapes spread evenly over all that a stroke may be."""
    low, high = np.array(SHAPE_BOUNDS).T
    return np.random.default_rng(seed).uniform(low, high, (count, 5)).astype(np.float32)


def paint_strokes(
    brush: Definition, shapes: Float[np.ndarray, "count 5"], workers: int = 1
) -> Generator[Strokes, None, None]:
    """Have the engine paint strokes in pieces of `PIECE`; the variants take turns.

    The strokes are the same whatever the number of workers.

    Args:
        brush: paints them.
        shapes: of the strokes.
        workers: processes that paint at the same time.

    Raises:
        MissingEngine: libmypaint is not on this machine.
        BadBrush: the engine died of the brush.
    """
    mypaint.check_available()
    variants = np.arange(len(shapes)) % VARIANTS
    cuts = range(PIECE, len(shapes), PIECE)
    pieces = list(zip(np.split(shapes, cuts), np.split(variants, cuts), strict=True))
    if workers < 2 and brush.is_trusted:
        yield from (painted(brush, *piece) for piece in pieces)
        return

    def work(worker: apart.Worker, piece: tuple[np.ndarray, np.ndarray]) -> Strokes:
        found = worker.patches(brush, piece[0], piece[1].tolist(), SIDE_PX, is_resolved=True)
        return _kept(*piece, list(found))

    with apart.workers(min(workers, len(pieces))) as share:
        yield from share(work, pieces)


def painted(
    brush: Definition, shapes: Float[np.ndarray, "count 5"], variants: Int[np.ndarray, " count"]
) -> Strokes:
    """Strokes painted by the engine, one after the other."""
    return _kept(shapes, variants, list(mypaint.patches(brush, shapes, variants.tolist(), SIDE_PX)))


def _kept(shapes: np.ndarray, variants: np.ndarray, patches: list[np.ndarray]) -> Strokes:
    return Strokes(shapes, variants, np.round(np.array(patches) * 255).astype(np.uint8))


def join(pieces: list[Strokes]) -> Strokes:
    """Many pieces as one."""
    return Strokes(
        np.concatenate([piece.shapes for piece in pieces]),
        np.concatenate([piece.variants for piece in pieces]),
        np.concatenate([piece.patches for piece in pieces]),
    )
