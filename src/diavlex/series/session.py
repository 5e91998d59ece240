"""A painting session in a folder: begun, kept while it goes on, taken up again, finished."""

import json
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from diavlex import __version__
from diavlex.config import REMARKS, PaintConfig, unheard
from diavlex.device import machine, own_numerics, stepwise, threads_for
from diavlex.errors import LONGEST_MESSAGE, shown
from diavlex.files import here, lock, replacing, sweep
from diavlex.gallery import Picture, finisher, render, save_folder
from diavlex.objective import Objective, brushes_of
from diavlex.painting import Layer, Painting
from diavlex.studio import Reinitialize, Search, Step, appraise, paint, schedule
from diavlex.tensors import Actions

from .ahead import Ahead

log = logging.getLogger(__name__)
CHECKPOINT, PREVIEW = "unfinished.safetensors", "unfinished.png"
PREVIEW_PX = 1 << 14
"""Pixels of the small picture of an unfinished painting: with one byte each, it is under 20 kB."""
PHOTO, START, KEEP, DETAIL = "photo.png", "start.json", "keep.png", "detail.png"
"""Copies of the photo that is painted from, of the painting that is begun with, and of the masks of
what is kept of it and of where small strokes go, until the painting is done."""
UNFINISHED = (CHECKPOINT, PREVIEW, PHOTO, START, KEEP, DETAIL)
"""Files that a painting needs only until it is done."""
KEEP_EVERY_S, PREVIEW_EVERY_S = 3.0, 6.0
"""Seconds between two checkpoints, and between two small pictures, which take longer to make."""
SNAPSHOT_PX = 256
SNAPSHOTS = 60
"""How many states on the way are kept for the film of the search."""


@dataclass(repr=False)
class Session:
    """One prompt on one canvas, from the first random strokes to the files of the painting."""

    prompt: str
    search: Search
    objective: Objective
    strategy: Reinitialize
    folder: Path
    begun_in: Path = field(default_factory=here)
    """The folder from which that of a guide is named."""
    remarks: list[str] = field(default_factory=list)
    """What a person should know before the prompt is painted."""
    snapshots: list[Actions] = field(default_factory=list)
    """The strokes on the way, from the first random ones on."""
    cosines: list[float] = field(default_factory=list)
    """Of words and canvas, after each step."""
    scores: dict[str, float] = field(default_factory=dict)
    """What each term added to the loss at the last step."""
    tries: list[float] = field(default_factory=list)
    """The loss of each start, where there are several; the least is gone on with."""
    _ahead: Ahead | None = field(default=None, init=False)
    _shown_s: float = field(default=-math.inf, init=False)
    """When the small picture was made last."""

    def __repr__(self) -> str:
        """The session in one line: words, how far it is, where."""
        done = f"{self.search.index} of {self.config.steps} steps"
        return f"<Session '{shown(self.prompt)}': {done}, in {shown(self.folder)}>"

    @property
    def config(self) -> PaintConfig:
        """All that was chosen."""
        return self.search.config

    @property
    def threads(self) -> int:
        """By how many threads the strokes are found; 0 by as many as torch has."""
        return threads_for(guide.most_threads for guide in self.search.guides)

    @property
    def machine(self) -> dict[str, str | int]:
        """What decides the last bits of the strokes."""
        return machine(str(self.search.device), self.threads)

    @property
    def brushes(self) -> tuple[str, ...]:
        """The brushes in use, each once; one with which it is begun may be among them."""
        return brushes_of(self.config, self.search.brief.start)[0]

    @property
    def brush_of(self) -> list[int]:
        """Which of these paints each stroke."""
        return brushes_of(self.config, self.search.brief.start)[1]

    def remark(self, line: str) -> None:
        """Tell a person something of this painting, by the log, and keep it for the record."""
        line = shown(line, LONGEST_MESSAGE)
        log.warning(line)
        self.remarks.append(line)

    def remark_unheard(self, given: Mapping[str, Any]) -> None:
        """Remark the choices among those given, by name, that change nothing in this painting."""
        known = dict(given) | {"directed": self.config.directed}
        for line in unheard(known, [one.name for one in self.objective.terms]):
            self.remark(line)

    def paint(self) -> Iterator[Step]:
        """Paint on to the end, keeping a checkpoint every few seconds."""
        kept = -math.inf
        with lock(self.folder):
            for step in self.walk():
                if time.monotonic() - kept > KEEP_EVERY_S:
                    self.keep()
                    kept = time.monotonic()
                yield step

    def walk(self) -> Iterator[Step]:
        """Paint on to the end, keeping nothing on the disk."""
        yield from stepwise(self._walk_all(), self.threads)

    def _walk_all(self) -> Iterator[Step]:
        while self._is_trying:
            yield from self._try(schedule.start_steps(self.config.steps))
        yield from self._walk(self.config.steps)

    def _walk(self, until: int) -> Iterator[Step]:
        if not self.snapshots:
            self._keep_snapshot(self.search.now())
        for step in paint(self.search, self.objective, self.strategy, until=until):
            self.cosines.append(step.cosine)
            self.scores = step.scores
            if is_snapshot(step.index, step.steps):
                self._keep_snapshot(step.actions)
            yield step

    @property
    def _is_trying(self) -> bool:
        """Whether the start that is gone on with is still to be chosen."""
        return self.config.tries > 1 and len(self.tries) < self.config.tries

    def _keep_snapshot(self, actions: Actions) -> None:
        self.snapshots.append(actions)
        if self._ahead is not None and not self._is_trying:
            self._ahead.begin(actions)

    def _try(self, until: int) -> Iterator[Step]:
        """Make one start more, and go over to it if it is the best."""
        number = len(self.tries)
        start = self._another(number) if number else self
        yield from start._walk(until)
        score = appraise(start.search, self.objective)
        if number and score < min(self.tries):
            self.search, self.strategy, self.scores = start.search, start.strategy, start.scores
            self.snapshots, self.cosines = start.snapshots, start.cosines
        self.tries.append(score)

    def _another(self, start: int) -> "Session":
        """The same from other random strokes."""
        search = Search(self.search.brief, self.search.brush, start)
        strategy = Reinitialize(self.config.reinitialize, search.brief.things, search)
        return Session(self.prompt, search, self.objective, strategy, self.folder, self.begun_in)

    @own_numerics()
    def keep(self) -> None:
        """Write a checkpoint, whole or not at all."""
        from safetensors.torch import save

        tensors = self.search.state() | self.strategy.state()
        tensors["snapshots"] = torch.stack(self.snapshots)
        tensors["cosines"] = torch.tensor(self.cosines, dtype=torch.float64)
        tensors["tries"] = torch.tensor(self.tries, dtype=torch.float64)
        about = {"prompt": self.prompt, "version": __version__}
        about["config"] = json.dumps(self.config.to_plain())
        about["begun_in"] = json.dumps(str(self.begun_in))
        about["remarks"] = json.dumps(self.remarks)
        about["machine"] = json.dumps(self.machine)
        about["scores"] = json.dumps(self.scores)
        with replacing(self.folder / CHECKPOINT) as fresh:
            fresh.write_bytes(save(tensors, metadata=about))
        if time.monotonic() - self._shown_s > PREVIEW_EVERY_S:
            self._keep_preview()
            self._shown_s = time.monotonic()

    def _keep_preview(self) -> None:
        """Write a small picture of the strokes as they are now."""
        from PIL import Image

        record = self.painting()
        height, width = record.aspect
        side_px = max(8, int((PREVIEW_PX / height / width) ** 0.5))
        image = Image.fromarray(render(record, side_px)).quantize(128)
        with replacing(self.folder / PREVIEW) as fresh:
            image.save(fresh, "PNG", optimize=True)

    def painting(self, actions: Actions | None = None) -> Painting:
        """The record of the strokes as they are now, or as they were."""
        with own_numerics(self.threads):
            return self._painting(actions)

    def _painting(self, actions: Actions | None) -> Painting:
        config, search = self.config, self.search
        scores: dict[str, Any] = {"cosine_first": _mean(self.cosines[:5])}
        scores["cosine"] = _mean(self.cosines[-5:])
        if self.scores:
            scores["terms"] = {name: round(value, 6) for name, value in self.scores.items()}
        if self.tries:
            scores["tries"] = [round(score, 6) for score in self.tries]
        plain = config.to_plain()
        told = {REMARKS: list(self.remarks)} if self.remarks else {}
        return Painting(
            actions=search.kept() if actions is None else actions,
            brushes=self.brushes,
            brush_of=torch.tensor(self.brush_of),
            variants=search.variants.cpu(),
            background=config.background,
            height_px=config.size.height_px,
            width_px=config.size.width_px,
            prompt=self.prompt,
            guide=plain["guide"],
            seed=config.seed,
            steps=search.index,
            version=__version__,
            scores=scores,
            settings=plain | told,
            layers=tuple(
                Layer(one.name, one.rows.start, one.count)
                for one in search.composition.layers
                if one.count
            ),
            machine=self.machine,
        )

    def finish(self, each: Callable[[str, float], None] = lambda what, share: None) -> Path:
        """Write the record, the pictures and the films; the checkpoint goes when all is there.

        Args:
            each: told which file is being made, and how much of it is, from 0 to 1.
        """
        with lock(self.folder), own_numerics():
            engine = finisher(self.config.finish, self.brushes)
            save_folder(self.painting(), self.folder, self._pictures(each), engine, each)
            for name in UNFINISHED:
                (self.folder / name).unlink(missing_ok=True)
            sweep(self.folder)
        return self.folder

    def _pictures(self, each: Callable[[str, float], None]) -> Iterator[Picture]:
        """The snapshots as pictures, each made when it is asked for."""
        for number, actions in enumerate(self.snapshots):
            each("snapshots", number / len(self.snapshots))
            yield self._ahead.picture(actions) if self._ahead else self._snapshot(actions)

    def _snapshot(self, actions: Actions) -> Picture:
        with own_numerics(self.threads):
            return render(self.painting(actions), SNAPSHOT_PX)

    @contextmanager
    def drawing_ahead(self) -> Iterator[None]:
        """Within it, the snapshots are drawn by another thread while the search goes on.

        The strokes are the same; `finish` has less to wait for where there is a second processor.
        """
        try:
            with Ahead(self._snapshot) as self._ahead:
                yield
        finally:
            self._ahead = None


def is_snapshot(index: int, steps: int) -> bool:
    """Whether the strokes after a step are kept: often at first, when much happens, then less."""
    share = [round(steps * (k / SNAPSHOTS) ** 1.5) for k in range(1, SNAPSHOTS + 1)]
    return index in share


def _mean(values: list[float]) -> float:
    return round(sum(values) / max(len(values), 1), 6)
