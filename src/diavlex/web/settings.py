"""How a studio is served: where its paintings are, who may come in, who paints."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from diavlex.errors import BadValue

PORT = 8700
HIDDEN = ".studio"
"""The folder, within that of the paintings, that holds the book, uploads and cached files."""


@dataclass(frozen=True)
class Settings:
    """What `diavlex studio` was asked for.

    Raises:
        BadValue: a number out of bounds, or no device.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = PORT
    """0 takes any free one."""
    names: tuple[str, ...] = ()
    """Names, beside its addresses, under which this machine is visited."""
    workers: int = 1
    """Paintings that are painted at the same time."""
    devices: tuple[str, ...] = ("cpu",)
    """Worker after worker takes the next one."""

    def __post_init__(self) -> None:
        for name, low, high in (("port", 0, 65535), ("workers", 1, 64)):
            value = getattr(self, name)
            if not low <= value <= high:
                raise BadValue(f"--{name} is {value}: it must be {low} to {high}.")
        if not self.devices:
            raise BadValue("--device is missing: give cpu, cuda, or cuda:1.")

    @property
    def hidden(self) -> Path:
        """The studio's own folder."""
        return self.folder / HIDDEN

    @property
    def is_open(self) -> bool:
        """Whether other machines can come in, so that a password is needed."""
        return self.host not in ("127.0.0.1", "localhost", "::1")

    @property
    def threads(self) -> int | None:
        """Threads of each worker; what torch takes by itself if there is one worker only."""
        return None if self.workers == 1 else max(1, cores() // self.workers)

    def device_of(self, worker: int) -> str:
        """Where a worker computes."""
        return self.devices[worker % len(self.devices)]


def cores() -> int:
    """Cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
