"""The ways into a session: a new one, one that was cut off, or a painting in memory."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from shlex import quote
from typing import Any

import torch
from torch import Tensor

from diavlex import brushes, guides
from diavlex.config import PaintConfig, check_prompt, choose, said_here
from diavlex.config import preset as preset_of
from diavlex.device import check_device, machine, own_numerics
from diavlex.errors import BadFolder, BadPainting, BadValue, shown
from diavlex.files import here, lock, path_of, slug
from diavlex.gallery import check_unclaimed, claim, finisher, save_png
from diavlex.objective import Objective, terms_of, write_brief
from diavlex.objective.registry import read_added
from diavlex.painting import FILE_NAME, Painting
from diavlex.pictures import Photo, read_picture
from diavlex.studio import Reinitialize, Search, Step

from .session import CHECKPOINT, PHOTO, PREVIEW, Session

PHOTO_PX = 1024
"""The longer side of a photo that is painted from; a larger one is shrunk."""


def begin(
    prompt: str,
    config: PaintConfig | None = None,
    folder: Path | str | None = None,
    *,
    overwrite: bool = False,
    device: str = "cpu",
    photo: Photo | Path | str | None = None,
    preset: str = "",
    **choices: Any,
) -> Session:
    """Set up a new painting in a folder; `for step in session.paint()` paints it.

    Args:
        prompt: what to paint, in words; it may be empty where there is a photo.
        config: all choices; or leave it out and give single ones by name.
        folder: that the painting gets; if not given, one named after prompt and seed in
            `paintings/`.
        overwrite: whether a painting that is in the folder may be replaced.
        device: where to compute.
        preset: the name of choices that go together.
        photo: a picture to paint from; a small copy of it is kept in the folder until the end.
        choices: those of `PaintConfig`, by name.

    Raises:
        BadFolder: the folder cannot be written, or holds a painting, finished or not.
        BadValue: a prompt or a choice that cannot be.
        UnknownName: no such choice, preset, brush, guide or term.
    """
    prompt = check_prompt(prompt) if prompt or photo is None else ""
    if config is not None and (preset or choices):
        given = ", ".join([*(["preset"] if preset else []), *choices])
        raise BadValue(f"a config is given, and {given} beside it; put all into one of them.")
    config = config or _chosen(preset, choices, photo)
    folder = path_of(folder or f"paintings/{slug(prompt)}-{config.seed}")
    if os.path.exists(folder / CHECKPOINT):
        with lock(folder):  # whoever is painting there is told of first
            pass
    if not overwrite:
        _check_is_free(folder)
    seen = small(photo)
    session = prepare(prompt, config, folder, device, seen)
    session.remark_unheard(choices)
    _take(folder, seen, overwrite=overwrite)
    return session


def _take(folder: Path, photo: Photo | None, *, overwrite: bool) -> None:
    """Make a folder ready for a painting; the photo that it is painted from is put there."""
    with lock(folder):
        if not overwrite:
            _check_is_free(folder)
        claim(folder, overwrite=overwrite)
        for name in (CHECKPOINT, PREVIEW, PHOTO):
            (folder / name).unlink(missing_ok=True)
        if photo is not None:
            save_png(photo.levels(), folder / PHOTO)


def paint(
    prompt: str = "",
    device: str = "cpu",
    photo: Photo | Path | str | None = None,
    *,
    preset: str = "",
    on_step: Callable[[Step], None] | None = None,
    **choices: Any,
) -> Painting:
    """Paint in memory; what a person should know of it is logged, and kept in the record.

    Args:
        prompt: what to paint, in words; it may be empty where there is a photo.
        device: where to compute.
        photo: a picture to paint from, or its path.
        preset: the name of choices that go together.
        on_step: called after each step.
        choices: by name; all others are as usual, or as is usual for photos.

    Raises:
        BadValue: a prompt or a choice that cannot be.
        UnknownName: no such choice, preset, brush, guide or term.
    """
    words = check_prompt(prompt) if prompt or photo is None else ""
    config = _chosen(preset, choices, photo)
    session = prepare(words, config, Path(), device, small(photo))
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
    about, tensors = _read(folder / CHECKPOINT)
    photo = read_picture(folder / PHOTO) if (folder / PHOTO).is_file() else None
    config = choose(**json.loads(about["config"]))
    begun_in = Path(json.loads(about.get("begun_in", '""')))
    session = prepare(about["prompt"], config, folder, device, photo, begun_in)
    session.snapshots = list(tensors.pop("snapshots").unbind())
    session.cosines = tensors.pop("cosines").tolist()
    session.tries = tensors.pop("tries", torch.zeros(0)).tolist()
    session.scores = json.loads(about.get("scores", "{}"))
    session.search.load_state(tensors)
    session.strategy.load_state(tensors)
    session.remarks = json.loads(about.get("remarks", "[]"))
    if others := differences(json.loads(about.get("machine", "{}")), machine(device)):
        session.remark(f"begun on another machine ({others}): the last bits may differ.")
    return session


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What differs between two machines that decides the last bits; empty if nothing does."""
    return ", ".join(
        f"{name} {shown(value)}, here {shown(now.get(name))}"
        for name, value in before.items()
        if value != now.get(name)
    )


def _chosen(preset: str, choices: Mapping[str, Any], photo: object) -> PaintConfig:
    """The config of a preset and single choices; what is usual for photos, where there is one."""
    usual = preset_of("photo" if photo is not None else "")
    return choose(**(usual | preset_of(preset) | dict(choices)))


def small(photo: Photo | Path | str | None) -> Photo | None:
    """A photo as small as a painting needs it, in whole levels, so that its file says the same."""
    if photo is None:
        return None
    seen = photo if isinstance(photo, Photo) else read_picture(path_of(photo), "the photo")
    return seen.shrunk(PHOTO_PX)


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
    photo: Photo | None = None,
    begun_in: Path | None = None,
) -> Session:
    """All that a session needs, in the order in which mistakes are cheapest to find.

    Args:
        prompt: what to paint; empty for what the photo shows alone.
        config: all choices.
        folder: of the painting.
        device: where to compute.
        photo: what to paint from.
        begun_in: from where a guide's folder is named; if not given, from where this runs.
    """
    begun_in = begun_in or here()
    finisher(config.finish, config.brushes)
    for one in config.term:
        read_added(one)
    for name, _ in config.guide:
        guides.check(name, begun_in)
    check_device(device)
    brush = brushes.load_mixed(config.brushes, config.brush_of).to(device)
    judges = [(guides.load(name, begun_in).to(device), weight) for name, weight in config.guide]
    brief = write_brief(prompt, config, judges, torch.device(device), photo)
    texts = [text for text in (prompt, *(words for words, _ in config.also)) if text]
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
    for line in dict.fromkeys(told):
        session.remark(line)
    return session


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), "pt") as file:
            about = file.metadata() or {}
            if not {"prompt", "config"} <= about.keys():
                raise BadPainting(
                    f"{path} was not written by diavlex; paint it anew, without --resume."
                )
            return about, {key: file.get_tensor(key) for key in file.keys()}
    except FileNotFoundError:
        is_done = os.path.exists(path.parent / FILE_NAME)
        what = "a finished painting" if is_done else "no unfinished painting"
        raise BadPainting(
            f"{path.parent} holds {what}: there is nothing to go on with; paint anew, without "
            "--resume."
        ) from None
    except (SafetensorError, OSError) as error:
        raise BadPainting(
            f"{path} cannot be read ({error}); paint it anew, without --resume."
        ) from error
