"""The subject: its own strokes show it alone, stay where it is, and lie over the ground's."""

import pytest
import torch

from diavlex import brushes, guides, stroke
from diavlex.config import PaintConfig
from diavlex.guides.imagination import PLACES, Subject
from diavlex.guides.things import rivals
from diavlex.guides.views import Gaze
from diavlex.objective import Target, target
from diavlex.studio import Studio
from diavlex.studio.foreground import SIDE, Foreground

SMALL = {"strokes": 40, "steps": 12, "views": 4, "canvas_px": 64, "replant": 4}
PROMPT = "a fox in the snow"


@pytest.fixture(scope="module")
def guide() -> guides.Guide:
    return guides.load("pocket")


def aim(guide: guides.Guide, config: PaintConfig, prompt: str = PROMPT) -> Target:
    return target(
        guide, prompt, rivals(), config.contrast,
        imagine=config.imagine, has_subject=config.subject > 0,
    )  # fmt: skip


def studio(guide: guides.Guide, **choices) -> Studio:
    config = PaintConfig(**(SMALL | choices))
    return Studio(config, brushes.load(config.brush), [aim(guide, config)])


def run(easel: Studio) -> torch.Tensor:
    for _ in easel.paint():
        pass
    return easel.now()


def stand(guide: guides.Guide, **choices) -> Foreground:
    """A foreground whose subject fills the upper left quarter of its frame."""
    config = PaintConfig(**(SMALL | choices))
    share = torch.zeros(PLACES, PLACES)
    share[: PLACES // 2, : PLACES // 2] = 1
    thing = Subject(torch.ones(1, 1280) / 36, torch.rand(3, PLACES, PLACES), share, torch.ones(3))
    plain = aim(guide, config)
    aimed = Target(guide, plain.wanted, plain.weights, plain.rivals, 0.3, imagine=6, subject=thing)
    return Foreground(config, aimed, torch.device("cpu"))


@pytest.mark.parametrize(
    ("size", "focus", "center"),
    [
        ("512x512", "", (0.5, 0.5)),
        ("1024x512", "", (1.0, 0.5)),
        ("1024x512", "0.75,0.1", (1.5, 0.4)),
        ("512x1024", "0,1", (0.4, 1.6)),
    ],
)
def test_a_frame_stays_within_the_canvas(
    guide: guides.Guide, size: str, focus: str, center: tuple[float, float]
) -> None:
    place = stand(guide, size=size, focus=focus)
    assert place.center.tolist() == pytest.approx(center)
    width, height = (int(side) for side in size.split("x"))
    canvas = torch.zeros(3, height // 8, width // 8)
    x, y = (round(v * 64) for v in center)
    canvas[:, y - 20 : y, x - 20 : x] = 1
    framed = place.crop(canvas)
    assert framed.shape == (3, 51, 51)
    assert float(framed.mean()) == pytest.approx((20 / 51) ** 2)
    inside = place.inside(*canvas.shape[-2:])
    assert bool((inside[canvas[0] > 0] == 1).all())
    assert float(inside.sum()) == pytest.approx((SIDE * 64 / 2) ** 2, rel=0.1)


def test_the_ground_is_asked_for_where_it_can_be_seen(guide: guides.Guide) -> None:
    bare = stand(guide).bare
    assert bare[:, PLACES // 2 + 1 :].min() == bare[PLACES // 2 + 1 :].min() == 1
    assert bare[2, 2] == 0
    assert bare[0, 0] > 0.5, "the frame ends before the canvas"


def test_strokes_are_astray_by_how_far_they_are(guide: guides.Guide) -> None:
    place = stand(guide)
    actions = stroke.random_actions(torch.full((40,), 0.05), torch.Generator().manual_seed(0))
    parts = stroke.split(actions)

    def astray(x: float, y: float, rows: slice = slice(None)) -> float:
        places = parts.placements.clone()
        places[:, :2] = 0.3
        places[rows, :2] = torch.tensor([x, y])
        moved = stroke.Parts(parts.shapes, places, parts.colors)
        return float(place.astray(stroke.join(moved)))

    assert astray(0.3, 0.3) == astray(0.9, 0.9, slice(0, place.first)) == 0
    assert 0 < astray(0.6, 0.3) < astray(0.9, 0.3) < astray(0.9, 0.9)


def test_a_subject_has_its_share_of_the_strokes(guide: guides.Guide) -> None:
    places = [studio(guide, subject=share).foreground for share in (0.65, 1.0, 0.01)]
    assert [place.first for place in places if place] == [14, 0, 39]
    assert studio(guide, subject=0.0).foreground is None
    easel = studio(guide)
    assert easel.foreground is not None
    centers = stroke.split(easel.now()).placements[:, :2] - 0.5
    assert centers[14:].abs().max() < 0.25 < centers[:14].abs().max()
    for share in (0.01, 1.0):
        assert torch.isfinite(run(studio(guide, subject=share, steps=5))).all()


def test_its_strokes_show_it_alone(guide: guides.Guide) -> None:
    """Strokes of its own come to look like the thing on any ground, and keep to it."""

    def seen(share: float) -> tuple[float, float]:
        easel = studio(guide, subject=share, strokes=120, steps=80, views=8)
        actions = run(easel)
        place = studio(guide, strokes=120).foreground
        assert place is not None
        generator = torch.Generator().manual_seed(0)
        own = Studio._lay(easel, easel._strokes(actions), easel._bare(easel.ground), False, 42)
        with torch.no_grad():
            loss = place.judge(own, easel._bare(easel.ground), 24, Gaze(noise=0), generator)
            return float(loss), float(place.astray(actions))

    (own, kept), (mixed, strayed) = seen(0.65), seen(0.0)
    assert own < mixed - 0.5
    assert kept < strayed / 4


def test_it_is_decided_by_the_seed_and_goes_on(guide: guides.Guide) -> None:
    whole = run(studio(guide))
    assert torch.equal(run(studio(guide)), whole)
    easel = studio(guide)
    for _ in range(7):
        easel.step()
    later = studio(guide)
    later.load_state(easel.state())
    assert torch.equal(run(later), whole)
    assert easel.appraise() == easel.appraise() != studio(guide).appraise()


def test_its_strokes_stay_above_the_ground(guide: guides.Guide) -> None:
    easel = studio(guide)
    assert easel.foreground is not None
    actions = easel.now()
    actions[:14, 9:], actions[14:, 9:] = 1.0, 0.0
    alone = actions[14:]
    easel_alone = studio(guide, strokes=26)
    black = easel_alone.render(alone, torch.ones(3, 64, 64)) < 0.05
    mixed = easel.render(actions, torch.ones(3, 64, 64), is_shuffled=True)
    assert bool(black.any())
    assert float(mixed[black].max()) < 0.1


def test_a_subject_may_be_in_any_of_several_guides(guide: guides.Guide) -> None:
    config = PaintConfig(**SMALL)
    plain = target(guide, PROMPT, rivals(), config.contrast)
    easel = Studio(config, brushes.load(config.brush), [plain, aim(guide, config)])
    assert easel.foreground is not None
    assert easel.foreground.target is easel.targets[1]
    assert torch.isfinite(run(easel)).all()
