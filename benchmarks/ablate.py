"""Which of the loop's habits help: each is switched by itself, and another guide judges.

    python -m benchmarks.ablate --prompts benchmarks/prompts/everyday_60.txt --seeds 2

paints every prompt with every seed for the default, for each option switched, and for the recipe of
CLIPDraw (at equal steps, at equal time, with more strokes), and writes one table to OUT/table.md.
A painting that is there is not made again; one that was made by other choices or weights is
refused. --pairs
also writes blind sheets of the default beside CLIPDraw's recipe, and what is what to OUT/key.txt;
--sheet one row of paintings for each row of the table. What was seen by eye can be written to
OUT/by_eye.json, {row: note}: it joins the table.
"""

import argparse
import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.everyday import choice
from diavlex import guides, painting, weights
from diavlex.config import PRESETS, PaintConfig, choose
from diavlex.errors import UnknownName
from diavlex.files import replacing, slug
from diavlex.gallery import Picture, contact_sheet, render, save_png
from diavlex.guides import Guide
from diavlex.series import judging, paint_series
from diavlex.series.folder import MADE
from diavlex.series.identity import makers
from diavlex.series.plan import Job
from diavlex.series.pool import side_by_side

DEFAULT, BASELINE, EQUAL_TIME = "default", "clipdraw", "clipdraw, equal time"
ROWS: dict[str, dict[str, Any]] = {
    DEFAULT: {},
    BASELINE: PRESETS["clipdraw"],
    EQUAL_TIME: PRESETS["clipdraw"],
    "64 strokes": {"strokes": 64},
    "clipdraw, 256 strokes": PRESETS["clipdraw"] | {"strokes": 256},
    "clipdraw, its 1000 steps": PRESETS["clipdraw"] | {"steps": 1000},
    "plain cosine": {"contrast": 0.0},
    "nothing imagined": {"imagine": 0.0, "sketch": 0.0},
    "no strokes of a subject's own": {"layer_share": 0.0},
    "no saturation term": {"saturation": 0.0},
    "nothing re-initialized": {"reinitialize": 0},
    "background never random": {"random_background": 0.0},
    "background always random": {"random_background": 1.0},
    "no noise": {"noise": 0.0},
    "wide views throughout": {"wide_fall": 0.0},
    "wide views only": {"wide": 1.0, "wide_fall": 0.0},
    "clipdraw's views, 16": {"augment": "clipdraw"},
    "4 views": {"views": 4},
    "sizes in random order": {"order": "random"},
    "colors from the start": {"first_colors": 1.0},
    "order shuffled early": {"shuffle": 0.3},
    "one rate for all": {"rate_place": 0.05, "rate_shape": 0.05, "rate_color": 0.05},
    "best of 4 starts": {"tries": 4},
    "mean over templates: painting": {"templates": "painting"},
    "mean over templates: picture": {"templates": "picture"},
    "no lettering": {"also": ("lettering:-0.3",)},
    "no clutter": {"also": ("many ugly, messy drawings:-0.3",)},
    "subject in the middle": {"focus": "0.5,0.5"},
    "clipdraw's rates": {
        k: v for k, v in PRESETS["clipdraw"].items() if k.startswith("rate")
    },
}  # fmt: skip
"""What is painted, by the name of its row; what is not said is as usual."""

QUICK = {
    "strokes": 6, "steps": 3, "views": 2, "canvas_px": 32, "size": "32x32", "reinitialize": 2,
}  # fmt: skip
QUICK_PROMPTS = ["a red rose", "a snowy mountain"]
QUICK_ROWS = [DEFAULT, BASELINE, EQUAL_TIME, "best of 4 starts"]
NOTE = "judged.json"
BY_EYE = "by_eye.json"
PAIRS_A_SHEET = 15
SHEET_COLUMNS = 10


@dataclass(frozen=True)
class Task:
    """One painting to be judged in its folder."""

    folder: Path
    judge: str
    captions: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """How one painting fared."""

    prompt: str
    seed: int
    rank: int
    cosine: float
    """By the judge."""
    own_cosine: float
    """By the guide that painted."""
    seconds: float
    """Of one core."""


def main(words: Sequence[str] | None = None) -> None:
    """Paint, judge, tabulate."""
    options = flags().parse_args(words)
    out = Path(options.out)
    captions = QUICK_PROMPTS if options.quick else judging.read_captions(Path(options.prompts))
    usual = choose(**QUICK if options.quick else {}, **dict(choice(p) for p in options.set))
    names = options.rows or (QUICK_ROWS if options.quick else list(ROWS))
    for name in names:
        if name not in ROWS:
            raise UnknownName("row", name, ROWS)
    chosen = captions[:: max(1, len(captions) // options.count)][: options.count]
    found: dict[str, list[Result]] = {}
    text = ""
    for name in sorted({DEFAULT, *names}, key=[*ROWS].index):
        config = row_config(usual, name)
        if name == EQUAL_TIME:
            if BASELINE not in found:
                raise UnknownName("row to take the time from", BASELINE, found)
            by = [made_by(row_config(usual, n)) for n in (DEFAULT, BASELINE)]
            config = replace(config, steps=equal_steps(out, config.steps, by, found))
        jobs = [
            Job(prompt, replace(config, seed=seed))
            for seed in range(options.seeds)
            for prompt in chosen
        ]
        for _ in paint_series(jobs, out / slug(name), workers=options.workers):
            pass
        tasks = [
            Task(folder(out, name, j.prompt, j.config.seed), options.judge, tuple(captions))
            for j in jobs
        ]
        found[name] = list(side_by_side(judge, tasks, options.workers))
        text = table(found, len(captions), options.judge, by_eye(out))
        with replacing(out / "table.md") as fresh:
            fresh.write_text(text, encoding="utf-8")
        print(text.splitlines()[-1], flush=True)
    print("\n" + text, end="")
    if options.pairs:
        lay_out_pairs(out, chosen, random.Random(len(chosen)))
    if options.sheet:
        lay_out_rows(out, list(found), chosen[:SHEET_COLUMNS])


def row_config(usual: PaintConfig, row: str) -> PaintConfig:
    """What is painted for a row."""
    return choose(**usual.to_plain() | ROWS[row])


def folder(out: Path, row: str, prompt: str, seed: int = 0) -> Path:
    """Where a painting of a row is."""
    return out / slug(row) / f"{slug(prompt)}-{seed}"


def judge(task: Task) -> Result:
    """Judge a painting, if that is not done."""
    path = task.folder / NOTE
    note = json.loads(path.read_text()) if path.is_file() else {}
    record = painting.load(task.folder)
    judges = {
        "judge": fingerprint(task.judge),
        "captions": hashlib.sha256("\n".join(task.captions).encode()).hexdigest(),
        "painting": hashlib.sha256((task.folder / painting.FILE_NAME).read_bytes()).hexdigest(),
    }
    if note.get("judged_by") != judges:
        (verdict,) = judging.judge({task.folder: record}, task.captions, _judge(task.judge))
        note = {"judged_by": judges, "rank": verdict.rank, "cosine": verdict.cosine}
        _keep(note, path)
    seconds = json.loads((task.folder / MADE).read_text())["cpu_s"]
    return Result(
        record.prompt, record.seed, note["rank"], note["cosine"], record.scores["cosine"], seconds
    )


def made_by(config: PaintConfig) -> dict[str, Any]:
    """All that decides a painting besides its prompt, as plain data."""
    return json.loads(json.dumps({"settings": config.to_plain(), "by": makers(config)}))


def fingerprint(guide: str) -> str:
    """What tells a guide's weights from others of its name."""
    cards = weights.known("guide")
    return cards[guide].sha256 if guide in cards else guide


def equal_steps(
    out: Path, steps: int, makers: list[dict[str, Any]], found: dict[str, list[Result]]
) -> int:
    """Steps in which the baseline takes as long as the default; measured once and kept."""
    path = out / "equal_time.json"
    kept = json.loads(path.read_text()) if path.is_file() else {}
    if kept.get("of") != makers:
        ours, theirs = (np.median([r.seconds for r in found[n]]) for n in (DEFAULT, BASELINE))
        kept = {"of": makers, "steps": max(1, round(steps * float(ours / theirs)))}
        _keep(kept, path)
    return kept["steps"]


def by_eye(out: Path) -> dict[str, str]:
    """What a person noted of the rows."""
    path = out / BY_EYE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def table(
    found: dict[str, list[Result]], captions: int, judge: str, seen: Mapping[str, str]
) -> str:
    """The rows as Markdown; differences are from the default, with their standard error."""
    count = len(found[DEFAULT])
    seeds = len({r.seed for r in found[DEFAULT]})
    heads = ["", "first", "sd", "in five", "cosine", "own cosine", "s"]
    heads += ["first: difference", "cosine: difference", *(["by eye"] if seen else [])]
    lines = [
        f"{count} paintings a row ({count // seeds} prompts x {seeds} seeds), judged by {judge} "
        f"among {captions} captions.",
        "first: own prompt ranked first; sd: of that over the seeds; own cosine: by the guide that "
        "painted; s: seconds of one core; differences: from the default, painting by painting, "
        "with their standard error.\n",
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
    ]
    for name in found:
        cells = [*_cells(name, found), *([seen.get(name, "")] if seen else [])]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cells(name: str, found: dict[str, list[Result]]) -> Iterator[str]:
    results, usual = found[name], found[DEFAULT]
    first = np.array([r.rank == 1 for r in results], float)
    cosine = np.array([r.cosine for r in results])
    yield name
    yield f"{first.mean():.1%}"
    seeds = sorted({r.seed for r in results})
    by_seed = [np.mean([r.rank == 1 for r in results if r.seed == seed]) for seed in seeds]
    yield f"{np.std(by_seed, ddof=1):.1%}" if len(seeds) > 1 else ""
    yield f"{np.mean([r.rank <= 5 for r in results]):.1%}"
    yield f"{cosine.mean():.3f}"
    yield f"{np.mean([r.own_cosine for r in results]):.3f}"
    yield f"{np.mean([r.seconds for r in results]):.1f}"
    if name == DEFAULT:
        yield from ("", "")
        return
    yield _difference(100 * (first - [r.rank == 1 for r in usual]), 1)
    yield _difference(cosine - [r.cosine for r in usual], 3)


def _difference(gaps: np.ndarray, digits: int) -> str:
    error = np.std(gaps, ddof=1) / len(gaps) ** 0.5 if len(gaps) > 1 else 0.0
    return f"{gaps.mean():+.{digits}f} ± {error:.{digits}f}"


def lay_out_pairs(out: Path, prompts: Sequence[str], chance: random.Random) -> None:
    """Blind sheets of the first seed: default and baseline side by side, in random order."""
    cells: list[Picture] = []
    notes, key = [], []
    for number, prompt in enumerate(prompts, 1):
        sides = chance.sample((DEFAULT, BASELINE), 2)
        cells += [render(painting.load(folder(out, side, prompt)), 224) for side in sides]
        notes += [f"{number} left: {prompt}", f"{number} right"]
        key.append(f"{number} {prompt}: left {sides[0]}, right {sides[1]}\n")
    step = 2 * PAIRS_A_SHEET
    for at in range(0, len(cells), step):
        sheet = contact_sheet(cells[at : at + step], notes[at : at + step], 6, 224)
        print(save_png(sheet, out / f"pairs-{at // step + 1}.png"))
    (out / "key.txt").write_text("".join(key), encoding="utf-8")


def lay_out_rows(out: Path, rows: Sequence[str], prompts: Sequence[str]) -> None:
    """A sheet of the first seed: a row of paintings for each row of the table."""
    folders = [folder(out, row, prompt) for row in rows for prompt in prompts]
    cells = [render(painting.load(path), 128) for path in folders]
    notes = [row if not column else "" for row in rows for column in range(len(prompts))]
    print(save_png(contact_sheet(cells, notes, len(prompts), 128), out / "rows.png"))


@cache
def _judge(name: str) -> Guide:
    return guides.load(name)


def _keep(note: dict[str, Any], path: Path) -> None:
    with replacing(path) as fresh:
        fresh.write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


def flags() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--prompts", help="text file, one prompt a line")
    parser.add_argument("--out", default="runs/ablate")
    parser.add_argument("--count", type=int, default=60, help="prompts to paint, evenly chosen")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--judge", default="pocket-judge")
    parser.add_argument("--rows", nargs="*", help=f"of: {'; '.join(ROWS)} (default: all)")
    parser.add_argument("--set", nargs="*", default=[], help="usual choices, as in steps=200")
    parser.add_argument("--pairs", action="store_true", help="also write the blind sheets")
    parser.add_argument("--sheet", action="store_true", help="also write a sheet of all rows")
    parser.add_argument("--quick", action="store_true", help="a few tiny paintings, to try it out")
    return parser


if __name__ == "__main__":
    main()
