"""All that a painter may choose besides the words, with its bounds."""

import secrets
from dataclasses import dataclass
from typing import Any

from diavlex.errors import BadValue

from .headings import (
    ADDED,
    IMAGINATION,
    LAYERS,
    LOOK,
    PHOTO,
    RANDOM,
    RENAMED,
    SATURATION,
    SEARCH,
    START,
    VIEWS,
    WHAT,
    WORDS,
)
from .knob import knob, knobs, read_all, settle
from .presets import preset as preset_of
from .prompts import FURTHER, GUIDES, TEMPLATES, TERMS
from .regions import REGIONS, Region
from .together import check_together
from .values import (
    BACKDROP,
    BRUSHES,
    COLOR,
    PALETTE,
    PAPERS,
    POINT,
    SIZE,
    SWITCH,
    Color,
    Palette,
    Point,
    Size,
    Weighted,
)


@dataclass(frozen=True)
class PaintConfig:
    """All that decides how a painting turns out, besides the prompt.

    Each choice may be given as its type or as the text that a person types; it is kept typed.

    Raises:
        BadValue: a value outside its bounds, or one that cannot be read.
        UnknownName: a name that a choice does not have.
    """

    seed: int = knob(
        0, "random seed, or random; the same seed gives the same painting", 0, 2**31 - 1, group=WHAT
    )
    strokes: int = knob(400, "how many brushstrokes", 1, 20_000, group=LOOK)
    steps: int = knob(150, "how often all strokes are moved", 1, 100_000, group=LOOK)
    brush: tuple[str, ...] = knob(
        ("oil",),
        "brush that paints (see: diavlex brushes), or several, large strokes first: wash,oil",
        typed=BRUSHES,
        group=LOOK,
    )
    guide: tuple[Weighted, ...] = knob(
        (Weighted("pocket"),),
        "model that judges the canvas (see: diavlex guides), with its strength if it is not 1, as "
        "in clip:0.5; may be given more than once",
        typed=GUIDES,
        group=WHAT,
    )
    size: Size = knob(
        Size(512, 512),
        "width x height of the finished picture, in pixels",
        typed=SIZE,
        group=LOOK,
    )
    finish: str = knob(
        "auto",
        "who paints the finished picture: mypaint, neural, or auto",
        choices=("auto", "mypaint", "neural"),
        group=LOOK,
    )
    background: Color = knob(
        (0xF4 / 255, 0xEF / 255, 0xE6 / 255),
        "color of the bare canvas: a name or #rrggbb; or a paper's name, or a picture's file",
        typed=COLOR,
        group=LOOK,
    )
    paper: str = knob(
        PAPERS[0], "grain of the bare canvas: " + ", ".join(PAPERS), choices=PAPERS, group=LOOK
    )
    transparent: bool = knob(
        False,
        "no background anywhere: only strokes cover, in the picture and in what is exported",
        typed=SWITCH,
        group=LOOK,
    )
    backdrop: str = knob("", "a picture as a background, in base 64", typed=BACKDROP)
    palette: Palette | None = knob(
        None,
        "colors that all strokes keep to: names or #rrggbb with commas, a count of them that is "
        "found, or a picture that they are taken from (default: any color)",
        typed=PALETTE,
        group=LOOK,
    )
    photo_weight: float = knob(
        1.0, "how much the canvas shall be like the photo of --from", 0, 100, group=PHOTO
    )
    views: int = knob(16, "views that the guide takes at each step", 1, 256, group=VIEWS)
    canvas_px: int = knob(
        0, "shorter side of the canvas while strokes are found; 0 as the guide needs it", 0, 1024,
        group=SEARCH,
    )  # fmt: skip
    contrast: float = knob(
        0.3, "share of telling the prompt from other things, beside being like it", 0, 1,
        group=WORDS,
    )  # fmt: skip
    imagine: float = knob(
        6.0,
        "how much the canvas shall look like what the guide imagines, if it can",
        0,
        100,
        group=IMAGINATION,
    )
    sketch: float = knob(
        500.0,
        "how much the canvas shall have the colors of a sketch that is composed from the words; "
        "0 no sketch",
        0,
        10_000,
        group=IMAGINATION,
    )
    layer_share: float = knob(
        0.65,
        "share of the strokes that paint the things of a prompt which says where or how many they "
        "are (a horse in a field, two cats), in layers of their own; 0 there are no such layers",
        0,
        1,
        group=LAYERS,
    )
    saturation: float = knob(
        2.0, "how much saturated colors are held back", 0, 100, group=SATURATION
    )
    rate_place: float = knob(0.06, "learning rate of where strokes lie", 0, 10, group=SEARCH)
    rate_shape: float = knob(0.05, "learning rate of bend, width and pressure", 0, 10, group=SEARCH)
    rate_color: float = knob(0.035, "learning rate of colors", 0, 10, group=SEARCH)
    reinitialize: int = knob(
        25,
        "steps between re-initializations of strokes that do not help; 0 never",
        0,
        10_000,
        group=SEARCH,
    )
    random_background: float = knob(
        0.5, "share of the steps with a random background", 0, 1, group=SEARCH
    )
    noise: float = knob(
        0.05, "noise on the guide's views at first; falls to 0.4 of it", 0, 1, group=VIEWS
    )
    augment: str = knob(
        "mixed",
        "how views are taken: mixed (wide and close), or clipdraw",
        choices=("mixed", "clipdraw"),
        group=VIEWS,
    )
    wide: float = knob(0.8, "share of views of the whole canvas at first", 0, 1, group=VIEWS)
    wide_fall: float = knob(0.3, "how much smaller that share is at the end", 0, 1, group=VIEWS)
    rate_schedule: str = knob(
        "cosine",
        "how learning rates fall: cosine, or clipdraw (two drops)",
        choices=("cosine", "clipdraw"),
        group=SEARCH,
    )
    templates: str = knob(
        "none",
        "phrases whose mean stands for the prompt: " + ", ".join(TEMPLATES),
        choices=tuple(TEMPLATES),
        group=WORDS,
    )
    tries: int = knob(1, "short starts to choose the best of", 1, 64, group=WHAT)
    focus: Point | None = knob(
        None,
        "where the thing shall be, x,y from 0 to 1: 0.5,0.6 (default: anywhere)",
        typed=POINT,
        group=WHAT,
    )
    regions: tuple[Region, ...] = knob(
        (),
        "what a rectangle of the canvas shall show, with strokes of its own: left, top, right, "
        "bottom from 0 to 1, and words, as in 0,0,1,0.5:a stormy sky; may be given more than once, "
        "and a later one lies above",
        typed=REGIONS,
        group=WHAT,
    )
    order: str = knob(
        "large-first",
        "order of the first strokes: large-first, or random",
        choices=("large-first", "random"),
        group=START,
    )
    first_colors: float = knob(
        0.1, "how far from grey the first colors may lie; 1 any", 0, 1, group=START
    )
    shuffle: float = knob(
        0.0, "share of the steps with strokes laid in random order", 0, 1, group=SEARCH
    )
    largest: float = knob(
        0.40, "half-length of the first strokes (shorter side = 1)", 0.02, 0.8, group=START
    )
    smallest: float = knob(
        0.04, "half-length of the last strokes (shorter side = 1)", 0.02, 0.8, group=START
    )
    direction: float = knob(
        0.0, "degrees along which strokes begin: 0 runs right, 90 up; see --directed", -90, 90,
        group=START,
    )  # fmt: skip
    directed: float = knob(
        0.0, "how many strokes begin along --direction: 0 run anyhow, 1 all along it", 0, 1,
        group=START,
    )  # fmt: skip
    thinnest: float = knob(
        0.08, "brush radius of the thinnest stroke over its half-length", 0.08, 0.6, group=START
    )
    thickest: float = knob(
        0.6, "brush radius of the thickest stroke over its half-length", 0.08, 0.6, group=START
    )
    term: tuple[Weighted, ...] = knob(
        (),
        "term that another package adds, with its weight: bluer:0.5; may be given more than once",
        typed=TERMS,
        group=ADDED,
    )
    also: tuple[Weighted, ...] = knob(
        (), "further prompts, each with its weight: a storm:0.5", typed=FURTHER
    )

    def __post_init__(self) -> None:
        settle(self)
        check_together(self)

    @property
    def brushes(self) -> tuple[str, ...]:
        """The brushes in use, each once."""
        return tuple(dict.fromkeys(self.brush))

    @property
    def brush_of(self) -> list[int]:
        """Which of `brushes` paints each stroke: one after the other, in even shares."""
        turns = [self.brushes.index(name) for name in self.brush]
        return [turns[at * len(turns) // self.strokes] for at in range(self.strokes)]

    @property
    def fullness(self) -> tuple[float, float]:
        """Radius of the brush over a stroke's half-length: the least and the most."""
        return self.thinnest, self.thickest

    @property
    def focus_at(self) -> tuple[float, float] | None:
        """Where the thing shall be, x and y in shorter sides; None for anywhere."""
        if self.focus is None:
            return None
        height, width = self.aspect
        return self.focus.x * width, self.focus.y * height

    @property
    def aspect(self) -> tuple[float, float]:
        """Height and width of the picture over its shorter side."""
        return self.size.aspect

    def to_plain(self) -> dict[str, Any]:
        """As plain data, for the record; `PaintConfig` reads it back exactly."""
        return {
            name: told.write(getattr(self, name)) for name, (_, told) in knobs(type(self)).items()
        }


def choose(preset: str = "", **choices: Any) -> PaintConfig:
    """The config of some choices by name; all others are as usual.

    Args:
        preset: the name of choices that go together; single ones go before them.
        choices: by name; a seed may be "random".

    Raises:
        UnknownName: no such choice or preset; the nearest is offered, or what it is called now.
        BadValue: a value that cannot be.
    """
    for name in choices:
        if name in RENAMED:
            raise BadValue(f"the choice '{name}' is called '{RENAMED[name]}' now; rename it.")
    if isinstance(choices.get("background"), str) and choices["background"] in PAPERS:
        choices["paper"] = choices.pop("background")
    if choices.get("seed") == RANDOM:
        choices["seed"] = secrets.randbelow(2**31)
    return PaintConfig(**read_all(preset_of(preset) | choices, PaintConfig))
