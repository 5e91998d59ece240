"""Paint a series while its workers, nodes and drivers are killed at random moments.

    python -m benchmarks.chaos --where pool
    python -m benchmarks.chaos --where ray

paints 40 tiny paintings undisturbed, then again with ten kills (SIGKILL), each of a worker, of the
driver, or with Ray of a whole node; what was killed is started again. It prints what was killed and
when, and fails unless the end is byte for byte that of the undisturbed run, with nothing missing,
nothing besides, and no finished painting touched again.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from diavlex.series import claims
from diavlex.series.folder import SeriesFolder

THINGS = ("black sheep", "a red fox", "a goldfish", "a green apple", "a lighthouse")
TINY = ["--strokes", "12", "--steps", "12", "--views", "2", "--canvas-px", "48", "--size", "64x64"]
COMPARED = ("job.json", "painting.json", "painting.png")
PATIENCE_S = 1200


@dataclass
class Run:
    """A driver at work in a process of its own."""

    out: Path
    words: Sequence[str]
    """Who paints: flags of the command."""
    process: subprocess.Popen | None = None

    def start(self, plan: Path, seeds: int) -> None:
        """Begin the series, or go on with it if it was begun."""
        words = ["resume", str(self.out)]
        if not (self.out / ".series" / "plans").exists():
            words = [str(plan), "--seeds", str(seeds), *TINY, "--out", str(self.out)]
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "diavlex", "series", *words, *self.words],
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @property
    def log(self) -> Path:
        """What the drivers said."""
        return self.out.with_suffix(".log")

    @property
    def is_over(self) -> bool:
        """It has ended, or was never started."""
        return self.process is None or self.process.poll() is not None

    def workers(self) -> list[int]:
        """Its worker processes on this machine."""
        assert self.process
        return [pid for pid in descendants(self.process.pid) if "spawn_main" in command(pid)]

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Wait for its end.

        Raises:
            SystemExit: it failed.
        """
        assert self.process
        if code := self.process.wait(PATIENCE_S):
            raise SystemExit(f"the driver failed ({code}):\n{self.log.read_text()[-2000:]}")


class Nodes:
    """A Ray cluster on this machine: a head that paints nothing, and nodes of one processor."""

    def __init__(self, count: int) -> None:
        os.environ["RAY_health_check_failure_threshold"] = "60"  # a busy machine is not a dead one
        from ray.cluster_utils import Cluster

        head = {"num_cpus": 0, "include_dashboard": False}
        self.cluster = Cluster(initialize_head=True, head_node_args=head)
        self.nodes = [self.cluster.add_node(num_cpus=1) for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.cluster.shutdown()

    def workers(self) -> list[int]:
        """Processes that paint at this moment."""
        return [
            pid for node in self.nodes for pid in self._of(node) if "ray::paint" in command(pid)
        ]

    def kill_one(self, chance: random.Random) -> None:
        """Kill all processes of a node, and start another in its place."""
        node = self.nodes.pop(chance.randrange(len(self.nodes)))
        for pid in self._of(node):
            kill(pid)
        self.cluster.remove_node(node, allow_graceful=False)
        self.nodes.append(self.cluster.add_node(num_cpus=1))

    def _of(self, node: Any) -> Iterator[int]:
        for kinds in node.all_processes.values():
            for info in kinds:
                yield from descendants(info.process.pid)


@dataclass
class Chaos:
    """One series, disturbed."""

    run: Run
    plan: Path
    seeds: int
    chance: random.Random
    nodes: Nodes | None = None
    seen: dict[str, bytes] = field(default_factory=dict)
    """How each painting was made that was ever seen finished."""
    killed: list[str] = field(default_factory=list)

    def go(self, kills: int, pause_s: float) -> None:
        """Disturb it so often, then let it come to its end."""
        start = time.monotonic()
        while len(self.killed) < kills and time.monotonic() - start < PATIENCE_S:
            if self.run.is_over:
                if self.run.process is not None and self.run.process.returncode == 0:
                    break
                self.run.start(self.plan, self.seeds)
                self._wait_for_work()
            time.sleep(self.chance.uniform(0, pause_s))
            self._look()
            if what := self._kill():
                self.killed.append(f"{what} at {time.monotonic() - start:.1f} s")
        if self.run.is_over:
            self.run.start(self.plan, self.seeds)
        self.run.end()
        self._look()

    def _kill(self) -> str:
        """Kill something that works; what it was, or nothing if nothing did."""
        if self.run.is_over:
            return ""
        kinds = ["worker", "driver", "node"] if self.nodes else ["worker", "driver"]
        what = self.chance.choice(kinds)
        if what == "driver":
            self.run.kill()
        elif what == "node":
            assert self.nodes
            self.nodes.kill_one(self.chance)
        else:
            workers = self.nodes.workers() if self.nodes else self.run.workers()
            if not workers:
                return ""
            kill(self.chance.choice(workers))
        return what

    def _wait_for_work(self) -> None:
        start = time.monotonic()
        while not self.run.is_over and time.monotonic() - start < PATIENCE_S:
            if (self.run.out / ".series" / "plans").exists():
                series = SeriesFolder(self.run.out)
                if any(claims.is_alive(series, name) for name in series.begun()):
                    return
            time.sleep(0.2)

    def _look(self) -> None:
        """Note what is finished; what was finished before must not have changed."""
        now = {path.parent.name: path.read_bytes() for path in self.run.out.glob("*/made.json")}
        touched = [name for name, made in self.seen.items() if now.get(name) != made]
        if touched:
            raise SystemExit(f"painted twice, or lost: {touched}")
        self.seen = now


def differences(one: Path, other: Path) -> list[str]:
    """In what the finished paintings of two folders differ."""
    names = [{path.parent.name for path in folder.glob("*/job.json")} for folder in (one, other)]
    found = [f"only one has {name}" for name in sorted(names[0] ^ names[1])]
    for name in sorted(names[0] & names[1]):
        files = [sorted(os.listdir(folder / name)) for folder in (one, other)]
        if files[0] != files[1]:
            found.append(f"{name}: {files[0]} and {files[1]}")
            continue
        for file in COMPARED:
            if (one / name / file).read_bytes() != (other / name / file).read_bytes():
                found.append(f"{name}/{file} differs")
    work = other / ".series" / "work"
    found += [f"left behind: {path.name}" for path in (work.iterdir() if work.exists() else ())]
    return found


def disturb(
    where: str, folder: Path, paintings: int, kills: int, pause_s: float, seed: int
) -> list[str]:
    """Paint a series twice, once disturbed; what was killed.

    Raises:
        SystemExit: the two differ.
    """
    plan, seeds = folder / "plan.txt", paintings // len(THINGS)
    plan.write_text("\n".join(THINGS))
    calm = Run(folder / "calm", ["--workers", "2"])
    if not (calm.out / ".series").exists():
        calm.start(plan, seeds)
        calm.end()
    chance = random.Random(seed)
    out = folder / f"{where}-{seed}"
    if where == "pool":
        chaos = Chaos(Run(out, ["--workers", "2"]), plan, seeds, chance)
        chaos.go(kills, pause_s)
    else:
        with Nodes(2) as nodes:
            run = Run(out, ["--ray", str(nodes.cluster.address)])
            chaos = Chaos(run, plan, seeds, chance, nodes)
            chaos.go(kills, pause_s)
    if found := differences(calm.out, out):
        raise SystemExit("\n".join(["the end is not that of the undisturbed run:", *found]))
    count = len(list(calm.out.glob("*/job.json")))
    if count != seeds * len(THINGS):
        raise SystemExit(f"the undisturbed run has {count} paintings")
    return chaos.killed


def descendants(pid: int) -> list[int]:
    """A process and all that it started, as far as they are still its."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(n) for task in tasks for n in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in children for one in descendants(child))]


def command(pid: int) -> str:
    """What a process calls itself."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def kill(pid: int) -> None:
    """Kill a process of ours, if it is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def main(words: Sequence[str] | None = None) -> None:
    """Disturb, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--where", choices=("pool", "ray"), default="pool")
    parser.add_argument("--paintings", type=int, default=40)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--pause", type=float, default=6.0, help="seconds between kills, at most")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        killed = disturb(
            options.where, Path(folder), options.paintings, options.kills, options.pause,
            options.seed,
        )  # fmt: skip
        print(f"{options.where}: killed {len(killed)} times: {json.dumps(killed)}")
        print(
            f"{options.paintings} paintings, byte for byte those of an undisturbed run; nothing "
            f"missing, nothing twice ({time.monotonic() - start:.0f} s for both runs)"
        )


if __name__ == "__main__":
    main()
