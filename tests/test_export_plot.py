"""Plotters and robots: what is drawn, with which pens, in which order, and how much it is."""

import itertools
import re
import warnings
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from paintings import make

import diavlex
from diavlex.gallery import paper, plot, text
from diavlex.gallery.plot import Setup, job_of, route
from diavlex.gallery.plot.drawing import lines_of
from diavlex.gallery.plot.job import HOME, loads_of
from diavlex.gallery.plot.lines import Line
from diavlex.gallery.plot.pens import choose_pens
from diavlex.gallery.plot.seen import SHORTEST_MM

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import vpype
    import vpype_cli

SVG = "{http://www.w3.org/2000/svg}"
PX_MM = 96 / 25.4


def sheet_of(text: str) -> paper.Paper:
    found = paper.read_paper(text)
    assert found is not None
    return found


def placed(sheet: str = "a4", margin_mm: float = 10.0, size: tuple[int, int] = (48, 80)):
    return paper.place(make(size).aspect, sheet_of(sheet), margin_mm)


def line(*points: tuple[float, float], width_mm: float = 1.0) -> Line:
    return Line(np.array(points, float), (0.0, 0.0, 0.0), width_mm)


# --- paper


def test_a_painting_lies_in_the_middle_of_a_sheet() -> None:
    place = placed("a4", 10, (48, 80))  # wider than high: the sheet is turned
    assert (place.width_mm, place.height_mm) == (297, 210)
    assert place.left_mm == pytest.approx(10)
    assert place.right_mm == pytest.approx(287)
    assert place.top_mm == pytest.approx((210 - 277 * 48 / 80) / 2)
    assert place.bottom_mm == pytest.approx(210 - place.top_mm)
    given = placed("100x200", 0, (48, 80))  # as it was given
    assert (given.width_mm, given.height_mm, given.scale_mm) == (100, 200, 60)
    for name in paper.PAPERS:
        sheet = paper.read_paper(name.upper())
        assert paper.read_paper(paper.write_paper(sheet)) == sheet
    assert sheet_of(paper.write_paper(sheet_of("12.5x80 mm"))).width_mm == 12.5
    for given, mm in {"500mm": 500, "50cm": 500, " .5 m": 500, "2in": 50.8, "7": 7, 7: 7}.items():
        assert paper.read_length_mm("lift", given) == pytest.approx(mm)


# --- lines


@pytest.mark.parametrize("pen_mm", [0.0, 0.7, 6.0])
@pytest.mark.parametrize("is_hidden_drawn", [True, False])
def test_no_line_leaves_the_canvas(pen_mm: float, is_hidden_drawn: bool) -> None:
    place = placed()
    lines = lines_of(make(), place, pen_mm, is_hidden_drawn=is_hidden_drawn)
    points = np.concatenate([one.points for one in lines])
    low, high = (place.left_mm, place.top_mm), (place.right_mm, place.bottom_mm)
    assert (points >= np.array(low) - 1e-9).all()
    assert (points <= np.array(high) + 1e-9).all()
    assert all(len(one.points) > 1 for one in lines)


def test_lines_follow_the_strokes() -> None:
    place, record = placed(), make()
    lines = lines_of(record, place, is_hidden_drawn=True)
    at = next(index for index, one in enumerate(record.actions[:, 3:9].tolist()) if min(one) > 0.2)
    start, end = record.actions[at, 7:9].numpy(), record.actions[at, 5:7].numpy()
    corner = np.array([place.left_mm, place.top_mm])
    mine = [one for one in lines if np.allclose(one.points[0], start * place.scale_mm + corner)]
    assert len(mine) == 1
    assert np.allclose(mine[0].points[-1], end * place.scale_mm + corner, atol=1e-3)
    assert mine[0].width_mm == pytest.approx(2 * float(record.actions[at, 2]) * place.scale_mm)
    times = torch.linspace(0, 1, 2000)
    exact = diavlex_path(record, at, times) * place.scale_mm + corner
    far = np.array([distance(point, mine[0].points) for point in exact])
    assert far.max() < 0.05


def diavlex_path(record, at: int, times: torch.Tensor) -> np.ndarray:
    from diavlex import stroke

    return stroke.path(record.actions[at : at + 1], times)[0].numpy()


def distance(point: np.ndarray, path: np.ndarray) -> float:
    a, b = path[:-1], path[1:]
    step = b - a
    share = ((point - a) * step).sum(1) / np.maximum((step**2).sum(1), 1e-12)
    near = a + share.clip(0, 1)[:, None] * step
    return float(np.hypot(*(near - point).T).min())


def dense(one: Line) -> np.ndarray:
    """Places along a line, close to each other."""
    steps = np.linspace(0, 1, 200)[:, None, None]
    return (one.points[:-1] + steps * np.diff(one.points, axis=0)).reshape(-1, 2)


def cross():
    """Two straight strokes across each other on a square canvas, the second one above."""
    over = [0.5, 0.5, 0.1, 0.5, 0.5, 0.9, 0.5, 0.1, 0.5, 1.0, 0.0, 0.0]
    down = [0.5, 0.5, 0.1, 0.5, 0.5, 0.5, 0.9, 0.5, 0.1, 0.0, 0.0, 1.0]
    return make((64, 64), 2, actions=torch.tensor([over, down]))


def test_what_is_hidden_is_left_out() -> None:
    place = paper.place((1.0, 1.0), sheet_of("100x100"), 0)
    lines = lines_of(cross(), place)
    assert [one.color for one in lines] == [(1, 0, 0), (1, 0, 0), (0, 0, 1)]
    left, right, whole = (one.points for one in lines)
    assert left[[0, -1]] == pytest.approx(np.array([[10, 50], [40, 50]]), abs=0.2)
    assert right[[0, -1]] == pytest.approx(np.array([[60, 50], [90, 50]]), abs=0.2)
    assert whole[[0, -1]] == pytest.approx(np.array([[50, 10], [50, 90]]))
    assert len(lines_of(cross(), place, is_hidden_drawn=True)) == 2
    filled = lines_of(cross(), place, 2.0)
    inner = [one.color for one in filled if ((abs(dense(one) - 50) < 9).all(1)).any()]
    assert set(inner) == {(0, 0, 1)}
    assert {one.color for one in filled} == {(1, 0, 0), (0, 0, 1)}


@pytest.mark.parametrize("pen_mm", [0.5, 2.0])
def test_a_pen_fills_a_stroke(pen_mm: float) -> None:
    place = paper.place((1.0, 1.0), sheet_of("100x100"), 0)
    only = make((64, 64), 1, actions=cross().actions[:1])
    (path,) = lines_of(only, place, pen_mm, is_hidden_drawn=True)
    y = path.points[:, 1]
    assert y.min() == pytest.approx(40 + pen_mm / 2)
    assert y.max() == pytest.approx(60 - pen_mm / 2)
    rows = np.unique(y.round(6))
    assert np.diff(rows).max() <= pen_mm + 1e-6
    assert path.length_mm == pytest.approx(len(rows) * 80 + (rows[-1] - rows[0]), rel=1e-6)


# --- pens


def test_few_colors_are_kept_exactly_and_many_are_gathered() -> None:
    few = np.array([[0.1, 0.1, 0.1], [0.9, 0.9, 0.2], [0.1, 0.1, 0.1], [0.5, 0.2, 0.9]])
    pens, pen_of = choose_pens(few, np.ones(4), 8)
    assert len(pens) == 3
    assert np.abs(pens[pen_of] - few).max() <= 0.501 / 255
    assert [round(255 * red) for red in pens[:, 0]] == [230, 128, 26]  # lightest first
    rng = np.random.default_rng(1)
    centers = np.array([[0.9, 0.1, 0.1], [0.1, 0.8, 0.2], [0.1, 0.2, 0.9]])
    which = rng.integers(0, 3, 300)
    many = (centers[which] + rng.normal(0, 0.02, (300, 3))).clip(0, 1)
    pens, pen_of = choose_pens(many, np.ones(300), 3)
    assert np.abs(pens[pen_of] - many).max() < 0.15
    for pen in range(3):
        assert len(set(which[pen_of == pen])) == 1
    heavy = np.where(which == 0, 1000.0, 1e-3)
    assert np.abs(choose_pens(many, heavy, 1)[0] - centers[0]).max() < 0.02


# --- route


def vpype_sorted_mm(lines: list[Line]) -> float:
    """How far the pen travels between lines that vpype has sorted, in both directions."""
    document = vpype.Document()
    collection = vpype.LineCollection([one.points @ [1, 1j] for one in lines])
    document.add(collection, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return vpype_cli.execute("linesort", document).pen_up_length()


@pytest.mark.parametrize("count", [40, 300])
def test_a_route_is_no_longer_than_vpype_s(count: int) -> None:
    lines = lines_of(make((64, 64), count), placed(size=(64, 64)), is_hidden_drawn=True)
    sorted_lines = route.short_route(lines, HOME)

    def between(route_lines: list[Line]) -> float:
        return route.travel_mm(route_lines, route_lines[0].points[0])

    assert between(sorted_lines) < 0.35 * between(lines)
    assert between(sorted_lines) < 1.02 * vpype_sorted_mm(lines)

    def ends(one: Line) -> tuple:
        return tuple(sorted(map(tuple, one.points[[0, -1]].round(9).tolist())))

    assert sorted(map(ends, sorted_lines)) == sorted(map(ends, lines))
    assert route.short_route([], HOME) == []


# --- loads and the estimate


def test_no_load_draws_farther_than_the_paint_reaches() -> None:
    lines = [line((0, 0), (30, 0)), line((0, 1), (250, 1)), line((0, 2), (5, 2), (5, 60))]
    loads = loads_of(lines, 100.0)
    drawn = [sum(one.length_mm for one in load) for load in loads]
    assert max(drawn) <= 100 + 1e-6
    assert sum(drawn) == pytest.approx(30 + 250 + 63)
    assert len(loads) <= 5
    whole = [one for load in loads for one in load]
    assert np.array_equal(whole[0].points, lines[0].points)
    assert [tuple(one.points[-1]) for one in whole[1:4]] == [(70, 1), (170, 1), (250, 1)]
    assert loads_of(lines, 0.0) == [lines]


def test_the_estimate_is_what_is_drawn() -> None:
    setup = Setup(pens=3, pen_mm=0, reload_mm=150, draw_mm_s=10, travel_mm_s=40, lift_mm=3)
    job = job_of(make(), placed(), setup)
    lines = [one for pen in job.pens for load in pen.loads for one in load]
    assert job.lines == len(lines)
    assert job.drawn_mm == pytest.approx(
        sum(np.hypot(*np.diff(one.points, axis=0).T).sum() for one in lines)
    )
    travel = 0.0
    for pen in job.pens:
        at = HOME
        for one in pen.lines:
            travel += float(np.hypot(*(one.points[0] - at)))
            at = one.points[-1]
        travel += float(np.hypot(at[0], at[1]))
    assert job.travel_mm == pytest.approx(travel)
    assert job.reloads == sum(len(pen.loads) for pen in job.pens) - len(job.pens) > 0
    assert job.seconds_s == pytest.approx(
        job.drawn_mm / 10 + travel / 40 + 0.6 * len(lines) + 15 * job.reloads + 30 * 2
    )
    told = f"3 pens, {job.lines} lines: {job.drawn_mm / 1000:.1f} m drawn"
    assert told in str(job)
    assert text.duration(job.seconds_s) in str(job)
    assert [text.duration(s) for s in (59.6, 61, 3599, 3600, 7261)] == [
        "1 min 0 s", "1 min 1 s", "59 min 59 s", "1 h 0 min", "2 h 1 min",
    ]  # fmt: skip


def test_as_painted_changes_pens_as_often_as_the_painting_does() -> None:
    job = job_of(make(), placed(), Setup(pens=2, pen_mm=0, is_sorted=False, is_hidden_drawn=True))
    numbers = [pen.number for pen in job.pens]
    assert len(numbers) > 2
    assert all(a != b for a, b in itertools.pairwise(numbers))
    drawn = [one.width_mm for pen in job.pens for one in pen.lines]
    assert drawn == [one.width_mm for one in lines_of(make(), placed(), is_hidden_drawn=True)]
    sorted_job = job_of(make(), placed(), Setup(pens=2, pen_mm=0, is_hidden_drawn=True))
    assert [pen.number for pen in sorted_job.pens] == [1, 2]
    assert sorted_job.travel_mm < job.travel_mm


# --- files


@pytest.fixture(scope="module")
def job() -> plot.Job:
    return job_of(make(prompt="<a> (b) ünï; c"), placed(), Setup(pens=3, pen_mm=2, reload_mm=400))


def test_vpype_reads_the_svg(job: plot.Job, tmp_path: Path) -> None:
    path = plot.save_plot_svg(job, make(prompt="<a> & b"), tmp_path / "a.svg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = vpype.read_multilayer_svg(str(path), quantization=0.01)
    assert document.page_size == pytest.approx((297 * PX_MM, 210 * PX_MM))
    assert sorted(document.layers) == [1, 2, 3]
    for pen in job.pens:
        layer = document.layers[pen.number]
        assert layer.property("vp_name") == pen.name
        assert len(layer) == len(pen.lines)
        drawn = sum(one.length_mm for one in pen.lines)
        assert layer.length() / PX_MM == pytest.approx(drawn, rel=1e-4)
    root = ElementTree.parse(path).getroot()
    loads = [len(layer) for layer in root.findall(f"{SVG}g")]
    assert loads == [len(pen.loads) for pen in job.pens]
    assert root.findtext(f"{SVG}desc") == str(job)


def test_gcode_draws_what_was_planned(job: plot.Job) -> None:
    code = plot.to_gcode(job, make(prompt="<a> (b) ünï; c")).splitlines()
    assert code[0] == "(diavlex 0.1.0: <a> ?b? ?n??? c)".replace("?n???", "?n??")
    assert all(row.isascii() and row.count("(") == row.count(")") <= 1 for row in code)
    assert code[-1] == "M2"
    x, y, z, drawn, lowered = 0.0, 0.0, 0.0, 0.0, 0
    for row in code:
        words = dict(re.findall(r"([XYZF])(-?[\d.]+)", re.sub(r"\(.*\)", "", row)))
        to = float(words.get("X", x)), float(words.get("Y", y))
        if row.startswith("G0 X"):
            assert z == 5
        if row.startswith("G1 X"):
            assert z == 0
            drawn += np.hypot(to[0] - x, to[1] - y)
        lowered += row.startswith("G1 Z0")
        (x, y), z = to, float(words.get("Z", z))
        assert 0 <= x <= 297
        assert 0 <= y <= 210
        if row.startswith("M0"):
            assert z == 5
    assert drawn == pytest.approx(job.drawn_mm, rel=1e-4)
    assert lowered == job.lines
    assert sum(row.startswith("M0 (pen ") for row in code) == len(job.pens)
    assert sum(row.startswith("M0 (reload ") for row in code) == job.reloads
    first = job.pens[0].lines[0].points[0]
    assert f"G0 X{text.number(first[0], 3)} Y{text.number(210 - first[1], 3)} F4800" in code


def test_the_estimate_is_told_before(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    from diavlex.cli import main as cli

    record = make((64, 64), 6)
    record.save(tmp_path / "painting.json")
    out = tmp_path / "a.gcode"
    words = ["export", str(tmp_path), "--out", str(out), "--reload-every", "10cm", "--lift", "2mm"]
    assert cli.main(words) == 0
    told = capsys.readouterr()
    assert re.fullmatch(
        r"210 x 297 mm, 6 pens, \d+ lines: [\d.]+ m drawn, [\d.]+ m of travel, \d+ reloads, "
        r"about .*\n", told.err,
    )  # fmt: skip
    assert "G0 Z2" in out.read_text()
    assert SHORTEST_MM < 1
    clear = replace(record, background=(0.0, 0.0, 0.0))
    assert diavlex.save(clear, tmp_path / "b.gcode").read_text().startswith("(diavlex")
