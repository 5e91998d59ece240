"""Who works at an attempt: a process, which this machine can look after if it is its own."""

import json
import os
import socket
from functools import cache
from pathlib import Path
from typing import Any

_FILE = "owner.json"


def sign(attempt: Path, token: str) -> None:
    """Say in an attempt's folder that this process works at it, under a name of its own choice."""
    facts = {"token": token, "where": _where(), "process": _process(os.getpid())}
    fresh = attempt / f"{_FILE}.new"
    fresh.write_text(json.dumps(facts), "utf-8")
    os.replace(fresh, attempt / _FILE)


def token(attempt: Path) -> str:
    """By which name the owner of an attempt goes; empty if that is not known."""
    return str(note(attempt / _FILE).get("token", ""))


def is_gone(attempt: Path) -> bool:
    """An attempt's owner ran on this very machine and does so no more."""
    owner = note(attempt / _FILE)
    where, process = owner.get("where"), owner.get("process")
    return where == _where() and isinstance(process, list) and process != _process(process[0])


def note(path: Path) -> dict[str, Any]:
    """What a small file says; nothing if it cannot be read."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@cache
def _where() -> list[str]:
    """This machine since it was started, and this space of process numbers in it."""
    found = [socket.gethostname()]
    for path in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        try:
            found.append(os.readlink(path) if "ns" in path else Path(path).read_text().strip())
        except OSError:
            found.append(f"unknown {os.getpid()}")  # agrees with nobody's
    return found


def _process(number: int) -> list[Any]:
    """A process by its number and the moment of its start; the moment is empty if it is gone."""
    try:
        text = Path(f"/proc/{int(number)}/stat").read_text()
        state, *rest = text.rpartition(")")[2].split()
        return [number, "" if state in "ZX" else rest[18]]
    except (OSError, ValueError, IndexError):
        return [number, ""]
