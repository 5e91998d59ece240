"""A real studio in a process of its own, for the tests of the page and its API."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

SMALL: dict[str, Any] = {"strokes": 24, "steps": 24, "views": 2, "canvas_px": 64, "size": "96x72"}
LONG: dict[str, Any] = SMALL | {"steps": 4000}
PATIENCE_S = 120.0


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    data: bytes

    @property
    def plain(self) -> Any:
        return json.loads(self.data)

    @property
    def error(self) -> str:
        return self.plain["error"]


class OpenStudio:
    """A server that was started, and a program that speaks with it."""

    def __init__(self, folder: Path, process: subprocess.Popen, address: str, log: Path) -> None:
        self.folder, self.process, self.address, self.log = folder, process, address, log
        self.port = int(address.rsplit(":", 1)[1])
        self.cookie = ""

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """A request of a program: `body` is bytes as they are, or else sent as JSON."""
        sent = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request(method, path, body, sent | (headers or {}))
            answer = connection.getresponse()
            known = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, known, answer.read())

    def paint(self, prompt: str, choices: dict[str, Any] = SMALL, **more: Any) -> list[str]:
        """The ids of what is put in line."""
        answer = self.ask("POST", "/paintings", {"prompt": prompt, "choices": choices} | more)
        assert answer.status == 201, answer.data
        return [one["id"] for one in answer.plain["paintings"]]

    def show(self, id: str) -> dict[str, Any]:
        return self.ask("GET", f"/paintings/{id}").plain

    def wait(self, id: str, *states: str, step: int = 0) -> dict[str, Any]:
        """How a painting stands, as soon as it stands so, and so far."""

        def there() -> Any:
            told = self.show(id)
            if told["state"] == "failed" and "failed" not in states:
                raise AssertionError(f"{told['error']}\n{self.log.read_text()}")
            return told if told["state"] in states and told["step"] >= step else None

        return until(there)

    def painters(self) -> list[int]:
        """The processes of the server that paint."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children.split()}
        return [int(pid) for pid, line in lines.items() if b"spawn_main" in line]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def until(there: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """What a function gives as soon as it gives something."""
    end = time.monotonic() + patience_s
    while not (found := there()):
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)
    return found


@contextlib.contextmanager
def opened(folder: Path, *words: str, port: int = 0, **variables: str) -> Iterator[OpenStudio]:
    """A studio in a folder, with more flags and environment variables."""
    log = folder.parent / f"{folder.name}.log"
    command = [sys.executable, "-m", "diavlex", "studio", "--out", str(folder), "--port", str(port)]
    with open(log, "a", encoding="utf-8") as lines:
        process = subprocess.Popen(
            [*command, *words], stdout=subprocess.PIPE, stderr=lines, text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1"} | variables,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            assert address.startswith("http"), log.read_text()
            yield OpenStudio(folder, process, address, log)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            process.stdout.close()
