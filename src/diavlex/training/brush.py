"""Training the neural painter of one brush on strokes that the MyPaint engine paints."""

import hashlib
import math
import multiprocessing
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import kornia
import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor, nn
from torch.nn import functional

from diavlex import weights
from diavlex.brushes import mypaint
from diavlex.brushes.definition import VARIANTS, Definition, check, file_of, find, is_own
from diavlex.brushes.neural import FAR_PX, SIDE_PX, NeuralBrush
from diavlex.errors import BadValue
from diavlex.files import replacing
from diavlex.stroke import BEND, FULLNESS, PRESSURE, SKEW
from diavlex.tensors import Patches

HELD_OUT = 2_000
"""Strokes that a painter is scored on and never learns from."""

CHECKPOINT_STEPS = 250
VARIANT_STROKES = 200
"""Strokes by which the variants of a brush are told apart."""
_PIECE = 250  # strokes a worker paints at a time
_FAR_BATCH = 512
_SIZES = ("width", "channels", "grain", "cap", "far")
"""Options that are the network's own."""
_COUNTS = (
    "strokes", "steps", "batch", "width", "grain", "far", "far_strokes", "far_steps", "workers",
)  # fmt: skip
"""Options that are at least 1."""


@dataclass(frozen=True)
class Strokes:
    """Strokes as the engine painted them, in their own frames."""

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
    low, high = np.array([FULLNESS, BEND, SKEW, PRESSURE, PRESSURE]).T
    return np.random.default_rng(seed).uniform(low, high, (count, 5)).astype(np.float32)


def paint_strokes(
    brush: str, shapes: Float[np.ndarray, "count 5"], workers: int = 1
) -> Iterator[Strokes]:
    """Have the engine paint strokes, piece by piece, their variants by turns.

    The strokes are the same whatever the number of workers.
    """
    variants = np.arange(len(shapes)) % VARIANTS
    cuts = range(_PIECE, len(shapes), _PIECE)
    pieces = list(zip(np.split(shapes, cuts), np.split(variants, cuts), strict=True))
    if workers < 2:
        yield from map(partial(_paint_piece, brush), pieces)
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(partial(_paint_piece, brush), pieces)


def join(pieces: list[Strokes]) -> Strokes:
    """Many pieces as one."""
    return Strokes(
        np.concatenate([piece.shapes for piece in pieces]),
        np.concatenate([piece.variants for piece in pieces]),
        np.concatenate([piece.patches for piece in pieces]),
    )


def _paint_piece(brush: str, piece: tuple[np.ndarray, np.ndarray]) -> Strokes:
    patches = [
        mypaint.resolved_patch(brush, shape.tolist(), int(variant), SIDE_PX)
        for shape, variant in zip(*piece, strict=True)
    ]
    return Strokes(*piece, np.round(np.array(patches) * 255).astype(np.uint8))


@dataclass(frozen=True)
class BrushTraining:
    """How to train the painter of one brush."""

    brush: str = "oil"
    """A name of the library, or the path of a MyPaint brush file (.myb)."""
    name: str = ""
    """What to call it; without, as the brush is called."""
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
    """Share of its picture that either end of a stroke gets; 0.11 helps grain, blurs crisp ends."""
    far: int = 256
    """Width of the plain network for small canvases."""
    far_strokes: int = 100_000
    far_steps: int = 6_000
    seed: int = 0
    workers: int = 1
    """Processes that paint strokes."""
    runs: Path = Path("runs")
    """Where strokes and checkpoint are kept, in a folder of their own, until the brush is saved."""
    into: Path | None = None
    """The folder for the weights; without, the person's own (see `diavlex.weights.own_folder`)."""

    def __post_init__(self) -> None:
        for option in _COUNTS:
            if getattr(self, option) < 1:
                raise BadValue(f"--{option} must be at least 1, not {getattr(self, option)}.")
        if not 0 <= self.cap <= 0.3:
            raise BadValue(f"--cap must lie between 0 and 0.3, not at {self.cap:g}.")
        if not 0 <= self.seed < 2**40:
            raise BadValue(f"--seed must lie between 0 and 2^40, not at {self.seed}.")
        if not re.fullmatch(r"[\w-]*", self.name):
            raise BadValue(f"a brush cannot be called '{self.name}': use letters, digits, - and _.")


@dataclass(frozen=True)
class Progress:
    """Where a training stands."""

    phase: str
    """strokes | steps | far strokes | far steps | done"""
    done: int
    total: int
    scores: dict[str, float]
    """loss while training; at the end those of the card."""


def train(options: BrushTraining) -> Iterator[Progress]:
    """Train the painter of a brush and save it; goes on where an interrupted training stopped.

    The same options give the same weights on the same machine.

    Raises:
        UnknownName: no such brush.
        BadValue: a brush that cannot be learned, or a name that is taken.
        MissingEngine: libmypaint is not on this machine.
    """
    definition = find(options.brush)
    check(definition)
    name = options.name or definition.name
    into = options.into or weights.own_folder()
    if options.brush.endswith(".myb") and is_own(name):
        raise BadValue(f"'{name}' is one of diavlex's own brushes; give yours another name.")
    folder = options.runs / f"brush-{name}-{_digest(options, definition)}"
    folder.mkdir(parents=True, exist_ok=True)
    learned = yield from _gather(options, options.strokes, options.seed, folder / "strokes.npz")
    held_out = yield from _gather(options, HELD_OUT, options.seed + 10_000, folder / "held_out.npz")
    brush = yield from _learn(options, learned, folder / "checkpoint.pt")
    _to_half(brush)
    yield from learn_far(options, brush, folder / "far.pt")
    tensors = _to_half(brush)
    scores = score(brush, held_out) | {"between_variants_psnr": between_variants(options.brush)}
    card = _card(name, definition, options, scores)
    weights.save(into, card, tensors)
    if not is_own(name):
        shutil.copyfile(file_of(options.brush), into / f"{name}.myb")
    shutil.rmtree(folder)
    yield Progress("done", options.steps, options.steps, scores)


def _to_half(brush: NeuralBrush) -> dict[str, Tensor]:
    """The weights as they are kept; the brush goes on with these."""
    tensors = {key: value.half() for key, value in brush.state_dict().items()}
    brush.load_state_dict({key: value.float() for key, value in tensors.items()})
    return tensors


def score(brush: NeuralBrush, strokes: Strokes) -> dict[str, float]:
    """How near a painter comes to the engine, and from afar; see `compare`."""
    truth = halved(torch.from_numpy(strokes.patches).float() / 255)
    far = _decibel((predict(brush, strokes, FAR_PX) - truth).square().mean())
    return compare(predict(brush, strokes), strokes) | {"far_psnr": far}


def compare(guess: Patches, strokes: Strokes) -> dict[str, float]:
    """How near patches come to the engine's: PSNR in dB everywhere, and where there is paint."""
    truth = torch.from_numpy(strokes.patches).float() / 255
    error, inked = (guess - truth).square(), truth > 0.02
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
    """What a painter makes of the same strokes."""
    shapes, variants = torch.from_numpy(strokes.shapes), torch.from_numpy(strokes.variants)
    parts = zip(shapes.split(250), variants.split(250), strict=True)
    return torch.cat([brush(*part, side_px) for part in parts])


def between_variants(brush: str) -> float:
    """PSNR of one variant taken for another: what comes of not knowing the texture."""
    shapes = random_shapes(VARIANT_STROKES, 20_000)
    two = [
        np.array([mypaint.resolved_patch(brush, s.tolist(), v, SIDE_PX) for s in shapes])
        for v in (0, 1)
    ]
    return _decibel(torch.tensor(np.square(two[0] - two[1]).mean()))


def _decibel(error: Tensor) -> float:
    return round(-10 * math.log10(max(float(error), 1e-10)), 2)


def _gather(
    options: BrushTraining, count: int, seed: int, path: Path
) -> Generator[Progress, None, Strokes]:
    """Strokes from the engine, or as painted before an interruption."""
    if path.is_file():
        return Strokes.load(path)
    pieces = []
    for piece in paint_strokes(options.brush, random_shapes(count, seed), options.workers):
        pieces.append(piece)
        yield Progress("strokes", min(len(pieces) * _PIECE, count), count, {})
    strokes = join(pieces)
    with replacing(path) as fresh:
        strokes.save(fresh)
    return strokes


def _learn(
    options: BrushTraining, strokes: Strokes, path: Path
) -> Generator[Progress, None, NeuralBrush]:
    """The network after all its steps; a checkpoint every now and then."""
    brush = untaught(options)

    def loss(generator: torch.Generator) -> Tensor:
        shapes, variants, truth = _batch(strokes, options.batch, generator)
        return difference(brush(shapes, variants), truth)

    yield from _descend("steps", options, options.steps, brush, loss, path)
    return brush.eval()


def untaught(options: BrushTraining) -> NeuralBrush:
    """The painter of a brush as it begins."""
    torch.manual_seed(options.seed)
    sizes = {key: getattr(options, key) for key in _SIZES}
    return NeuralBrush(**sizes, is_bfloat16=True)


def learn_far(options: BrushTraining, brush: NeuralBrush, path: Path) -> Iterator[Progress]:
    """Teach a brush that knows its strokes to draw them as they are seen from afar."""
    assert brush.far is not None
    shapes = torch.from_numpy(random_shapes(options.far_strokes, options.seed + 20_000))
    variants, truth = torch.arange(len(shapes)) % VARIANTS, []
    for rows in torch.arange(len(shapes)).split(_PIECE):
        with torch.no_grad():  # and not while others go on with what is told
            truth.append(halved(brush(shapes[rows], variants[rows])).half())
        yield Progress("far strokes", int(rows[-1]) + 1, len(shapes), {})
    patches = torch.cat(truth)

    def loss(generator: torch.Generator) -> Tensor:
        rows = torch.randint(len(shapes), (_FAR_BATCH,), generator=generator)
        return difference(brush(shapes[rows], variants[rows], FAR_PX), patches[rows].float())

    yield from _descend("far steps", options, options.far_steps, brush.far, loss, path)


def halved(patches: Patches) -> Float[Tensor, "strokes half half"]:
    """Patches of half the side."""
    return functional.avg_pool2d(patches[:, None], 2)[:, 0]


def _descend(
    phase: str,
    options: BrushTraining,
    steps: int,
    network: nn.Module,
    loss_of: Callable[[torch.Generator], Tensor],
    path: Path,
) -> Iterator[Progress]:
    """Improve a network for some steps; a checkpoint every now and then."""
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-4)
    begun = 0
    if path.is_file():
        state = torch.load(path, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        begun = state["step"]
    for step in range(begun + 1, steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = options.rate * _schedule(step, steps)
        loss = loss_of(torch.Generator().manual_seed(options.seed * 1_000_003 + step))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        if step % CHECKPOINT_STEPS == 0:
            parts = {"network": network.state_dict(), "optimizer": optimizer.state_dict()}
            with replacing(path) as fresh:
                torch.save(parts | {"step": step}, fresh)
        if step % 50 == 0 or step == steps:
            yield Progress(phase, step, steps, {"loss": float(loss.detach())})


def difference(guess: Patches, truth: Patches) -> Float[Tensor, ""]:
    """How far patches are from what they should be: in value, squared, and in their edges."""
    error = guess - truth
    edges = error.diff(dim=1).abs().mean() + error.diff(dim=2).abs().mean()
    return error.abs().mean() + 2 * error.square().mean() + 0.5 * edges


def _batch(
    strokes: Strokes, size: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    chosen = torch.randint(len(strokes), (size,), generator=generator).numpy()
    patches = torch.from_numpy(strokes.patches[chosen]).float() / 255
    return (
        torch.from_numpy(strokes.shapes[chosen]),
        torch.from_numpy(strokes.variants[chosen]),
        patches,
    )


def _schedule(step: int, steps: int) -> float:
    """The share of the learning rate: up over 200 steps, then down a cosine to nearly nothing."""
    return min(1, step / 200) * (0.5 + 0.5 * math.cos(math.pi * step / steps) + 0.005)


def _digest(options: BrushTraining, definition: Definition) -> str:
    """What tells this training from every other: an altered brush or option begins anew."""
    place = {"runs": Path(), "into": None, "workers": 1, "brush": "", "name": ""}
    text = repr((replace(options, **place), VARIANTS, HELD_OUT, definition))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _card(
    name: str, definition: Definition, options: BrushTraining, scores: dict[str, float]
) -> weights.Card:
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
