"""How the pocket guides are made, as data."""

from dataclasses import dataclass

from .tutor import PACKAGES


@dataclass(frozen=True)
class Recipe:
    """How a pocket guide is made; a checkpoint of another recipe is refused."""

    name: str = "pocket"
    published: str = "lite0"
    """The published network that the eye begins as, of `diavlex.training.tutor.PACKAGES`."""
    widths: tuple[int, ...] = PACKAGES["lite0"][0]
    """Channels of each stage of the eye."""
    blocks: tuple[int, ...] = PACKAGES["lite0"][1]
    """Blocks of each stage of the eye."""
    width: int = 256
    """Numbers in the vectors of pictures and texts."""
    part: str = "painter"
    """Which pictures it learns from: "painter" (three quarters of all) or "judge" (the others)."""
    tutor: float = 0.5
    """Weight of the tutor's soft labels in the loss, that of the true ones being the rest; 0: no
    tutor."""
    batch: int = 128
    """Pictures in a step."""
    rate: float = 4e-4
    """The learning rate of the eye."""
    head_rate: float = 1e-3
    """The learning rate of the eye's head and of the table of words."""
    reader_rate: float = 2e-4
    """The learning rate of the reader."""
    decay: float = 0.05
    """Weight decay of the eye."""
    radius: tuple[float, float] = (0.3, 1.5)
    """Least and largest radius of the attack, L2 at 64 px with pixels in [0, 1]."""
    attack_steps: int = 3
    """Steps of the attack; a guide trained with fewer withstands one step, but not ten."""
    warm_samples: int = 10_000
    """Pictures over which the learning rate rises."""
    averaging: float = 0.999
    """How much of the averaged weights is kept at each step."""
    seed: int = 0
    painted: int = 20_000
    """Training pictures painted again with strokes."""
    drawn: int = 9_000
    """Pictures of shapes, horizons and recolored things."""
    icons: float = 1.0
    """How much likelier an icon is to be seen, and to be painted again, than another picture whose
    label is as rare."""
    prototypes: int = 5500
    """How many prototypes of photos and paintings it imagines with; 0: it does not imagine."""


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
