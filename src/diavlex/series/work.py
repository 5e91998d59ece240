"""The unit of work of a series: one painting, by whoever is asked, wherever that is."""

import json
import os
import socket
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from diavlex.errors import BadFolder, BadPainting, BadValue, DiavlexError, UnknownName

from . import claims
from .claims import Claim, Sight
from .folder import JOB, MADE, SeriesFolder

if TYPE_CHECKING:
    from diavlex.config import PaintConfig

    from .session import Session

Ending = Literal["done", "taken", "failed", "left", "lost", "unfit", "stop"]


@dataclass(frozen=True)
class Order:
    """What a worker is asked to do; plain data, for it may go to another machine."""

    folder: str
    """Of the series, which every machine sees under this path."""
    name: str
    prompt: str
    choices: Mapping[str, Any]
    identity: str
    makers: Mapping[str, str]
    """What it is to be painted with; see `identity.makers`."""
    token: str
    """The owner of the claim is known by it."""
    dead: Sight | None = None
    """An attempt whose owner is known to be gone."""
    films: bool = False
    """Whether films are wanted, besides the record and the picture."""
    device: str = "cpu"
    lease_s: float = claims.LEASE_S


@dataclass(frozen=True)
class Outcome:
    """What came of an order.

    done: the painting is there. taken: another has it. failed: it cannot be painted. left: the
    worker was told to stop. lost: another took over. unfit: this machine cannot paint it as it was
    planned. stop: the folder cannot be written.
    """

    name: str
    ending: Ending
    reason: str = ""
    is_final: bool = False
    """Of a failure: there is no use in trying again."""
    sight: Sight | None = None
    """Of a painting that is taken."""
    seconds: float = 0.0
    is_ours: bool = False
    """Of a painting that is done: this order did it."""
    where: str = field(default_factory=socket.gethostname)


def paint(order: Order, is_stopped: Callable[[], bool] = lambda: False) -> Outcome:
    """Claim a painting, paint it from its last checkpoint on, and put it in its place.

    Whatever goes wrong is the outcome; only an interrupt ends it otherwise.

    Args:
        order: what to paint.
        is_stopped: asked at every step; a painting that is stopped keeps a checkpoint.
    """
    series = SeriesFolder(Path(order.folder))
    try:
        if reason := _unfit(order, series):
            return Outcome(order.name, "unfit", reason)
        kind, what = claims.claim(series, order.name, order.token, order.dead)
    except (OSError, DiavlexError) as error:
        return Outcome(order.name, "stop", _told(error))
    if isinstance(what, Claim):
        return _paint(order, what, is_stopped)
    if kind == "taken":
        return Outcome(order.name, "taken", sight=what if isinstance(what, Sight) else None)
    if kind == "failed":
        return Outcome(order.name, "failed", str(what), is_final=True)
    if series.identity_of(order.name) != order.identity:
        return Outcome(order.name, "failed", "another painting lies there.", is_final=True)
    return Outcome(order.name, "done")


def _paint(order: Order, own: Claim, is_stopped: Callable[[], bool]) -> Outcome:
    start = time.monotonic()
    try:
        with own.beating(order.lease_s):
            ending = _work(order, own, is_stopped)
            if ending is not None:
                return Outcome(order.name, ending)
        is_ours = own.finish()
    except KeyboardInterrupt:
        own.leave()
        raise
    except Exception as error:
        if own.is_lost():
            return Outcome(order.name, "lost")
        return _failed(order, own, error)
    return Outcome(order.name, "done", seconds=time.monotonic() - start, is_ours=is_ours)


def _work(order: Order, own: Claim, is_stopped: Callable[[], bool]) -> Ending | None:
    """Paint and write all that belongs to a painting; None when all is there."""
    from diavlex.config import choose

    start, cpu = time.monotonic(), time.process_time()
    config = choose(**order.choices)
    session = _session(order, own, config)
    taken_up = session.search.index
    try:
        for _ in session.paint():
            if own.lost.is_set():
                return "lost"
            if is_stopped():
                session.keep()
                own.leave()
                return "left"
    except KeyboardInterrupt:
        session.keep()
        raise
    scores = _write(session, own.painting, order.films)
    facts = {"identity": order.identity, "prompt": order.prompt, "config": config.to_plain()}
    _write_facts(own.painting / JOB, facts | {"makers": dict(order.makers)})
    made = {
        "seconds": round(time.monotonic() - start, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "taken_up_at_step": taken_up, "attempt": own.number,
        "machine": socket.gethostname(), "device": order.device,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"), "scores": scores,
        "files": sorted({*os.listdir(own.painting), MADE} - {claims.CHECKPOINT}),
    }  # fmt: skip
    _write_facts(own.painting / MADE, made)
    return None


def _session(order: Order, own: Claim, config: "PaintConfig") -> "Session":
    """The painting, taken up from its last checkpoint if there is one that can be read."""
    from .doors import begin, resume

    if own.inherit():
        try:
            session = resume(own.painting, order.device)
            if (session.prompt, session.config) == (order.prompt, config):
                return session
        except BadPainting:
            pass  # it was cut off in a way that no checkpoint should be
        (own.painting / claims.CHECKPOINT).unlink()
    return begin(order.prompt, config, own.painting, device=order.device)


def _write(session: "Session", folder: Path, films: bool) -> dict[str, Any]:
    """Write the record and the picture, and the films if they are wanted; its scores."""
    from diavlex.device import own_numerics
    from diavlex.gallery import describe, finisher, render, save_png
    from diavlex.painting import FILE_NAME

    record = session.painting()
    if films:
        session.finish()
        return record.scores
    engine = finisher(session.config.finish, record.brushes)
    record.save(folder)
    with own_numerics():
        picture = render(record, engine=engine)
    picture_file = folder / "painting.png"
    save_png(picture, picture_file, describe(record, engine, has_record=True))
    for path in folder.iterdir():  # what helps while a painting goes on
        if path.name not in (FILE_NAME, picture_file.name, claims.CHECKPOINT):
            path.unlink()
    return record.scores


def _write_facts(path: Path, facts: Mapping[str, Any]) -> None:
    from diavlex.files import replacing

    with replacing(path) as fresh:
        fresh.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _failed(order: Order, own: Claim, error: Exception) -> Outcome:
    """What an error means: the disk's stop the series, the others are this painting's."""
    if isinstance(error, BadFolder | OSError):
        own.leave()
        return Outcome(order.name, "stop", _told(error))
    is_final = isinstance(error, BadValue | UnknownName)
    own.fail(_told(error), is_final=is_final)
    return Outcome(order.name, "failed", _told(error), is_final=is_final)


def _told(error: BaseException) -> str:
    """An error in one line; of one that is no user's, where it came from."""
    line = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, DiavlexError | OSError):
        return line
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {line} ({Path(place.filename).name}, line {place.lineno})"


def _unfit(order: Order, series: SeriesFolder) -> str:
    """Why this machine cannot paint an order as it was planned; empty if it can."""
    from diavlex.config import choose

    from .identity import difference, makers

    if not (series.path / ".series").is_dir():
        return f"{series.path} is not seen from {socket.gethostname()}."
    try:
        other = difference(order.makers, makers(choose(**order.choices)))
    except DiavlexError as error:
        other = str(error)
    return f"on {socket.gethostname()}: {other}." if other else ""
