"""Plans: every bad line is named by its number, nothing is planned twice, no file names another."""

import codecs
import random
import string
import subprocess
import sys
from pathlib import Path

import pytest

from diavlex.config import PaintConfig
from diavlex.config.looks import read_recipe
from diavlex.errors import BadFolder, BadValue, DiavlexError, UnknownName
from diavlex.series.folder import SeriesFolder
from diavlex.series.lines import MOST_NAMED
from diavlex.series.many import jobs_of
from diavlex.series.plan import Job, Namer


def plan(path: Path, content: str | bytes, **options) -> list[Job]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return jobs_of(path, **options)


def faults(path: Path, content: str | bytes, **options) -> str:
    with pytest.raises(BadValue) as caught:
        plan(path, content, **options)
    return str(caught.value)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return tmp_path / "prompts.txt"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "plan.csv"


WRITTEN = ["black sheep", "ein Schaf über den Hügeln", "a fox"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_lines_may_end_as_on_any_system(text: Path, end: str, mark: bytes) -> None:
    data = mark + (end + end.join(WRITTEN) + end + " " + end).encode()
    assert [job.prompt for job in plan(text, data)] == WRITTEN


def test_utf_16_is_read(text: Path) -> None:
    jobs = plan(text, "\r\n".join(WRITTEN).encode("utf-16"))
    assert [job.prompt for job in jobs] == WRITTEN
    assert "is cut short" in faults(text, codecs.BOM_UTF16_LE + b"a\0b")


def test_every_prompt_every_seed_every_recipe(text: Path) -> None:
    looks = {"wash": {"brush": "wash"}, "few": {"strokes": 9}}
    jobs = plan(text, "a fox\na cat\n", seeds=2, recipes=looks, choices={"steps": 5, "seed": 3})
    configs = [j.config for j in jobs]
    assert [(c.seed, c.brush, c.strokes, c.steps) for c in configs[:4]] == [
        (3, ("wash",), 400, 5), (4, ("wash",), 400, 5), (3, ("oil",), 9, 5), (4, ("oil",), 9, 5),
    ]  # fmt: skip
    assert [j.prompt for j in jobs] == ["a fox"] * 4 + ["a cat"] * 4
    names = SeriesFolder(text.parent / "series").plan(jobs)
    assert names[:4] == ["a-fox-3-wash", "a-fox-4-wash", "a-fox-3-few", "a-fox-4-few"]


def test_what_is_said_twice_is_planned_once(text: Path) -> None:
    jobs = plan(text, "a fox\na fox \n A fox\na  fox\n", seeds=2)
    assert [j.prompt for j in jobs] == ["a fox", "a fox", "A fox", "A fox"]
    names = SeriesFolder(text.parent / "series").plan(jobs)
    assert names == ["a-fox-0", "a-fox-1", "a-fox-0-2", "a-fox-1-2"]


def test_every_bad_line_is_named_in_one_error(text: Path) -> None:
    lines = ["a fox", "x" * 501, "", "!?", "a \x07 cat", "a cat"]
    told = faults(text, "\n".join(lines))
    assert told.splitlines()[0].startswith(f"{text} has 3 lines that cannot be painted")
    assert [line.split(":")[0].strip() for line in told.splitlines()[1:]] == [
        "line 2", "line 4", "line 5",
    ]  # fmt: skip


def test_a_line_that_is_no_text_is_named(text: Path) -> None:
    told = faults(text, b"a fox\r\nein Sch\xe4f\r\na cat\xff\n")
    assert "has 2 lines" in told
    assert r"line 2: 'ein Sch\xe4f' is not UTF-8 text at byte 8" in told
    assert "line 3: " in told


def test_a_line_that_no_guide_can_read_is_named(text: Path) -> None:
    told = faults(text, "a fox\nqwrtzp xcvbnm\n")
    assert "line 2: pocket can read no word of 'qwrtzp xcvbnm'" in told


def test_so_many_bad_lines_are_counted(text: Path) -> None:
    told = faults(text, "?\n" * 50).splitlines()
    assert len(told) == 1 + MOST_NAMED + 1
    assert told[-1] == f"  and {50 - MOST_NAMED} lines more."


@pytest.mark.parametrize("content", ["", "\n\n", "﻿\r\n"])
def test_a_plan_without_a_prompt_is_told(text: Path, content: str) -> None:
    assert "holds no prompt" in faults(text, content)


def test_a_plan_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.txt"):
        with pytest.raises(BadValue, match="cannot be read"):
            jobs_of(path)


def test_a_table_says_choices_by_its_columns(table: Path) -> None:
    content = (
        "Prompt,seed,strokes,rate-place,also,brush\n"
        'a fox,5,,0.5,"a storm:0.5; lettering:-0.3",wash\n'
        '"a boat, a lake",,20,,,\n'
    )
    fox, boat = plan(table, content)
    assert (fox.config.seed, fox.config.strokes, fox.config.rate_place) == (5, 400, 0.5)
    assert fox.config.also == (("a storm", 0.5), ("lettering", -0.3))
    assert fox.config.brush == ("wash",)
    assert boat.prompt == "a boat, a lake"
    assert boat.config == PaintConfig(strokes=20)


def test_a_table_may_be_a_spreadsheets(tmp_path: Path) -> None:
    assert plan(tmp_path / "a.csv", "prompt;seed\na fox;3\n")[0].config.seed == 3
    assert plan(tmp_path / "a.tsv", "prompt\tseed\na fox\t3\n")[0].config.seed == 3


def test_seeds_of_a_table_are_counted_up_and_the_command_line_goes_first(table: Path) -> None:
    content = "prompt,seed,strokes\na fox,5,30\na cat,,\n"
    seeds = [(j.config.seed, j.config.strokes) for j in plan(table, content, seeds=2)]
    assert seeds == [(5, 30), (6, 30), (0, 400), (1, 400)]
    said = plan(table, content, choices={"seed": 8, "strokes": 7})
    assert [(j.config.seed, j.config.strokes) for j in said] == [(8, 7), (8, 7)]


def test_bad_rows_of_a_table_are_named(table: Path) -> None:
    rows = [
        "a fox,1,20",
        "a cat,one,20",
        "a dog,1",
        "a cow,1,0",
        ",1,20",
        '"a\nb",x,20',
        "a pig,9,9",
    ]
    told = faults(table, "\n".join(["prompt,seed,strokes", *rows]))
    assert [line.split(":")[0].strip() for line in told.splitlines()[1:]] == [
        "line 3", "line 4", "line 5", "line 6", "line 7",
    ]  # fmt: skip
    assert "its seed is 'one': it must be a whole number" in told
    assert "2 cells where the first line has 3" in told
    assert "strokes is 0" in told


def test_a_tables_head_is_checked(table: Path) -> None:
    assert "has no column 'prompt'" in faults(table, "words,seed\na fox,1\n")
    assert "twice" in faults(table, "prompt,seed,seed\na fox,1,1\n")
    with pytest.raises(UnknownName, match="did you mean 'strokes'"):
        plan(table, "prompt,stroks\na fox,1\n")


@pytest.mark.parametrize("value", ["../model", "/etc/passwd", "owner/model", "~", "..", "folder"])
def test_a_plan_names_no_file_and_no_address(
    table: Path, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (table.parent / "folder").mkdir()
    monkeypatch.chdir(table.parent)
    assert "say it on the command line" in faults(table, f"prompt,guide\na fox,{value}\n")
    recipe = table.with_suffix(".toml")
    recipe.write_text(f'guide = "{value}"')
    with pytest.raises(BadValue, match="say it on the command line"):
        read_recipe(recipe)


def test_a_brush_and_a_guide_that_are_not_there_are_named(table: Path) -> None:
    told = faults(table, "prompt,brush,guide\na fox,oyl,\na cat,,pockt\na dog,,\n")
    assert "line 2: no brush is called 'oyl': did you mean 'oil'?" in told
    assert "line 3: no guide is called 'pockt': did you mean 'pocket'?" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("strokes = ", "cannot be read"),
        ("strokes = 0", "strokes is 0"),
        ('order = "backwards"', "order"),
        ("x = 1", "no choice"),
        ("#" * 70_000, "larger"),
    ],
)
def test_a_bad_recipe_is_told(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(content)
    with pytest.raises(DiavlexError, match=told):
        read_recipe(path)


def test_too_much_is_refused_before_it_is_made(text: Path) -> None:
    assert "at most 1,000,000" in faults(text, "a fox\n" * 11, seeds=100_000)
    assert "--seeds is 0" in faults(text, "a fox", seeds=0)


def test_a_choice_for_all_is_checked_once(text: Path) -> None:
    assert faults(text, "a fox\na cat\n", choices={"strokes": 0}).count("\n") == 0


def test_names_are_never_paths_and_never_shared() -> None:
    rng = random.Random(0)
    namer, names = Namer(["a-0"]), []
    for _ in range(2000):
        prompt = "".join(rng.choices("ab./\\~ :*?\u202e\0" + string.digits, k=rng.randrange(5)))
        names.append(namer.name(Job(prompt, PaintConfig(), "../look")))
    assert len({*names, "a-0"}) == 2001
    assert all(set(name) <= set("ab-lokpintg" + string.digits) for name in names)


LINES = """
import sys, time
from pathlib import Path
from diavlex.series.folder import SeriesFolder
from diavlex.series.many import jobs_of
path = Path(sys.argv[1])
words = ["fox", "cat", "boat", "house", "tree", "lake", "horse", "bird", "rose", "car"]
lines = [f"a {words[n % 10]} and {n} {words[n // 10 % 10]}s" for n in range(100_000)]
(path / "many.txt").write_text("\\n".join(lines))
names = SeriesFolder(path / "many").plan(jobs_of(path / "many.txt"))
assert len(set(names)) == 100_000
series = SeriesFolder(path / "many")
assert list(series.planned) == names
assert series.planned[names[-1]].prompt == lines[-1]
print(time.process_time())
"""


def test_a_hundred_thousand_lines_are_planned_and_found_again(tmp_path: Path) -> None:
    words = [sys.executable, "-c", LINES, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 60  # seconds of one processor; about 15


def test_a_plan_grows_and_keeps_what_it_has(tmp_path: Path) -> None:
    series = SeriesFolder(tmp_path)
    first = series.plan(jobs_of(["a fox", "a cat"], seeds=2))
    again = SeriesFolder(tmp_path)
    assert again.plan(jobs_of(["a cat", "a dog"])) == ["a-cat-0", "a-dog-0"]
    assert again.plan(jobs_of(["a fox"], choices={"strokes": 9})) == ["a-fox-0-2"]
    assert list(again.planned) == [*first, "a-dog-0", "a-fox-0-2"]
    assert again.planned["a-fox-0-2"].config == PaintConfig(strokes=9)
    assert len(list((tmp_path / ".series" / "plans").iterdir())) == 3
    assert SeriesFolder(tmp_path).plan(jobs_of(["a dog"])) == ["a-dog-0"]
    assert len(list((tmp_path / ".series" / "plans").iterdir())) == 3


def test_somebodys_painting_is_not_planned_over(tmp_path: Path) -> None:
    (tmp_path / "a-fox-0").mkdir()
    with pytest.raises(BadFolder, match="a-fox-0 is there already"):
        SeriesFolder(tmp_path).plan(jobs_of(["a cat", "a fox"]))
    assert not (tmp_path / ".series").exists()


@pytest.mark.parametrize("name", ["../out", "a/b", ".", "", "a\\b", "x" * 201])
def test_a_plan_from_elsewhere_writes_nowhere_else(tmp_path: Path, name: str) -> None:
    SeriesFolder(tmp_path).plan(jobs_of(["a fox"]))
    (path,) = (tmp_path / ".series" / "plans").iterdir()
    path.write_text(path.read_text().replace('"a-fox-0"', f'"{name}"'.replace("\\", "\\\\")))
    with pytest.raises(BadFolder, match="no name of a painting's folder"):
        _ = SeriesFolder(tmp_path).planned


@pytest.mark.parametrize("content", ["", "{}", "[]\n", "{", '{"format": "other"}\n', "null\n"])
def test_a_plan_that_is_none_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadFolder, match="holds no series"):
        _ = SeriesFolder(tmp_path).planned
    (tmp_path / ".series" / "plans").mkdir(parents=True)
    (tmp_path / ".series" / "plans" / "a.jsonl").write_text(content)
    with pytest.raises(BadFolder, match="holds no series"):
        _ = SeriesFolder(tmp_path).planned
