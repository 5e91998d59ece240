"""The page of wishes: each of its commands is run, small, with the files that it names."""

import re
import shlex
from pathlib import Path

import pytest
from PIL import Image

import diavlex
from diavlex.cli import main as cli
from diavlex.cli.paint import flags
from diavlex.cli.series import flags as series_flags

PAGE = (Path(__file__).parents[1] / "docs" / "hand.md").read_text(encoding="utf-8")
LINES = re.findall(r"^diavlex (.*?)(?:\s+# .*)?$", PAGE, re.MULTILINE)
SMALL = ["--steps=2", "--views=1", "--canvas-px=64", "--size=64x64", "--finish=neural"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the page's commands name."""
    room = tmp_path_factory.mktemp("hand")
    for name in ("photo.jpg", "picture.jpg", "wall.jpg"):
        Image.effect_mandelbrot((60, 60), (-2, -1.5, 1, 1.5), 20).convert("RGB").save(room / name)
    mask = Image.new("L", (40, 40))
    mask.paste(255, (0, 20, 40, 40))
    mask.save(room / "mask.png")
    mask.save(room / "regions.png")
    (room / "legend.toml").write_text('"#ffffff" = "a field"\n"#000000" = "a stormy sky"\n')
    barn = diavlex.paint("a red barn", strokes=20, steps=2, views=1, size="64x64", canvas_px=64)
    barn.save(room / "paintings" / "a-red-barn-0")
    return room


def test_there_are_commands_and_each_wish_has_one() -> None:
    assert len(LINES) > 15
    wishes = "recipe save-recipe style palette region layout legend detail from start keep"
    for wish in [*wishes.split(), "background", "paper", "transparent", "thinnest"]:
        assert any(f"--{wish} " in f"{line} " for line in LINES), wish


@pytest.mark.parametrize("line", LINES)
def test_each_command_does_what_it_says(
    line: str, files: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(files)
    command, *words = shlex.split(line)
    if command == "series":
        assert series_flags().parse_args(words).recipe == ["impasto", "my-ink.toml"]
        return
    if command == "paint":
        few = [] if "--strokes" in words or "--start" in words else ["--strokes=20"]
        words = [*words, *SMALL, *few, "--out", str(tmp_path), "--overwrite"]
        assert flags().parse_args(words)
    assert cli.main([command, *words]) == 0
