"""The benchmark of speed runs, and what it compares is what it says."""

import re
import subprocess
import sys
from copy import copy
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from benchmarks import chart, easel, founding
from PIL import Image

from diavlex import brushes, guides
from diavlex.brushes import mypaint
from diavlex.config import Weighted, choose
from diavlex.guides import Guide
from diavlex.objective import Objective, terms_of, write_brief
from diavlex.objective.aim import Aim
from diavlex.objective.reading import read_prompt
from diavlex.studio import Reinitialize, Search

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


SEEN = """
import torch
from benchmarks import clock

kept = []
print(clock.extra_memory(lambda: kept.append(torch.ones(50_000_000)), torch.device("cpu")))
print(clock.extra_memory(lambda: None, torch.device("cpu")))
"""


def test_memory_is_seen() -> None:
    """In a process of its own: in an older one, memory that was freed is used again."""
    done = subprocess.run(
        [sys.executable, "-c", SEEN], cwd=HOME, stdout=subprocess.PIPE, text=True, check=True
    )
    took, nothing = map(int, done.stdout.split())
    assert 190e6 < took < 260e6
    assert nothing < 10e6


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


SMALL: dict[str, Any] = {
    "strokes": 30, "steps": 9, "views": 2, "canvas_px": 160, "reinitialize": 0,
}  # fmt: skip


@pytest.mark.parametrize("choices", [{}, {"brush": "wash,oil"}, {"focus": "0.3,0.6"}])
def test_a_step_on_a_gpu_waits_for_its_end_alone(choices: dict[str, str]) -> None:
    """On a device that computes nothing, whoever asks for a number fails."""
    pytest.importorskip("triton")
    from benchmarks import launches

    config = choose(**SMALL, imagine=0.0, **choices)
    painter = brushes.load_mixed(config.brushes, config.brush_of).to(launches.DEVICE)
    reading = read_prompt(
        guides.load("pocket"), "a boat", ["a cat"], also=[Weighted("a sea", -0.5)]
    )
    one = easel.set_up(config, moved(reading, launches.DEVICE), painter)
    assert 300 < launches.launches(one.step) < 2500


@pytest.mark.parametrize("prompt", ["a boat", "a boat on a lake", "a fox and a red apple"])
def test_a_step_with_layers_waits_for_its_end_alone(prompt: str) -> None:
    pytest.importorskip("triton")
    from benchmarks import launches

    config = choose(**SMALL)
    guide = guides.load("pocket")
    brief = write_brief(prompt, config, [(guide, 1.0)], torch.device("cpu"))
    terms = terms_of(brief)
    painter = brushes.load_mixed(config.brushes, config.brush_of).to(launches.DEVICE)
    search = Search(moved(brief, launches.DEVICE), painter)
    objective = Objective(*(moved(part, launches.DEVICE) for part in (terms, brief.readings)))
    one = easel.Easel(search, objective, Reinitialize(0, search.brief.things, search))
    assert 300 < launches.launches(one.step) < 4000


def moved(value: Any, device: torch.device) -> Any:
    """What was read on the CPU, with all tensors in it on a device; a sketch stays on the CPU."""
    if isinstance(value, Aim):
        return value
    if isinstance(value, (torch.Tensor, Guide)):
        return value.to(device)
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(moved(part, device) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        value = copy(value)
        for part in fields(value):
            object.__setattr__(value, part.name, moved(getattr(value, part.name), device))
    return value
