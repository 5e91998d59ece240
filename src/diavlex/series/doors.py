"""The ways into a session: a new one, one that was cut off, or a painting in memory."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

import torch

from diavlex import brushes, guides
from diavlex.config import PaintConfig, check_prompt, choose, said_here
from diavlex.config import preset as preset_of
from diavlex.config import recipe as recipe_of
from diavlex.device import check_device, own_numerics, threads_for
from diavlex.errors import BadFolder, BadValue, shown
from diavlex.files import here, lock, path_of, slug
from diavlex.gallery import check_unclaimed, claim, finisher
from diavlex.objective import Objective, brushes_of, terms_of, write_brief
from diavlex.objective.registry import read_added
from diavlex.painting import Painting
from diavlex.pictures import Photo
from diavlex.studio import Reinitialize, Search, Step

from .checkpoint import read_checkpoint
from .inputs import Inputs, find_inputs, read_inputs
from .session import CHECKPOINT, UNFINISHED, Session

GOES_ON = "it goes on from"
"""How the remark begins of a painting that another one was begun with."""


def begin(
    prompt: str = "",
    config: PaintConfig | None = None,
    folder: Path | str | None = None,
    *,
    overwrite: bool = False,
    device: str = "cpu",
    photo: Photo | Path | str | None = None,
    start: Painting | Path | str | None = None,
    keep: Photo | Path | str | None = None,
    detail: Photo | Path | str | None = None,
    style: Photo | Path | str | None = None,
    preset: str = "",
    recipe: Path | str = "",
    **choices: Any,
) -> Session:
    """Set up a new painting in a folder; `for step in session.paint()` paints it.

    Args:
        prompt: what to paint, in words; it may be empty where there is a photo or a painting.
        config: all choices; or leave it out and give single ones by name.
        folder: that the painting gets; else one in `paintings/`, named after prompt and seed.
        overwrite: whether a painting that is in the folder may be replaced.
        device: where to compute.
        preset: the name of choices that go together.
        recipe: the name of a look that ships, or a TOML file of choices.
        photo: a picture to paint from; a small copy of it is kept in the folder until the end.
        start: a finished painting to go on from; its strokes are moved, and more lie above them.
        keep: a picture that is white where these strokes stay as they are, bit for bit.
        detail: a picture that is white where small strokes go, and black where large ones do.
        style: a picture whose colors, brush, sizes and direction of strokes are taken.
        choices: those of `PaintConfig`, by name.

    Raises:
        BadFolder: the folder cannot be written, or holds a painting, finished or not.
        BadValue: a prompt or a choice that cannot be.
        UnknownName: no such choice, preset, brush, guide or term.
    """
    inputs = read_inputs(photo, start, keep, detail, style)
    prompt = _words(prompt, inputs)
    if config is not None:
        _check_alone({"preset": preset, "recipe": recipe, "style": style}, choices)
    config = config or _chosen(preset_of(preset) | recipe_of(recipe) | choices, inputs)
    folder = path_of(folder or f"paintings/{slug(prompt)}-{config.seed}")
    _check_unused(folder, overwrite=overwrite)
    session = prepare(prompt, config, folder, device, inputs)
    session.remark_unheard(choices)
    _take(folder, inputs, overwrite=overwrite)
    return session


def _check_alone(looks: Mapping[str, Any], choices: Mapping[str, Any]) -> None:
    """Make sure that nothing is chosen beside a config.

    Raises:
        BadValue: something is.
    """
    if given := [*(name for name, look in looks.items() if look), *choices]:
        told = ", ".join(given)
        raise BadValue(f"a config is given, and {told} beside it; put all into one of them.")


def _check_unused(folder: Path, *, overwrite: bool) -> None:
    """Make sure that no other process is painting in a folder, and that no painting is lost."""
    if os.path.exists(folder / CHECKPOINT):
        with lock(folder):  # whoever is painting there is told of first
            pass
    if not overwrite:
        _check_is_free(folder)


def _take(folder: Path, inputs: Inputs, *, overwrite: bool) -> None:
    """Make a folder ready for a painting; what it is begun with is put there."""
    with lock(folder):
        if not overwrite:
            _check_is_free(folder)
        claim(folder, overwrite=overwrite)
        for name in UNFINISHED:
            (folder / name).unlink(missing_ok=True)
        inputs.save(folder)


def paint(
    prompt: str = "",
    device: str = "cpu",
    photo: Photo | Path | str | None = None,
    *,
    start: Painting | Path | str | None = None,
    keep: Photo | Path | str | None = None,
    detail: Photo | Path | str | None = None,
    style: Photo | Path | str | None = None,
    preset: str = "",
    recipe: Path | str = "",
    on_step: Callable[[Step], None] | None = None,
    **choices: Any,
) -> Painting:
    """Paint in memory; what a person should know of it is logged, and kept in the record.

    Args:
        prompt: what to paint, in words; it may be empty where there is a photo or a painting.
        device: where to compute.
        photo: a picture to paint from, or its path.
        start: a finished painting to go on from, or the path of its record.
        keep: a picture that is white where the strokes of that painting stay as they are.
        detail: a picture that is white where small strokes go, and black where large ones do.
        style: a picture whose colors, brush, sizes and direction of strokes are taken.
        preset: the name of choices that go together.
        recipe: the name of a look that ships, or a TOML file of choices.
        on_step: called after each step.
        choices: by name; all others are as usual, or as is usual for photos.

    Raises:
        BadValue: a prompt or a choice that cannot be.
        UnknownName: no such choice, preset, brush, guide or term.
    """
    inputs = read_inputs(photo, start, keep, detail, style)
    words = _words(prompt, inputs)
    config = _chosen(preset_of(preset) | recipe_of(recipe) | choices, inputs)
    session = prepare(words, config, Path(), device, inputs)
    session.remark_unheard(choices)
    for step in session.walk():
        if on_step is not None:
            on_step(step)
    return session.painting()


@own_numerics()
def resume(folder: Path | str, device: str = "cpu") -> Session:
    """Take up a painting that was cut off.

    Raises:
        BadPainting: there is nothing to take up, or its checkpoint cannot be read.
    """
    folder = path_of(folder)
    about, tensors = read_checkpoint(folder / CHECKPOINT)
    inputs = find_inputs(folder)
    config = choose(**json.loads(about["config"]))
    begun_in = Path(json.loads(about.get("begun_in", '""')))
    session = prepare(about["prompt"], config, folder, device, inputs, begun_in)
    session.snapshots = list(tensors.pop("snapshots").unbind())
    session.cosines = tensors.pop("cosines").tolist()
    session.tries = tensors.pop("tries", torch.zeros(0)).tolist()
    session.scores = json.loads(about.get("scores", "{}"))
    session.search.load_state(tensors)
    session.strategy.load_state(tensors)
    session.remarks = json.loads(about.get("remarks", "[]"))
    if others := differences(json.loads(about.get("machine", "{}")), session.machine):
        session.remark(f"begun on another machine ({others}): the last bits may differ.")
    return session


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What differs between two machines that decides the last bits; empty if nothing does."""
    return ", ".join(
        f"{name} {shown(value)}, here {shown(now.get(name))}"
        for name, value in before.items()
        if value != now.get(name)
    )


def _chosen(choices: Mapping[str, Any], inputs: Inputs) -> PaintConfig:
    """The config of some choices; the others are as is usual for what is begun with."""
    return choose(**inputs.usual | dict(choices))


def _words(prompt: str, inputs: Inputs) -> str:
    """The words of a painting: those given, or those of the painting that is gone on from.

    Raises:
        BadValue: there are none, and no photo, or they cannot be.
    """
    words = prompt or inputs.words
    return check_prompt(words) if words or inputs.photo is None else ""


def _check_is_free(folder: Path) -> None:
    """Make sure that no painting would be lost, before anything is loaded.

    Raises:
        BadFolder: the folder holds a painting, finished or not.
    """
    if os.path.exists(folder / CHECKPOINT):
        raise BadFolder(
            f"{folder} holds an unfinished painting; go on with --resume {quote(str(folder))}, "
            "or pass --overwrite."
        )
    check_unclaimed(folder)


@own_numerics()
def prepare(
    prompt: str,
    config: PaintConfig,
    folder: Path,
    device: str,
    inputs: Inputs | None = None,
    begun_in: Path | None = None,
) -> Session:
    """All that a session needs, in the order in which mistakes are cheapest to find.

    Args:
        prompt: what to paint; empty for what the photo shows alone.
        config: all choices.
        folder: of the painting.
        device: where to compute.
        inputs: what it is begun with beside these.
        begun_in: from where a guide's folder is named; if not given, from where this runs.
    """
    begun_in, inputs = begun_in or here(), inputs or Inputs()
    inputs.check(config)
    names, brush_of = brushes_of(config, inputs.start)
    finisher(config.finish, names)
    for one in config.term:
        read_added(one)
    for name, _ in config.guide:
        guides.check(name, begun_in)
    check_device(device)
    brush = brushes.load_mixed(names, brush_of).to(device)
    judges = [(guides.load(name, begun_in).to(device), weight) for name, weight in config.guide]
    with own_numerics(threads_for(guide.most_threads for guide, _ in judges)):
        return _set_up(prompt, config, folder, inputs, begun_in, judges, brush)


def _set_up(
    prompt: str,
    config: PaintConfig,
    folder: Path,
    inputs: Inputs,
    begun_in: Path,
    judges: Sequence[tuple[guides.Guide, float]],
    brush: brushes.NeuralBrush | brushes.MixedBrush,
) -> Session:
    """The session of a prompt, its guides and its brush."""
    photo, start = inputs.photo, inputs.start
    device = next(brush.parameters()).device
    brief = write_brief(prompt, config, judges, device, photo, start, inputs.detail)
    further = [words for words, _ in config.also] + [one.words for one in config.regions]
    texts = [text for text in (prompt, *further) if text]
    told = [line for text in texts for line in said_here(text)]
    told += [line for guide, _ in judges for text in texts for line in guide.remarks(text)]
    if brief.aim is None and photo is None:
        told += [line for guide, _ in judges for text in texts for line in guide.doubts(text)]
    search = Search(brief, brush)
    objective = Objective(terms_of(brief), brief.readings if prompt else ())
    if not objective.terms:
        raise BadValue("every term counts for nothing: give words, or a --photo-weight above 0.")
    strategy = Reinitialize(config.reinitialize, brief.things, search)
    session = Session(prompt, search, objective, strategy, folder, begun_in)
    if start is not None:
        told.append(f"{GOES_ON} {start.count} strokes of '{start.painting.prompt}'.")
    for line in dict.fromkeys(told):
        session.remark(line)
    return session
