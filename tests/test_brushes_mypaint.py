"""The MyPaint engine: every trap found in it stands here as a test."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from diavlex.brushes import VARIANTS, drawing, engine, mypaint
from diavlex.brushes.definition import LIBRARY, Definition, check_coverage, find, names
from diavlex.errors import BadBrush, MissingEngine, UnknownName
from diavlex.stroke import REACH

needs_engine = pytest.mark.skipif(
    not mypaint.is_available(), reason="libmypaint-1.5-1 is not installed"
)
SHAPE = [0.3, 0.6, -0.2, 0.6, 0.9]
BLACK = (0.0, 0.0, 0.0)


def strokes(count: int, seed: int = 0, largest: float = 0.4) -> np.ndarray:
    """Actions of random strokes of which none leaves a square canvas."""
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        frame = random.uniform(0.12, largest)
        x, y = random.uniform(frame, 1 - frame, 2)
        angle = random.uniform(-np.pi, np.pi)
        fullness, bend = random.uniform(0.12, 0.5), random.uniform(-1.2, 1.2)
        rows.append(
            action(
                x,
                y,
                frame,
                angle,
                [fullness, bend, 0.2, *random.uniform(0.3, 1, 2)],
                random.uniform(0, 1, 3),
            )
        )
    return np.array(rows)


def action(x, y, frame, angle, shape, color=BLACK) -> np.ndarray:
    """The twelve numbers of a stroke whose own frame has its center at x, y."""
    fullness, bend, skew, *pressures = shape
    axis = np.array([np.cos(angle), np.sin(angle)])
    turned = np.array([-axis[1], axis[0]])
    half = REACH * (1 - fullness) * frame
    center = np.array([x, y])
    control = center + half * (skew * axis + bend * turned)
    size = REACH * fullness * frame
    return np.array(
        [*pressures, size, *control, *(center + half * axis), *(center - half * axis), *color]
    )


def ink(brush: str, variant: int, numbers: np.ndarray, side_px: int) -> np.ndarray:
    """Coverage of one black stroke on white."""
    return 1 - mypaint.paint(numbers[None], [brush], [variant], (1, 1, 1), side_px, side_px)[..., 0]


def painted(brush: str, shape: Sequence[float], variant: int, side_px: int) -> np.ndarray:
    """Coverage of a stroke in its own frame."""
    return drawing.render_patch(find(brush), shape, variant, side_px)


def pool(patch: np.ndarray, side_px: int) -> np.ndarray:
    times = len(patch) // side_px
    return patch.reshape(side_px, times, side_px, times).mean((1, 3))


def test_no_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LIBRARY_FILE", "libmypaint-of-nowhere.so")
    engine.load.cache_clear()
    try:
        assert not mypaint.is_available()
        with pytest.raises(MissingEngine, match=r"apt install libmypaint-1\.5-1"):
            painted("oil", SHAPE, 0, 64)
    finally:
        engine.load.cache_clear()


def test_library_holds_eight_brushes_with_a_sentence_each() -> None:
    assert names()[:8] == ["charcoal", "dry", "flat", "ink", "loaded", "oil", "round", "wash"]
    for name in names()[:8]:
        assert find(name).about.endswith(".")


def test_unknown_brush_offers_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'charcoal'"):
        find("charcole")


@pytest.mark.parametrize(
    "setting", ["smudge", "eraser", "lock_alpha", "colorize", "change_color_v"]
)
@pytest.mark.parametrize("by", ["base", "input"])
def test_brushes_that_need_the_canvas_are_refused_by_setting(setting: str, by: str) -> None:
    inputs = {} if by == "base" else {"pressure": [[0, 0], [1, 0.5]]}
    settings = {setting: {"base_value": float(by == "base"), "inputs": inputs}}
    with pytest.raises(BadBrush, match=f"uses '{setting}'"):
        check_coverage(Definition("mine", "", settings))


def test_brushes_that_follow_the_canvas_grid_are_refused() -> None:
    settings = {"opaque": {"base_value": 1.0, "inputs": {"gridmap_x": [[0, 0], [256, 1]]}}}
    with pytest.raises(BadBrush, match="'opaque' follow 'gridmap_x'"):
        check_coverage(Definition("mine", "", settings))


@pytest.mark.parametrize("name", [path.stem for path in LIBRARY.glob("*.myb")])
def test_own_brushes_need_nothing_but_the_stroke(name: str) -> None:
    definition = find(name)
    check_coverage(definition)
    inputs = {key for setting in definition.settings.values() for key in setting["inputs"]}
    assert inputs <= {"random", "pressure", "direction"}
    assert definition.settings["slow_tracking"]["base_value"] == 0


@needs_engine
@pytest.mark.parametrize("name", names()[:8])
class TestEveryBrush:
    def test_patch_is_coverage_within_its_frame(self, name: str) -> None:
        for shape in ([0.08, 1.6, 0.5, 1, 1], [0.6, -1.6, -0.5, 1, 1], SHAPE):
            patch = painted(name, shape, 1, 128)
            assert patch.shape == (128, 128)
            assert patch.dtype == np.float32
            assert patch.min() == 0
            assert 0.2 < patch.max() <= 1
            border = np.concatenate([patch[:2], patch[-2:], patch[:, :2].T, patch[:, -2:].T])
            assert border.max() < 0.02

    def test_same_stroke_same_patch_whatever_came_before(self, name: str) -> None:
        before = painted(name, SHAPE, 2, 128)
        painted("oil", [0.5, -1, 0, 1, 1], 3, 128)
        np.testing.assert_array_equal(before, painted(name, SHAPE, 2, 128))

    def test_more_pressure_is_more_paint(self, name: str) -> None:
        paint = [painted(name, [0.3, 0.4, 0, p, p], 0, 128).mean() for p in (0.05, 0.3, 0.6, 1)]
        assert paint == sorted(paint)
        assert paint[0] > 0.001
        assert paint[-1] > 1.15 * paint[0]

    def test_pressure_runs_from_start_to_end(self, name: str) -> None:
        patch = painted(name, [0.15, 0, 0, 0.1, 1.0], 0, 128)
        assert patch[:, 64:].sum() > 1.05 * patch[:, :64].sum()

    def test_stroke_reaches_both_ends_and_strays_nowhere(self, name: str) -> None:
        patch = painted(name, [0.12, 0, 0, 1, 1], 0, 256)
        across, along = np.nonzero(patch > 0.1)
        radius, half = 0.12 * REACH * 128, 0.88 * REACH * 128
        assert along.min() < 128 - half + radius
        assert along.max() > 128 + half - radius
        assert across.min() > 128 - 1.3 * radius
        assert across.max() < 128 + 1.3 * radius

    def test_covariant_under_turning_and_scaling(self, name: str) -> None:
        """A patch, turned by quarters and made larger, is what the engine paints there."""
        plain = painted(name, SHAPE, 1, 256)
        for quarters in (1, 2, 3):
            turned = ink(name, 1, action(0.5, 0.5, 0.5, quarters * np.pi / 2, SHAPE), 256)
            assert np.abs(np.rot90(turned, quarters) - plain).mean() < 0.02 * plain.mean() + 1e-3
        large = pool(painted(name, SHAPE, 1, 1024), 256)
        assert np.corrcoef(large.ravel(), plain.ravel())[0, 1] ** 2 > 0.97

    def test_small_change_of_a_stroke_is_a_small_change_of_paint(self, name: str) -> None:
        patch = drawing.resolved_patch(find(name), SHAPE, 0, 64)
        for index in range(5):
            other = list(SHAPE)
            other[index] += 0.01
            change = np.abs(drawing.resolved_patch(find(name), other, 0, 64) - patch).mean()
            assert change < 0.2 * patch.mean()

    def test_patches_laid_over_each_other_are_the_painting(self, name: str) -> None:
        """Where every frame is a whole number of pixels, no resampling hides a difference."""
        side, frame = 256, 128
        canvas = np.ones((side, side, 3))
        random = np.random.default_rng(1)
        actions, kinds = [], []
        for index in range(8):
            left, top = random.integers(0, side - frame, 2)
            shape = [*random.uniform([0.15, -1, -0.3], [0.5, 1, 0.3]), *random.uniform(0.2, 1, 2)]
            color = random.uniform(0, 1, 3)
            alpha = painted(name, shape, index % VARIANTS, frame)[..., None]
            part = canvas[top : top + frame, left : left + frame]
            part += alpha * (color - part)
            x, y = (left + frame / 2) / side, (top + frame / 2) / side
            actions.append(action(x, y, frame / 2 / side, 0.0, shape, color))
            kinds.append(index % VARIANTS)
        picture = mypaint.paint(np.array(actions), [name] * 8, kinds, (1, 1, 1), side, side)
        assert np.abs(picture - canvas).mean() < 1 / 255


@needs_engine
@pytest.mark.parametrize("name", ["oil", "loaded", "dry", "charcoal", "wash"])
def test_variants_are_other_textures_of_the_same_stroke(name: str) -> None:
    light = [*SHAPE[:3], 0.2, 0.2]
    patches = [painted(name, light, k, 128) for k in range(VARIANTS)]
    for k in range(1, VARIANTS):
        assert np.abs(patches[k] - patches[0]).mean() > 0.05 * patches[0].mean()
        assert patches[k].mean() == pytest.approx(patches[0].mean(), rel=0.25)


@needs_engine
def test_oil_covers_when_pressed() -> None:
    patch = painted("oil", [0.3, 0, 0, 1, 1], 0, 128)
    core = patch[57:72, 35:94]
    assert core.mean() > 0.97


@needs_engine
def test_first_dab_lies_along_the_stroke() -> None:
    """Without a run-up the first dab has no direction and lies across an upright stroke."""
    for name in ("oil", "flat", "dry"):
        upright = ink(name, 0, action(0.5, 0.5, 0.45, np.pi / 2, [0.1, 0, 0, 1, 1]), 256)
        columns = np.nonzero((upright > 0.15).any(0))[0]
        assert columns.max() - columns.min() < 2.4 * 0.1 * REACH * 0.45 * 256


@needs_engine
def test_surface_begins_empty() -> None:
    surface = engine.Surface(100, 150)
    assert surface.channels(0, 4).shape == (100, 150, 4)
    assert not surface.channels(0, 4).any()
    surface.close()


@needs_engine
def test_nothing_but_background_where_nothing_is_painted() -> None:
    empty = mypaint.paint(np.zeros((0, 12)), [], [], (0.25, 0.5, 1.0), 70, 130)
    assert empty.shape == (70, 130, 3)
    np.testing.assert_allclose(empty, np.broadcast_to([0.25, 0.5, 1.0], empty.shape), atol=1e-4)


@needs_engine
def test_color_is_the_stroke_s_own_unmixed() -> None:
    """Pigment mixing would turn blue over yellow green."""
    blue = action(0.5, 0.5, 0.5, 0.3, [0.5, 0, 0, 1, 1], (0.1, 0.2, 0.9))
    picture = mypaint.paint(blue[None], ["flat"], [0], (1, 1, 0), 128, 128)
    np.testing.assert_allclose(picture[64, 64], [0.1, 0.2, 0.9], atol=0.02)


@needs_engine
def test_lengths_are_of_the_shorter_side() -> None:
    numbers = action(0.5, 0.5, 0.4, 0.5, SHAPE)[None]
    square = mypaint.paint(numbers, ["ink"], [0], (1, 1, 1), 128, 128)
    wide = mypaint.paint(numbers, ["ink"], [0], (1, 1, 1), 128, 200)
    np.testing.assert_array_equal(wide[:, :128], square)
    assert wide[:, 128:].min() > 0.999


@needs_engine
def test_strokes_are_painted_in_order_and_each_is_told() -> None:
    told = []
    numbers = np.stack(
        [action(0.5, 0.5, 0.5, 0, [0.5, 0, 0, 1, 1], c) for c in ((1, 0, 0), (0, 0, 1))]
    )
    picture = mypaint.paint(numbers, ["flat"] * 2, [0, 0], (1, 1, 1), 64, 64, told.append)
    assert told == [1, 2]
    assert picture[32, 32, 2] > 0.95


@needs_engine
def test_size_does_not_change_the_painting() -> None:
    numbers = strokes(12)
    brushes, variants = ["oil", "wash", "ink"] * 4, [k % VARIANTS for k in range(12)]
    small = mypaint.paint(numbers, brushes, variants, (1, 1, 1), 256, 256)
    large = mypaint.paint(numbers, brushes, variants, (1, 1, 1), 1024, 1024)
    large = large.reshape(256, 4, 256, 4, 3).mean((1, 3))
    assert np.square(small - large).mean() < 10**-3  # 30 dB


@needs_engine
@pytest.mark.parametrize("name", ["round", "ink", "oil"])
def test_strokes_larger_than_the_engine_s_largest_dab(name: str, monkeypatch) -> None:
    whole = ink(name, 1, action(0.5, 0.5, 0.5, 0.3, SHAPE), 256)
    monkeypatch.setattr(drawing, "LARGEST_DAB_PX", 20.0)
    parts = ink(name, 1, action(0.5, 0.5, 0.5, 0.3, SHAPE), 256)
    assert np.abs(whole - parts).mean() < 0.01
    assert np.abs(whole - parts).mean() > 0


@needs_engine
@pytest.mark.parametrize("place", [(0.5, 0.5), (0.9, 0.1), (0.0, 1.0), (2.5, 0.5)])
@pytest.mark.parametrize("name", ["flat", "round", "wash"])
def test_a_large_smooth_stroke_is_drawn_smaller_and_looks_the_same(
    name: str, place: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the canvas, over its edges, beyond it."""
    largest_px = find(name).largest_px / 2
    numbers = action(*place, 0.5, 0.7, [0.45, 0.8, 0, 0.5, 0.9])
    drawn, draw = [], drawing._draw
    monkeypatch.setattr(drawing, "_draw", lambda *a: drawn.append(a[-1].radius_px) or draw(*a))
    pictures = []
    for largest in (np.inf, largest_px):
        kind = replace(find(name), largest_px=largest)
        monkeypatch.setattr(mypaint, "find", lambda _, kind=kind: kind)
        pictures.append(ink(name, 1, numbers, 700))
    assert drawn[0] > 1.5 * largest_px
    assert drawn[1:] == ([] if place[0] > 2 else [pytest.approx(largest_px)])
    assert np.square(pictures[0] - pictures[1]).mean() < 10**-4.5  # 45 dB


@needs_engine
def test_settings_that_a_file_does_not_name_are_mypaint_s_defaults() -> None:
    library = engine.load()
    brush = engine.Brush(find("round"), 0)
    assert "stroke_threshold" not in find("round").settings
    fresh = library.brush_new()
    setting = library.setting("speed1_slowness")
    assert library.brush_get_base_value(fresh, setting) == 0
    library.brush_from_defaults(fresh)
    assert brush.get("speed1_slowness") == library.brush_get_base_value(fresh, setting) > 0
    library.brush_unref(fresh)
    brush.close()
