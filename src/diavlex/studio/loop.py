"""Painting: strokes move down the slope of what the guides say, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from diavlex import canvas, stroke
from diavlex.brushes import VARIANTS, MixedBrush, NeuralBrush
from diavlex.brushes.neural import FAR_PX, SIDE_PX
from diavlex.config import PaintConfig, color
from diavlex.guides.views import Gaze, look
from diavlex.objective import Scores, Target, loudness, unrest
from diavlex.studio import planting, schedule
from diavlex.studio.foreground import SIDE, foregrounds, ladders
from diavlex.tensors import Actions, Canvas, Colors, Patches, Placements

_COARSE_PX = 112
"""A canvas up to this side is painted with strokes as they are seen from afar."""
_STRIDE = 1_000_003
"""Between the seeds of starts, so that they are not those of the neighboring seeds."""
_FRESH_LOOKS = 64
_CALM_GROUND = 20.0
_ALL = slice(None)
_Strokes = tuple[Patches, Placements, Colors]
_GROUPS = {"place": slice(0, 4), "shape": slice(4, 9), "color": slice(9, 12)}


@dataclass(frozen=True)
class Step:
    """What the loop tells its listeners after each step."""

    index: int
    """Counts from 1."""
    steps: int
    loss: float
    cosine: float
    actions: Actions


class Studio:
    """A painting in progress; all that changes is in `state`, so it can be kept.

    It works on the device of the brush; the guides must be there too. What is random is drawn on
    the CPU, so that a seed means the same everywhere.
    """

    def __init__(
        self,
        config: PaintConfig,
        brush: NeuralBrush | MixedBrush,
        targets: list[Target],
        start: int = 0,
    ) -> None:
        self.config, self.brush, self.targets = config, brush, targets
        self.short_px = config.canvas_px or max(round(1.25 * t.guide.side_px) for t in targets)
        """Shorter side of the canvas on which strokes are found."""
        self.device = next(brush.parameters()).device
        self.ground = torch.tensor(color(config.background), device=self.device)
        self.generator = torch.Generator().manual_seed(config.seed + start * _STRIDE)
        self.foregrounds = foregrounds(config, targets, self.device)
        """Subjects that have strokes of their own, over those of the ground."""
        self.bare: Tensor | None = None
        """How much of each place of the canvas they leave bare, if there are any."""
        if self.foregrounds:
            self.bare = torch.stack([one.bare for one in self.foregrounds]).prod(0)
        self.ground_share: Tensor | None = None
        """How much each pixel belongs to the ground that stays calm, if there is a focus alone."""
        lengths = [self._lengths(*ladder) for ladder in ladders(config, self.foregrounds)]
        actions = stroke.random_actions(torch.cat(lengths), self.generator, config.aspect)
        for one in self.foregrounds:
            left = planting.GATHERED * one.frame.side / SIDE
            actions = planting.gather(actions, one.center, one.rows, left)
        if config.focus_at and not self.foregrounds:
            spot, small = torch.tensor(config.focus_at), slice(config.strokes // 2, None)
            actions = planting.gather(actions, spot, small)
            self.ground_share = planting.afar(config.focus_at, *self.canvas_px()).to(self.device)
        free = stroke.unbound(planting.calm(actions, config.first_colors), config.aspect)
        self.parts = {
            name: free[:, part].to(self.device, copy=True).requires_grad_()
            for name, part in _GROUPS.items()
        }
        self.variants = torch.arange(config.strokes, device=self.device) % VARIANTS
        self.use = torch.zeros(config.strokes, device=self.device)
        """How much each stroke lowers the loss, averaged over the last steps."""
        self.index = 0
        rates = {"place": config.rate_place, "shape": config.rate_shape, "color": config.rate_color}
        groups = [{"params": [self.parts[n]], "rate": rates[n], "lr": 0.0} for n in _GROUPS]
        self.optimizer = torch.optim.Adam(groups, betas=(0.9, 0.98))

    def paint(self) -> Iterator[Step]:
        """Move the strokes until all steps are done; to stop sooner, stop iterating."""
        while self.index < self.config.steps:
            yield self.step()

    def step(self) -> Step:
        """Move every stroke once."""
        share = self.index / self.config.steps
        for group in self.optimizer.param_groups:
            now = schedule.rate((self.index + 1) / self.config.steps, self.config.rate_fall)
            group["lr"] = group["rate"] * now
        weight = torch.ones_like(self.use, requires_grad=True)
        backdrop = self._backdrop(share)
        actions = self.actions()
        strokes = self._strokes(actions, weight)
        picture = self._lay(strokes, backdrop, share < self.config.shuffle)
        picture.retain_grad()
        gaze = schedule.gaze(share, self.config)
        scores = [self._ask(target, picture, gaze) for target in self.targets]
        self.optimizer.zero_grad(set_to_none=True)
        total = torch.stack([s.total for s in scores]).sum() + self.config.calm * loudness(picture)
        total = total + self._discomposed(picture)
        alone = []
        for one in self.foregrounds:
            bare = self._bare(self._any_color())
            alone.append(self._lay(strokes, bare, rows=one.rows))
            alone[-1].retain_grad()
            views = max(1, self.config.views // 2 // len(self.foregrounds))
            judged = one.judge(alone[-1], bare, views, gaze, self.generator)
            total = total + judged + one.astray(actions)
        total.backward()
        self.optimizer.step()
        self.index += 1
        assert weight.grad is not None
        self.use.lerp_(-weight.grad, 0.05)
        if schedule.is_replanting(self.index, self.config.steps, self.config.replant):
            self._replant(picture, alone)
        loss, *cosines = torch.stack([total.detach(), *(s.cosine for s in scores)]).tolist()
        cosine = sum(cosines) / len(cosines)
        return Step(self.index, self.config.steps, loss, cosine, self.now())

    @torch.no_grad()
    def appraise(self) -> float:
        """What the guides say over fresh looks, the same for every start; less is better."""
        generator = torch.Generator().manual_seed(self.config.seed + _STRIDE // 2)
        strokes, bare = self._strokes(self.actions()), self._bare(self.ground)
        picture = self._lay(strokes, bare)
        gaze = schedule.gaze(0.5, self.config)
        total = float(self._discomposed(picture)) + sum(
            float(t(look(picture, _FRESH_LOOKS, t.guide.side_px, gaze, generator)).total)
            for t in self.targets
        )
        for one in self.foregrounds:
            alone = self._lay(strokes, bare, rows=one.rows)
            total += float(one.judge(alone, bare, _FRESH_LOOKS, gaze, generator))
        return total

    def again(self, start: int) -> "Studio":
        """The same task begun from other strokes; `start` counts from 0."""
        return Studio(self.config, self.brush, self.targets, start)

    def actions(self) -> Actions:
        """The strokes as they are now."""
        free = torch.cat([self.parts[name] for name in _GROUPS], -1)
        return stroke.bound(free, self.config.aspect)

    def now(self) -> Actions:
        """The same on the CPU, to be kept."""
        return self.actions().detach().cpu()

    def render(self, actions: Actions, backdrop: Canvas, is_shuffled: bool = False) -> Canvas:
        """The canvas that strokes leave on a backdrop.

        Args:
            actions: the strokes.
            backdrop: what they are laid on.
            is_shuffled: lay them in random order, so that hidden ones are moved too (FRIDA); those
                of a subject stay above the others'.
        """
        return self._lay(self._strokes(actions), backdrop, is_shuffled)

    def _strokes(self, actions: Actions, weight: Tensor | None = None) -> _Strokes:
        """Strokes as they can be laid; a weight scales the coverage of each."""
        parts = stroke.split(actions)
        patches = self.patches(parts)
        if weight is not None:
            patches = patches * weight[:, None, None]
        return patches, parts.placements, parts.colors

    def _lay(
        self,
        strokes: _Strokes,
        backdrop: Canvas,
        is_shuffled: bool = False,
        rows: slice | Tensor = _ALL,
    ) -> Canvas:
        if is_shuffled:
            cuts = [0, *(one.rows.start for one in self.foregrounds), len(strokes[0])]
            rows = torch.cat([self._shuffled(*ends) for ends in pairwise(cuts)]).to(self.device)
        patches, placements, colors = (part[rows] for part in strokes)
        return canvas.paint(patches, placements, colors, backdrop)

    def _shuffled(self, first: int, last: int) -> Tensor:
        return first + torch.randperm(last - first, generator=self.generator)

    def patches(self, parts: stroke.Parts) -> Patches:
        """What the brush makes of the strokes."""
        side_px = FAR_PX if self.short_px <= _COARSE_PX else SIDE_PX
        return self.brush(parts.shapes, self.variants, side_px)

    def _ask(self, target: Target, picture: Canvas, gaze: Gaze) -> Scores:
        side, views = target.guide.side_px, self.config.views
        if any(one.target is target for one in self.foregrounds):
            views -= views // 2  # the others are at the subjects alone
        return target(look(picture, views, side, gaze, self.generator))

    def _discomposed(self, picture: Canvas) -> Tensor:
        """How restless the ground is about a focus; without one, how misplaced the colors are."""
        if self.ground_share is not None:
            return _CALM_GROUND * unrest(picture, self.ground_share)
        return torch.stack([t.misplaced(picture, self.bare) for t in self.targets]).sum()

    def _backdrop(self, share: float) -> Canvas:
        is_random = share < self.config.random_ground
        return self._bare(self._any_color() if is_random else self.ground)

    def _bare(self, ground: Tensor) -> Canvas:
        return ground[:, None, None].expand(3, *self.canvas_px())

    def _any_color(self) -> Tensor:
        return torch.rand(3, generator=self.generator).to(self.device)

    def _lengths(self, count: int, largest: float, smallest: float) -> Tensor:
        lengths = planting.half_lengths(count, largest, smallest)
        if self.config.order == "random":
            lengths = lengths[torch.randperm(count, generator=self.generator)]
        return lengths

    def canvas_px(self) -> tuple[int, int]:
        """Height and width of the canvas on which strokes are found."""
        height, width = self.config.aspect
        return round(self.short_px * height), round(self.short_px * width)

    @torch.no_grad()
    def _replant(self, picture: Canvas, alone: list[Canvas]) -> None:
        """Begin strokes that do not help anew where the canvas is wrong; a subject's within it."""
        rows = planting.useless(self.use)
        first = min((one.rows.start for one in self.foregrounds), default=self.config.strokes)
        assert picture.grad is not None
        self._plant(rows[rows < first], picture, picture.grad)
        for one, own in zip(self.foregrounds, alone, strict=True):
            assert own.grad is not None
            inside = one.inside(*self.canvas_px()).to(self.device)
            mine = rows[(rows >= one.rows.start) & (rows < one.rows.stop)]
            self._plant(mine, picture, own.grad * inside)

    def _plant(self, rows: Tensor, picture: Canvas, slope: Canvas) -> None:
        if not len(rows):
            return
        given_up = self.actions()[rows].cpu()
        fresh = planting.plant(
            given_up, picture.detach().cpu(), slope.cpu(), self.generator, self.config.aspect
        )
        free = stroke.unbound(fresh, self.config.aspect).to(self.device)
        for name, part in _GROUPS.items():
            self.parts[name][rows] = free[:, part]
            for moment in self.optimizer.state[self.parts[name]].values():
                if moment.ndim:
                    moment[rows] = 0
        self.use[rows] = 0

    def state(self) -> dict[str, Tensor]:
        """All that changes, as tensors: with the config, everything that going on needs."""
        tensors = {f"free.{name}": part.detach() for name, part in self.parts.items()}
        for name, part in self.parts.items():
            for key, value in self.optimizer.state.get(part, {}).items():
                tensors[f"adam.{name}.{key}"] = value
        tensors |= {"use": self.use, "variants": self.variants}
        tensors["index"] = torch.tensor(self.index)
        tensors["generator"] = self.generator.get_state()
        return {key: value.to("cpu", copy=True) for key, value in tensors.items()}

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """Go on from what `state` gave."""
        for name, part in self.parts.items():
            part.data.copy_(tensors[f"free.{name}"])
            start = f"adam.{name}."
            moments = {k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)}
            if moments:
                self.optimizer.state[part] = {
                    k: v if k == "step" else v.to(self.device) for k, v in moments.items()
                }
        for name in ("use", "variants"):
            setattr(self, name, tensors[name].to(self.device, copy=True))
        self.index = int(tensors["index"])
        self.generator.set_state(tensors["generator"])
