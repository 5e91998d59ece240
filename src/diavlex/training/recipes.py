"""How the pocket guides are made, as data."""

from dataclasses import dataclass

from diavlex.training.tutor import PACKAGES


@dataclass(frozen=True)
class Recipe:
    """How a pocket guide is made; a checkpoint of another recipe is refused."""

    name: str = "pocket"
    published: str = "lite0"
    """The published network that the eye begins as, of `diavlex.training.tutor.PACKAGES`."""
    widths: tuple[int, ...] = PACKAGES["lite0"][0]
    blocks: tuple[int, ...] = PACKAGES["lite0"][1]
    width: int = 256
    part: str = "painter"
    """Which pictures are learned from: the painter's three quarters, or the judge's other one."""
    tutor: float = 0.5
    """Share of what the tutor says beside the labels; 0 without one."""
    batch: int = 128
    rate: float = 4e-4
    """The learning rate of the eye."""
    head_rate: float = 1e-3
    """The learning rate of the eye's head and of the table of words."""
    reader_rate: float = 2e-4
    decay: float = 0.05
    radius: tuple[float, float] = (0.3, 1.5)
    """Of the attack, L2 at 64 px with pixels in [0, 1]."""
    attack_steps: int = 3
    """Fewer leave a guide that one step does not fool, and ten do."""
    warm_samples: int = 10_000
    averaging: float = 0.999
    seed: int = 0
    painted: int = 20_000
    """Training pictures painted again with strokes."""
    drawn: int = 9_000
    """Pictures of shapes, horizons and recolored things."""
    icons: float = 1.0
    """How much likelier an icon is to be drawn, and to be painted again, than others as rare."""
    prototypes: int = 5500
    """Of photos and paintings, to imagine with; 0 for a guide that never paints."""


RECIPES = {
    "pocket": Recipe(),
    "pocket-judge": Recipe(
        "pocket-judge",
        "lite2",
        *PACKAGES["lite2"],
        part="judge",
        tutor=0.0,
        painted=40_000,
        icons=2.5,
        prototypes=0,
        seed=1,
        radius=(0.0, 0.7),
        attack_steps=1,
    ),
}
ABOUT = {
    "pocket": "small robust text-image model that ships with diavlex; works offline",
    "pocket-judge": "scores paintings; of another make, trained on other pictures; never paints",
}
