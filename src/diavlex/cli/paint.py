"""`diavlex paint`: a prompt becomes a folder with a painting and its films."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from diavlex.cli.options import Flags, chosen
from diavlex.config import PaintConfig, is_weighted, preset, read_prompts
from diavlex.errors import BadValue
from diavlex.files import slug


def run(words: Sequence[str]) -> int:
    """Paint; print the folder's path."""
    options = flags().parse_args(words)
    import torch

    from diavlex import series

    torch.set_flush_denormal(True)

    if options.resume is not None:
        if options.prompts or options.preset or chosen(options, PaintConfig):
            raise BadValue(
                "--resume goes on as it was begun: give it no prompt and no other choice."
            )
        session = series.resume(Path(options.resume), options.device)
    else:
        _check_weights(options.prompts)
        (prompt, _), *others = read_prompts(options.prompts)
        also = tuple(f"{words}:{weight:g}" for words, weight in others)
        choices = preset(options.preset) | chosen(options, PaintConfig)
        config = PaintConfig(**choices, also=also)
        folder = Path(options.out) / f"{slug(prompt)}-{config.seed}"
        session = series.begin(
            prompt, config, folder, overwrite=options.overwrite, device=options.device
        )
        (first, *_) = options.prompts
        if not others and is_weighted(first):
            session.remarks.append(
                f"'{first[:60]}' is read as words and their weight; if all of it is words, write "
                f"'{first[:60]}:1'."
            )
    from diavlex.cli.progress import watch

    print(watch(session))
    return 0


def flags() -> Flags:
    """The command's flags."""
    parser = Flags("paint", "Paint a prompt with brushstrokes.")
    parser.add_argument(
        "prompts",
        nargs="*",
        metavar="prompt",
        help="what to paint, in words; then, if you like, what else shall or shall not be seen, "
        "each with its weight against the first: 'a storm:0.5' 'lettering:-0.3'",
        default=argparse.SUPPRESS,
    )
    parser.set_defaults(prompts=[])
    parser.add_argument("--out", default="paintings", help="folder that gets the painting's folder")
    parser.add_argument("--overwrite", action="store_true", help="replace a painting that is there")
    parser.add_argument("--device", default="cpu", help="where to compute: cpu or cuda")
    parser.add_argument("--resume", metavar="FOLDER", help="go on with a painting that was cut off")
    parser.add_argument(
        "--preset", default="", help="choices that go together (see: diavlex presets)"
    )
    parser.add_knobs(PaintConfig)
    return parser


def _check_weights(prompts: Sequence[str]) -> None:
    """Every prompt but the first has a weight: without one, quotes may have been forgotten."""
    for text in prompts[1:]:
        if not is_weighted(text):
            whole = " ".join(prompts)
            raise BadValue(
                f"'{text[:40]}' has no weight: give it one, as in '{text[:40]}:0.5', or put all "
                f'that is one prompt in quotes, as in diavlex paint "{whole[:60]}".'
            )
