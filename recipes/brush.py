"""Train the neural painters of diavlex's own brushes again, as their cards say they were trained.

    python -m recipes.brush                 # all eight, into runs/trained
    python -m recipes.brush oil ink

About four minutes a brush on one idle core, half of them for the engine to paint the strokes.
Expected: the scores on the cards (`diavlex brushes NAME` prints them). The same machine gives the
same weights each time. Needs `libmypaint-1.5-1`.
"""

import sys
from pathlib import Path

import torch

from diavlex import brushes
from diavlex.training.brush import BrushTraining, train


def main() -> None:
    """Train the brushes named on the command line, or all."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    cards = brushes.cards()
    for name in sys.argv[1:] or cards:
        options = BrushTraining(name, into=Path("runs/trained"), **cards[name].settings["training"])
        for progress in train(options):
            print(name, progress.phase, progress.done, progress.total, progress.scores, flush=True)


if __name__ == "__main__":
    main()
