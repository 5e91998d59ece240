"""How a series goes, for the person who waits."""

import sys
import time
from collections.abc import Iterable

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from diavlex.cli.telling import tell
from diavlex.errors import LONGEST_MESSAGE, shown
from diavlex.series.driver import Driver, Event, Failed, Finished

_LINE_EVERY_S = 10.0
_SHOWN = 8


def watch(driver: Driver) -> None:
    """Bring a series to its end, and show how it goes: a table, or lines without a terminal."""
    console = Console(stderr=True)
    tally = Tally(driver)
    if not sys.stderr.isatty():
        tally.tell_lines(driver.run())
        return
    with Live(tally.table(), console=console, refresh_per_second=2, transient=True) as live:
        for event in driver.run():
            tally.note(event)
            live.update(tally.table())


class Tally:
    """What has been done since a driver began, and how long the rest will take."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.start = time.monotonic()
        self.count = 0
        self.told: list[str] = []
        """The last failures and notes."""

    def note(self, event: Event) -> list[str]:
        """Take in what happened; the lines that should be told of it."""
        if isinstance(event, Finished):
            self.count += 1
            return []
        fresh = [f"{event.name} failed: {event.reason}"] if isinstance(event, Failed) else []
        fresh += [note for note in self.driver.notes if note not in self.told]
        self.told += fresh
        return fresh

    @property
    def seconds_left(self) -> float | None:
        """From how fast it went since the beginning; None before the first is done."""
        left = len(self.driver.todo) + len(self.driver.running) + len(self.driver.watched)
        return left * (time.monotonic() - self.start) / self.count if self.count else None

    def line(self) -> str:
        """How it stands."""
        driver = self.driver
        running = len(driver.running) + len(driver.watched)
        planned = len(driver.done) + len(driver.failed) + len(driver.todo) + running
        told = f"{len(driver.done)} of {planned} done, {running} running, "
        return told + f"{len(driver.failed)} failed, {duration(self.seconds_left)}"

    def table(self) -> Table:
        """The same as a table, with what is being painted and what failed last."""
        driver = self.driver
        table = Table("done", "running", "waiting", "failed", "time left", box=None, pad_edge=False)
        running = len(driver.running) + len(driver.watched)
        counts = (len(driver.done), running, len(driver.todo), len(driver.failed))
        table.add_row(*map(str, counts), duration(self.seconds_left))
        whole = Table.grid()
        whole.add_row(table)
        for name in list(driver.running)[:_SHOWN]:
            whole.add_row(Text(f"  {name}", "cyan"))
        for name in list(driver.watched)[: max(0, _SHOWN - len(driver.running))]:
            whole.add_row(Text(f"  {name} (elsewhere)", "cyan"))
        for text in self.told[-3:]:
            whole.add_row(Text(shown(text, LONGEST_MESSAGE), "yellow"))
        return whole

    def tell_lines(self, events: Iterable[Event]) -> None:
        """Print how it stands from time to time, and whatever fails, on stderr."""
        last = time.monotonic()
        for event in events:
            for text in self.note(event):
                tell(text)
            if time.monotonic() - last > _LINE_EVERY_S:
                last = time.monotonic()
                tell(self.line())
        tell(self.line())


def duration(seconds: float | None) -> str:
    """A time left, as people say it."""
    if seconds is None:
        return "time left not known yet"
    if seconds < 90:
        return f"{seconds:.0f} s left"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min left"
    return f"{seconds / 3600:.1f} h left" if seconds < 172_800 else f"{seconds / 86400:.1f} d left"
