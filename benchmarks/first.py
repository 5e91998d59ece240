"""From Enter to a picture: how long `diavlex paint "black sheep"` takes, as a person waits for it.

    python -m benchmarks.first --rounds 3 --since REF

prints the seconds until `painting.png` is there and until all five files are, for this tree and,
in turns, for the tree of REF: seconds tell of the machine, their ratio of the program.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.unchanged import ROOT, tree_of

OFTEN_S = 0.02


def wait(source: Path) -> tuple[float, float]:
    """Seconds until the picture is there, and until all files are, with a tree's sources."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        run = subprocess.Popen(
            [sys.executable, "-m", "diavlex", "paint", "black sheep", "--out", f"{folder}/own"],
            env=os.environ | {"PYTHONPATH": str(source)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        picture_s = 0.0
        while run.poll() is None:
            if not picture_s and any(Path(folder).rglob("painting.png")):
                picture_s = time.perf_counter() - start
            time.sleep(OFTEN_S)
        all_s = time.perf_counter() - start
    if run.returncode:
        raise SystemExit(f"diavlex paint ended with {run.returncode}; run it by itself to see why.")
    return picture_s or all_s, all_s


def main() -> None:
    """Wait, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--since", metavar="REF", help="commit to compare with")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trees = {"this tree": ROOT / "src"}
        if options.since:
            trees = {options.since: tree_of(options.since, Path(folder))} | trees
        waits = {name: [] for name in trees}
        for _ in range(options.rounds):
            for name, source in trees.items():
                waits[name].append(wait(source))
        medians = {
            name: [statistics.median(one) for one in zip(*each, strict=True)]
            for name, each in waits.items()
        }
    for name, (picture_s, all_s) in medians.items():
        print(f"{name:<10} painting.png after {picture_s:.1f} s, all files after {all_s:.1f} s")
    if options.since:
        before, now = medians[options.since], medians["this tree"]
        ratios = [new / old for old, new in zip(before, now, strict=True)]
        print(f"ratio      painting.png x {ratios[0]:.2f}, all files x {ratios[1]:.2f}")


if __name__ == "__main__":
    main()
