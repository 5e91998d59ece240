"""How many paintings this machine can work at: its processors, memory and GPUs, as far as ours."""

import math
import os
from pathlib import Path

NEED = 1 << 30
"""Bytes of memory that one painting at the default size needs, with the program and its weights."""
NEED_OF_GUIDE = 4
"""The same for a published model that judges: times the size of its files."""
_GROUPS = Path("/sys/fs/cgroup")


def workers(need: int = NEED) -> int:
    """How many paintings at a time neither crowd the processors nor the memory; at least one."""
    return max(1, min(processors(), memory() // need))


def need(guides_bytes: int = 0) -> int:
    """Bytes of memory that one painting needs.

    Args:
        guides_bytes: size of the files of the published models that judge it, if any do.
    """
    return NEED + NEED_OF_GUIDE * guides_bytes


def processors() -> int:
    """Processors that this program may use: of the machine, its mask, and its control group."""
    mask = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return int(max(1, min(mask, _quota())))


def memory() -> int:
    """Bytes of memory that are free for this program."""
    found = [_free_of_machine(), _free_of_group("memory.max", "memory.current")]
    found += [_free_of_group("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes")]
    return int(max(0, min(found)))


def _quota() -> float:
    """Processors that the control group grants."""
    words = _read(_GROUPS / "cpu.max").split()
    if not words:
        words = [
            _read(_GROUPS / "cpu" / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period")
        ]
    try:
        quota, period = map(float, words)
    except ValueError:
        return math.inf  # "max"
    return quota / period if quota > 0 and period > 0 else math.inf


def _free_of_machine() -> float:
    for line in _read(Path("/proc/meminfo")).splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return math.inf


def _free_of_group(limit: str, used: str) -> float:
    try:
        return int(_read(_GROUPS / limit)) - int(_read(_GROUPS / used) or 0)
    except ValueError:
        return math.inf


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
