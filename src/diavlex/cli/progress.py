"""How far a painting is, for the person who waits and for other programs."""

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from shlex import quote
from typing import Any

from diavlex.cli.stopping import STOP
from diavlex.cli.telling import tell, tell_facts
from diavlex.errors import shown
from diavlex.series import Session
from diavlex.studio import Step

PLAIN_EVERY_S = 5.0
JSON_EVERY_S = 0.2


def watch(session: Session, *, is_verbose: bool = False, way: str = "auto") -> Path | None:
    """Paint a session to its end and tell how far it is.

    Ctrl-C ends it early and keeps it; other signals leave a checkpoint to go on from.

    Args:
        session: begun or resumed.
        is_verbose: tell what each term adds to the loss, too.
        way: bar, plain, json, none, or auto: a bar on a terminal, plain lines elsewhere.

    Returns:
        The folder; None if it was broken off before all was written.
    """
    teller = _teller(way, session, is_verbose)
    try:
        with session.drawing_ahead():
            return _paint_and_finish(session, teller, way)
    except KeyboardInterrupt:
        return _tell_how_to_go_on(session, "Not all is written")


def _paint_and_finish(session: Session, teller: "_Teller", way: str) -> Path | None:
    with teller.shown():
        _paint(session, teller)
        if STOP.is_asked and not STOP.is_by_hand:
            session.keep()
            return _tell_how_to_go_on(session, "Stopped")
    if STOP.is_asked and way != "none":
        tell("Stopping: keeping what is there.", "yellow", event="stopped")
    STOP.signal = 0
    with teller.shown():
        return session.finish(teller.file)


def _paint(session: Session, teller: "_Teller") -> None:
    steps = session.paint()
    with STOP.at_a_good_moment():
        for step in steps:
            teller.step(step)
            if STOP.is_asked:
                break
    steps.close()  # type: ignore[attr-defined]


def _tell_how_to_go_on(session: Session, what: str) -> None:
    line = f"{what}: diavlex paint --resume {quote(str(session.folder))} goes on."
    tell(line, "yellow", event="stopped", resume=str(session.folder))


def _teller(way: str, session: Session, is_verbose: bool) -> "_Teller":
    if way == "auto":
        way = "bar" if sys.stderr.isatty() else "plain"
    kinds = {"bar": _Bar, "plain": _Plain, "json": _Lines, "none": _Teller}
    return kinds[way](session, is_verbose)


class _Teller:
    """Tells nothing; others tell how far a painting and its files are."""

    every_s = 0.0

    def __init__(self, session: Session, is_verbose: bool) -> None:
        self.session, self.is_verbose = session, is_verbose
        self.last_s = self.begun_s = time.monotonic()
        self.first = session.search.index

    def shown(self) -> AbstractContextManager[Any]:
        """Within it, the progress is seen."""
        return nullcontext()

    def step(self, step: Step) -> None:
        """Tell of a step."""

    def file(self, what: str, share: float) -> None:
        """Tell how much of a file is made."""

    def is_time(self) -> bool:
        """Whether enough time has gone by for another line."""
        now_s = time.monotonic()
        if now_s - self.last_s < self.every_s:
            return False
        self.last_s = now_s
        return True

    def left_s(self, step: Step) -> float:
        """About how long the steps that are left will take, in seconds."""
        done = step.index - self.first
        if done < 1:  # of several starts, a later one counts from 1 again
            self.first, self.begun_s = step.index, time.monotonic()
            return 0.0
        return (time.monotonic() - self.begun_s) / done * (step.steps - step.index)


class _Bar(_Teller):
    """A bar on a terminal, with the time left."""

    def shown(self) -> AbstractContextManager[Any]:
        """Within it, the bar is there."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}", markup=False), BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"), TextColumn("{task.fields[told]}", markup=False),
            TimeRemainingColumn(),
        )  # fmt: skip
        self.bar = Progress(*columns, console=Console(stderr=True))
        about = shown(self.session.prompt, 40)
        self.task = self.bar.add_task(about, total=1.0, told="")
        return self.bar

    def step(self, step: Step) -> None:
        """Move the bar on."""
        told = f"{step.index}/{step.steps} cosine {step.cosine:.3f}  {_terms(step, self)}"
        self.bar.update(self.task, completed=step.index / step.steps, told=told.strip())

    def file(self, what: str, share: float) -> None:
        """Show the file that is being made."""
        if self.bar.tasks[self.task].description != what:
            self.bar.reset(self.task, description=what, told="")
        self.bar.update(self.task, completed=share)


class _Plain(_Teller):
    """A line every few seconds, for logs."""

    every_s = PLAIN_EVERY_S

    def step(self, step: Step) -> None:
        """Tell of a step, if it is time."""
        if self.is_time():
            line = f"{step.index} of {step.steps} steps, cosine {step.cosine:.3f}, "
            tell(f"{line}about {self.left_s(step):.0f} s left  {_terms(step, self)}".strip())

    def file(self, what: str, share: float) -> None:
        """Tell of a file, if it is time."""
        if self.is_time():
            tell(f"writing {what}: {share:.0%}")


class _Lines(_Teller):
    """JSON, a line each, for other programs."""

    every_s = JSON_EVERY_S

    def step(self, step: Step) -> None:
        """Tell of a step, if it is time; of the last one always."""
        if self.is_time() or step.index == step.steps:
            tell_facts(
                "step", step=step.index, steps=step.steps, loss=step.loss,
                cosine=step.cosine, scores=step.scores, left_s=round(self.left_s(step), 1),
            )  # fmt: skip

    def file(self, what: str, share: float) -> None:
        """Tell of a file, if it is time; of its end always."""
        if self.is_time() or share == 1:
            tell_facts("file", file=what, share=round(share, 3))


def _terms(step: Step, teller: _Teller) -> str:
    """What each term adds to the loss, in one line, if that is asked for."""
    if not teller.is_verbose:
        return ""
    return "  ".join(f"{name} {value:.3f}" for name, value in step.scores.items())
