"""The brief of a painting: what is asked for, read once by each guide before a stroke is laid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from diavlex.composition import Composition, Layer, compose, compose_sketch
from diavlex.config import TEMPLATES, PaintConfig
from diavlex.guides import Guide, Imagined, ImaginedThing
from diavlex.guides.cutout import PLACES, layout
from diavlex.guides.things import negatives
from diavlex.phrases import COLORS, Phrase, read, words_of
from diavlex.pictures import Photo

from .aim import Aim, take_aim
from .parts import PlacedRegion, aim_at_regions, over_photo, read_region
from .placed import PlacedThing
from .reading import Reading, read_prompt
from .start import Start

_MARGIN = 1.25
"""Shorter side of the canvas over the side of what the guide with the finest eye sees."""


@dataclass(frozen=True)
class Brief:
    """What a term may be made from."""

    config: PaintConfig
    phrase: Phrase
    composition: Composition
    readings: tuple[Reading, ...]
    """One a guide."""
    things: tuple[PlacedThing, ...]
    """One a layer that paints a thing."""
    canvas_px: tuple[int, int]
    """Height and width of the canvas on which strokes are found."""
    device: torch.device
    aim: Aim | None = None
    """The sketch that is aimed at; None where there is none."""
    photo: Photo | None = None
    """What shall be painted, if it is a picture and not words alone."""
    regions: tuple[PlacedRegion, ...] = ()
    """What shall be seen where."""
    start: Start | None = None
    """The painting that it begins with; None where it begins with random strokes."""
    detail: Float[Tensor, "rows columns"] | None = None
    """How small the strokes of each place shall be, 0 to 1; None where any may be of any size."""

    def views_of(self, guide: Guide) -> int:
        """How many views of the whole a guide takes.

        Half of its views are of layers, if any; where a sketch shows the shape, half will do.
        """
        views = self.config.views
        is_halved = self.aim is not None or any(one.reading.guide is guide for one in self.things)
        return views - views // 2 if is_halved else views


def write_brief(
    prompt: str,
    config: PaintConfig,
    guides: Sequence[tuple[Guide, float]],
    device: torch.device,
    photo: Photo | None = None,
    start: Start | None = None,
    detail: Float[Tensor, "rows columns"] | None = None,
) -> Brief:
    """Read a prompt, share out the strokes, and let every guide read and imagine.

    Args:
        prompt: what is painted.
        config: all else that was chosen.
        guides: what judges, each with its strength; on the device.
        device: where the strokes are.
        photo: to be painted, with the words or without.
        start: a painting to begin with; its strokes have one layer.
        detail: how small strokes shall be at each place, 0 to 1.
    """
    if start is None:
        return replace(_brief(prompt, config, guides, device, photo), detail=detail)
    brief = _brief(prompt, replace(config, layer_share=0.0), guides, device, photo)
    composition, aim = brief.composition, brief.aim
    if aim is not None:
        composition, aim = compose_sketch(config, ()), aim.whole().without(start.mask)
    return replace(
        brief, config=config, composition=composition, aim=aim, start=start, detail=detail
    )


def _brief(
    prompt: str,
    config: PaintConfig,
    guides: Sequence[tuple[Guide, float]],
    device: torch.device,
    photo: Photo | None,
) -> Brief:
    """The brief of a painting that begins with random strokes."""
    phrase = read(prompt)
    aim = None if photo else take_aim(prompt, config, [guide for guide, _ in guides])
    if config.regions:
        return _regioned(aim, phrase, config, guides, device, photo)
    if aim:
        return _aimed(aim, phrase, config, guides, device)
    how = config
    if photo:  # it says what is seen and where; words are judged beside it
        how = replace(config, imagine=0.0, layer_share=0.0)
    judge, imagined = _judge_of_things(phrase, how, [guide for guide, _ in guides])
    composition = compose(how, phrase, phrase.things if judge else ())
    things = tuple(
        _placed(layer, judge, thing, guides, how)
        for layer, thing in zip(composition.things, imagined, strict=False)
        if judge is not None
    )
    readings = tuple(_reading(guide, strength, phrase, how, things) for guide, strength in guides)
    canvas_px = canvas_size(config, [guide for guide, _ in guides])
    return Brief(config, phrase, composition, readings, things, canvas_px, device, photo=photo)


def _regioned(
    aim: Aim | None,
    phrase: Phrase,
    config: PaintConfig,
    guides: Sequence[tuple[Guide, float]],
    device: torch.device,
    photo: Photo | None,
) -> Brief:
    """The brief of a prompt with regions: what they show lies above what all else shows."""
    aim = aim.whole() if aim and not config.layer_share else aim
    whole, composition, sketches = aim_at_regions(aim, config, [guide for guide, _ in guides])
    regions = tuple(
        read_region(region, sketch, config, guides)
        for region, sketch in zip(config.regions, sketches, strict=True)
    )
    base = _aimed(whole, phrase, config, guides, device)
    seen = photo and over_photo(photo, whole, config.aspect)
    return replace(base, composition=composition, regions=regions, photo=seen)


def _aimed(
    aim: Aim,
    phrase: Phrase,
    config: PaintConfig,
    guides: Sequence[tuple[Guide, float]],
    device: torch.device,
) -> Brief:
    """The brief of a prompt that is sketched."""
    aim = aim if config.layer_share or config.regions else aim.whole()
    is_known = aim.known is None or bool(aim.known.all())
    readings = []
    for guide, strength in guides:
        reading = read_prompt(
            guide, phrase.text, negatives(), strength=strength, also=config.also,
            templates=TEMPLATES[config.templates], against=recolored(phrase.text),
        )  # fmt: skip
        readings.append(replace(reading, imagined=_seen(guide, aim, config) if is_known else None))
    canvas_px = canvas_size(config, [guide for guide, _ in guides])
    composition = compose_sketch(config, () if config.regions else aim.standings())
    return Brief(config, phrase, composition, tuple(readings), (), canvas_px, device, aim)


def recolored(text: str) -> list[str]:
    """A text with the first of its colors changed to each other one; none if it says no color.

    An orange that is no color but a fruit stays what it is.
    """
    words = words_of(text)
    at = next((k for k, word in enumerate(words[:-1]) if word in COLORS), None)
    if at is None:
        return []
    own = COLORS[words[at]]
    return [
        " ".join([*words[:at], other, *words[at + 1 :]])
        for other, levels in COLORS.items()
        if levels != own
    ]


@torch.no_grad()
def _seen(guide: Guide, aim: Aim, config: PaintConfig) -> Imagined | None:
    """What a guide that imagines finds in a sketch, and in what else shall be seen."""
    if guide.imagination is None:
        return None
    device = next(guide.parameters()).device
    seen = guide.imagination.see(aim.picture[None].to(device))
    features, layouts = seen.features, layout(aim.picture, PLACES)[None].to(device)
    assert features is not None
    if also := [pair for pair in config.also if pair.weight > 0]:
        each = guide.imagination.imagine([words for words, _ in also]).features
        weights = torch.tensor([weight for _, weight in also]).to(features)
        features = functional.normalize(features + weights[None] @ each, dim=-1)
    return Imagined(features, layouts)


def canvas_size(config: PaintConfig, guides: Sequence[Guide]) -> tuple[int, int]:
    """Height and width in pixels of the canvas on which strokes are found."""
    short = config.canvas_px or max(round(_MARGIN * guide.side_px) for guide in guides)
    height, width = config.aspect
    return round(short * height), round(short * width)


def _judge_of_things(
    phrase: Phrase, config: PaintConfig, guides: Sequence[Guide]
) -> tuple[Guide | None, list[ImaginedThing | None]]:
    """The first guide that can judge each thing alone, and what it imagines of each.

    A guide that imagines must know them all; any other judges a thing by its words.
    """
    if not phrase.things or not config.layer_share:
        return None, []
    for guide in guides:
        if guide.imagination is None:
            return guide, [None] * len(phrase.things)
        if config.imagine:
            found = [guide.imagination.imagine_thing(thing) for thing in phrase.things]
            if all(found):
                return guide, found
    return None, []


def _placed(
    layer: Layer,
    judge: Guide,
    imagined: ImaginedThing | None,
    guides: Sequence[tuple[Guide, float]],
    config: PaintConfig,
) -> PlacedThing:
    assert layer.thing is not None
    assert layer.frame is not None
    strength = next(strength for guide, strength in guides if guide is judge)
    phrases = TEMPLATES[config.templates]
    reading = read_prompt(
        judge, layer.thing.words, negatives(), strength=strength, templates=phrases
    )
    return PlacedThing(layer, layer.frame, reading, imagined, config.aspect)


def _reading(
    guide: Guide,
    strength: float,
    phrase: Phrase,
    config: PaintConfig,
    things: Sequence[PlacedThing],
) -> Reading:
    """How a guide reads the whole prompt, and what it imagines of it."""
    reading = read_prompt(
        guide, phrase.text, negatives(), strength=strength, also=config.also,
        templates=TEMPLATES[config.templates],
    )  # fmt: skip
    own = [one.imagined for one in things if one.imagined and one.reading.guide is guide]
    imagined = _imagined(guide, phrase, config, own) if config.imagine else None
    return replace(reading, imagined=imagined)


def _imagined(
    guide: Guide, phrase: Phrase, config: PaintConfig, things: Sequence[ImaginedThing]
) -> Imagined | None:
    """What pictures look like that show all that is wanted, each by its weight, as one row.

    Where things stand in front, a photo is imagined behind them if they are placed somewhere, else
    their own plain background.
    """
    if guide.imagination is None:
        return None
    shown = [(phrase.text, 1.0), *(pair for pair in config.also if pair.weight > 0)]
    each = guide.imagination.imagine([words for words, _ in shown], is_photo=bool(things))
    features, layouts = each.features.clone(), each.layouts.clone()
    if things:
        fore = torch.cat([thing.features for thing in things]).mean(0)
        features[0] = functional.normalize(features[0] + functional.normalize(fore, dim=0), dim=0)
        if not phrase.is_placed:
            plain = torch.stack([thing.background for thing in things])
            layouts[0] = plain.mean(0)[:, None, None]
    weights = torch.tensor([weight for _, weight in shown]).to(features)
    features = functional.normalize(weights[None] @ features, dim=-1)
    layouts = torch.einsum("i,i...->...", weights / weights.sum(), layouts)
    return Imagined(features, layouts[None])
