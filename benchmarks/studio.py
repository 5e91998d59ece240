"""What the studio's page costs and how fast it is.

    python -m benchmarks.studio

prints, beside what was hoped for: the time from the start of the server to the page, from Paint to
the first live strokes, pictures a second on the page, what watching costs the painting (watched and
unwatched in turns within one painting), what fifty viewers cost, how memory grows over fifty
paintings, and the bytes of the page. The page needs a chromium and the package playwright; without
them their lines are left out.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

import diavlex

PAGE = Path(diavlex.__file__).parent / "web" / "page"
REPLAY = PAGE.parents[1] / "gallery" / "replay" / "replay.js"
LONG: dict[str, Any] = {"steps": 100_000}
TINY: dict[str, Any] = {"strokes": 24, "steps": 12, "views": 2, "canvas_px": 64, "size": "96x72"}


class Studio:
    """A server in a process of its own."""

    def __init__(self, folder: str) -> None:
        self.began = time.perf_counter()
        command = [sys.executable, "-m", "diavlex", "studio", "--out", folder, "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self.port = int(self.address.rsplit(":", 1)[1])

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON that it answers."""
        with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            headers = {"Content-Type": "application/json"}
            line.request(method, path, None if body is None else json.dumps(body), headers)
            data = line.getresponse().read()
        return json.loads(data) if data[:1] in (b"{", b"[") else data

    def paint(self, prompt: str = "black sheep", **choices: Any) -> str:
        """Put a painting in line; its id."""
        body = {"prompt": prompt, "choices": choices}
        return self.ask("POST", "/paintings", body)["paintings"][0]["id"]

    def step(self, id: str) -> int:
        """How far a painting is."""
        return self.ask("GET", f"/paintings/{id}")["step"]

    def wait(self, id: str, is_there: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until a painting stands so."""
        while not is_there(self.ask("GET", f"/paintings/{id}")):
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether a painter has said what it can do, and has drawn the brushes."""
        told = self.ask("GET", "/choices")
        return bool(told["guides"]) and all(brush["has_swatch"] for brush in told["brushes"])

    def memory_mb(self) -> dict[str, float]:
        """What the server and its painter hold, in MB."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        lines = {c: Path(f"/proc/{c}/cmdline").read_bytes() for c in children}
        painters = [c for c, line in lines.items() if b"spawn_main" in line]
        return {"server": _rss_mb(str(pid)), "painter": sum(map(_rss_mb, painters))}


def _rss_mb(pid: str) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextlib.contextmanager
def opened() -> Iterator[Studio]:
    """A studio in a folder that goes away with it."""
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(folder)
        try:
            yield studio
        finally:
            studio.process.terminate()
            studio.process.wait(30)


@contextlib.contextmanager
def viewers(studio: Studio, id: str, count: int) -> Iterator[list[int]]:
    """Programs that watch a painting; how many frames each has got."""
    got, is_over = [0] * count, threading.Event()

    def watch(number: int) -> None:
        with connect(f"ws://127.0.0.1:{studio.port}/live", compression=None) as socket:
            socket.send(json.dumps({"watch": [id]}))
            while not is_over.is_set():
                with contextlib.suppress(TimeoutError):
                    got[number] += isinstance(socket.recv(timeout=1), bytes)

    crowd = [threading.Thread(target=watch, args=(number,)) for number in range(count)]
    for one in crowd:
        one.start()
    yield got
    is_over.set()
    for one in crowd:
        one.join()


@contextlib.contextmanager
def tabs(studio: Studio) -> Iterator[Any]:
    """A function that opens a tab of a real browser; None where there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        yield None
        return
    if chromium is None:
        yield None
        return
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def tab() -> Any:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(studio.address)
            page.wait_for_selector("html[data-ready]", state="attached")
            return page

        yield tab
        browser.close()


def pace(studio: Studio, id: str, seconds: float) -> float:
    """Steps a second of a painting."""
    first, start = studio.step(id), time.perf_counter()
    time.sleep(seconds)
    return (studio.step(id) - first) / (time.perf_counter() - start)


def cost(
    studio: Studio, id: str, watching: Callable[[], Any], turns: int, seconds: float
) -> tuple[float, list[Any]]:
    """Share of a painting's speed that watching takes, unwatched and watched in turns."""
    ratios, seen = [], []
    for _ in range(turns):
        before = pace(studio, id, seconds)
        with watching() as found:
            time.sleep(0.5)
            watched = pace(studio, id, seconds)
            seen.append(found() if callable(found) else list(found))
        after = pace(studio, id, seconds)
        ratios.append(watched / ((before + after) / 2))
    return 1 - statistics.median(ratios), seen


def told(what: str, value: str, hoped: str) -> None:
    """A line of the table."""
    print(f"{what:<58}{value:>14}   {hoped}", flush=True)


def beginnings(studio: Studio) -> None:
    """From the start to the page, from Paint to the first strokes."""
    studio.ask("GET", "/")
    told("first page after the start", f"{time.perf_counter() - studio.began:.2f} s", "<= 1 s")
    while not studio.is_ready():
        time.sleep(0.1)
    told("painter ready after the start", f"{time.perf_counter() - studio.began:.1f} s", "")
    waits = []
    for seed in range(3):
        start = time.perf_counter()
        id = studio.paint(seed=seed)
        with viewers(studio, id, 1) as got:
            while not got[0]:
                time.sleep(0.01)
            waits.append(time.perf_counter() - start)
        studio.ask("POST", f"/paintings/{id}/pause")
        studio.wait(id, lambda one: one["state"] == "paused")
        studio.ask("DELETE", f"/paintings/{id}")
    told(
        "first live strokes after Paint, median of 3", f"{statistics.median(waits):.2f} s", "<= 3 s"
    )


def watching(studio: Studio, turns: int, seconds: float) -> None:
    """What it costs to be watched, by a page, by one program, by fifty."""
    id = studio.paint(**LONG)
    studio.wait(id, lambda one: one["step"] > 5)
    told("steps a second, unwatched", f"{pace(studio, id, seconds):.1f}", "")
    with tabs(studio) as tab:
        if tab is not None:

            @contextlib.contextmanager
            def page() -> Iterator[Callable[[], float]]:
                shown = tab()
                shown.wait_for_function("() => brushworks()[0] > 2")
                first, start = shown.evaluate("brushworks()")[0], time.perf_counter()
                yield (
                    lambda: (
                        (shown.evaluate("brushworks()")[0] - first) / (time.perf_counter() - start)
                    )
                )
                shown.close()

            share, rates = cost(studio, id, page, turns, seconds)
            told("a page in a browser on the same cores takes", f"{share:.1%}", "<= 5 %")
            told("pictures a second on the page", f"{statistics.median(rates):.1f}", ">= 8")
    for count in (1, 50):
        share, seen = cost(
            studio, id, lambda count=count: viewers(studio, id, count), turns, seconds
        )
        rates = [frames / (seconds + 0.5) for got in seen for frames in got]
        told(f"{count} viewers take", f"{share:.1%}", "<= 5 %" if count == 1 else "")
        told(f"frames a second of the slowest of {count}", f"{min(rates):.1f}", "")
    studio.ask("POST", f"/paintings/{id}/pause")
    studio.wait(id, lambda one: one["state"] == "paused")


def growth(studio: Studio, count: int) -> None:
    """How memory grows over paintings."""
    at = {}
    for number in range(count + 5):
        id = studio.paint(seed=number, **TINY)
        studio.wait(id, lambda one: one["state"] == "done")
        if number == 4:
            at = studio.memory_mb()
    for name, value in studio.memory_mb().items():
        what = f"memory of the {name} over {count} paintings"
        told(what, f"{value - at[name]:+.0f} MB", "<= 50 MB")
        told(f"memory of the {name}", f"{value:.0f} MB", "")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=5, help="of watched and unwatched")
    parser.add_argument("--seconds", type=float, default=8.0, help="of each turn")
    parser.add_argument("--paintings", type=int, default=50, help="whose memory is counted")
    options = parser.parse_args()
    size = sum(path.stat().st_size for path in [*PAGE.iterdir(), REPLAY])
    told("page, scripts and styles", f"{size / 1000:.0f} kB", "<= 150 kB")
    with opened() as studio:
        beginnings(studio)
        watching(studio, options.turns, options.seconds)
        growth(studio, options.paintings)


if __name__ == "__main__":
    main()
