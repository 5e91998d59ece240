"""Kill paintings at random moments, files being written included; each must end as undisturbed.

python -m benchmarks.kill --times 30 --seed 0
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = [
    "paint", "a goldfish", "--strokes", "20", "--steps", "40", "--views", "2", "--size", "64x64",
    "--canvas-px", "48", "--progress", "none",
]  # fmt: skip
NAME = "a-goldfish-0"
COMPARED = ("painting.json", "painting.png")


def main() -> int:
    """Kill so many paintings, and tell how many ended as the undisturbed one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    moments = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as home:
        begun_s = time.monotonic()
        painted(["--out", f"{home}/whole"])
        whole_s = time.monotonic() - begun_s
        same = 0
        for number in range(options.times):
            same += is_same(Path(home), number, moments.uniform(0.1, 1.0) * whole_s)
    print(f"{same} of {options.times} killed paintings ended with the same bytes")
    return 0 if same == options.times else 1


def is_same(home: Path, number: int, after_s: float) -> bool:
    """Whether a painting that is killed after so long, and taken up again, ends as the whole."""
    out = home / str(number)
    command = [sys.executable, "-m", "diavlex", *WORDS, "--out", str(out)]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after_s)
    run.send_signal(signal.SIGKILL)
    run.wait()
    folder = out / NAME
    if (folder / "unfinished.safetensors").exists():
        diavlex("paint", "--resume", str(folder), "--progress", "none")
    elif not (folder / "painting.json").exists():
        painted(["--out", str(out)])
    left = sorted(path.name for path in folder.iterdir())
    whole = home / "whole" / NAME
    is_equal = left == sorted(path.name for path in whole.iterdir()) and all(
        (folder / name).read_bytes() == (whole / name).read_bytes() for name in COMPARED
    )
    print(f"killed after {after_s:.2f} s: {'same' if is_equal else f'differs, {left}'}", flush=True)
    return is_equal


def painted(words: list[str]) -> None:
    """Paint to the end."""
    diavlex(*WORDS, *words)


def diavlex(*words: str) -> None:
    """Run a command to its end."""
    subprocess.run([sys.executable, "-m", "diavlex", *words], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
