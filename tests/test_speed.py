"""The benchmark of speed runs, and what it compares is what it says."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from benchmarks import chart, clock, founding
from PIL import Image

from diavlex import brushes, guides
from diavlex.brushes import mypaint
from diavlex.config import PaintConfig
from diavlex.objective import target
from diavlex.studio import Studio

HOME = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_benchmark_prints_its_tables() -> None:
    command = [sys.executable, "-m", "benchmarks.speed", "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HOME)
    assert done.returncode == 0, done.stderr
    for words in ("GEMM", "| pocket | 2 |", "| 32 |", "GeneratorX", "over the guide", "On a GPU"):
        assert words in done.stdout, words
    rows = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert not any(re.search(r"\bnan\b|\binf\b|\| \|", row) for row in rows if row[1:4] != "  |")


@pytest.mark.slow
def test_growth_is_drawn(tmp_path: Path) -> None:
    picture = tmp_path / "speed.png"
    command = [sys.executable, "-m", "benchmarks.speed", "--quick", "--plot", str(picture)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HOME)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("**Growth") == 4 + mypaint.is_available()
    pixels = np.asarray(Image.open(picture).convert("RGB")).reshape(-1, 3)
    colors = {tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in chart.COLORS}
    assert colors <= set(map(tuple, pixels.tolist()))


def test_memory_is_seen() -> None:
    kept = []
    took = clock.extra_memory(lambda: kept.append(torch.ones(50_000_000)), torch.device("cpu"))
    assert 190e6 < took < 260e6
    assert clock.extra_memory(lambda: None, torch.device("cpu")) < 10e6


@pytest.mark.parametrize(
    ("painter", "numbers", "millions"),
    [(founding.small_painter, 28, 0.81), (founding.large_painter, 12, 36.4)],
)
def test_founding_painters_are_as_described(painter, numbers: int, millions: float) -> None:
    network = painter()
    assert sum(p.numel() for p in network.parameters()) / 1e6 == pytest.approx(millions, rel=0.003)
    canvas = founding.stitch(network, torch.rand(5, 4, numbers), 2)
    assert canvas.shape == (3, founding.stitched_px(2), founding.stitched_px(2))
    assert torch.isfinite(canvas).all()


@pytest.mark.parametrize("choices", [{}, {"brush": "wash,oil"}, {"focus": "0.3,0.6"}])
def test_a_step_on_a_gpu_waits_for_its_end_alone(choices: dict[str, str]) -> None:
    """On a device that computes nothing, whoever asks for a number fails."""
    pytest.importorskip("triton")
    from benchmarks import launches

    config = PaintConfig(strokes=30, steps=9, views=2, canvas_px=160, replant=0, **choices)
    painter = brushes.load_mixed(config.brushes, config.brush_of).to(launches.DEVICE)
    guide = guides.load("pocket")
    aim = target(guide, "a boat", ["a cat"], 0.3, also=[("a sea", -0.5)])
    aim = replace(aim, wanted=aim.wanted.to("meta"), rivals=aim.rivals.to("meta"))
    aim.guide.to(launches.DEVICE)
    started = launches.launches(Studio(config, painter, [aim]))
    assert 300 < started < 2500
