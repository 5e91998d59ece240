"""The judge: it ranks, it weathers, and it will not judge its own work."""

from pathlib import Path

import numpy as np
import pytest
import torch

from diavlex import guides, stroke
from diavlex.cli import main as cli
from diavlex.errors import BadValue
from diavlex.painting import Painting
from diavlex.series import judging

CAPTIONS = ["a red apple on a table", "a blue sea", "a green forest"]


def flat(prompt: str, color: tuple[float, float, float], guide: str = "another") -> Painting:
    """A painting of one color."""
    generator = torch.Generator().manual_seed(0)
    actions = stroke.random_actions(torch.full((20,), 0.3), generator)
    actions[:, 9:] = torch.tensor(color)
    none = torch.zeros(20, dtype=torch.long)
    return Painting(
        actions=actions, brushes=("oil",), brush_of=none, variants=none, background=color,
        height_px=64, width_px=64, prompt=prompt, guide=guide, seed=0, steps=1, version="0",
        scores={}, settings={},
    )  # fmt: skip


@pytest.fixture
def wall(tmp_path: Path) -> Path:
    flat("a blue sea", (0.1, 0.3, 0.9)).save(tmp_path / "one" / "painting.json")
    flat("a green forest", (0.1, 0.4, 0.1)).save(tmp_path / "two" / "painting.json")
    return tmp_path


def test_paintings_are_ranked(wall: Path) -> None:
    guide = guides.load("pocket")
    verdicts = judging.judge(judging.read(wall), CAPTIONS, guide)
    found = judging.summary(verdicts, CAPTIONS, guide)
    assert [v.prompt for v in verdicts] == ["a blue sea", "a green forest"]
    assert all(1 <= rank <= 3 for v in verdicts for rank in v.curve)
    assert all(v.rank == v.curve[-1] for v in verdicts)
    assert found["r_precision"] == np.mean([v.rank == 1 for v in verdicts])
    assert (verdicts[0].best == "a blue sea") == (verdicts[0].rank == 1)


def test_its_own_work_is_not_judged(tmp_path: Path) -> None:
    flat("a blue sea", (0, 0, 1), guide="pocket").save(tmp_path / "painting.json")
    guide = guides.load("pocket")
    with pytest.raises(BadValue, match="painted to please 'pocket'"):
        judging.judge(judging.read(tmp_path), CAPTIONS, guide)
    assert judging.judge(judging.read(tmp_path), CAPTIONS, guide, is_same_allowed=True)


def test_a_prompt_must_be_among_the_captions(wall: Path) -> None:
    with pytest.raises(BadValue, match="not among the captions"):
        judging.judge(judging.read(wall), CAPTIONS[:2], guides.load("pocket"))


def test_weathering_kills_texture_and_leaves_the_picture() -> None:
    generator = np.random.default_rng(0)
    half = np.zeros((224, 224, 3), np.uint8)
    half[:, 112:] = 200
    noisy = np.clip(half + generator.normal(0, 40, half.shape), 0, 255).astype(np.uint8)
    clean, worn = judging.weathered(half), judging.weathered(noisy)
    assert clean.shape == (1, 3, 224, 224)
    rough = np.abs(noisy[:, 150:].astype(float) - 200).std()
    assert (worn - clean)[..., 150:].std() * 255 < rough / 2
    assert abs(float(worn[..., 150:].mean() - clean[..., 150:].mean())) < 0.03


def test_the_command(wall: Path, capsys: pytest.CaptureFixture) -> None:
    words = ["judge", str(wall), "--guide", "pocket", "--json", str(wall / "scores.json")]
    assert cli.main([*words, "--sheet", str(wall / "sheet.png")]) == 0
    shown = capsys.readouterr().out
    assert "R-Precision" in shown
    assert all(folder.name in shown for folder in wall.iterdir() if folder.is_dir())
    assert (wall / "scores.json").is_file()
    assert (wall / "sheet.png").is_file()
    assert cli.main(["judge", str(wall / "nothing"), "--guide", "pocket"]) == 2
    assert "holds no painting" in capsys.readouterr().err
    (wall / "empty.txt").write_text("\n")
    assert cli.main([*words, "--captions", str(wall / "empty.txt")]) == 2
    assert "hold no line" in capsys.readouterr().err
