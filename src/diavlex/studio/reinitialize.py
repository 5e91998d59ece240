"""A strategy: strokes that do not help are begun anew where the canvas is wrong."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex import stroke
from diavlex.objective.aim import Aim
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
        if search.fixed is not None:
            rows = rows[~search.fixed.rows[rows]]
        first = scene.composition.layers[0].rows.stop
        assert scene.canvas.grad is not None
        if search.brief.aim:
            self._reinitialize_sketched(search, scene, rows, search.brief.aim)
            return
        self._begin(search, rows[rows < first], scene.canvas, scene.canvas.grad)
        for one in self.things:
            own, layer = scene.alone(one.layer).canvas.grad, one.layer.rows
            assert own is not None
            inside = one.inside(*own.shape[-2:]).to(own.device)
            mine = rows[(rows >= layer.start) & (rows < layer.stop)]
            self._begin(search, mine, scene.canvas, own * inside)

    def _reinitialize_sketched(self, search: Search, scene: Scene, rows: Tensor, aim: Aim) -> None:
        """Begin strokes anew where the canvas is wrong and their layer of the sketch is seen."""
        gradient = scene.canvas.grad
        assert gradient is not None
        for layer, share in zip(scene.composition.layers, aim.shares, strict=True):
            own = _resized(share, scene.canvas).to(gradient)
            mine = rows[(rows >= layer.rows.start) & (rows < layer.rows.stop)]
            self._begin(search, mine, scene.canvas, gradient * own)

    def state(self) -> dict[str, Tensor]:
        """A copy of all that changes, on the CPU."""
        return {"usefulness": self.usefulness.to("cpu", copy=True)}

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """Go on from what `state` gave."""
        self.usefulness = tensors["usefulness"].to(self.usefulness.device, copy=True)

    def _begin(self, search: Search, rows: Tensor, canvas: Canvas, gradient: Canvas) -> None:
        if not len(rows):
            return
        given_up, photo = search.now()[rows.cpu()], search.brief.photo
        goal = None if photo is None else photo.fitted(canvas.shape[-2], canvas.shape[-1])
        fresh = begin_anew(
            given_up, canvas.detach().cpu(), gradient.cpu(), search.generator, search.config.aspect,
            goal,
        )  # fmt: skip
        search.put(rows, fresh)
        self.usefulness[rows] = 0


def _resized(share: Float[Tensor, "rows columns"], canvas: Canvas) -> Tensor:
    """How much of each pixel of a canvas is a layer's."""
    size = canvas.shape[-2], canvas.shape[-1]
    return functional.interpolate(share[None, None], size, mode="bilinear")[0, 0]


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
    goal: Canvas | None = None,
) -> Actions:
    """Strokes of the same lengths begun anew where the canvas is wrong, in the color it lacks.

    Args:
        actions: the strokes that are given up.
        canvas: as it is.
        gradient: of the loss in the canvas.
        generator: says where, among the wrong places.
        aspect: canvas height and width over its shorter side.
        goal: what the canvas shall be in the end, if it is known pixel by pixel.
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
    lacking = canvas[:, y, x] - 0.1 * away if goal is None else goal[:, y, x]
    color = lacking.clamp(0.02, 0.98).T
    places = torch.cat([center, parts.placements[:, 2:]], -1)
    return stroke.join(stroke.Parts(parts.shapes, places, color))
