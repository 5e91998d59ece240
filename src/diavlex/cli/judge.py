"""`diavlex judge`: how well paintings show their prompts, by a guide that did not paint them."""

import json
from collections.abc import Sequence

from diavlex.cli.cards import print_table
from diavlex.cli.options import Flags
from diavlex.errors import BadValue
from diavlex.files import check_writable, path_of, replacing


def run(words: Sequence[str]) -> int:
    """Judge; print a table, and write the scores and a contact sheet if asked."""
    options = flags().parse_args(words)
    if options.sheet and path_of(options.sheet).suffix.lower() != ".png":
        raise BadValue(f"--sheet is '{options.sheet}': its name must end in .png.")
    for path in filter(None, (options.json, options.sheet)):
        check_writable(path_of(path))
    from diavlex import guides
    from diavlex.gallery import contact_sheet, render, save_png
    from diavlex.series import judging

    captions = judging.read_captions(path_of(options.captions)) if options.captions else None
    records = judging.read(path_of(options.paintings))
    captions = captions or sorted({record.prompt for record in records.values()})
    guide = guides.load(options.guide)
    verdicts = judging.judge(records, captions, guide, is_same_allowed=options.same_guide)
    found = judging.summary(verdicts, captions, guide)
    rows = [(v.name, v.prompt, str(v.rank), f"{v.cosine:.3f}", v.best) for v in verdicts]
    print_table(("painting", "prompt", "rank", "cosine", "looks most like"), rows)
    curve = ", ".join(f"{k}: {v:.1%}" for k, v in found["r_precision_by_strokes"].items())
    print(f"R-Precision {found['r_precision']:.1%} among {len(captions)} captions", end="")
    print(f" (in the first five {found['in_first_five']:.1%}, cosine {found['cosine']:.3f})")
    print(f"R-Precision by share of strokes: {curve}")
    if len(captions) == 1:
        print("A rank among one caption says nothing: give more of them with --captions FILE.")
    if options.json:
        with replacing(path_of(options.json)) as fresh:
            fresh.write_text(json.dumps(found, indent=1) + "\n")
    if options.sheet:
        cells = [render(record, 224) for record in records.values()]
        notes = [f"{v.name} (rank {v.rank})" for v in verdicts]
        save_png(contact_sheet(cells, notes, min(10, len(cells))), path_of(options.sheet))
    return 0


def flags() -> Flags:
    """The command's flags."""
    parser = Flags("judge", "Score paintings by a guide that did not paint them.")
    parser.add_argument("paintings", help="a painting's folder, or one that holds many")
    parser.add_argument("--captions", help="text file, one caption a line (default: all prompts)")
    parser.add_argument("--guide", default="pocket-judge", help="model that judges")
    parser.add_argument("--same-guide", action="store_true", help="also if it painted them itself")
    parser.add_argument("--json", help="file for the scores")
    parser.add_argument("--sheet", help="PNG file for a contact sheet")
    return parser
