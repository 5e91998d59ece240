"""Ctrl-C, and the signals by which a system ends programs: nothing is lost, one line is told."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

SIGNALS = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))
)


class Stop:
    """What has been asked to stop, and by which signal."""

    def __init__(self) -> None:
        self.signal = 0
        """The number of the last signal; 0 if nothing has been asked."""
        self.is_patient = False
        """Whether the first signal is only noted, for work that looks at it again and again."""

    @property
    def is_asked(self) -> bool:
        """Whether a signal has come."""
        return bool(self.signal)

    @property
    def is_by_hand(self) -> bool:
        """Whether it was Ctrl-C: somebody is there who waits for what there is."""
        return self.signal == signal.SIGINT

    def note(self, number: int, frame: FrameType | None) -> None:
        """Note a signal; what cannot wait, or is asked a second time, is broken off."""
        is_first, self.signal = not self.signal, number
        if not (self.is_patient and is_first):
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def at_a_good_moment(self) -> Iterator[None]:
        """Within it, the first signal is only noted, to be looked at by `is_asked`."""
        self.is_patient = True
        try:
            yield
        finally:
            self.is_patient = False


STOP = Stop()
"""Of this process: signals are the process' own."""


@contextlib.contextmanager
def signals_noted() -> Iterator[None]:
    """Within it, signals that end programs are noted by `STOP`; those that are ignored stay so."""
    STOP.signal = 0
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, STOP.note)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
