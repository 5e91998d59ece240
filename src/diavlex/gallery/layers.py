"""The layers of a painting: which of its strokes, in painting order, paint one thing together."""

from dataclasses import dataclass

from diavlex.painting import Painting

from .sheets import evenly


@dataclass(frozen=True)
class Layer:
    """Strokes that follow each other and paint one thing."""

    name: str
    first: int
    """Its first stroke, from 0."""
    count: int

    @property
    def last(self) -> int:
        """The stroke after its last."""
        return self.first + self.count


def layers_of(painting: Painting) -> list[Layer]:
    """The layers of a painting in painting order; together they hold every stroke once."""
    return [Layer(painting.prompt, 0, len(painting.actions))]


def names_by_stroke(painting: Painting) -> list[str]:
    """The name of each stroke's layer."""
    return [layer.name for layer in layers_of(painting) for _ in range(layer.count)]


def groups_of(painting: Painting, count: int) -> list[tuple[Layer, list[int]]]:
    """Each layer, and the cuts that share its strokes out to groups of about one size.

    Args:
        painting: the record.
        count: of groups in all; a layer gets one at the least.
    """
    shared = []
    for layer in layers_of(painting):
        mine = max(1, min(layer.count, round(count * layer.count / len(painting.actions))))
        shared.append((layer, [layer.first + cut for cut in evenly(layer.count + 1, mine + 1)]))
    return shared
