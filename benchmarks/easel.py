"""A painting in progress, as the benchmarks measure it: set up by hand, moved step by step."""

from dataclasses import dataclass

from torch import Tensor

from diavlex import brushes
from diavlex.brushes import MixedBrush, NeuralBrush
from diavlex.composition import compose
from diavlex.config import PaintConfig
from diavlex.objective import Brief, Objective, terms_of
from diavlex.objective.brief import canvas_size
from diavlex.objective.reading import Reading
from diavlex.objective.words import distance
from diavlex.phrases import read
from diavlex.scene import see
from diavlex.studio import Reinitialize, Search, Step, paint
from diavlex.tensors import Pictures


@dataclass(frozen=True)
class Easel:
    """A search, what it is judged by, and what is done beside moving its strokes."""

    search: Search
    objective: Objective
    strategy: Reinitialize

    def step(self) -> Step:
        """Move every stroke once."""
        until = self.search.index + 1
        return next(paint(self.search, self.objective, self.strategy, until=until))


def set_up(
    config: PaintConfig, reading: Reading, brush: NeuralBrush | MixedBrush | None = None
) -> Easel:
    """A painting of one plain thing, without layers, judged by the words of one reading.

    Args:
        config: what is chosen; without imagination.
        reading: its vectors and its guide are on the device of the brush.
        brush: the one of the config on the CPU if not given.
    """
    brush = brush or brushes.load_mixed(config.brushes, config.brush_of)
    phrase = read("a boat")
    device = next(brush.parameters()).device
    brief = Brief(
        config, phrase, compose(config, phrase, ()), (reading,), (),
        canvas_size(config, [reading.guide]), device,
    )  # fmt: skip
    search = Search(brief, brush)
    objective = Objective(terms_of(brief), brief.readings)
    return Easel(search, objective, Reinitialize(config.reinitialize, brief.things, search))


def judged(reading: Reading, pictures: Pictures, contrast: float) -> Tensor:
    """What a guide alone says of views, as the term of the words does; differentiable."""
    return distance(see(reading.guide, pictures).vectors, reading, contrast)
