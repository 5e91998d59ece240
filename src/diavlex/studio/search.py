"""The search: the strokes as numbers that an optimizer moves, and all that changes with them."""

from collections.abc import Sequence

import torch
from torch import Tensor

from diavlex import stroke
from diavlex.backgrounds import background_of
from diavlex.brushes import VARIANTS, MixedBrush, NeuralBrush
from diavlex.brushes.neural import FAR_PX, SIDE_PX
from diavlex.composition import Composition
from diavlex.config import Palette
from diavlex.errors import BadTerm
from diavlex.guides import Guide
from diavlex.objective import Brief
from diavlex.scene import Scene, Strokes, Viewing
from diavlex.tensors import Actions, Canvas, Patches

from . import palette, schedule
from .adam import Adam
from .first_strokes import begin, in_detail
from .from_painting import fixed_of, led_by, variants_led_by
from .from_photo import canvas_at, in_colors_of

_COARSE_PX = 112
"""A canvas up to this side is painted with strokes as they are seen from afar."""
_STRIDE = 1_000_003
"""Between the seeds of starts, so that they are not those of the neighboring seeds."""
_FRESH_VIEWS = 64
_GROUPS = {"place": slice(0, 4), "shape": slice(4, 9), "color": slice(9, 12)}


class Search:
    """The strokes of a painting while they are found, and the optimizer that moves them.

    It works on the device of the brush; the guides must be there too. What is random is drawn on
    the CPU, so that a seed means the same everywhere.

    Args:
        brief: what is asked for.
        brush: makes patches of strokes.
        start: which of several starts this is, from 0.
    """

    def __init__(self, brief: Brief, brush: NeuralBrush | MixedBrush, start: int = 0) -> None:
        self.brief, self.brush, self.config = brief, brush, brief.config
        config = self.config
        self.count = config.strokes
        self.device = next(brush.parameters()).device
        self.index = 0
        """How many steps are done."""
        self.generator = torch.Generator().manual_seed(config.seed + start * _STRIDE)
        details = brief.aim.details() if brief.aim else ()
        if brief.detail is not None:
            details = in_detail(brief.detail, details, brief.composition)
        actions = begin(config, brief.composition, self.generator, details)
        if brief.photo is not None:
            actions = in_colors_of(brief.photo, actions, config.aspect)
        if brief.start is not None:
            actions = led_by(brief.start, actions)
        self.fixed = fixed_of(brief.start, actions, self.device)
        """The strokes that stay as they are; None if none does."""
        free = stroke.unbound(actions, config.aspect, config.fullness)
        self.free = {
            name: free[:, part].to(self.device, copy=True).requires_grad_()
            for name, part in _GROUPS.items()
        }
        """The strokes as unbounded numbers, by what of them these say."""
        self._bares: dict[tuple[int, int], Canvas] = {}
        self.palette: Tensor | None = None
        """The few colors that strokes have, [some 3], once they keep to a palette."""
        self.variants = torch.arange(config.strokes, device=self.device) % VARIANTS
        if brief.start is not None:
            self.variants = variants_led_by(brief.start, self.variants)
        self.optimizer = Adam(self.free)

    @property
    def composition(self) -> Composition:
        """The layers of the strokes."""
        return self.brief.composition

    @property
    def guides(self) -> Sequence[Guide]:
        """What looks at the canvas."""
        return [reading.guide for reading in self.brief.readings]

    @property
    def background(self) -> Tensor:
        """The color of the bare canvas, [3]."""
        return torch.tensor(self.config.background, device=self.device)

    def parts(self) -> stroke.Parts:
        """The strokes as they are now, taken apart; differentiable."""
        free = torch.cat([self.free[name] for name in _GROUPS], -1)
        parts = stroke.bound(free, self.config.aspect, self.config.fullness)
        if self.palette is not None:
            parts = palette.snapped(parts, self.palette)
        return parts if self.fixed is None else self.fixed.among(parts)

    @torch.no_grad()
    def now(self) -> Actions:
        """The strokes as they are now, on the CPU, to be kept."""
        return self._exact(self.parts())

    @torch.no_grad()
    def kept(self) -> Actions:
        """The same in the colors of the palette, though it may be too early to keep to them."""
        parts = self.parts()
        if self.config.palette is not None and self.palette is None:
            parts = palette.snapped(parts, self._palette(self.config.palette))
        return self._exact(parts)

    def _exact(self, parts: stroke.Parts) -> Actions:
        """Strokes put together, on the CPU; fixed ones are what they were, bit for bit."""
        actions = stroke.join(parts).cpu()
        return actions if self.fixed is None else self.fixed.exact(actions)

    def scene(self, share: float) -> Scene:
        """The strokes as they are now, laid, and ready to be looked at.

        Args:
            share: how far the painting has come, 0 to 1.
        """
        if self.config.palette is not None and self.palette is None and share >= palette.FROM:
            self.palette = self._palette(self.config.palette)
        importance = torch.ones(self.count, device=self.device, requires_grad=True)
        background = self._background(share)
        strokes = self._strokes(importance)
        rows = self._order(share)
        views = self.config.views
        viewing = Viewing(
            schedule.augmentation(share, self.config),
            [self.brief.views_of(guide) for guide in self.guides],
            max(1, views // 2 // max(1, len(self.composition.things))),
            self.generator,
            max(2, views // (1 + len(self.brief.regions))),
        )
        return Scene(
            strokes, strokes.lay(background, rows), self.composition, self.guides,
            viewing, self._any_color, importance, share,
        )  # fmt: skip

    def appraisal(self) -> Scene:
        """The strokes on their own background, seen in many fresh views: the same for each start.

        It draws nothing from the search's own generator.
        """
        generator = torch.Generator().manual_seed(self.config.seed + _STRIDE // 2)
        how = schedule.augmentation(0.5, self.config)
        viewing = Viewing(how, [_FRESH_VIEWS] * len(self.guides), _FRESH_VIEWS, generator)
        strokes = self._strokes()
        picture = strokes.lay(self._bare())
        return Scene(
            strokes, picture, self.composition, self.guides, viewing, lambda: self.background
        )

    def mark(self) -> dict[str, Tensor]:
        """A copy of the strokes, on their device, for `go_back`."""
        return {name: part.detach().clone() for name, part in self.free.items()}

    @torch.no_grad()
    def go_back(self, before: dict[str, Tensor]) -> None:
        """Undo the last step: the strokes are where they were when `mark` was called."""
        for name, part in self.free.items():
            part.copy_(before[name])
        self.index -= 1

    def descend(self, total: Tensor) -> Tensor:
        """Move all strokes once along the gradient of a loss.

        Where that is not finite, the optimizer's moments stay so; the strokes are to be taken back
        by `go_back`. The device is not waited for.

        Args:
            total: the loss.

        Returns:
            Whether the loss and its gradient are finite, as a number on the device.

        Raises:
            BadTerm: the loss does not depend on the strokes.
        """
        if not total.requires_grad:
            raise BadTerm("no term depends on the strokes, so that nothing can move them.")
        for part in self.free.values():
            part.grad = None
        total.backward()
        is_sound = self._is_sound(total)
        for part in self.free.values():
            if part.grad is not None:
                part.grad = torch.where(is_sound, part.grad, 0)
        self.optimizer.step(self._rates())
        self.index += 1
        return is_sound

    def _rates(self) -> dict[str, float]:
        """How far the next step may move each part of the strokes."""
        of_all = schedule.rate((self.index + 1) / self.config.steps, self.config.rate_schedule)
        rates = {
            "place": self.config.rate_place,
            "shape": self.config.rate_shape,
            "color": self.config.rate_color,
        }
        return {name: rate * of_all for name, rate in rates.items()}

    def _is_sound(self, total: Tensor) -> Tensor:
        """Whether a loss and its gradient are finite: one that is not makes the sum of all so."""
        gradients = [part.grad.sum() for part in self.free.values() if part.grad is not None]
        return torch.stack([total.detach(), *gradients]).isfinite().all()

    @torch.no_grad()
    def put(self, rows: Tensor, actions: Actions) -> None:
        """Put other strokes in the place of some; the optimizer forgets what it knew of those."""
        free = stroke.unbound(actions, self.config.aspect, self.config.fullness).to(self.device)
        for name, part in _GROUPS.items():
            self.free[name][rows] = free[:, part]
            self.optimizer.forget(name, rows)

    def state(self) -> dict[str, Tensor]:
        """A copy of all that changes, on the CPU: with the brief, all that going on needs."""
        tensors: dict[str, Tensor] = {f"free.{name}": part for name, part in self.free.items()}
        for name, kept in self.optimizer.state.items():
            tensors |= {f"adam.{name}.{key}": value for key, value in kept.items()}
        tensors |= {"variants": self.variants, "index": torch.tensor(self.index)}
        tensors["generator"] = self.generator.get_state()
        if self.palette is not None:
            tensors["palette"] = self.palette
        return {key: value.detach().to("cpu", copy=True) for key, value in tensors.items()}

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """Go on from what `state` gave."""
        for name, part in self.free.items():
            part.data.copy_(tensors[f"free.{name}"])
            start = f"adam.{name}."
            moments = {k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)}
            if moments:
                self.optimizer.load_state(name, moments)
        self.variants = tensors["variants"].to(self.device, copy=True)
        self.index = int(tensors["index"])
        if "palette" in tensors:
            self.palette = tensors["palette"].to(self.device, copy=True)
        self.generator.set_state(tensors["generator"])

    @torch.no_grad()
    def _palette(self, asked: Palette) -> Tensor:
        """The colors of a palette, for the strokes as they are now."""
        return palette.palette_for(asked, self.parts()).to(self.device)

    def _strokes(self, importance: Tensor | None = None) -> Strokes:
        """The strokes as they can be laid; the coverage of each is multiplied by its importance."""
        parts = self.parts()
        patches = self.patches(parts)
        if importance is not None:
            patches = patches * importance[:, None, None]
        return Strokes(parts, patches)

    def canvas_px(self) -> tuple[int, int]:
        """Height and width of the canvas as it is now: that of a photo becomes finer at the end."""
        if self.brief.photo is None:
            return self.brief.canvas_px
        most_px = min(self.config.size)
        return canvas_at(self.index / self.config.steps, self.brief.canvas_px, most_px)

    def patches(self, parts: stroke.Parts) -> Patches:
        """What the brush makes of strokes."""
        is_far = self.brief.photo is not None or min(self.canvas_px()) <= _COARSE_PX
        side_px = FAR_PX if is_far else SIDE_PX
        return self.brush(parts.shapes, self.variants, side_px)

    def _order(self, share: float) -> Tensor | slice:
        """In which order the strokes are laid."""
        if share >= self.config.shuffle:
            return slice(None)
        return schedule.shuffled(self.composition, self.generator).to(self.device)

    def _background(self, share: float) -> Canvas:
        """What the strokes lie on: any color at first, and always if nothing else shall show."""
        is_any = self.config.transparent or share < self.config.random_background
        return self._even(self._any_color()) if is_any else self._bare()

    def _bare(self) -> Canvas:
        """The canvas with nothing on it."""
        size = self.canvas_px()
        if size not in self._bares:
            told = {"paper": self.config.paper, "backdrop": self.config.backdrop}
            bare = background_of(self.config.background, told).canvas(*size)
            self._bares[size] = bare.to(self.device)
        return self._bares[size]

    def _even(self, color: Tensor) -> Canvas:
        """A canvas of one color."""
        return color[:, None, None].expand(3, *self.canvas_px())

    def _any_color(self) -> Tensor:
        return torch.rand(3, generator=self.generator).to(self.device)
