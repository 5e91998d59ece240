"""A bar with the time left, for the person who waits."""

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from diavlex.series import Session
from diavlex.studio import Step


def watch(session: Session, *, is_verbose: bool = False) -> Path:
    """Paint a session to its end behind a progress bar; Ctrl-C ends it early and keeps it.

    Args:
        session: begun or resumed.
        is_verbose: show what each term adds to the loss, too.
    """
    console = Console(stderr=True)
    for line in session.remarks:
        console.print(line, style="yellow", highlight=False)
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
        TextColumn("cosine {task.fields[cosine]:.3f}"), TextColumn("{task.fields[terms]}"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
        steps = session.config.steps
        task = bar.add_task(session.prompt[:40], total=steps, cosine=0.0, terms="")
        try:
            for step in session.paint():
                terms = _terms(step) if is_verbose else ""
                bar.update(task, completed=step.index, cosine=step.cosine, terms=terms)
        except KeyboardInterrupt:
            console.print("Stopping: keeping what is there.", style="yellow")
    console.print("Drying: writing the pictures and films ...", highlight=False)
    try:
        return session.finish()
    except KeyboardInterrupt:
        line = f"Not all is written: diavlex paint --resume {session.folder} goes on."
        console.print(line, style="yellow", highlight=False, soft_wrap=True)
        raise


def _terms(step: Step) -> str:
    """What each term adds to the loss, in one line."""
    return "  ".join(f"{name} {value:.3f}" for name, value in step.scores.items())
