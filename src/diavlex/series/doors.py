"""The ways into a session: a new one, one that was cut off, or a painting in memory."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from diavlex import brushes, guides
from diavlex.config import PaintConfig, check_prompt, choose, preset
from diavlex.device import check_device, own_numerics
from diavlex.errors import BadFolder, BadPainting
from diavlex.files import lock
from diavlex.gallery import check_unclaimed, claim, finisher, save_png
from diavlex.objective import Objective, terms_of, write_brief
from diavlex.objective.registry import read_added
from diavlex.painting import FILE_NAME, Painting
from diavlex.pictures import Photo, read_picture
from diavlex.studio import Reinitialize, Search

from .session import CHECKPOINT, PHOTO, Session

PHOTO_PX = 1024
"""The longer side of a photo that is painted from; a larger one is shrunk."""


def begin(
    prompt: str,
    config: PaintConfig,
    folder: Path,
    *,
    overwrite: bool = False,
    device: str = "cpu",
    photo: Photo | Path | None = None,
) -> Session:
    """Set up a new painting.

    Args:
        prompt: what to paint, in words; it may be empty where there is a photo.
        config: all else that was chosen.
        folder: that gets the painting.
        overwrite: replace a painting that is there.
        device: where to compute.
        photo: a picture to paint from; a small copy of it is kept in the folder until the end.

    Raises:
        BadFolder: the folder cannot be written, or holds a painting, finished or not.
        UnknownName: no such brush, guide or term.
    """
    if not overwrite:
        _check_is_free(folder)
    seen = _small(photo)
    session = _set_up(prompt, config, folder, device, seen)
    with lock(folder):
        if not overwrite:
            _check_is_free(folder)
        claim(folder, overwrite=overwrite)
        (folder / CHECKPOINT).unlink(missing_ok=True)
        if seen is not None:
            save_png(seen.levels(), folder / PHOTO)
    return session


def paint(
    prompt: str = "", device: str = "cpu", photo: Photo | Path | None = None, **choices: Any
) -> Painting:
    """Paint a prompt, a photo or both in memory; the choices are those of `PaintConfig`.

    Args:
        prompt: what to paint, in words; it may be empty where there is a photo.
        device: where to compute.
        photo: a picture to paint from, or its path.
        choices: by name; all others are as usual, or as is usual for photos.

    Raises:
        BadValue: a prompt or a choice that cannot be.
        UnknownName: no such choice, brush, guide or term.
    """
    words = check_prompt(prompt) if prompt or photo is None else ""
    config = choose(**preset("photo" if photo is not None else "") | choices)
    session = _set_up(words, config, Path(), device, _small(photo))
    for _ in session.walk():
        pass
    return session.painting()


@own_numerics()
def resume(folder: Path, device: str = "cpu") -> Session:
    """Take up a painting that was cut off.

    Raises:
        BadPainting: there is nothing to take up, or its checkpoint cannot be read.
    """
    about, tensors = _read(folder / CHECKPOINT)
    photo = read_picture(folder / PHOTO) if (folder / PHOTO).is_file() else None
    config = choose(**json.loads(about["config"]))
    session = _set_up(about["prompt"], config, folder, device, photo)
    session.snapshots = list(tensors.pop("snapshots").unbind())
    session.cosines = tensors.pop("cosines").tolist()
    session.tries = tensors.pop("tries", torch.zeros(0)).tolist()
    session.scores = json.loads(about.get("scores", "{}"))
    session.search.load_state(tensors)
    session.strategy.load_state(tensors)
    return session


def _small(photo: Photo | Path | None) -> Photo | None:
    """A photo as small as a painting needs it, in whole levels, so that its file says the same."""
    if photo is None:
        return None
    seen = read_picture(photo, "the photo") if isinstance(photo, Path) else photo
    return seen.shrunk(PHOTO_PX)


def _check_is_free(folder: Path) -> None:
    """Make sure that no painting would be lost, before anything is loaded.

    Raises:
        BadFolder: the folder holds a painting, finished or not.
    """
    if (folder / CHECKPOINT).exists():
        raise BadFolder(
            f"{folder} holds an unfinished painting; go on with --resume {folder}, "
            "or pass --overwrite."
        )
    check_unclaimed(folder)


@own_numerics()
def _set_up(
    prompt: str, config: PaintConfig, folder: Path, device: str, photo: Photo | None = None
) -> Session:
    """All that a session needs, in the order in which mistakes are cheapest to find."""
    finisher(config.finish, config.brushes)
    for one in config.term:
        read_added(one)
    for name, _ in config.guide:
        guides.check(name)
    check_device(device)
    brush = brushes.load_mixed(config.brushes, config.brush_of).to(device)
    judges = [(guides.load(name).to(device), weight) for name, weight in config.guide]
    brief = write_brief(prompt, config, judges, torch.device(device), photo)
    texts = [text for text in (prompt, *(words for words, _ in config.also)) if text]
    told = [line for guide, _ in judges for text in texts for line in guide.remarks(text)]
    search = Search(brief, brush)
    objective = Objective(terms_of(brief), brief.readings if prompt else ())
    strategy = Reinitialize(config.reinitialize, brief.things, search)
    return Session(prompt, search, objective, strategy, folder, told)


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
        is_done = (path.parent / FILE_NAME).exists()
        what = "a finished painting" if is_done else "no unfinished painting"
        raise BadPainting(
            f"{path.parent} holds {what}: there is nothing to go on with; paint anew, without "
            "--resume."
        ) from None
    except (SafetensorError, OSError) as error:
        raise BadPainting(
            f"{path} cannot be read ({error}); paint it anew, without --resume."
        ) from error
