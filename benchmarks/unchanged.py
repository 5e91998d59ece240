"""Do small paintings have the same strokes, bit for bit, as at another commit?

    python -m benchmarks.unchanged --since REF

Paints a dozen prompts, each exercising another part of the program, with the code of REF (checked
out into a temporary folder) and with the code of this tree, in one run on one machine, and prints
the SHA-256 of each painting's strokes. Each tree paints with its own weights. Exits with 1 where
any differ.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SMALL = {"strokes": 60, "steps": 20}
TINY = "TINY"
"""Stands for the folder of a CLIP model of a few thousand weights, as the tests write it."""
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("black sheep", {}),
    "placed": ("a fox in the snow", {}),
    "several": ("two sheep in a field", {}),
    "pair": ("a cat and a dog", {}),
    "focus": ("a lighthouse", {"focus": "0.3,0.6"}),
    "two guides": ("a red rose", {"guide": f"pocket,{TINY}:0.5"}),
    "weighted": ("a boat", {"also": ("a storm:0.5", "lettering:-0.25")}),
    "templates": ("a boat", {"templates": "painting"}),
    "mixed brushes": ("a castle", {"brush": "wash,oil"}),
    "tries": ("an owl", {"tries": 3}),
    "clipdraw": ("black sheep", {"preset": "clipdraw"}),
    "resumed": ("a yellow sunflower", {"stop": 9}),
    "wide": ("a sailing boat", {"size": "640x256"}),
    "shuffled": ("a fish", {"shuffle": 0.5}),
    "tiny clip": ("a red apple", {"guide": TINY, "canvas_px": 64}),
}


def paint(prompt: str, choices: dict[str, Any], folder: Path) -> Any:
    """Paint one case with whichever diavlex is on the path."""
    import diavlex
    from diavlex.config import preset

    stop = choices.pop("stop", 0)
    choices = preset(choices.pop("preset", "")) | SMALL | choices
    if not stop:
        return diavlex.paint(prompt, **choices)
    session = diavlex.begin(prompt, diavlex.PaintConfig(**choices), folder)
    for step in session.paint():
        if step.index == stop:
            break
    session.keep()
    session = diavlex.resume(folder)
    for _ in session.paint():
        pass
    return session.painting()


def tell(tiny: str, names: list[str]) -> None:
    """Print the digest of each case, one JSON line each."""
    import torch

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    for name in names or CASES:
        prompt, choices = CASES[name]
        filled = json.loads(json.dumps(choices).replace(TINY, tiny))
        with tempfile.TemporaryDirectory() as folder:
            record = paint(prompt, filled, Path(folder) / "own")
        digest = hashlib.sha256(record.actions.numpy().tobytes()).hexdigest()
        print(json.dumps({name: digest}), flush=True)


def digests(source: Path, tiny: Path, names: list[str]) -> dict[str, str]:
    """The digests of a source tree's paintings."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), "--tell", str(tiny), *names],
        env=os.environ | {"PYTHONPATH": str(source), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return {k: v for line in done.stdout.splitlines() for k, v in json.loads(line).items()}


def tree_of(ref: str, folder: Path) -> Path:
    """The sources of a commit, with its weights."""
    archive = subprocess.run(
        ["git", "archive", ref, "src"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder / "src"


def write_tiny(folder: Path) -> Path:
    """A tiny CLIP model on the disk, always of the same weights."""
    import torch

    sys.path.insert(0, str(ROOT / "tests"))
    from test_guides_clip import FAMILIES, write

    torch.manual_seed(0)
    return write(FAMILIES["clip"], folder)


def main() -> int:
    """Compare two trees."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--since", default="HEAD", help="commit to compare with")
    parser.add_argument("--tell", metavar="TINY", help=argparse.SUPPRESS)
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(CASES)} (default: all)")
    options = parser.parse_args()
    if options.tell:
        tell(options.tell, options.cases)
        return 0
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        tiny = write_tiny(folder / "tiny")
        (folder / "old").mkdir()
        before = digests(tree_of(options.since, folder / "old"), tiny, options.cases)
        now = digests(ROOT / "src", tiny, options.cases)
    for name, digest in now.items():
        verdict = "same" if digest == before[name] else f"was {before[name][:16]}"
        print(f"{name:<14} {digest[:16]}  {verdict}")
    return int(now != before)


if __name__ == "__main__":
    sys.exit(main())
