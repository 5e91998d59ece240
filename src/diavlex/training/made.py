"""Drawn pictures that no corpus holds: shapes, horizons, and icons in other colors."""

from collections.abc import Iterator

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter

from diavlex.guides.cutout import cut_out
from diavlex.phrases import COLORS, Levels

from .corpus import ICONS, Corpus

SHAPES = ("circle", "square", "triangle", "stripe", "ring")
SKIES = {
    "a blue sky": ((60, 120, 210), (170, 205, 240)),
    "a sunset sky": ((90, 70, 130), (250, 150, 70)),
    "a night sky": ((8, 10, 30), (25, 30, 70)),
    "a grey cloudy sky": ((140, 145, 150), (190, 192, 195)),
    "a pink sunrise sky": ((150, 150, 200), (250, 190, 180)),
}
LANDS = {
    "a green field": (80, 140, 50), "the blue sea": (25, 70, 130), "a sandy beach": (225, 200, 150),
    "snow": (240, 243, 248), "a brown desert": (190, 140, 80), "a dark forest": (20, 45, 25),
}  # fmt: skip

_BEGINS, _WHOLE = 0.06, 0.18
"""Shares of a place (`cut_out`) from which some of it, and all of it, is the thing's."""
_LEAST, _MOST = 0.08, 0.8
"""Share of a picture that the thing takes, for it to be recolored."""

Made = tuple[np.ndarray, str]
"""A picture, uint8 [side side 3], and what it shows."""


def shapes(side_px: int, count: int, generator: np.random.Generator) -> Iterator[Made]:
    """Pictures of one shape in one color on a background of another, of any size."""
    names = list(COLORS)
    for _ in range(count):
        ink, background = generator.choice(len(names), 2, replace=False)
        shape = SHAPES[generator.integers(len(SHAPES))]
        image = Image.new("RGB", (side_px, side_px), _shade(names[background], generator))
        reach = generator.uniform(0.15, 0.42) * side_px
        x, y = generator.uniform(0.35, 0.65, 2) * side_px
        _draw(ImageDraw.Draw(image), shape, x, y, reach, _shade(names[ink], generator))
        text = f"a {names[ink]} {shape}"
        if generator.random() < 0.5:
            text += f" on a {names[background]} background"
        yield np.asarray(image), text


def horizons(side_px: int, count: int, generator: np.random.Generator) -> Iterator[Made]:
    """Pictures of a sky over land or sea, with a soft border between them."""
    for _ in range(count):
        sky, (top, low) = list(SKIES.items())[generator.integers(len(SKIES))]
        land, color = list(LANDS.items())[generator.integers(len(LANDS))]
        border = int(generator.uniform(0.3, 0.75) * side_px)
        fade = np.linspace(0, 1, border)[:, None] ** generator.uniform(0.6, 1.6)
        picture = np.empty((side_px, side_px, 3))
        picture[:border] = (np.array(top) * (1 - fade) + np.array(low) * fade)[:, None]
        dim = 0.35 if "night" in sky else 0.75 if "sunset" in sky else 1.0
        picture[border:] = np.array(color) * dim
        if "night" in sky:
            stars = generator.random((border, side_px)) < 0.012
            picture[:border][stars] = 230
        picture += generator.normal(0, 6, picture.shape)
        image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
        yield np.asarray(image.filter(ImageFilter.GaussianBlur(0.6))), f"{sky} over {land}"


def recolored(
    corpus: Corpus, count: int, generator: np.random.Generator
) -> Iterator[tuple[np.ndarray, str, int]]:
    """Icons whose thing has another color: a picture, what it shows, and the icon's row."""
    drawn = [
        i
        for i, row in enumerate(corpus.rows)
        if row.kind in ICONS and row.split == "train" and row.labels
    ]
    names = list(COLORS)
    for i in generator.choice(drawn, min(count, len(drawn)), replace=False):
        picture = corpus.pictures[i]
        mask = _thing(picture)
        if not _LEAST < mask.mean() < _MOST:
            continue
        name = names[generator.integers(len(names))]
        light = picture.mean(-1, keepdims=True) / max(picture.mean(-1)[mask > 0.5].mean(), 30)
        shade = np.array(_shade(name, generator))
        paint = np.clip(shade * np.clip(light, 0.4, 1.5) ** 0.7, 0, 255)
        mixed = picture * (1 - mask[..., None]) + paint * mask[..., None]
        yield mixed.astype(np.uint8), f"a {name} {corpus.rows[i].labels[0]}", int(i)


def _thing(picture: np.ndarray) -> np.ndarray:
    """How much of each pixel is the thing's on a plain background, 0 to 1; [side side]."""
    colors = torch.from_numpy(picture.copy()).permute(2, 0, 1) / 255
    _, share = cut_out(colors)
    return ((share - _BEGINS) / (_WHOLE - _BEGINS)).clamp(0, 1).double().numpy()


def _shade(name: str, generator: np.random.Generator) -> Levels:
    """A color somewhat like the example of its name."""
    red, green, blue = np.clip(np.array(COLORS[name]) + generator.normal(0, 12, 3), 0, 255)
    return int(red), int(green), int(blue)


def _draw(draw: ImageDraw.ImageDraw, shape: str, x: float, y: float, r: float, ink: Levels) -> None:
    """Draw a shape of `SHAPES` around a point, of radius `r`, in pixels."""
    box = (x - r, y - r, x + r, y + r)
    if shape == "circle":
        draw.ellipse(box, fill=ink)
    elif shape == "ring":
        draw.ellipse(box, outline=ink, width=max(2, int(r / 2.5)))
    elif shape == "square":
        draw.rectangle(box, fill=ink)
    elif shape == "triangle":
        draw.polygon([(x, y - r), (x - r, y + r), (x + r, y + r)], fill=ink)
    else:
        draw.rectangle((0, y - r / 3, 10_000, y + r / 3), fill=ink)
