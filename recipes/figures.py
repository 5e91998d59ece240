"""Paint the figures of the docs anew, into docs/figures.

    python -m recipes.figures            # all; about eight minutes of one core
    python -m recipes.figures search     # those of how a painting is found

`search` paints one prompt and shows each step of it; `habits` paints prompts with and without some
of the loop's habits, with the same words and the same seed; `limits` paints what diavlex is known
to paint badly, each once.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

import diavlex
from diavlex.gallery import contact_sheet
from diavlex.guides.views import Augmentation, take_views
from diavlex.painting import Painting
from diavlex.series import Session

FOLDER = Path(__file__).parents[1] / "docs" / "figures"
CELL_PX = 160
PROMPT = "a sheep in a field"
HABITS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("black sheep", "a sketch", {"sketch": 0.0}),
    ("a yellow sunflower", "what is imagined", {"sketch": 0.0, "imagine": 0.0}),
    ("a horse in a field", "layers", {"layer_share": 0.0}),
    ("a red rose", "many views", {"views": 4}),
    ("a blue butterfly", "large strokes first", {"order": "random"}),
    ("a lighthouse", "grey first colors", {"first_colors": 1.0, "saturation": 0.0}),
    ("a green cactus", "re-initialization", {"reinitialize": 0}),
    ("a castle", "a random background", {"random_background": 0.0}),
)
"""What is painted, which habit it shows, and the choices that take the habit away."""

LIMITS = (
    "a crowd at a concert", "a man with a fishing rod", "a white cat in the snow",
    "the word hello", "a portrait of a smiling woman", "a typewriter on a desk",
)  # fmt: skip
"""What is known to go wrong: crowds, fine lines, pale on pale, lettering, faces, what none drew."""


def main() -> None:
    """Paint the figures named on the command line, or all."""
    for name in sys.argv[1:] or ("search", "habits", "limits"):
        {"search": paint_search, "habits": paint_habits, "limits": paint_limits}[name](FOLDER)


def paint_search(folder: Path, **choices: Any) -> None:
    """How one painting is found: a figure a step."""
    session = diavlex.begin(PROMPT, folder=folder / "unfinished", overwrite=True, **choices)
    for _ in session.walk():
        pass
    (folder / "unfinished").rmdir()
    first, last = session.snapshots[0], session.snapshots[-1]
    at_random = diavlex.render(session.painting(first), CELL_PX)
    save(folder / "strokes.jpg", [at_random], ["random strokes, in order"])
    middle = session.snapshots[len(session.snapshots) // 2]
    canvas = as_tensor(diavlex.render(session.painting(middle), CELL_PX))
    seen = take_views(canvas, 4, CELL_PX, Augmentation(wide=0.5), torch.Generator().manual_seed(2))
    save(folder / "views.jpg", [as_picture(view) for view in seen], ["wide"] * 2 + ["close"] * 2)
    save(folder / "sketch.jpg", *aim_of(session, diavlex.render(session.painting(last), CELL_PX)))
    count = len(session.snapshots)
    chosen = [round((count - 1) * k / 5) for k in range(6)]
    strip = [diavlex.render(session.painting(session.snapshots[at]), CELL_PX) for at in chosen]
    save(folder / "search.jpg", strip, ["at first", *[""] * 4, "at last"])
    record = session.painting()
    shares = [max(1, len(record.actions) * part // 6) for part in range(1, 7)]
    stages = [diavlex.render(begun(record, count), CELL_PX) for count in shares]
    save(folder / "stages.jpg", stages, [f"{count} strokes" for count in shares])


def aim_of(session: Session, painted: np.ndarray) -> tuple[list[np.ndarray], list[str]]:
    """The sketch that a painting aims at, its layers, and the painting."""
    aim = session.search.brief.aim
    assert aim is not None, "the prompt of the figure has a sketch"
    layers = [share.expand(3, -1, -1) * aim.picture + 1 - share for share in aim.shares]
    pictures = [as_picture(one) for one in (aim.picture, *layers)]
    large = [np.asarray(Image.fromarray(one).resize((CELL_PX, CELL_PX), 0)) for one in pictures]
    return [*large, painted], ["the sketch", "background", *aim.names, "the painting"]


def paint_habits(folder: Path, **choices: Any) -> None:
    """Pairs of paintings with a habit and without it."""
    pictures, captions = [], []
    for prompt, habit, without in HABITS:
        for changes, told in (({}, "with"), (without, "without")):
            record = diavlex.paint(prompt, **(choices | changes))
            pictures.append(diavlex.render(record, CELL_PX))
            captions.append(f"{told} {habit}")
    save(folder / "habits.jpg", pictures, captions)


def paint_limits(folder: Path, **choices: Any) -> None:
    """What goes wrong."""
    records = [diavlex.paint(prompt, **choices) for prompt in LIMITS]
    save(folder / "limits.jpg", [diavlex.render(one, CELL_PX) for one in records], LIMITS)


def begun(painting: Painting, count: int) -> Painting:
    """A painting with its first strokes alone."""
    return replace(
        painting,
        actions=painting.actions[:count],
        brush_of=painting.brush_of[:count],
        variants=painting.variants[:count],
        layers=(),
    )


def as_tensor(picture: np.ndarray) -> Tensor:
    """A picture as a canvas, [3 height width] in [0, 1]."""
    return torch.from_numpy(picture.copy()).permute(2, 0, 1) / 255


def as_picture(canvas: Tensor) -> np.ndarray:
    """A canvas as a picture, [height width 3]."""
    return (canvas.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy()


def save(path: Path, pictures: Sequence[np.ndarray], captions: Sequence[str]) -> None:
    """Write pictures on one sheet, four or six in a row."""
    columns = 4 if len(pictures) > 6 else len(pictures)
    sheet = contact_sheet(pictures, captions, columns, CELL_PX, 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet).save(path, quality=85, optimize=True)
    print(path, path.stat().st_size // 1000, "kB", flush=True)


if __name__ == "__main__":
    main()
