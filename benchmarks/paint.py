"""What a painting costs, and whether the loop does its work.

    python -m benchmarks.paint --prompts benchmarks/prompts/everyday_60.txt

prints: start-up time; time and memory of the default `diavlex paint`; whether two runs agree byte
for byte; cosines at the first and the last steps over 10 prompts x 3 seeds; and how often such a
painting ranks its own prompt first among all prompts, by the guide that painted it.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from benchmarks.everyday import rank_table
from diavlex.gallery import render
from diavlex.series import paint_series
from diavlex.series.judging import read_captions


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", required=True)
    parser.add_argument("--out", default="runs/paint")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    out = Path(options.out)
    print(f"two cores, torch {torch.__version__}")
    start_up()
    default_run()
    prompts = read_captions(Path(options.prompts))
    records = list(paint_series(prompts[::6], out, seeds=3, workers=options.workers))
    rises = [r.scores["cosine"] - r.scores["cosine_first"] for r in records]
    print(f"cosine rises on {sum(x > 0 for x in rises)} of {len(rises)}, least by {min(rises):.3f}")
    rank_table([render(r, 224) for r in records], [r.prompt for r in records], prompts)


def start_up() -> None:
    """Time of `diavlex --help`, best of five."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "diavlex", "--help"], stdout=subprocess.DEVNULL, check=True
        )
        times.append(time.perf_counter() - start)
    print(f"diavlex --help: {min(times):.2f} s")


def default_run() -> None:
    """Time and memory of the default painting, twice; the files must be the same."""
    with tempfile.TemporaryDirectory() as folder:
        made = []
        for name in ("first", "second"):
            start = time.perf_counter()
            words = ["paint", "black sheep", "--out", f"{folder}/{name}"]
            done = subprocess.run(
                [sys.executable, "-m", "diavlex", *words],
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            took = time.perf_counter() - start
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
            print(f"diavlex paint 'black sheep': {took:.0f} s, {most:.2f} GiB at most")
            made.append(
                [
                    (Path(done.stdout.strip()) / f).read_bytes()
                    for f in ("painting.json", "painting.png")
                ]
            )
        print(f"two runs, byte for byte the same: {made[0] == made[1]}")


if __name__ == "__main__":
    main()
