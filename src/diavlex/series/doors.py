"""The ways into a session: a new one, one that was cut off, or a painting in memory."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from diavlex import brushes, guides
from diavlex.config import PaintConfig, check_prompt, choose
from diavlex.device import check_device, own_numerics
from diavlex.errors import BadFolder, BadPainting
from diavlex.files import lock
from diavlex.gallery import check_unclaimed, claim, finisher
from diavlex.objective import Objective, terms_of, write_brief
from diavlex.objective.registry import read_added
from diavlex.painting import FILE_NAME, Painting
from diavlex.studio import Reinitialize, Search

from .session import CHECKPOINT, Session


def begin(
    prompt: str,
    config: PaintConfig,
    folder: Path,
    *,
    overwrite: bool = False,
    device: str = "cpu",
) -> Session:
    """Set up a new painting.

    Raises:
        BadFolder: the folder cannot be written, or holds a painting, finished or not.
        UnknownName: no such brush, guide or term.
    """
    if not overwrite:
        _check_is_free(folder)
    session = _set_up(prompt, config, folder, device)
    with lock(folder):
        if not overwrite:
            _check_is_free(folder)
        claim(folder, overwrite=overwrite)
        (folder / CHECKPOINT).unlink(missing_ok=True)
    return session


def paint(prompt: str, device: str = "cpu", **choices: Any) -> Painting:
    """Paint a prompt in memory; the choices are those of `PaintConfig`.

    Raises:
        BadValue: a prompt or a choice that cannot be.
        UnknownName: no such choice, brush, guide or term.
    """
    session = _set_up(check_prompt(prompt), choose(**choices), Path(), device)
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
    session = _set_up(about["prompt"], choose(**json.loads(about["config"])), folder, device)
    session.snapshots = list(tensors.pop("snapshots").unbind())
    session.cosines = tensors.pop("cosines").tolist()
    session.tries = tensors.pop("tries", torch.zeros(0)).tolist()
    session.scores = json.loads(about.get("scores", "{}"))
    session.search.load_state(tensors)
    session.strategy.load_state(tensors)
    return session


@own_numerics()
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


def _set_up(prompt: str, config: PaintConfig, folder: Path, device: str) -> Session:
    """All that a session needs, in the order in which mistakes are cheapest to find."""
    finisher(config.finish, config.brushes)
    for one in config.term:
        read_added(one)
    for name, _ in config.guide:
        guides.check(name)
    check_device(device)
    brush = brushes.load_mixed(config.brushes, config.brush_of).to(device)
    judges = [(guides.load(name).to(device), weight) for name, weight in config.guide]
    brief = write_brief(prompt, config, judges, torch.device(device))
    texts = (prompt, *(words for words, _ in config.also))
    told = [line for guide, _ in judges for text in texts for line in guide.remarks(text)]
    search = Search(brief, brush)
    objective = Objective(terms_of(brief), brief.readings)
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
