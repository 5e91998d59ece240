"""Regions: each has strokes that stay in it, and words of its own that every guide judges."""

from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

import diavlex
from diavlex import guides, stroke
from diavlex.cli import main as cli
from diavlex.composition import Frame, Part, Standing, compose_regions
from diavlex.config import PaintConfig, Region, choose
from diavlex.errors import BadValue
from diavlex.objective import write_brief
from diavlex.objective.parts import aim_at_regions
from diavlex.studio import Search

SKY, FIELD = "0,0,1,0.5:a stormy sky", "0,0.5,1,1:a green meadow"
TINY: dict[str, Any] = {
    "strokes": 20, "steps": 8, "views": 2, "size": "64x64", "canvas_px": 64,
}  # fmt: skip
BIGGER: dict[str, Any] = TINY | {"strokes": 60, "steps": 60}


def brief_of(*regions: str, prompt: str = "a landscape", **choices: Any):
    config = choose(**TINY | choices, regions=regions)
    return write_brief(prompt, config, [(guides.load("pocket"), 1.0)], torch.device("cpu"))


def test_a_region_is_read_as_it_is_typed() -> None:
    (region,) = choose(regions=" 0, 0 ,1,.5 : a stormy sky: with rain").regions
    assert region == Region(0.0, 0.0, 1.0, 0.5, "a stormy sky: with rain")
    config = choose(regions=[SKY, (0.1, 0.5, 0.9, 1.0, "a fox")])
    assert choose(**config.to_plain()) == config
    assert config.to_plain()["regions"] == [
        "0.0,0.0,1.0,0.5:a stormy sky", "0.1,0.5,0.9,1.0:a fox",
    ]  # fmt: skip
    assert PaintConfig().regions == ()


WRONG = [
    ("0,0,1,0.5", "has no words"),
    ("0,0,1,0.5:", "has no words"),
    ("0,0,1,0.5:  ", "has no words"),
    ("0,0,1:sky", "is no rectangle"),
    ("sky", "is no rectangle"),
    ("0,0,1,nan:sky", "leaves the canvas"),
    ("0,0,1.5,1:sky", "leaves the canvas"),
    ("-0.1,0,1,1:sky", "leaves the canvas"),
    ("0,0.5,1,0.5:sky", "is empty"),
    ("0.5,0,0.2,1:sky", "is empty"),
    ("0,0,1,0.01:sky", "too small"),
    ("0,0,1,1:\x07sky", "control characters"),
    ("0,0,1,1:...", "holds no word"),
]


@pytest.mark.parametrize(("text", "told"), WRONG, ids=[text for text, _ in WRONG])
def test_a_wrong_region_is_told_in_one_line(
    text: str, told: str, capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    words = ["paint", "a landscape", f"--region={text}", "--out", str(tmp_path / "out")]
    assert cli.main(words) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_regions_that_cannot_be_together_are_told() -> None:
    with pytest.raises(BadValue, match="is hidden by"):
        choose(regions=["0.2,0.2,0.4,0.4:a fox", "0,0,0.5,0.5:a hill"])
    with pytest.raises(BadValue, match="at most 16"):
        choose(regions=["0,0,1,1:a fox"] * 17)
    with pytest.raises(BadValue, match="give one of them"):
        choose(regions=[SKY], focus="0.5,0.5")
    with pytest.raises(BadValue, match="give more strokes"):
        choose(regions=[SKY, FIELD], strokes=2)
    with pytest.raises(BadValue, match="can read no word"):
        diavlex.paint("a fox", regions=["0,0,1,1:xqzwv"], **TINY)


def test_strokes_are_shared_by_what_is_seen() -> None:
    config = choose(strokes=100, regions=[SKY])
    standing = (Standing("a fox", Frame(0.5, 0.8, 0.3), 0.3, 1.0),)
    parts = [Part("background", 0.25), Part("sky", 0.5), Part("hill", 0.25, standing=standing)]
    made = compose_regions(config, parts)
    assert [one.name for one in made.layers] == ["background", "sky", "hill", "a fox"]
    assert sum(one.count for one in made.layers) == 100
    assert abs(made.layers[1].count - 50) <= 2
    few = compose_regions(
        choose(strokes=4), [Part("b", 0.97), *[Part(str(k), 0.01) for k in "abc"]]
    )
    assert [one.count for one in few.layers] == [1, 1, 1, 1]
    none = compose_regions(choose(strokes=9), [Part("background", 0.0), Part("sky", 1.0)])
    assert [one.count for one in none.layers] == [0, 9]


def test_a_later_region_lies_above() -> None:
    config = choose(**TINY, regions=["0,0,0.6,1:a stormy sky", "0.4,0,1,1:a green meadow"])
    whole, composition, _ = aim_at_regions(None, config, [guides.load("pocket")])
    names = [one.name for one in composition.layers]
    assert names.index("a stormy sky") < names.index("a green meadow")
    sky = whole.areas[names.index("a stormy sky")]
    assert float(sky[:, 33:].max()) == 0
    assert float(sky[:, :31].min()) == 1
    assert whole.known is not None
    assert bool(whole.known.all())


def test_the_sketch_of_a_region_stands_in_its_place() -> None:
    brief = brief_of("0.5,0,1,1:a red barn in a green field")
    assert brief.aim is not None
    assert brief.regions[0].is_sketched
    left, right = brief.aim.picture.chunk(2, dim=2)
    red = (right[0] - right[1] > 0.3) & (right[0] - right[2] > 0.3)
    assert float(red.float().mean()) > 0.1
    assert len(brief.aim.shares) == len(brief.composition.layers)
    total = torch.stack(brief.aim.shares).sum(0)
    torch.testing.assert_close(total, torch.ones_like(total), atol=0.02, rtol=0)
    assert left.shape == right.shape


def test_what_no_sketch_can_show_is_imagined() -> None:
    brief = brief_of("0,0,1,0.5:a stormy sky", sketch=0.0, prompt="a yellow boat")
    assert brief.aim is not None
    assert brief.aim.known is not None
    assert not brief.regions[0].is_sketched
    assert float(brief.aim.known[:40].min()) == 1
    assert float(brief.aim.known[40:].max()) == 0
    assert float(brief.aim.attention()[20:].max()) == 0
    assert brief.readings[0].imagined is None
    nothing = brief_of("0,0,1,0.5:a stormy sky", sketch=0.0, imagine=0.0)
    assert nothing.aim is not None
    assert nothing.aim.known is not None
    assert not nothing.aim.known.any()


def test_every_guide_looks_into_every_region(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = guides.load("pocket"), guides.load("pocket")
    config = choose(**TINY, regions=[SKY, FIELD])
    brief = write_brief(
        "a landscape", config, [(pair[0], 1.0), (pair[1], 0.5)], torch.device("cpu")
    )
    from diavlex import brushes
    from diavlex.objective import Objective, terms_of

    search = Search(brief, brushes.load_mixed(config.brushes, config.brush_of))
    scene = search.scene(0.0)
    scores = Objective(terms_of(brief), brief.readings)(scene)
    assert "regions" in scores.names
    asked = {(region.words, guide) for region, guide in scene._seen_within}
    assert asked == {(words, at) for words in ("a stormy sky", "a green meadow") for at in (0, 1)}
    wide = scene._seen_within[config.regions[0], 0].vectors
    assert len(wide) == 2


def test_strokes_stay_in_their_region() -> None:
    record = diavlex.paint("a landscape", regions=[SKY, FIELD], **BIGGER)
    middle = stroke.midpoints(record.actions)[:, 1]
    by_name = {one.name: middle[one.rows] for one in record.layers}
    assert (by_name["a stormy sky"] < 0.55).float().mean() > 0.9
    assert (by_name["a green meadow"] > 0.45).float().mean() > 0.9
    assert record.settings["regions"] == [str(one) for one in choose(regions=[SKY, FIELD]).regions]
    picture = torch.from_numpy(diavlex.render(record, 64)).float()
    top, bottom = (half.mean((0, 1)) for half in picture.chunk(2))
    assert float(bottom[1] - bottom[2]) > float(top[1] - top[2]) + 20  # the meadow is greener


def test_a_photo_is_painted_where_there_is_no_region(tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    Image.new("RGB", (40, 40), (200, 30, 30)).save(path)
    how: dict[str, Any] = BIGGER | {"largest": 0.4, "steps": 120}
    record = diavlex.paint(photo=path, regions=["0,0.5,1,1:a green meadow"], **how)
    picture = torch.from_numpy(diavlex.render(record, 64)).float()
    top, bottom = (half.mean((0, 1)) for half in picture.chunk(2))
    assert {"photo", "regions"} <= set(record.scores["terms"])
    assert float(top[0] - top[1]) > 80  # red
    assert float(bottom[1] - bottom[0]) > 20  # green


def test_the_same_again_and_from_a_checkpoint(tmp_path: Path) -> None:
    whole = diavlex.paint("a landscape", regions=[SKY], **TINY)
    session = diavlex.begin("a landscape", folder=tmp_path / "one", regions=[SKY], **TINY)
    for step in session.walk():
        if step.index == 3:
            break
    session.keep()
    again = diavlex.resume(tmp_path / "one")
    for _ in again.walk():
        pass
    assert torch.equal(again.painting().actions, whole.actions)


def test_a_series_reads_regions_from_a_table() -> None:
    from diavlex.series.lines import read_choice

    told = read_choice("regions", f"{SKY}; {FIELD}")
    assert choose(regions=told) == choose(regions=[SKY, FIELD])
