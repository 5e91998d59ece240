"""The ablation: it paints what is not there, judges it, and says how the rows differ."""

import json
import shutil
from pathlib import Path

import pytest
from benchmarks import ablate
from PIL import Image

from diavlex.config import choose
from diavlex.errors import BadFolder, UnknownName


def run(out: Path, *words: str) -> dict[str, list[str]]:
    """The cells of the table by row."""
    ablate.main(["--quick", "--workers", "1", "--seeds", "1", "--out", str(out), *words])
    lines = (out / "table.md").read_text().splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if "|" in line]
    return {row[0]: row[1:] for row in cells[2:]}


def test_it_paints_judges_and_tabulates_once(tmp_path: Path) -> None:
    rows = run(tmp_path, "--pairs", "--sheet")
    assert list(rows) == ablate.QUICK_ROWS
    assert all(len(cells) == 8 for cells in rows.values())
    assert all("±" in cells[-1] for name, cells in rows.items() if name != ablate.DEFAULT)
    assert (tmp_path / "pairs-1.png").is_file()
    with Image.open(tmp_path / "rows.png") as sheet:
        assert sheet.height > 4 * 128
    key = (tmp_path / "key.txt").read_text()
    assert key.count("default") == key.count("clipdraw") == len(ablate.QUICK_PROMPTS)

    records = sorted(tmp_path.rglob("painting.json"))
    assert len(records) == 8
    stale, *fresh = records
    times = {path: path.stat().st_mtime_ns for path in records}
    shutil.rmtree(stale.parent)
    (tmp_path / ablate.BY_EYE).write_text(json.dumps({ablate.BASELINE: "confetti"}))
    again = run(tmp_path)
    assert again[ablate.BASELINE][-1] == "confetti"
    assert stale.stat().st_mtime_ns > times[stale]
    assert all(path.stat().st_mtime_ns == times[path] for path in fresh)
    assert [c[:5] for c in again.values()] == [c[:5] for c in rows.values()]

    job = json.loads((stale.parent / "job.json").read_text()) | {"identity": "of yesterday"}
    (stale.parent / "job.json").write_text(json.dumps(job))
    with pytest.raises(BadFolder, match="is not the painting that is planned"):
        run(tmp_path)


def test_every_row_can_be_chosen() -> None:
    for choices in ablate.ROWS.values():
        choose(**choices)
    with pytest.raises(UnknownName, match="did you mean 'no noise'"):
        ablate.main(["--quick", "--rows", "no nosie"])


def test_a_table_says_what_is_better_and_how_sure_that_is() -> None:
    def row(ranks: list[int], cosines: list[float]) -> list[ablate.Result]:
        return [
            ablate.Result("a", seed, rank, cosine, 0.5, 2.0)
            for seed, rank, cosine in zip((0, 0, 1, 1), ranks, cosines, strict=True)
        ]

    found = {
        "default": row([1, 1, 2, 6], [0.5] * 4),
        "other": row([1, 9, 9, 9], [0.4, 0.4, 0.6, 0.4]),
    }
    text = ablate.table(found, 60, "pocket-judge", {})
    assert "| default | 50.0% | 70.7% | 75.0% | 0.500 | 0.500 | 2.0 |  |  |" in text
    assert "| -25.0 ± 25.0 | -0.050 ± 0.050 |" in text
