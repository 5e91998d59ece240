"""Workers on this machine: processes of one thread each, or this very process."""

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from . import work
from .work import Order, Outcome

FAREWELL_S = 30.0
"""How long a worker that was told to stop may take to keep what it has."""
_SPAWN = multiprocessing.get_context("spawn")
_STOPPED = threading.Event()
"""In a worker: it was told to stop, or who gave it work is gone."""
_WORKING = threading.Lock()
"""In a worker: held while it works at an order."""

Deed = Callable[[Order], Outcome]


class Pool:
    """Some processes, each in an executor of its own: one that dies takes no other along."""

    def __init__(self, devices: Sequence[str], deed: Deed | None = None) -> None:
        """One worker for each device that is named; `deed` is what they do with an order."""
        self.seats = [_Seat(device) for device in devices]
        self.deed = deed or paint

    @property
    def room(self) -> int:
        """How many orders it would begin at once."""
        return sum(seat.order is None for seat in self.seats)

    def submit(self, order: Order) -> None:
        """Give an order to a worker that has none."""
        seat = next(seat for seat in self.seats if seat.order is None)
        seat.begin(self.deed, replace(order, device=seat.device))

    def wait(self, patience_s: float) -> list[tuple[Order, Outcome | None]]:
        """Orders that have ended, with what came of them; None where the worker died."""
        busy = {seat.future: seat for seat in self.seats if seat.future is not None}
        if not busy:
            time.sleep(patience_s)
            return []
        ended, _ = wait(busy, patience_s, FIRST_COMPLETED)
        return [busy[future].end() for future in ended]

    def close(self) -> list[tuple[Order, Outcome | None]]:
        """Tell all workers to stop, and wait until they have kept what they have."""
        for seat in self.seats:
            seat.tell()
        busy = {seat.future: seat for seat in self.seats if seat.future is not None}
        ended, _ = wait(busy, FAREWELL_S)
        found = [busy[future].end() for future in ended]
        for seat in self.seats:
            seat.close()
        return found


class Here:
    """This very process as the only worker; what kills it kills the driver as well."""

    def __init__(self, device: str) -> None:
        self.device = device
        self.order: Order | None = None

    @property
    def room(self) -> int:
        """How many orders it would begin at once."""
        return int(self.order is None)

    def submit(self, order: Order) -> None:
        """Give it an order."""
        self.order = replace(order, device=self.device)

    def wait(self, patience_s: float) -> list[tuple[Order, Outcome | None]]:
        """Paint, and say what came of it."""
        order, self.order = self.order, None
        if order is None:
            time.sleep(patience_s)
            return []
        with one_thread():
            return [(order, work.paint(order))]

    def close(self) -> list[tuple[Order, Outcome | None]]:
        """Nothing is going on between two orders."""
        self.order = None
        return []


@dataclass
class _Seat:
    """A process, started when it gets its first order, and again when it has died."""

    device: str
    executor: ProcessPoolExecutor | None = None
    line: Connection | None = None
    """A byte in it, or its end, tells the process to stop."""
    future: "Future[Outcome] | None" = None
    order: Order | None = None

    def begin(self, deed: Deed, order: Order) -> None:
        self.order = order
        for _ in range(2):  # the process may have died since its last order
            if self.executor is None:
                ear, self.line = _SPAWN.Pipe(duplex=False)
                self.executor = ProcessPoolExecutor(1, _SPAWN, prepare, (ear,))
            try:
                self.future = self.executor.submit(deed, order)
                return
            except BrokenProcessPool:
                self.close()
        raise BrokenProcessPool("no worker can be started")

    def end(self) -> tuple[Order, Outcome | None]:
        assert self.order is not None
        assert self.future is not None
        order, future = self.order, self.future
        self.order = self.future = None
        try:
            return order, future.result()
        except BrokenProcessPool:
            self.close()
            return order, None

    def tell(self) -> None:
        if self.line is not None and self.order is not None:
            with contextlib.suppress(OSError):
                self.line.send_bytes(b"stop")

    def close(self) -> None:
        if self.executor is not None:
            self.executor.shutdown(wait=False, cancel_futures=True)
        if self.line is not None:
            self.line.close()
        self.executor = self.line = None


def paint(order: Order) -> Outcome:
    """Paint an order in a worker."""
    with _WORKING:
        return work.paint(order, _STOPPED.is_set)


def prepare(ear: Connection | None = None) -> None:
    """Make a process a worker: one thread, no denormals, and no longer than its parent lives."""
    os.environ["OMP_NUM_THREADS"] = "1"
    logging.getLogger("diavlex").addHandler(logging.NullHandler())  # each record keeps its remarks
    import torch

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if ear is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: the parent tells us
        threading.Thread(target=_follow, args=(ear,), daemon=True).start()


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Within it, this process computes as a worker does."""
    import torch

    from diavlex.device import own_numerics

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with own_numerics():
            yield
    finally:
        torch.set_num_threads(threads)


def side_by_side(deed: Callable[[Any], Any], items: Sequence[Any], workers: int) -> Iterator[Any]:
    """What a function makes of each item, in the order of the items, on one thread each.

    Args:
        deed: the function.
        items: what it is given.
        workers: how many processes work at it; 1 is this very process.
    """
    if workers == 1:
        with one_thread():
            yield from map(deed, items)
        return
    with ProcessPoolExecutor(workers, _SPAWN, prepare) as processes:
        yield from processes.map(deed, items)


def _follow(ear: Connection) -> None:
    """Stop when the parent says so, or ends."""
    ear.poll(None)
    _STOPPED.set()
    parent = multiprocessing.parent_process()
    if parent is not None and parent.is_alive():
        time.sleep(FAREWELL_S)  # it waits for the outcome, and ends this process by itself
    else:
        _WORKING.acquire(timeout=FAREWELL_S)
    os._exit(1)
