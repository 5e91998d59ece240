"""Recipes are files: those that ship differ, what is saved is read back, bad ones are told."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import diavlex
from diavlex.cli import main as cli
from diavlex.config import PaintConfig, choose, knobs, recipe, shipped_names, write_recipe
from diavlex.errors import BadValue, UnknownName

TINY: dict[str, Any] = {"strokes": 20, "steps": 4, "views": 2, "size": "64x64", "canvas_px": 64}
FEWER: dict[str, Any] = TINY | {"strokes": 12, "steps": 2}
FLAGS = [f"--{name.replace('_', '-')}={value}" for name, value in TINY.items()]


def test_eight_ship_and_no_two_choose_the_same() -> None:
    assert set(shipped_names()) == {
        "impasto", "wash", "pointillist", "ink", "poster", "charcoal-study", "four-colors",
        "quick-sketch",
    }  # fmt: skip
    made = [choose(**recipe(name)) for name in shipped_names()]
    assert len({(one.brush, one.strokes, one.palette, one.background) for one in made}) == 8
    assert PaintConfig() not in made


@pytest.mark.parametrize("name", shipped_names())
def test_each_paints(name: str) -> None:
    record = diavlex.paint("a red barn", recipe=name, **FEWER)
    assert record.brushes == choose(**recipe(name)).brushes


def test_a_look_is_saved_and_read_back(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    mine = tmp_path / "mine.toml"
    words = ["paint", "a red barn", "--out", str(tmp_path), "--save-recipe", str(mine), *FLAGS]
    assert cli.main([*words, "--recipe", "ink", "--palette", "#101010,red", "--seed", "7"]) == 0
    wanted = recipe("ink") | TINY | {"palette": "#101010,red"}
    assert choose(**recipe(mine)) == choose(**wanted)
    assert "seed" not in tomllib.loads(mine.read_text())
    before = mine.read_bytes()
    assert cli.main([*words, "--seed", "8"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert mine.read_bytes() == before
    assert not (tmp_path / "a-red-barn-8").exists()
    assert choose(**recipe(mine)) == choose(**recipe(str(mine)))


def test_every_choice_can_be_written_and_read() -> None:
    odd: dict[str, Any] = {
        "guide": "pocket:0.5", "brush": "wash,oil,wash", "size": "640x480", "background": "#010203",
        "palette": "3", "rate_place": 0.07, "order": "random", "term": ('quo"te:0.5',),
    }  # fmt: skip
    config = choose(**odd)
    assert choose(**tomllib.loads(write_recipe(config))) == config
    assert set(odd) <= set(knobs(PaintConfig))


WRONG = [
    ("strokes = ", "cannot be read"),
    ("strokes = 0", "--strokes is 0"),
    ("stroke = 5", "did you mean 'strokes'"),
    ("photo = 'a.png'", "no choice"),
    ("start = 'a.json'", "no choice"),
    ("guide = '/etc/passwd'", "names a file"),
    ("guide = ['pocket', '../pocket']", "names a file"),
    ("brush = '../oil'", "names a file"),
    ("palette = 'picture.png'", "no color"),
    ("palette = 'pictures/a.png'", "names a file"),
    ("strokes = [1]", "must be a whole number"),
    ("[strokes]\nx = 1", "must be a whole number"),
    ("seed = 1.5", "must be a whole number"),
    ("\x00", "cannot be read"),
]


@pytest.mark.parametrize(("text", "told"), WRONG, ids=[text for text, _ in WRONG])
def test_a_wrong_recipe_is_told_in_one_line(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises((BadValue, UnknownName), match=told):
        recipe(path)
    assert cli.main(["paint", "a cat", "--recipe", str(path), "--out", str(tmp_path / "out")]) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--recipe", "impast"], "did you mean 'impasto'"),
        (["--recipe", "nowhere/mine.toml"], "cannot be read"),
        (["--recipe", "."], "no recipe is called"),
        (["--save-recipe", "mine.json"], "ends in .toml"),
        (["--recipe", "ink", "--resume", "x"], "no other choice"),
        (["--save-recipe", "x.toml", "--resume", "x"], "no other choice"),
        (["--guide", "some/model", "--save-recipe", "x.toml"], "names a file or an address"),
    ],
)
def test_a_recipe_that_cannot_be_is_told(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["paint", *([] if "--resume" in words else ["a cat"]), *words]) == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_recipes_are_listed_and_printed(capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["recipes"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in shipped_names())
    assert cli.main(["recipes", "ink"]) == 0
    assert choose(**tomllib.loads(capsys.readouterr().out)) == choose(**recipe("ink"))
    assert cli.main(["recipes", "inq"]) == 2


def test_a_config_and_a_recipe_are_one_too_many() -> None:
    with pytest.raises(BadValue, match="recipe beside it"):
        diavlex.begin("a cat", PaintConfig(), recipe="ink")


def test_a_series_takes_names_and_files(tmp_path: Path) -> None:
    from diavlex.cli.series import flags

    options = flags().parse_args(["p.txt", "--recipe", "ink", "--recipe", "mine.toml"])
    assert options.recipe == ["ink", "mine.toml"]
