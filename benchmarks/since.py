"""Is a step as fast, and a painting as small in memory, as at another commit?

    python -m benchmarks.since --since REF --rounds 5

Paints the same prompts with the code of REF and with the code of this tree, in turns, on one
thread, and prints for each prompt the seconds of the processor that a step takes and the peak of
memory, with the ratio of the medians. Sketches, which older commits do not have, are off; there is
a line for the usual painting of either tree, too. Times count the steps alone, without start-up.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

STEPS = 24
ALIKE: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("black sheep", {"sketch": 0}),
    "two things": ("a cat and a dog", {"sketch": 0}),
    "a focus": ("a lighthouse", {"focus": "0.3,0.6"}),
    "clipdraw": ("black sheep", {"preset": "clipdraw"}),
    "as usual": ("black sheep", {}),
}


def tell(name: str) -> None:
    """Paint one case with whichever diavlex is on the path; print what it cost as JSON."""
    import torch

    import diavlex
    from diavlex.config import PaintConfig, preset

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    prompt, choices = ALIKE[name]
    choices = preset(choices.get("preset", "")) | {
        key: value for key, value in choices.items() if key in PaintConfig.__dataclass_fields__
    }
    with tempfile.TemporaryDirectory() as folder:
        chosen: dict[str, Any] = choices | {"steps": STEPS, "tries": 1}
        config = PaintConfig(**chosen)
        session = diavlex.begin(prompt, config, Path(folder) / "own")
        steps = iter(session.paint())
        next(steps)
        begun = time.process_time()
        done = sum(1 for _ in steps)
        took = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"step_s": took / done, "peak_mb": peak / 1024}))


def cost(source: Path, name: str) -> dict[str, float]:
    """What one case costs with a tree's sources."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), "--tell", name],
        env=os.environ | {"PYTHONPATH": str(source), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def compare(old: Path, new: Path, name: str, rounds: int) -> str:
    """A line of figures of one case, the two trees measured in turns."""
    costs: list[list[dict[str, float]]] = [[], []]
    for _ in range(rounds):
        for side, source in zip(costs, (old, new), strict=True):
            side.append(cost(source, name))
    line = f"{name:<12}"
    for key, unit in (("step_s", "ms a step"), ("peak_mb", "MB")):
        before, now = (statistics.median(one[key] for one in side) for side in costs)
        scale = 1000 if key == "step_s" else 1
        line += f"  {before * scale:7.1f} -> {now * scale:7.1f} {unit} (x {now / before:.3f})"
    return line


def main() -> None:
    """Compare two trees, case by case."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--since", default="HEAD", help="commit to compare with")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tell", metavar="CASE", help=argparse.SUPPRESS)
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(ALIKE)} (default: all)")
    options = parser.parse_args()
    if options.tell:
        tell(options.tell)
        return
    from benchmarks.unchanged import ROOT, tree_of

    with tempfile.TemporaryDirectory() as folder:
        old = tree_of(options.since, Path(folder))
        for name in options.cases or ALIKE:
            print(compare(old, ROOT / "src", name, options.rounds), flush=True)


if __name__ == "__main__":
    main()
