"""Many paintings on this machine, side by side; what is done already is not done again."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diavlex import painting
from diavlex.config import PaintConfig
from diavlex.gallery import describe, render, save_png
from diavlex.painting import Painting

from .doors import paint


@dataclass(frozen=True)
class Job:
    """One painting to be made in a folder of its own: its record and its picture."""

    prompt: str
    config: PaintConfig
    folder: Path


def paint_many(jobs: Sequence[Job], workers: int = 2) -> Iterator[Painting]:
    """Paint jobs in processes of one thread each; yields the records in the order of the jobs."""
    yield from side_by_side(paint_job, jobs, workers)


def side_by_side(deed: Callable[[Any], Any], items: Sequence[Any], workers: int) -> Iterator[Any]:
    """What a function makes of each item, in processes of one thread each, in their order."""
    if workers == 1:
        yield from map(deed, items)
        return
    with multiprocessing.get_context("spawn").Pool(workers, _alone) as pool:
        yield from pool.imap(deed, items)


def paint_job(job: Job) -> Painting:
    """Paint one job, or read what is there."""
    if (job.folder / painting.FILE_NAME).is_file():
        return painting.load(job.folder)
    record = paint(job.prompt, **job.config.to_plain())
    save_png(render(record), job.folder / "painting.png", describe(record))
    record.save(job.folder)
    return record


def _alone() -> None:
    import torch

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
