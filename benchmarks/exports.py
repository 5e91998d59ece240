"""What every export of a painting costs: processor time, memory at its peak, and bytes.

    python -m benchmarks.exports                          # every export, as it is by default
    python -m benchmarks.exports --large                  # and pictures of 8192 px by both engines
    python -m benchmarks.exports --painting FOLDER

Each is made by `diavlex export` in a process of its own. Processor time is what the process itself
took; starting Python and loading torch are part of it, and the line `record` is little else.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PAINTING = Path(__file__).parent.parent / "pictures" / "a-yellow-sunflower.json"
LARGE = (
    ("png", "--size 8192 --engine mypaint"),
    ("png", "--size 8192 --engine mypaint --transparent"),
    ("png", "--size 8192 --engine neural"),
    ("png", "--size 8192 --engine neural --transparent"),
    ("tiff", "--size 8192 --engine mypaint --transparent"),
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--painting", type=Path, default=PAINTING, help="folder or file")
    parser.add_argument("--large", action="store_true", help="pictures of 8192 px, too")
    options = parser.parse_args()
    from diavlex.gallery import exports

    cases = [(name, "") for name in exports.known()] + list(LARGE) * options.large
    print("| export | choices | processor s | GiB at most | MB |\n|---|---|---|---|---|")
    for name, choices in cases:
        seconds_s, gibibytes, megabytes = measure(options.painting, name, choices.split())
        row = name, choices, f"{seconds_s:.1f}", f"{gibibytes:.2f}", f"{megabytes:.2f}"
        print(f"| {' | '.join(row)} |", flush=True)


def measure(painting: Path, name: str, choices: Sequence[str]) -> tuple[float, float, float]:
    """Processor seconds, GiB at the peak, and megabytes written, of one export."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "diavlex", "export", str(painting.resolve()), "--to", name]
        run = subprocess.Popen(
            [*command, *choices], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode:
            raise RuntimeError(f"export --to {name} {' '.join(choices)} failed")
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20, size / 1e6


if __name__ == "__main__":
    main()
