"""Many paintings, from Python."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from diavlex import painting
from diavlex.errors import BadValue
from diavlex.files import path_of
from diavlex.painting import Painting

from . import machine
from .driver import Crew, Driver, Failed, Finished
from .folder import SeriesFolder
from .identity import bytes_of
from .lines import Faults, from_prompts, read
from .plan import NO_RECIPE, Job, plan
from .pool import Here, Pool

_LOG = logging.getLogger(__name__)

Plan = str | Path | Iterable[str] | Iterable[Job]


def paint_series(
    prompts: Plan,
    out: str | Path,
    *,
    seeds: int = 1,
    recipes: Mapping[str, Mapping[str, Any]] = NO_RECIPE,
    workers: int = 0,
    ray: str = "",
    device: str = "cpu",
    films: bool = False,
    **choices: Any,
) -> Iterator[Painting]:
    """Paint prompts x seeds x recipes in a folder; yields each painting as soon as it is there.

    What the folder holds already is not painted again. A painting that fails is left out; when all
    others are there, the failures are told in one error.

    Args:
        prompts: texts, jobs, or the path of a file of prompts (.txt) or of a table (.csv, .tsv).
        out: the series' folder; each painting gets a folder in it.
        seeds: how many of each, counted up from the seed that is chosen.
        recipes: choices by the recipe's name.
        workers: paintings at a time, each in a process of its own; 0 as many as the machine has
            room for; 1 paints in this very process.
        ray: paint on a Ray cluster: auto, HOST:PORT, or local.
        device: cpu, or cuda for one worker on each GPU.
        films: whether films are wanted, besides record and picture.
        choices: of `PaintConfig`, for all.

    Raises:
        BadValue: a prompt or choice that cannot be, each bad line named; or paintings failed.
        BadFolder: the folder cannot be written, or holds other paintings.
    """
    jobs = jobs_of(prompts, seeds=seeds, recipes=recipes, choices=choices)
    series = SeriesFolder(path_of(out))
    names = series.plan(jobs, films=films)
    is_here = workers == 1 and not ray
    by = Here(devices(device, 1)[0]) if is_here else crew(series, workers, ray, device)
    yield from _paint(Driver(series, by, names, films))


def _paint(driver: Driver) -> Iterator[Painting]:
    driver.begin(is_again=True)
    series = driver.series
    for name in driver.only or ():
        if name in driver.done:
            yield painting.load(series.path / name)
    for event in driver.run():
        if isinstance(event, Finished):
            yield painting.load(series.path / event.name)
        elif isinstance(event, Failed):
            _LOG.warning("%s failed: %s", event.name, event.reason)
    if driver.failed:
        name, reason = next(iter(driver.failed.items()))
        raise BadValue(f"{len(driver.failed)} paintings failed; the first, {name}: {reason}")


def jobs_of(
    prompts: Plan,
    *,
    seeds: int = 1,
    recipes: Mapping[str, Mapping[str, Any]] = NO_RECIPE,
    choices: Mapping[str, Any] | None = None,
) -> list[Job]:
    """A plan, checked whole; see `paint_series`.

    Raises:
        BadValue: a prompt or choice that cannot be, each bad line named.
    """
    is_file = isinstance(prompts, str | Path)
    faults = Faults(str(prompts) if is_file else "the plan")
    if is_file:
        lines = read(path_of(prompts), faults)
    else:
        items = list(prompts)
        if jobs := [item for item in items if isinstance(item, Job)]:
            return jobs
        lines = from_prompts((item for item in items if not isinstance(item, Job)), faults)
    jobs = plan(lines, faults, seeds=seeds, recipes=recipes, choices=choices)
    faults.check()
    if not jobs:
        raise BadValue("the plan holds no prompt: give one at least.")
    return jobs


def crew(series: SeriesFolder, workers: int = 0, ray: str = "", device: str = "cpu") -> Crew:
    """Who paints a series: processes on this machine, or a Ray cluster.

    Args:
        series: planned, so that it is known what a painting needs.
        workers: paintings at a time; 0 as many as there is room for.
        ray: the cluster's address; empty for this machine alone.
        device: cpu, or cuda for one worker on each GPU.

    Raises:
        BadValue: no such device, or no such cluster.
    """
    keys = {key for head in series.heads for key in head.makers}
    need = machine.need(max(map(bytes_of, keys), default=0))
    if ray:
        from .cluster import Cluster

        return Cluster(ray, device, workers, need=need)
    return Pool(devices(device, workers, need))


def devices(device: str, workers: int = 0, need: int = machine.NEED) -> list[str]:
    """The device of each worker on this machine.

    Args:
        device: cpu, or cuda for all GPUs.
        workers: how many; 0 as many as there is room for.
        need: bytes of memory for each.

    Raises:
        BadValue: no such device.
    """
    if device != "cuda":
        if device != "cpu":
            _check(device)
        return [device] * (workers or (machine.workers(need) if device == "cpu" else 1))
    import torch

    _check(device)
    count = torch.cuda.device_count()
    return [f"cuda:{index % count}" for index in range(workers or count)]


def _check(device: str) -> None:
    from diavlex.device import check_device

    check_device(device)
