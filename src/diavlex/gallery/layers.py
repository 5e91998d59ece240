"""The layers of a painting: which of its strokes, in painting order, paint one thing together."""

from diavlex.painting import Layer, Painting

from .sheets import evenly


def names_by_stroke(painting: Painting) -> list[str]:
    """The name of each stroke's layer."""
    return [layer.name for layer in painting.layers for _ in range(layer.count)]


def groups_of(painting: Painting, count: int) -> list[tuple[Layer, list[int]]]:
    """Each layer, and the cuts that share its strokes out to groups of about one size.

    Args:
        painting: the record.
        count: of groups in all; a layer gets one at the least.
    """
    shared = []
    for layer in painting.layers:
        mine = max(1, min(layer.count, round(count * layer.count / len(painting.actions))))
        shared.append((layer, [layer.first + cut for cut in evenly(layer.count + 1, mine + 1)]))
    return shared
