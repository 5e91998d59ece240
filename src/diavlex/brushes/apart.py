"""The MyPaint engine in a process of its own, for brushes that diavlex did not make.

libmypaint aborts, or never comes to an end, on some brushes that look well. Here that is one line
for the person, while diavlex goes on. The parent writes one job a line to the process, as JSON. The
process answers with lines of JSON, some of which announce an array that follows as plain bytes.
"""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from io import BufferedReader, BufferedWriter
from queue import SimpleQueue
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Float

from diavlex.brushes.definition import Definition
from diavlex.errors import BadBrush

STROKE_S = 60.0
"""Seconds of the processor that one stroke may take."""

_START = "from diavlex.brushes.apart import serve; serve()"
_log = logging.getLogger("diavlex")

T = TypeVar("T")
R = TypeVar("R")


class Worker:
    """A process that paints; it does one job after the other."""

    def __init__(self) -> None:
        self._said = tempfile.TemporaryFile()
        path = os.pathsep.join(folder for folder in sys.path if folder)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        )

    def patches(
        self,
        brush: Definition,
        shapes: Float[np.ndarray, "strokes 5"],
        variants: Sequence[int],
        side_px: int,
        *,
        is_resolved: bool,
    ) -> Iterator[Float[np.ndarray, "side side"]]:
        """Coverage of strokes; see `diavlex.brushes.mypaint.patches`.

        Raises:
            BadBrush: the engine died of the brush, or a stroke took longer than `STROKE_S`.
        """
        job = {"brushes": [asdict(brush)], "shapes": shapes.tolist(), "side_px": side_px}
        job |= {"variants": [int(v) for v in variants], "is_resolved": is_resolved}
        yield from self._do(_paint_patches, job)

    def stages(
        self,
        actions: Float[np.ndarray, "strokes 12"],
        brushes: Sequence[Definition],
        variants: Sequence[int],
        background: Sequence[float] | None,
        height_px: int,
        width_px: int,
        counts: Sequence[int],
        each: Callable[[int], None] | None = None,
    ) -> Iterator[Float[np.ndarray, "height width channels"]]:
        """The picture after each count of strokes; see `diavlex.brushes.mypaint.stages`.

        Raises:
            BadBrush: the engine died of a brush, or a stroke took longer than `STROKE_S`.
        """
        kinds = list(dict.fromkeys(brushes))
        job = {
            "brushes": [asdict(kind) for kind in kinds],
            "brush_of": [kinds.index(brush) for brush in brushes],
            "actions": actions.tolist(),
            "variants": [int(v) for v in variants],
            "background": None if background is None else [float(v) for v in background],
            "height_px": height_px,
            "width_px": width_px,
            "counts": [int(v) for v in counts],
        }
        yield from self._do(_paint_stages, job, each)

    def _do(
        self, work: Callable, job: dict[str, Any], each: Callable[[int], None] | None = None
    ) -> Iterator[np.ndarray]:
        """Have a job done; yields the arrays that come of it."""
        sent, got = self._process.stdin, self._process.stdout
        assert isinstance(sent, BufferedWriter)
        assert isinstance(got, BufferedReader)
        job |= {"work": work.__name__, "stroke_s": STROKE_S}
        with contextlib.suppress(BrokenPipeError):  # it has died: told below
            sent.write(json.dumps(job).encode() + b"\n")
            sent.flush()
        while line := got.readline():
            told = json.loads(line)
            if "shape" in told:
                array = np.empty(told["shape"], np.float32)
                if got.readinto(array.data.cast("B")) < array.nbytes:
                    break
                yield array
            elif "error" in told:
                raise BadBrush(told["error"])
            elif "stroke" in told and each is not None:
                each(told["stroke"])
            elif not told:
                return
        raise self._death([brush["name"] for brush in job["brushes"]])

    def _death(self, names: Sequence[str]) -> BadBrush:
        """Why the process is no more.

        Raises:
            RuntimeError: no brush was to blame; what the process said stands in it.
        """
        code = self._process.wait()
        self._said.seek(0)
        said = self._said.read(10_000).decode(errors="replace").strip()
        if code >= 0:
            raise RuntimeError(f"the process of the MyPaint engine failed ({code}):\n{said}")
        _log.info("the MyPaint engine died: %s", said[-500:])
        why = f"it died of signal {-code}"
        if code == -signal.SIGPROF:
            why = f"a stroke took longer than {STROKE_S:g} s"
        return BadBrush(
            f"the MyPaint engine cannot paint with {' or '.join(map(repr, names))} ({why}); change "
            "that brush in MyPaint, or take another."
        )

    @property
    def is_over(self) -> bool:
        """The process has ended."""
        return self._process.poll() is not None

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._said):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


@contextlib.contextmanager
def workers(count: int) -> Iterator[Callable]:
    """Some processes that paint; within it, `share(work, items)` spreads work among them.

    `share` yields `work(worker, item)` for each item, in the items' order.
    """
    idle: SimpleQueue[Worker] = SimpleQueue()
    own = [Worker() for _ in range(count)]
    for worker in own:
        idle.put(worker)
    pool = ThreadPoolExecutor(count)

    def share(work: Callable[[Worker, T], R], items: Sequence[T]) -> Iterator[R]:
        def do(item: T) -> R:
            worker = idle.get()
            try:
                return work(worker, item)
            finally:
                idle.put(worker)

        return pool.map(do, items)

    try:
        yield share
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in own:
            worker.close()
        pool.shutdown()


def serve() -> None:
    """Do the jobs that come in as lines, until there are no more: the process's own loop."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it too, and ends this process
    works = {work.__name__: work for work in (_paint_patches, _paint_stages)}
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libmypaint prints is no answer

    def tell(answer: dict[str, Any], array: np.ndarray | None = None) -> None:
        signal.setitimer(signal.ITIMER_PROF, job["stroke_s"])  # ends the process if it runs out
        out.write(json.dumps(answer).encode() + b"\n")
        if array is not None:
            out.write(np.ascontiguousarray(array, np.float32).data)
        out.flush()

    for line in sys.stdin.buffer:
        job = json.loads(line)
        tell({"begun": True})
        try:
            works[job["work"]](job, [Definition(**facts) for facts in job["brushes"]], tell)
            tell({})
        except BadBrush as error:
            tell({"error": str(error)})
        signal.setitimer(signal.ITIMER_PROF, 0)


def _paint_patches(job: dict[str, Any], brushes: Sequence[Definition], tell: Callable) -> None:
    from .drawing import render_patch, resolved_patch

    paint = resolved_patch if job["is_resolved"] else render_patch
    for shape, variant in zip(job["shapes"], job["variants"], strict=True):
        patch = paint(brushes[0], shape, variant, job["side_px"])
        tell({"shape": patch.shape}, patch)


def _paint_stages(job: dict[str, Any], brushes: Sequence[Definition], tell: Callable) -> None:
    from .drawing import stages

    pictures = stages(
        np.array(job["actions"]).reshape(-1, 12),
        [brushes[index] for index in job["brush_of"]],
        job["variants"], job["background"], job["height_px"], job["width_px"], job["counts"],
        lambda number: tell({"stroke": number}),
    )  # fmt: skip
    for picture in pictures:
        tell({"shape": picture.shape}, picture)
