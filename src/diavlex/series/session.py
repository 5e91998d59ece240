"""A painting session in a folder: begun, kept while it goes on, taken up again, finished."""

import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from diavlex import __version__, brushes, guides
from diavlex.config import TEMPLATES, PaintConfig, check_prompt, color, read_guides
from diavlex.device import check_device
from diavlex.errors import BadFolder, BadPainting, BadValue
from diavlex.files import alone, replacing, sweep
from diavlex.gallery import claim, finisher, render, save_folder
from diavlex.guides.things import FAMILIAR, nearest, rivals
from diavlex.objective import target
from diavlex.painting import FILE_NAME, Painting
from diavlex.studio import Step, Studio, schedule
from diavlex.tensors import Actions

CHECKPOINT = "unfinished.safetensors"
KEEP_EVERY_S = 3.0
SNAPSHOT_PX = 256
SNAPSHOTS = 60
"""How many states on the way are kept for the film of the search."""


@dataclass
class Session:
    """One prompt on one easel."""

    prompt: str
    studio: Studio
    folder: Path
    remarks: list[str] = field(default_factory=list)
    snapshots: list[Actions] = field(default_factory=list)
    """The strokes on the way, from the first random ones on."""
    cosines: list[float] = field(default_factory=list)
    tries: list[float] = field(default_factory=list)
    """What the guides said of each start, where there are several; the least is gone on with."""

    def paint(self) -> Iterator[Step]:
        """Paint on to the end, keeping a checkpoint every few seconds."""
        kept = -math.inf
        with alone(self.folder):
            for step in self.walk():
                if time.monotonic() - kept > KEEP_EVERY_S:
                    self.keep()
                    kept = time.monotonic()
                yield step

    def walk(self) -> Iterator[Step]:
        """Paint on to the end, keeping nothing on the disk."""
        config = self.studio.config
        while config.tries > 1 and len(self.tries) < config.tries:
            yield from self._try(schedule.start_steps(config.steps))
        yield from self._walk(config.steps)

    def _walk(self, last: int) -> Iterator[Step]:
        if not self.snapshots:
            self.snapshots.append(self.studio.now())
        while self.studio.index < last:
            step = self.studio.step()
            self.cosines.append(step.cosine)
            if is_snapshot(step.index, step.steps):
                self.snapshots.append(step.actions)
            yield step

    def _try(self, last: int) -> Iterator[Step]:
        """Make one start more, and go over to it if it is the best."""
        number = len(self.tries)
        start = Session(self.prompt, self.studio.again(number), self.folder) if number else self
        yield from start._walk(last)
        score = start.studio.appraise()
        if number and score < min(self.tries):
            self.studio, self.snapshots, self.cosines = start.studio, start.snapshots, start.cosines
        self.tries.append(score)

    def keep(self) -> None:
        """Write a checkpoint, whole or not at all."""
        from safetensors.torch import save

        tensors = self.studio.state() | {"snapshots": torch.stack(self.snapshots)}
        tensors["cosines"] = torch.tensor(self.cosines, dtype=torch.float64)
        tensors["tries"] = torch.tensor(self.tries, dtype=torch.float64)
        about = {"prompt": self.prompt, "version": __version__}
        about["config"] = json.dumps(self.studio.config.to_plain())
        with replacing(self.folder / CHECKPOINT) as fresh:
            fresh.write_bytes(save(tensors, metadata=about))

    def painting(self, actions: Actions | None = None) -> Painting:
        """The record of the strokes as they are now, or as they were."""
        config, studio = self.studio.config, self.studio
        actions = studio.now() if actions is None else actions
        scores: dict[str, Any] = {"cosine_first": _mean(self.cosines[:5])}
        scores["cosine"] = _mean(self.cosines[-5:])
        if self.tries:
            scores["tries"] = [round(score, 6) for score in self.tries]
        return Painting(
            actions=actions,
            brushes=config.brushes,
            brush_of=torch.tensor(config.brush_of),
            variants=studio.variants.cpu(),
            background=color(config.background),
            height_px=config.height_px,
            width_px=config.width_px,
            prompt=self.prompt,
            guide=config.guide,
            seed=config.seed,
            steps=studio.index,
            version=__version__,
            scores=scores,
            settings=config.to_plain(),
        )

    def finish(self) -> Path:
        """Write the record, the pictures and the films; the checkpoint goes when all is there."""
        with alone(self.folder):
            snapshots = [render(self.painting(a), SNAPSHOT_PX) for a in self.snapshots]
            config = self.studio.config
            save_folder(self.painting(), self.folder, snapshots, finisher(config.finish, config.brushes))
            (self.folder / CHECKPOINT).unlink(missing_ok=True)
            sweep(self.folder)
        return self.folder


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
        UnknownName: no such brush or guide.
    """
    session = _set_up(prompt, config, folder, device)
    with alone(folder):
        if not overwrite and (folder / CHECKPOINT).exists():
            raise BadFolder(
                f"{folder} holds an unfinished painting; go on with --resume {folder}, "
                "or pass --overwrite."
            )
        claim(folder, overwrite=overwrite)
        (folder / CHECKPOINT).unlink(missing_ok=True)
    return session


def paint(prompt: str, device: str = "cpu", **choices: Any) -> Painting:
    """Paint a prompt in memory; the choices are those of `PaintConfig`.

    Raises:
        BadValue: a prompt or a choice that cannot be.
        UnknownName: no such brush or guide.
    """
    session = _set_up(check_prompt(prompt), PaintConfig(**choices), Path(), device)
    for _ in session.walk():
        pass
    return session.painting()


def resume(folder: Path, device: str = "cpu") -> Session:
    """Take up a painting that was cut off.

    Raises:
        BadPainting: there is nothing to take up, or its checkpoint cannot be read.
    """
    about, tensors = _read(folder / CHECKPOINT)
    session = _set_up(about["prompt"], PaintConfig(**json.loads(about["config"])), folder, device)
    session.snapshots = list(tensors.pop("snapshots").unbind())
    session.cosines = tensors.pop("cosines").tolist()
    session.tries = tensors.pop("tries", torch.zeros(0)).tolist()
    session.studio.load_state(tensors)
    return session


def _set_up(prompt: str, config: PaintConfig, folder: Path, device: str) -> Session:
    finisher(config.finish, config.brushes)
    check_device(device)
    brush = brushes.load_mixed(config.brushes, config.brush_of).to(device)
    also, phrases = config.others, TEMPLATES[config.templates]
    aims, told = [], []
    for name, strength in read_guides(config.guide):
        guide = guides.load(name).to(device)
        aim = target(
            guide, prompt, rivals(), config.contrast, strength, also, phrases, config.imagine,
            has_subject=config.subject > 0,
        )  # fmt: skip
        aims.append(aim)
        for text in (prompt, *(words for words, _ in also)):
            told += remarks(guide, text)
    return Session(prompt, Studio(config, brush, aims), folder, told)


def remarks(guide: guides.Guide, prompt: str) -> list[str]:
    """What a person should know before a prompt is painted: is it far from all that is known?

    Raises:
        BadValue: the guide can read no word of it.
    """
    found, unread, unknown = [], guide.unread(prompt), guide.unknown(prompt)
    if len(unknown) == sum(any(c.isalnum() for c in word) for word in prompt.split()):
        raise BadValue(
            f"{guide.name} can read no word of '{prompt[:40]}': say it in English, or ask another "
            "guide (see: diavlex guides)."
        )
    if unknown:
        found.append(f"{guide.name} does not know the word '{unknown[0][:40]}' and leaves it out.")
    if unread:
        found.append(f"{guide.name} reads only the beginning of the prompt, not: '{unread}'.")
    if guide.is_small:
        known = nearest(guide, prompt)
        names = ", ".join(name for name, _ in known)
        if known[0][1] < FAMILIAR:
            found.append(f"'{prompt}' is far from what {guide.name} knows; nearest: {names}.")
    return found


def is_snapshot(index: int, steps: int) -> bool:
    """Whether the strokes after a step are kept: often at first, when much happens, then less."""
    share = [round(steps * (k / SNAPSHOTS) ** 1.5) for k in range(1, SNAPSHOTS + 1)]
    return index in share


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


def _mean(values: list[float]) -> float:
    return round(sum(values) / max(len(values), 1), 6)
