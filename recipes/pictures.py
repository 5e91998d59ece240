"""Paint the gallery: 24 paintings in eight looks, each by the command under it.

    python -m recipes.pictures                     # what is not painted yet, about ten minutes
    python -m recipes.pictures --again ink wash    # some looks anew

Every piece is painted once, with seed 0, by `diavlex paint`; nothing is chosen among several. Its
picture and its record go to pictures/gallery, and docs/gallery.md tells of it.
"""

import argparse
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from diavlex import gallery
from diavlex.cli import main as cli
from diavlex.errors import DiavlexError
from diavlex.files import slug

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "pictures" / "gallery"
PAGE = ROOT / "docs" / "gallery.md"
SEED = 0
COLUMNS = 3
LOOKS = {
    "impasto": ("a yellow sunflower", "a lighthouse at dusk", "a bowl of oranges"),
    "wash": ("a lake with mountains", "a boat on the sea", "a cherry tree"),
    "pointillist": ("a red apple on a table", "a sunset over the sea", "a field of poppies"),
    "ink": ("a cat", "a heron in a lake", "a pine tree"),
    "poster": ("a sailing boat", "a hot air balloon", "a red car"),
    "charcoal-study": ("a horse", "a boy with an umbrella", "an old tree"),
    "four-colors": ("a castle on a hill", "a rooster", "a girl reading a book"),
    "quick-sketch": ("a dog running on a beach", "a bicycle", "black sheep"),
}
"""What is painted in each look, which is a recipe that ships."""
STRIP = ROOT / "pictures" / "looks.jpg"
_OF_STRIP = (1, 1, 1, 0, 2, 0, 1, 1)
"""Which painting of each look is in the strip."""
_CELL_PX = 200
HEAD = f"""# Gallery

*Made by `make pictures`, which paints what is missing and writes this page.*

Twenty-four paintings in eight looks. Each was painted once, with seed {SEED}, by the command under
it; nothing was chosen among several, so what went wrong is here as well. The record holds every
stroke: `diavlex export RECORD --to png --size 4096` paints the same picture larger.
"""


@dataclass(frozen=True)
class Piece:
    """One painting of the gallery."""

    look: str
    prompt: str

    @property
    def name(self) -> str:
        """Of its files."""
        return f"{self.look}-{slug(self.prompt)}"

    @property
    def words(self) -> list[str]:
        """The command that paints it, without `diavlex`."""
        return ["paint", self.prompt, "--recipe", self.look, "--seed", str(SEED)]

    @property
    def command(self) -> str:
        """The command as it is typed."""
        quoted = [f'"{word}"' if " " in word else shlex.quote(word) for word in self.words]
        return " ".join(["diavlex", *quoted])


def pieces() -> Iterator[Piece]:
    """All of them, look by look."""
    for look, prompts in LOOKS.items():
        yield from (Piece(look, prompt) for prompt in prompts)


def main(words: Sequence[str] | None = None) -> None:
    """Paint what is missing, or some looks anew, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    about = "looks to paint anew"
    parser.add_argument("--again", nargs="*", default=[], metavar="LOOK", help=about)
    again = parser.parse_args(words).again
    for piece in pieces():
        if piece.look in again or not (FOLDER / f"{piece.name}.json").is_file():
            print(paint(piece, FOLDER), flush=True)
    PAGE.write_text(page(FOLDER), encoding="utf-8")
    save_strip(FOLDER, STRIP)


def paint(piece: Piece, folder: Path, *further: str) -> Path:
    """Paint a piece as its command does, and keep its picture and its record.

    Args:
        piece: which one.
        folder: that gets the two files.
        further: flags after those of the command, such as a smaller size.

    Raises:
        DiavlexError: the command failed; it has said why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        ways = ["--out", place, "--progress", "none"]
        if cli.main([*piece.words, *ways, *further]):
            raise DiavlexError(f"not painted: {piece.command}")
        (made,) = Path(place).iterdir()
        path = folder / f"{piece.name}.jpg"
        Image.open(made / "painting.png").convert("RGB").save(path, quality=88, optimize=True)
        shutil.copy(made / "painting.json", folder / f"{piece.name}.json")
    return path


def save_strip(folder: Path, path: Path) -> None:
    """One painting of each look side by side, for the README."""
    chosen = [
        Piece(look, prompts[which])
        for (look, prompts), which in zip(LOOKS.items(), _OF_STRIP, strict=True)
    ]
    shown = [np.asarray(Image.open(folder / f"{piece.name}.jpg")) for piece in chosen]
    strip = gallery.strip(shown, len(shown), _CELL_PX, 6)
    Image.fromarray(strip).save(path, quality=88, optimize=True)


def page(folder: Path = FOLDER) -> str:
    """The gallery's page; what is not painted yet is told of by its command."""
    parts = [HEAD]
    for look, prompts in LOOKS.items():
        parts.append(f"## {look.replace('-', ' ').capitalize()}\n")
        done = [Piece(look, prompt) for prompt in prompts]
        parts += [_row(folder, done), "```sh", *(one.command for one in done), "```\n"]
    return "\n".join(parts)


def _row(folder: Path, done: Sequence[Piece]) -> str:
    """Pictures of one look side by side, with their captions."""
    cells = [[one.prompt, _picture(folder, one), _told(folder, one)] for one in done]
    heads, pictures, told = zip(*cells, strict=True)
    rows = [heads, ["---"] * len(done), *([pictures] if any(pictures) else []), told]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _picture(folder: Path, piece: Piece) -> str:
    path = folder / f"{piece.name}.jpg"
    return f"![{piece.prompt}](../pictures/gallery/{path.name})" if path.is_file() else ""


def _told(folder: Path, piece: Piece) -> str:
    path = folder / f"{piece.name}.json"
    if not path.is_file():
        return "not painted yet"
    record = gallery.load(path)
    facts = f"{len(record.actions)} strokes of {', '.join(record.brushes)}, seed {record.seed}"
    return f"{facts}, [record](../pictures/gallery/{path.name})"


if __name__ == "__main__":
    main()
