"""What a painter's process asks of the library: the one place that knows how it is called."""

import contextlib
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from diavlex import gallery, painting, series, weights
from diavlex.errors import BadFolder
from diavlex.files import replacing, sweep
from diavlex.gallery import exports
from diavlex.pictures import colors_of, read_picture
from diavlex.series import Session
from diavlex.series.session import CHECKPOINT
from diavlex.studio import Step
from diavlex.web import frames, wishes
from diavlex.web.exports import ending

_WAIT_S = 30.0
_SWATCH_PX = (96, 320)
_SMALL = {"strokes": 8, "steps": 1, "views": 2, "canvas_px": 64, "size": "64x64", "imagine": 0.0}


@contextlib.contextmanager
def only_painter(hidden: Path, name: str) -> Iterator[None]:
    """Within it, no other painter of this name works for the studio.

    One whose server was killed goes by itself within a step, and is waited for.

    Raises:
        BadFolder: it does not go.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(hidden / f"{name}.lock", timeout=_WAIT_S)
    try:
        held = lock.acquire()
    except Timeout:
        raise BadFolder("a painter of an earlier studio still works here; end it.") from None
    with held:
        yield


def prepare(setup: dict[str, Any]) -> dict[str, Any]:
    """Load all that painting needs, and say what the library can do."""
    if setup["threads"]:
        torch.set_num_threads(setup["threads"])
    if setup["is_warm"]:
        series.paint("a red circle", setup["device"], **_SMALL)
    return {"guides": _guides()}


def _guides() -> list[dict[str, Any]]:
    """The guides that are on this machine; none is fetched because a page asks for it."""
    from diavlex.guides import added
    from diavlex.guides.clip import KNOWN

    shipped = [{"name": c.name, "about": c.about} for c in weights.known("guide").values()]
    others = [{"name": n, "about": known.about} for n, known in KNOWN.items() if known.is_here]
    return shipped + [{"name": n, "about": "of another package"} for n in added()] + others


def take_up(order: dict[str, Any], device: str) -> tuple[Session, np.ndarray]:
    """Begin a painting, or go on with its checkpoint; also what marks its strokes (see `frames`).

    Raises:
        DiavlexError: what was asked for cannot be painted.
    """
    folder = Path(order["folder"])
    if (folder / CHECKPOINT).is_file():
        session = series.resume(folder, device)
    else:
        prompt, config = order["request"]["prompt"], wishes.config_of(order["request"])
        photo, start, keep = (order["files"].get(wish) for wish in ("photo", "start", "keep"))
        session = series.begin(
            prompt, config, folder, overwrite=True, device=device, photo=photo, start=start,
            keep=keep,
        )  # fmt: skip
        sweep(folder)
    brush_of = np.array(session.brush_of)
    return session, frames.marks(brush_of, session.search.variants.cpu().numpy())


def scores(step: Step) -> dict[str, float]:
    """What a step is judged by, by name: the likeness to the words, and what each term adds."""
    told = {"likeness": step.cosine, "loss": step.loss, **step.scores}
    return {name: round(value, 5) for name, value in told.items()}


def frame(id: str, step: Step, marks: np.ndarray) -> bytes:
    """The strokes of a step, to be drawn by the page."""
    actions = step.actions.detach().to("cpu", torch.float32).numpy()
    return frames.pack(id, step.index, step.steps, actions, marks)


def keep_picture(session: Session) -> None:
    """Write the record and the picture of what there is, beside the checkpoint."""
    record, config = session.painting(), session.config
    engine = gallery.finisher(config.finish, session.brushes)
    exports.save(record, session.folder / "painting.png", engine=engine)
    record.save(session.folder)


def export(folder: Path, path: Path, name: str, choices: dict[str, Any]) -> None:
    """Make a file of a painting's record; several files become one archive.

    Raises:
        DiavlexError: that file cannot be made of it.
    """
    made = exports.find(name)
    if ending(made) == made.suffix:
        exports.save(painting.load(folder), path, name, **choices)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as room:
        whole = Path(room) / "painting"
        whole.mkdir()
        inner = whole / f"painting{made.suffix}" if made.suffix else whole / "frames"
        exports.save(painting.load(folder), inner, name, **choices)
        with replacing(path) as fresh, zipfile.ZipFile(fresh, "w") as archive:
            for file in sorted(one for one in whole.rglob("*") if one.is_file()):
                archive.write(file, file.relative_to(whole))


def colors(picture: Path, count: int) -> list[str]:
    """The few colors of a picture, as #rrggbb."""
    found = colors_of(read_picture(picture), count)
    return ["#" + "".join(f"{round(value * 255):02x}" for value in one) for one in found]


def swatch(brush: str, path: Path) -> None:
    """Draw what a brush does, in black on nothing, as a small PNG."""
    from PIL import Image, ImageChops

    height, width = _SWATCH_PX
    picture = gallery.render(_sample(brush), height * 2)
    bare = Image.fromarray(picture).convert("L").resize((width, height))
    black, cover = Image.new("L", bare.size), ImageChops.invert(bare)
    with replacing(path) as fresh:
        Image.merge("LA", [black, cover]).save(fresh, "PNG")


def _sample(brush: str) -> painting.Painting:
    """One long stroke that gets lighter, and a dab beside it, in black on white."""
    rows = [
        [0.95, 0.35, 0.26, 1.15, -0.1, 2.3, 0.62, 0.38, 0.68, 0.0, 0.0, 0.0],
        [0.7, 0.8, 0.15, 2.86, 0.42, 2.98, 0.66, 2.82, 0.3, 0.0, 0.0, 0.0],
    ]
    return painting.Painting(
        actions=torch.tensor(rows), brushes=(brush,), brush_of=torch.zeros(2, dtype=torch.long),
        variants=torch.tensor([0, 1]), background=(1.0, 1.0, 1.0), height_px=96, width_px=320,
        prompt="a brush", guide="none", seed=0, steps=0, version="0", scores={}, settings={},
    )  # fmt: skip
