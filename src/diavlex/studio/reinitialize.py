"""A strategy: strokes that do not help are begun anew where the canvas is wrong."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from diavlex import stroke
from diavlex.objective.placed import PlacedThing
from diavlex.scene import Scene
from diavlex.tensors import Actions, Canvas

from .schedule import is_reinitializing
from .search import Search

SHARE = 0.06
"""How many of all strokes may be re-initialized at once."""
_MEMORY = 0.05
"""How much of a stroke's usefulness is that of the last step."""


class Reinitialize:
    """Re-initializes, every few steps, the strokes that lower the loss least.

    Args:
        every: steps between two times; 0 for never.
        things: what the layers should show; their strokes begin within it.
        search: whose strokes they are.
    """

    def __init__(self, every: int, things: Sequence[PlacedThing], search: Search) -> None:
        self.every, self.things = every, things
        self.usefulness = torch.zeros(search.count, device=search.device)
        """How much each stroke lowers the loss, averaged over the last steps."""

    def after(self, search: Search, scene: Scene, index: int) -> None:
        """Take note of a step whose gradients are there, and re-initialize if it is time."""
        assert scene.importance is not None
        assert scene.importance.grad is not None
        self.usefulness.lerp_(-scene.importance.grad, _MEMORY)
        if is_reinitializing(index, search.config.steps, self.every):
            self.reinitialize(search, scene)

    @torch.no_grad()
    def reinitialize(self, search: Search, scene: Scene) -> None:
        """Begin strokes that do not help anew where the canvas is wrong; a thing's within it."""
        rows = useless(self.usefulness)
        first = scene.composition.layers[0].rows.stop
        assert scene.canvas.grad is not None
        self._begin(search, rows[rows < first], scene.canvas, scene.canvas.grad)
        for one in self.things:
            own, layer = scene.alone(one.layer).canvas.grad, one.layer.rows
            assert own is not None
            inside = one.inside(*own.shape[-2:]).to(own.device)
            mine = rows[(rows >= layer.start) & (rows < layer.stop)]
            self._begin(search, mine, scene.canvas, own * inside)

    def state(self) -> dict[str, Tensor]:
        """A copy of all that changes, on the CPU."""
        return {"usefulness": self.usefulness.to("cpu", copy=True)}

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """Go on from what `state` gave."""
        self.usefulness = tensors["usefulness"].to(self.usefulness.device, copy=True)

    def _begin(self, search: Search, rows: Tensor, canvas: Canvas, gradient: Canvas) -> None:
        if not len(rows):
            return
        given_up = search.now()[rows.cpu()]
        fresh = begin_anew(
            given_up, canvas.detach().cpu(), gradient.cpu(), search.generator, search.config.aspect
        )
        search.put(rows, fresh)
        self.usefulness[rows] = 0


def useless(usefulness: Tensor) -> Tensor:
    """Rows of the strokes without which the loss would be lower, or hardly higher."""
    count = max(1, round(SHARE * len(usefulness)))
    rows = torch.argsort(usefulness, stable=True)[:count]
    return rows[usefulness[rows] <= usefulness.abs().mean() * 0.02]


def begin_anew(
    actions: Actions,
    canvas: Canvas,
    gradient: Canvas,
    generator: torch.Generator,
    aspect: tuple[float, float],
) -> Actions:
    """Strokes of the same lengths begun anew where the canvas is wrong, in the color it lacks.

    Args:
        actions: the strokes that are given up.
        canvas: as it is.
        gradient: of the loss in the canvas.
        generator: says where, among the wrong places.
        aspect: canvas height and width over its shorter side.
    """
    lengths = stroke.split(actions).placements[:, 2:].norm(dim=-1) * stroke.REACH
    fresh = stroke.random_actions(lengths, generator, aspect)
    soft = functional.avg_pool2d(gradient[None], 9, 1, 4)[0]
    wrong = soft.square().sum(0).sqrt()
    spots = torch.multinomial(wrong.flatten() + 1e-12, len(actions), True, generator=generator)
    y, x = spots // wrong.shape[1], spots % wrong.shape[1]
    parts = stroke.split(fresh)
    short = min(wrong.shape)
    center = torch.stack([(x + 0.5) / short, (y + 0.5) / short], -1)
    away = functional.normalize(soft[:, y, x], dim=0)
    color = (canvas[:, y, x] - 0.1 * away).clamp(0.02, 0.98).T
    places = torch.cat([center, parts.placements[:, 2:]], -1)
    return stroke.join(stroke.Parts(parts.shapes, places, color))
