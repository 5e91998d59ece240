"""Trains the neural brush that paints as a MyPaint brush does, on strokes of the MyPaint engine."""

import hashlib
import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from diavlex import weights
from diavlex.brushes.definition import (
    VARIANTS,
    Definition,
    check_coverage,
    file_of,
    is_own,
    read,
)
from diavlex.brushes.neural import FAR_PX, NeuralBrush
from diavlex.errors import BadValue
from diavlex.files import path_of, replacing

from .brush_scores import between_variants, halved, score
from .descent import Progress, descend, difference
from .strokes import PIECE, Strokes, join, paint_strokes, random_shapes

HELD_OUT = 2_000
"""Strokes that a brush is scored on and never learns from."""

_FAR_BATCH = 512
_SIZES = ("width", "channels", "grain", "cap", "far")
"""Options that are the network's own."""
_COUNTS = (
    "strokes", "steps", "batch", "width", "grain", "far", "far_strokes", "far_steps", "workers",
)  # fmt: skip
"""Options that are at least 1."""


@dataclass(frozen=True)
class BrushTraining:
    """How to train the painter of one brush."""

    brush: str = "oil"
    """The name of a brush, or the path of a MyPaint brush file (.myb)."""
    name: str = ""
    """What to call it; if empty, as the brush is called."""
    strokes: int = 16_000
    """Strokes painted by the engine to learn from."""
    steps: int = 1_500
    batch: int = 128
    rate: float = 2e-3
    """The learning rate at its highest."""
    width: int = 256
    channels: tuple[int, int, int] = (32, 24, 16)
    grain: int = 4
    cap: float = 0.0
    """See `diavlex.brushes.ribbon.locate`; 0.11 helps grain, blurs crisp ends."""
    far: int = 256
    """Width of the plain network that paints small patches."""
    far_strokes: int = 100_000
    far_steps: int = 6_000
    seed: int = 0
    workers: int = 1
    """Processes that paint strokes."""
    runs: Path = Path("runs")
    """Where strokes and checkpoint are kept, in a folder of their own, until the brush is saved."""
    into: Path | None = None
    """The folder for the weights; if None, the person's own (see `diavlex.weights.own_folder`)."""

    def __post_init__(self) -> None:
        for option in _COUNTS:
            if getattr(self, option) < 1:
                raise BadValue(f"--{option} must be at least 1, not {getattr(self, option)}.")
        if not 0 <= self.cap <= 0.3:
            raise BadValue(f"--cap must lie between 0 and 0.3, not at {self.cap:g}.")
        if not 0 <= self.seed < 2**40:
            raise BadValue(f"--seed must lie between 0 and 2^40, not at {self.seed}.")
        _check_name(self.name or "unnamed")


def _check_name(name: str) -> None:
    if not weights.is_name(name):
        raise BadValue(
            f"a brush cannot be called '{name}': give a --name without commas, colons and slashes."
        )


def train(options: BrushTraining) -> Generator[Progress, None, None]:
    """Train a neural brush and save it; an interrupted training goes on where it stopped.

    The same options give the same weights on the same machine.

    Raises:
        UnknownName: no such brush.
        BadBrush: a brush that cannot be read or learned, or of which the engine died.
        BadValue: a name that is taken, or that is none.
        MissingEngine: libmypaint is not on this machine.
    """
    path = _file(options.brush)
    definition = read(path)
    check_coverage(definition)
    name = _name(options, definition)
    folder = options.runs / f"brush-{name}-{_digest(options, definition)}"
    shapes = random_shapes(options.strokes, options.seed)
    learned = yield from _gather(options, definition, shapes, folder / "strokes.npz")
    shapes = random_shapes(HELD_OUT, options.seed + 10_000)
    held_out = yield from _gather(options, definition, shapes, folder / "held_out.npz")
    brush = yield from _learn(options, learned, folder / "checkpoint.pt")
    _to_half(brush)
    yield from learn_far(options, brush, folder / "far.pt")
    tensors = _to_half(brush)
    scores = score(brush, held_out) | {"between_variants_psnr": between_variants(definition)}
    into = options.into or weights.own_folder()
    weights.save(into, _card(name, definition, options, scores), tensors)
    if not is_own(name):
        with replacing(into / f"{name}.myb") as fresh:
            shutil.copyfile(path, fresh)
    shutil.rmtree(folder)
    yield Progress("done", options.steps, options.steps, scores)


def _file(brush: str) -> Path:
    """The file of a brush, given as its name or as the path of the file itself."""
    return path_of(brush) if brush.endswith(".myb") else file_of(brush)


def _name(options: BrushTraining, definition: Definition) -> str:
    """What to call the brush that is trained."""
    name = options.name or definition.name
    _check_name(name)
    if not definition.is_trusted and is_own(name):
        raise BadValue(f"'{name}' is one of diavlex's own brushes; give yours another --name.")
    return name


def _to_half(brush: NeuralBrush) -> dict[str, Tensor]:
    """The weights in half precision, as they are saved; the brush goes on with these."""
    tensors = {key: value.half() for key, value in brush.state_dict().items()}
    brush.load_state_dict({key: value.float() for key, value in tensors.items()})
    return tensors


def _gather(
    options: BrushTraining, definition: Definition, shapes: np.ndarray, path: Path
) -> Generator[Progress, None, Strokes]:
    """Strokes of the engine, painted now or before an interruption."""
    if path.is_file():
        return Strokes.load(path)
    pieces, done = [], 0
    for piece in paint_strokes(definition, shapes, options.workers):
        pieces.append(piece)
        done += len(piece)
        yield Progress("strokes", done, len(shapes), {})
    strokes = join(pieces)
    with replacing(path) as fresh:
        strokes.save(fresh)
    return strokes


def _learn(
    options: BrushTraining, strokes: Strokes, path: Path
) -> Generator[Progress, None, NeuralBrush]:
    """The brush after all its steps but those for small patches."""
    brush = new_brush(options)

    def loss(generator: torch.Generator) -> Tensor:
        shapes, variants, truth = _batch(strokes, options.batch, generator)
        return difference(brush(shapes, variants), truth)

    yield from descend(
        "steps", brush, loss, path, steps=options.steps, rate=options.rate, seed=options.seed
    )
    return brush.eval()


def new_brush(options: BrushTraining) -> NeuralBrush:
    """A neural brush that has learned nothing yet."""
    sizes = {key: getattr(options, key) for key in _SIZES}
    brush = NeuralBrush(**sizes, is_bfloat16=True)
    brush.initialize(torch.Generator().manual_seed(options.seed))
    return brush


def learn_far(options: BrushTraining, brush: NeuralBrush, path: Path) -> Iterator[Progress]:
    """Teach a trained brush's plain network to paint small patches like the large ones."""
    assert brush.far is not None
    shapes = torch.from_numpy(random_shapes(options.far_strokes, options.seed + 20_000))
    variants, truth = torch.arange(len(shapes)) % VARIANTS, []
    for rows in torch.arange(len(shapes)).split(PIECE):
        with torch.no_grad():  # not around the yield, which would switch it off for the caller too
            truth.append(halved(brush(shapes[rows], variants[rows])).half())
        yield Progress("far strokes", int(rows[-1]) + 1, len(shapes), {})
    patches = torch.cat(truth)

    def loss(generator: torch.Generator) -> Tensor:
        rows = torch.randint(len(shapes), (_FAR_BATCH,), generator=generator)
        return difference(brush(shapes[rows], variants[rows], FAR_PX), patches[rows].float())

    yield from descend(
        "far steps",
        brush.far,
        loss,
        path,
        steps=options.far_steps,
        rate=options.rate,
        seed=options.seed,
    )


def _batch(
    strokes: Strokes, size: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Shapes, variants and patches of strokes drawn at random."""
    chosen = torch.randint(len(strokes), (size,), generator=generator).numpy()
    patches = torch.from_numpy(strokes.patches[chosen]).float() / 255
    return (
        torch.from_numpy(strokes.shapes[chosen]),
        torch.from_numpy(strokes.variants[chosen]),
        patches,
    )


def _digest(options: BrushTraining, definition: Definition) -> str:
    """A name for this training: with an altered brush or option it is another, and begins anew."""
    place = {"runs": Path(), "into": None, "workers": 1, "brush": "", "name": ""}
    text = repr((replace(options, **place), VARIANTS, HELD_OUT, definition))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _card(
    name: str, definition: Definition, options: BrushTraining, scores: dict[str, float]
) -> weights.Card:
    """The card of a trained brush."""
    network = {key: getattr(options, key) for key in _SIZES}
    keys = ("strokes", "steps", "batch", "rate", "far_strokes", "far_steps", "seed", "cap")
    return weights.Card(
        name=name,
        kind="brush",
        about=definition.about,
        licence="MIT",
        trained_on={
            "strokes painted by libmypaint 1.5 (ISC)": "made by diavlex, no pictures involved"
        },
        settings={"network": network, "training": {key: getattr(options, key) for key in keys}},
        scores=scores,
    )
