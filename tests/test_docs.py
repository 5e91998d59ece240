"""The docs: the site builds without a warning, and what is made from the program is current."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from blocks import HOME
from docs.pages import PAGES
from docs.pages.face import page as face_page
from paintings import make
from test_house import FACE, FLOORS, OUR_OWN

import diavlex
from diavlex import brushes, gallery, weights
from diavlex.errors import BadPainting
from diavlex.guides.clip import KNOWN
from diavlex.painting import KEYS, from_plain, to_plain
from diavlex.painting.described import SCHEMA_NAME, json_schema

DOCS = HOME / "docs"
WRITTEN = sorted(path for path in DOCS.glob("*.md") if f"docs/{path.name}" not in PAGES)
DIALECT = re.compile(
    r"\b(?:rivals|replant\w*|plant(?:ed|ing) anew|calm|"
    r"random ground|plain ground)\b",
    re.IGNORECASE,
)
"""Words of ours of before, for negatives, re-initialize, saturation, views, background."""


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_what_is_made_from_the_program_is_current(name: str) -> None:
    assert (HOME / name).read_text(encoding="utf-8") == PAGES[name](), "make pages"


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    words = ["-b", "dirhtml", "-W", "--keep-going", "-q", "-d", str(tmp_path / "trees")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *words, str(DOCS), str(tmp_path / "html")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    whole = {path.parent.name for path in (tmp_path / "html").rglob("index.html")}
    assert {path.stem for path in DOCS.glob("*.md") if path.stem != "index"} <= whole


@pytest.mark.slow
def test_a_broken_link_is_a_warning(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["myst_parser"]\n')
    (source / "index.md").write_text("# A page\n\n[gone](gone.md)\n")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", str(source), str(tmp_path / "html")],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0


def floors_told(text: str) -> dict[str, int]:
    rows = re.findall(r"^\| (\d+) \| (.+?) \|", text, re.MULTILINE)
    told = {}
    for floor, rooms in rows:
        told |= dict.fromkeys(re.findall(r"`(\w+)`", rooms) or [rooms], int(floor))
    return told


def test_the_floors_are_those_that_are_held() -> None:
    assert floors_told(text_of("architecture.md")) == FLOORS
    assert FACE in FLOORS


def test_another_floor_would_be_seen() -> None:
    text = text_of("architecture.md").replace("| 5 | `scene` |", "| 6 | `scene` |")
    assert floors_told(text) != FLOORS


def test_every_guide_and_every_brush_is_told_of() -> None:
    guides, drawn = text_of("guides.md"), text_of("brushes.md")
    for name in [*weights.known("guide"), *KNOWN]:
        assert f"`{name}`" in guides
    for name in brushes.names():
        assert f"`{name}`" in drawn
        assert f"pictures/brushes_{name}.png" in drawn


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_the_field_s_words_are_ours(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not OUR_OWN.findall(text)
    assert not DIALECT.findall(text)


def test_words_of_before_are_seen() -> None:
    text = "Planting anew, calm, a random ground, replanted, among the rivals"
    assert len(DIALECT.findall(text)) == 5


def rows_of(text: str) -> list[list[str]]:
    """The rows of the tables of figures: eight cells each."""
    lines = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip(" `") for cell in line] for line in lines if len(line) == 8]


def test_every_figure_has_its_command_commit_and_date() -> None:
    rows = rows_of(text_of("measurements.md"))
    figures = [row for row in rows if row[0] not in ("figure", "---")]
    assert len(figures) > 30
    for figure, value, count, _, command, commit, date, machine in figures:
        assert figure
        assert value
        assert count
        assert re.match(r"python -m benchmarks\.\w+|diavlex \w+ |ablate |the same$", command)
        assert re.fullmatch(r"[0-9a-f]{7}", commit), figure
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", date), figure
        assert machine in ("A", "B", "|", ""), figure


def test_figures_of_the_cards_are_those_of_the_cards() -> None:
    told = {row[0]: row[1] for row in rows_of(text_of("measurements.md"))}
    for name, card in brushes.cards().items():
        assert told[f"PSNR, `{name}"] == f"{card.scores['psnr']} dB"
    for name, card in weights.known("guide").items():
        for rank in ("top1", "top5"):
            assert told[f"{rank}, `{name}"] == f"{card.scores[rank]:.1%}".replace("%", " %")


def test_every_name_of_the_face_is_told_of() -> None:
    for name in diavlex.__all__:
        assert f"## diavlex.{name}\n" in face_page()


def checked(plain: Any) -> None:
    jsonschema.Draft202012Validator(json_schema()).validate(plain)


def test_the_schema_is_one_and_tells_of_every_entry() -> None:
    told = json_schema()
    jsonschema.Draft202012Validator.check_schema(told)
    assert list(told["properties"]) == list(KEYS)
    shipped = Path(gallery.__file__).parents[1] / "painting" / SCHEMA_NAME
    assert json.loads(shipped.read_text()) == told


def test_records_keep_to_the_schema() -> None:
    checked(to_plain(make()))
    old = gallery.load(HOME / "pictures" / "a-yellow-sunflower.json")
    checked(json.loads(json.dumps(to_plain(old))))


BREAKS: dict[str, Callable[[dict], Any]] = {
    "a seed below 0": lambda plain: plain.update(seed=-1),
    "no strokes": lambda plain: plain.update(strokes=[]),
    "an entry too many": lambda plain: plain.update(extra=1),
    "an entry too few": lambda plain: plain.pop("layers"),
    "a color above 1": lambda plain: plain["strokes"][0].__setitem__(9, 1.5),
    "a short stroke": lambda plain: plain["strokes"][0].pop(),
    "a text for a number": lambda plain: plain.update(height_px="48"),
    "another background": lambda plain: plain.update(background=[0.5, 0.5]),
    "a nameless layer": lambda plain: plain["layers"][0].update(name=""),
    "other columns": lambda plain: plain["columns"].reverse(),
    "a score of text": lambda plain: plain["scores"].update(similarity="high"),
    "another version": lambda plain: plain.update(format_version=3),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_the_schema_refuses_is_refused_when_read(what: str) -> None:
    plain = json.loads(json.dumps(to_plain(make())))
    BREAKS[what](plain)
    with pytest.raises(jsonschema.ValidationError):
        checked(plain)
    with pytest.raises(BadPainting):
        from_plain(plain)
