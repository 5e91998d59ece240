"""Laws that every neural brush obeys, whichever it is."""

import pytest
import torch
from torch import Tensor

from diavlex import brushes
from diavlex.brushes import VARIANTS, NeuralBrush, neural, ribbon
from diavlex.brushes.neural import FAR_PX
from diavlex.errors import BadWeights, UnknownName
from diavlex.stroke import BEND, FULLNESS, PRESSURE, REACH, SKEW
from diavlex.weights import SHIPPED

SHIPPED_NAMES = sorted(name for name in brushes.names() if (SHIPPED / f"{name}.json").is_file())


def shapes(count: int, seed: int = 0) -> Tensor:
    """Stroke shapes anywhere within the bounds."""
    low, high = torch.tensor([FULLNESS, BEND, SKEW, PRESSURE, PRESSURE]).T
    return low + (high - low) * torch.rand(count, 5, generator=torch.Generator().manual_seed(seed))


def pooled(patches: Tensor) -> Tensor:
    """Patches at half the size."""
    return torch.nn.functional.avg_pool2d(patches[:, None], 2)[:, 0]


def corners() -> Tensor:
    """Every extreme of a stroke's shape."""
    return torch.cartesian_prod(*map(torch.tensor, (FULLNESS, BEND, SKEW, PRESSURE, PRESSURE)))


@pytest.fixture(scope="module", params=SHIPPED_NAMES)
def brush(request: pytest.FixtureRequest) -> NeuralBrush:
    return brushes.load(request.param)


class TestEveryBrush:
    def test_coverage_within_zero_and_one_even_at_the_extremes(self, brush: NeuralBrush) -> None:
        given = torch.cat([corners(), shapes(32)])
        patches = brush(given, torch.arange(len(given)) % VARIANTS)
        assert patches.shape == (len(given), 64, 64)
        assert patches.dtype == torch.float32
        assert patches.min() >= 0
        assert patches.max() <= 1
        assert (patches.amax((1, 2)) > 0.02).all()

    def test_nothing_at_the_edge_of_the_patch(self, brush: NeuralBrush) -> None:
        patches = brush(shapes(64), torch.arange(64) % VARIANTS)
        edges = torch.cat([patches[:, 0], patches[:, -1], patches[:, :, 0], patches[:, :, -1]])
        assert edges.max() < 0.05

    def test_a_stroke_s_patch_does_not_depend_on_its_company(self, brush: NeuralBrush) -> None:
        given, variants = shapes(6), torch.tensor([0, 1, 2, 3, 0, 1])
        together = brush(given, variants)
        alone = torch.cat([brush(given[i : i + 1], variants[i : i + 1]) for i in range(6)])
        torch.testing.assert_close(together, alone, atol=0.02, rtol=0)

    def test_same_stroke_same_patch(self, brush: NeuralBrush) -> None:
        given, variants = shapes(8), torch.arange(8) % VARIANTS
        assert torch.equal(brush(given, variants), brush(given, variants))

    def test_frozen_yet_differentiable_in_the_shapes(self, brush: NeuralBrush) -> None:
        assert not brush.training
        assert not any(p.requires_grad for p in brush.parameters())
        given = torch.cat([corners(), shapes(32)]).requires_grad_()
        brush(given, torch.arange(len(given)) % VARIANTS).sum().backward()
        assert given.grad is not None
        assert torch.isfinite(given.grad).all()
        assert (given.grad.abs().sum(0) > 0).all()

    def test_gradient_is_the_difference(self, brush: NeuralBrush) -> None:
        exact = NeuralBrush(**brushes.cards()[_name(brush)].settings["network"]).double()
        exact.load_state_dict(brush.state_dict())
        given, variants = shapes(24, seed=1).double(), torch.arange(24) % VARIANTS
        weight = torch.randn(24, 64, 64, generator=torch.Generator().manual_seed(0)).double()
        weight = torch.nn.functional.avg_pool2d(weight, 9, 1, 4)  # smooth: no pixel decides alone
        for index in range(5):
            step = torch.zeros(5, dtype=torch.double)
            step[index] = 1e-3 * float(brush.spread[index])
            difference = (exact(given + step, variants) - exact(given - step, variants)) / 2
            leaf = given.clone().requires_grad_()
            (exact(leaf, variants) * weight).sum().backward()
            gradient = (leaf.grad[:, index] * step[index]).detach()  # pyright: ignore
            expected = (difference * weight).sum((1, 2)).detach()
            match = torch.corrcoef(torch.stack([gradient, expected]))[0, 1]
            assert match > 0.98

    def test_more_pressure_is_more_paint(self, brush: NeuralBrush) -> None:
        light = shapes(64)
        light[:, 3:] = 0.2
        heavy = light.clone()
        heavy[:, 3:] = 0.9
        variants = torch.arange(64) % VARIANTS
        more = brush(heavy, variants).mean((1, 2)) > brush(light, variants).mean((1, 2))
        assert more.float().mean() > 0.97

    def test_from_afar_a_stroke_looks_as_it_does_at_half_the_size(self, brush: NeuralBrush) -> None:
        given = torch.cat([corners(), shapes(400)])
        variants = torch.arange(len(given)) % VARIANTS
        far, near = brush(given, variants, FAR_PX), pooled(brush(given, variants))
        assert far.min() == 0
        assert far.max() < 0.9995, "what lies below is never quite hidden: it would move no more"
        assert (far.amax((1, 2)) > 0.02).all()
        error = (far - near).square().mean((1, 2))
        assert -10 * error[-400:].mean().log10() > 28  # decibel
        assert -10 * error.max().log10() > 15, "no stroke is another stroke"
        bare = near == 0
        assert (far[bare] == 0).float().mean() > 0.97, "where no paint is, none is laid"

    def test_from_afar_the_gradient_is_that_of_half_the_size(self, brush: NeuralBrush) -> None:
        given, variants = shapes(200, seed=2), torch.arange(200) % VARIANTS
        weight = torch.randn(200, FAR_PX, FAR_PX, generator=torch.Generator().manual_seed(0))
        weight = torch.nn.functional.avg_pool2d(weight, 9, 1, 4)
        leaf = given.clone().requires_grad_()
        (brush(leaf, variants, FAR_PX) * weight).sum().backward()
        assert leaf.grad is not None
        for index in range(5):
            step = torch.zeros(5)
            step[index] = 0.05 * float(brush.spread[index])
            rise = pooled(brush(given + step, variants)) - pooled(brush(given - step, variants))
            expected = (rise * weight).sum((1, 2)) / 2
            match = torch.corrcoef(torch.stack([leaf.grad[:, index] * step[index], expected]))
            assert match[0, 1] > (0.75 if index == 2 else 0.88), "skew moves little and is hard"

    def test_card_tells_how_near_it_comes_to_the_engine(self, brush: NeuralBrush) -> None:
        card = brushes.cards()[_name(brush)]
        assert card.about.endswith(".")
        assert card.scores["strokes"] == 2000
        assert card.scores["psnr"] >= 27
        assert card.scores["r2"] >= 0.96
        assert card.scores["far_psnr"] >= 27

    def test_small_enough(self, brush: NeuralBrush) -> None:
        assert sum(p.numel() for p in brush.parameters()) <= 2_000_000
        assert (SHIPPED / f"{_name(brush)}.safetensors").stat().st_size <= 3_000_000


def located(given: Tensor, side_px: int, cap: float = 0.0) -> Tensor:
    """Where pixels lie on the ribbon, along and across last."""
    return ribbon.locate(given, side_px, cap).permute(0, 2, 3, 1)


def _name(brush: NeuralBrush) -> str:
    """The brush's name, known by its weights."""
    for name in SHIPPED_NAMES:
        if torch.equal(brushes.load(name).grain, brush.grain):
            return name
    raise AssertionError("a brush that was loaded has a name")


def test_default_brush_is_there() -> None:
    assert "oil" in brushes.names()


def test_unknown_brush_offers_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'oil'"):
        brushes.load("oiil")


def test_altered_weights_are_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    for suffix in (".json", ".safetensors"):
        data = (SHIPPED / f"oil{suffix}").read_bytes().replace(b'"name": "oil"', b'"name": "mine"')
        (tmp_path / f"mine{suffix}").write_bytes(data)
    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path))
    assert torch.equal(brushes.load("mine").grain, brushes.load("oil").grain)
    (tmp_path / "mine.safetensors").write_bytes(data[:-1] + b"!")
    with pytest.raises(BadWeights, match="checksum differs"):
        brushes.load("mine")


class TestRibbon:
    @pytest.mark.parametrize("cap", [0.0, 0.11, 0.2])
    def test_ends_and_sides_lie_where_they_should(self, cap: float) -> None:
        """A straight stroke: path and ends get their shares of the ribbon, evenly."""
        shape = torch.tensor([[0.25, 0.0, 0.0, 0.5, 0.5]])
        places = located(shape, 64, cap)[0]
        half, radius = REACH * 0.75, REACH * 0.25
        beyond = radius + ribbon._MARGIN + ribbon._OVERRUN * 2 * half
        x = (torch.arange(64) + 0.5) / 32 - 1
        share = 1 - 2 * cap if cap else half / (half + beyond)
        past = share + (x.abs() - half) / beyond * (1 - share)
        along = torch.where(x.abs() < half, x / half * share, x.sign() * past)
        torch.testing.assert_close(places[10, :, 0], along, atol=1e-4, rtol=0)
        torch.testing.assert_close(
            places[:, 30, 1], x / (radius + ribbon._MARGIN), atol=1e-4, rtol=0
        )

    @pytest.mark.parametrize("side_px", [32, 64])
    def test_pixels_are_found_on_the_path_where_a_search_finds_them(self, side_px: int) -> None:
        given = shapes(40, seed=3).double()
        given[:, 0] *= 0.4
        places = located(given, side_px)
        for shape, place in zip(given, places, strict=True):
            expected, near = _search(shape, side_px)
            wrong = (place - expected).abs().amax(-1)[near] > 0.05
            assert wrong.float().mean() < 0.03

    def test_gradient_is_the_difference(self) -> None:
        """Nearly: the nearest point of the path is found to within a step of Newton's."""
        shape = torch.tensor([[0.2, 0.5, 0.2, 0.5, 0.5]]).double()
        inside = (located(shape, 64).abs() < 0.9).all(-1)
        for index in range(3):
            step = torch.zeros(5).double()
            step[index] = 1e-5
            difference = (located(shape + step, 64) - located(shape - step, 64))[inside] / 2e-5
            leaf = shape.clone().requires_grad_()
            places = located(leaf, 64)[inside][::37]
            rows = [
                torch.autograd.grad(p, leaf, retain_graph=True)[0][0, index]
                for p in places.flatten()
            ]
            gradient, expected = torch.stack(rows).view(-1, 2), difference[::37]
            assert torch.corrcoef(torch.stack([gradient[:, 0], expected[:, 0]]))[0, 1] > 0.99
            assert torch.corrcoef(torch.stack([gradient[:, 1], expected[:, 1]]))[0, 1] > 0.998

    def test_bending_paints_the_stroke_s_band(self) -> None:
        """A full ribbon, bent, covers what lies within the radius of the path and no more."""
        given = shapes(20, seed=5)
        given[:, 0] = 0.2
        ribbons = torch.zeros(20, 32, 64)
        for row, shape in zip(ribbons, given, strict=True):
            band = float(REACH * shape[0] / (REACH * shape[0] + ribbon._MARGIN))
            row[((torch.arange(32) + 0.5) / 16 - 1).abs() < band] = 1
        patches = ribbon.bend(ribbons, given, 64)
        for shape, patch in zip(given, patches, strict=True):
            expected, _ = _search(shape.double(), 64)
            radius = REACH * float(shape[0])
            share = radius / (radius + ribbon._MARGIN)
            within = (expected[..., 1].abs() < 0.8 * share) & (expected[..., 0].abs() < 0.95)
            outside = (expected[..., 1].abs() > 1.3 * share) | (expected[..., 0].abs() > 1.05)
            assert patch[within].mean() > 0.97
            assert patch[outside].mean() < 0.03

    @pytest.mark.parametrize("cap", [0.0, 0.11])
    def test_where_a_stroke_folds_its_ends_stay_clear_of_its_middle(self, cap: float) -> None:
        """Paint in the middle of a ribbon alone leaves none where the two ends meet."""
        given = torch.tensor([[0.58, 1.57, 0.22, 0.5, 0.5], [0.58, -1.57, 0.22, 0.5, 0.5]])
        ribbons = torch.zeros(2, 32, 64)
        ribbons[:, :, 22:42] = 1
        patches = ribbon.bend(ribbons, given, 64, cap)
        along, across = located(given, 64, cap).abs().unbind(-1)
        assert patches[(along < 0.05) & (across < 0.9)].mean() > 0.9
        assert patches[along > 0.5].max() < 0.5

    def test_a_stroke_that_does_not_fold_is_grown_as_any_other(self) -> None:
        given = shapes(20, seed=5)
        given[:, 1:3] = 0
        places = ribbon.locate(given, 32)
        assert not ribbon._are_folded(places).any()
        grow = ribbon._grow(64)
        apart = ribbon._grow_apart(places.clamp(-1, 1))
        torch.testing.assert_close(apart, grow @ places.clamp(-1, 1) @ grow.T)

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    def test_compiled_loops_bend_as_plain_torch_does(self, dtype: torch.dtype) -> None:
        """In values and gradients, folded strokes and others."""
        pytest.importorskip("numba")
        places = ribbon.locate(torch.cat([corners(), shapes(60)]).to(dtype), 32)
        assert 20 < int(ribbon._are_folded(places).sum()) < len(places) - 20
        random = torch.Generator().manual_seed(2)
        ribbons = torch.rand(len(places), 32, 64, generator=random).to(dtype)
        push = torch.randn(len(places), 64, 64, generator=random).to(dtype)
        seen = []
        for way in (ribbon._Bent.apply, ribbon._bend_plainly):
            leaves = [leaf.detach().clone().requires_grad_() for leaf in (ribbons, places)]
            patches = way(*leaves)
            seen.append((patches, *torch.autograd.grad(patches, leaves, push)))
        nearly = 1e-3 if dtype == torch.float32 else 1e-10
        torch.testing.assert_close(*seen, atol=nearly, rtol=nearly)

    def test_without_numba_torch_bends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given, ribbons = shapes(8), torch.rand(8, 32, 64, generator=torch.Generator())
        patches = ribbon.bend(ribbons, given, 64)
        monkeypatch.setattr(ribbon.compiled, "is_here", lambda: False)
        monkeypatch.setattr(ribbon._Bent, "apply", lambda *_: pytest.fail("the loops were asked"))
        torch.testing.assert_close(ribbon.bend(ribbons, given, 64), patches, atol=1e-4, rtol=0)


def _search(shape: Tensor, side_px: int) -> tuple[Tensor, Tensor]:
    """Places on the ribbon by looking everywhere on the path; and which pixels are on it."""
    fullness, bend, skew = shape[:3].tolist()
    half, radius = REACH * (1 - fullness), REACH * fullness
    t = torch.linspace(0, 1, 4001).double()[:, None]
    start, control, end = (
        torch.tensor(p).double() for p in ((-half, 0.0), (skew * half, bend * half), (half, 0.0))
    )
    path = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    velocity = 2 * ((1 - t) * (control - start) + t * (end - control))
    steps = path.diff(dim=0).norm(dim=-1)
    arc = torch.cat([torch.zeros(1).double(), steps.cumsum(0)])
    line = (torch.arange(side_px).double() + 0.5) * (2 / side_px) - 1
    pixels = torch.stack([line.repeat(side_px), line.repeat_interleave(side_px)], -1)
    best = torch.cdist(pixels, path).argmin(-1)
    tangent = velocity[best] / velocity[best].norm(dim=-1, keepdim=True)
    offset = pixels - path[best]
    along = arc[best] + (offset * tangent).sum(-1)
    across = tangent[:, 0] * offset[:, 1] - tangent[:, 1] * offset[:, 0]
    beyond = radius + ribbon._MARGIN + ribbon._OVERRUN * arc[-1]
    place = torch.stack(
        [2 * (along + beyond) / (arc[-1] + 2 * beyond) - 1, across / (radius + ribbon._MARGIN)], -1
    )
    near = (place.abs() < 0.95).all(-1)
    return place.unflatten(0, (side_px, side_px)), near.unflatten(0, (side_px, side_px))


def test_a_brush_trained_before_there_was_a_far_one_paints_as_it_did() -> None:
    oil = brushes.load("oil")
    settings = brushes.cards()["oil"].settings["network"] | {"far": 0}
    older = NeuralBrush(**settings, is_bfloat16=oil.is_bfloat16).requires_grad_(False)
    older.load_state_dict({k: v for k, v in oil.state_dict().items() if not k.startswith("far")})
    given, variants = shapes(40), torch.arange(40) % VARIANTS
    assert torch.equal(older(given, variants), oil(given, variants))
    small = older(given, variants, FAR_PX)
    assert small.shape == (40, FAR_PX, FAR_PX)
    assert float((small - pooled(older(given, variants))).square().mean()) < 2e-3


def test_many_strokes_are_painted_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    brush = brushes.load("oil")
    brush.is_bfloat16, brush.far = False, None
    many = shapes(40)
    seen, parts = [], []
    paint = brush._paint
    monkeypatch.setattr(brush, "_paint", lambda s, *rest: parts.append(len(s)) or paint(s, *rest))
    for most in (40, 16):
        monkeypatch.setattr(neural, "_AT_ONCE", most)
        leaf = many.clone().requires_grad_()
        patches = brush(leaf, torch.arange(40) % VARIANTS, 32)
        seen.append((patches, *torch.autograd.grad(patches.square().sum(), leaf)))
    assert sorted(parts) == [8, 8, 16, 16, 16, 16, 40]  # once on the way there, once back
    torch.testing.assert_close(*seen, atol=1e-4, rtol=1e-4)
