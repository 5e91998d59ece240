"""The studio's password: kept as a salted hash, asked for when other machines can come in."""

import hashlib
import hmac
import itertools
import json
import os
import secrets
import time
from pathlib import Path

from diavlex.errors import BadFolder, BadValue
from diavlex.files import replacing

FILE_NAME = "password.json"
LEAST_LETTERS = 8
VARIABLE = "DIAVLEX_STUDIO_PASSWORD"
MOST_WRONG = 5
"""Wrong passwords from one address before it must wait."""
MOST_WRONG_OF_ALL = 50
WAIT_S = 60.0
_COST = {"n": 1 << 15, "r": 8, "p": 1}
_MEMORY = 1 << 26


def keep(password: str, folder: Path) -> None:
    """Write down a password's hash, for the owner's eyes only.

    Raises:
        BadValue: it is too short.
    """
    if len(password) < LEAST_LETTERS:
        raise BadValue(f"the password is too short: give {LEAST_LETTERS} letters or more.")
    salt = secrets.token_bytes(16)
    kept = {"scrypt": _COST, "salt": salt.hex(), "hash": _hash(password, salt, _COST).hex()}
    path = folder / FILE_NAME
    with replacing(path) as fresh:
        fresh.write_text(json.dumps(kept))
    os.chmod(path, 0o600)


def is_kept(folder: Path) -> bool:
    """Whether there is one."""
    return (folder / FILE_NAME).is_file()


def is_right(password: str, folder: Path) -> bool:
    """Whether a password is the one that was kept; takes a tenth of a second on purpose.

    Raises:
        BadFolder: what was kept cannot be read.
    """
    path = folder / FILE_NAME
    try:
        kept = json.loads(path.read_text())
        found = _hash(password, bytes.fromhex(kept["salt"]), kept["scrypt"])
        return hmac.compare_digest(found, bytes.fromhex(kept["hash"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadFolder(f"{path} cannot be read; delete it and give a new password.") from error


def _hash(password: str, salt: bytes, cost: dict[str, int]) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(
        data, salt=salt, n=cost["n"], r=cost["r"], p=cost["p"], maxmem=_MEMORY, dklen=32
    )


class Patience:
    """Counts wrong passwords, by address and of all, and says who must wait."""

    def __init__(self) -> None:
        self._wrong: dict[str, list[float]] = {}

    def wait_s(self, address: str) -> float:
        """How long an address must wait before it may try again; 0 not at all."""
        now = time.monotonic()
        self._wrong = {
            who: recent
            for who, times in self._wrong.items()
            if (recent := [at for at in times if now - at < WAIT_S])
        }
        of_all = sorted(itertools.chain.from_iterable(self._wrong.values()))
        for times, most in (
            (self._wrong.get(address, []), MOST_WRONG),
            (of_all, MOST_WRONG_OF_ALL),
        ):
            if len(times) >= most:
                return WAIT_S - (now - times[-most])
        return 0.0

    def note(self, address: str) -> None:
        """A try begins; it counts as wrong until `forget`."""
        self._wrong.setdefault(address, []).append(time.monotonic())

    def forget(self, address: str) -> None:
        """The password was right."""
        self._wrong.pop(address, None)
