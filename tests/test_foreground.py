"""Subjects: their strokes show them alone, stay where they are, and lie over the ground's."""

import pytest
import torch
from diavlex.studio.foreground import SIDE, Foreground, Frame, foregrounds, frames

from diavlex import brushes, guides, stroke
from diavlex.config import PaintConfig
from diavlex.guides.imagination import PLACES, Subject
from diavlex.guides.things import rivals
from diavlex.guides.views import Gaze
from diavlex.objective import Target, target
from diavlex.studio import Studio

SMALL = {"strokes": 40, "steps": 12, "views": 4, "canvas_px": 64, "replant": 4}
PROMPT, BOTH = "a fox in the snow", "a fox and a red apple"
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def guide() -> guides.Guide:
    return guides.load("pocket")


def aim(guide: guides.Guide, config: PaintConfig, prompt: str = PROMPT) -> Target:
    return target(
        guide, prompt, rivals(), config.contrast,
        imagine=config.imagine, has_subject=config.subject > 0,
    )  # fmt: skip


def studio(guide: guides.Guide, prompt: str = PROMPT, **choices) -> Studio:
    config = PaintConfig(**(SMALL | choices))
    return Studio(config, brushes.load(config.brush), [aim(guide, config, prompt)])


def run(easel: Studio) -> torch.Tensor:
    for _ in easel.paint():
        pass
    return easel.now()


def stand(guide: guides.Guide, frame: Frame, aspect: tuple[float, float]) -> Foreground:
    """A foreground whose subject fills the upper left quarter of its frame."""
    share = torch.zeros(PLACES, PLACES)
    share[: PLACES // 2, : PLACES // 2] = 1
    thing = Subject(torch.ones(1, 1280) / 36, torch.rand(3, PLACES, PLACES), share, torch.ones(3))
    return Foreground(aim(guide, PaintConfig()), thing, frame, slice(14, 40), aspect, CPU)


@pytest.mark.parametrize(
    ("count", "size", "focus", "centers"),
    [
        (1, "512x512", "", [(0.5, 0.5)]),
        (1, "1024x512", "", [(1.0, 0.5)]),
        (1, "1024x512", "0.75,0.1", [(1.5, 0.4)]),
        (1, "512x1024", "0,1", [(0.4, 1.6)]),
        (2, "512x512", "", [(0.26, 0.5), (0.74, 0.5)]),
        (2, "512x1024", "0,0", [(0.5, 0.5), (0.5, 1.5)]),
        (3, "512x512", "", [(0.26, 0.26), (0.74, 0.26), (0.5, 0.74)]),
        (4, "2048x512", "", [(0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (3.5, 0.5)]),
    ],
)
def test_frames_stay_within_the_canvas(
    count: int, size: str, focus: str, centers: list[tuple[float, float]]
) -> None:
    config = PaintConfig(size=size, focus=focus)
    placed = frames(count, config)
    assert [(f.x, f.y) for f in placed] == [pytest.approx(center) for center in centers]
    height, width = config.aspect
    for frame in placed:
        assert frame.side <= SIDE
        assert frame.side / 2 - 1e-6 <= frame.x <= width - frame.side / 2 + 1e-6
        assert frame.side / 2 - 1e-6 <= frame.y <= height - frame.side / 2 + 1e-6


@pytest.mark.parametrize("frame", [Frame(0.5, 0.5, 0.8), Frame(0.74, 0.26, 0.52)])
def test_a_subject_is_inside_its_frame(guide: guides.Guide, frame: Frame) -> None:
    place = stand(guide, frame, (1.0, 2.0))
    canvas = torch.zeros(3, 100, 200)
    x, y, half = (round(100 * v) for v in (frame.x, frame.y, frame.side / 2))
    canvas[:, y - half : y, x - half : x] = 1
    framed = frame.crop(canvas)
    assert framed.shape == (3, 2 * half, 2 * half)
    assert float(framed.mean()) == 0.25
    torch.testing.assert_close(place.inside(100, 200), canvas[0])


def test_every_frame_of_every_canvas_can_be_cropped() -> None:
    for count in (1, 2, 3, 4):
        for size in ("512x512", "512x300", "300x512", "1000x130"):
            config = PaintConfig(size=size, focus="1,1")
            height, width = (round(80 * v) for v in config.aspect)
            for frame in frames(count, config):
                cut = frame.crop(torch.zeros(3, height, width))
                assert cut.shape[1] == cut.shape[2] == round(80 * frame.side)


def test_the_ground_is_asked_for_where_it_can_be_seen(guide: guides.Guide) -> None:
    bare = stand(guide, Frame(0.5, 0.5, 0.8), (1.0, 1.0)).bare
    assert bare[:, PLACES // 2 + 1 :].min() == bare[PLACES // 2 + 1 :].min() == 1
    assert bare[PLACES // 4, PLACES // 4] == 0
    assert bare[0, 0] > 0.5, "the frame ends before the canvas"
    small = stand(guide, Frame(0.74, 0.74, 0.52), (1.0, 1.0)).bare
    assert small[PLACES // 2, PLACES // 2] < 0.1
    assert small[:4].min() == small[:, :4].min() == 1


def test_strokes_are_astray_by_how_far_they_are(guide: guides.Guide) -> None:
    place = stand(guide, Frame(0.5, 0.5, 0.8), (1.0, 1.0))
    actions = stroke.random_actions(torch.full((40,), 0.05), torch.Generator().manual_seed(0))
    parts = stroke.split(actions)

    def astray(x: float, y: float, rows: slice = slice(None)) -> float:
        places = parts.placements.clone()
        places[:, :2] = 0.3
        places[rows, :2] = torch.tensor([x, y])
        moved = stroke.Parts(parts.shapes, places, parts.colors)
        return float(place.astray(stroke.join(moved)))

    assert astray(0.3, 0.3) == astray(0.9, 0.9, slice(0, 14)) == 0
    assert 0 < astray(0.6, 0.3) < astray(0.9, 0.3) < astray(0.9, 0.9)


def test_subjects_have_their_share_of_the_strokes(guide: guides.Guide) -> None:
    def rows(prompt: str, **choices) -> list[tuple[int, int]]:
        config = PaintConfig(**(SMALL | choices))
        found = foregrounds(config, [aim(guide, config, prompt)], CPU)
        return [(one.rows.start, one.rows.stop) for one in found]

    assert [rows(PROMPT, subject=s) for s in (0.65, 1.0, 0.01, 0.0)] == [
        [(14, 40)], [(0, 40)], [(39, 40)], [],
    ]  # fmt: skip
    assert rows("two foxes") == rows(BOTH) == [(14, 27), (27, 40)]
    assert rows("two foxes", strokes=1, smallest=0.04) == [(0, 1)]
    easel = studio(guide)
    centers = stroke.split(easel.now()).placements[:, :2] - 0.5
    assert centers[14:].abs().max() < 0.25 < centers[:14].abs().max()
    for share in (0.01, 1.0):
        for prompt in (PROMPT, BOTH):
            assert torch.isfinite(run(studio(guide, prompt, subject=share, steps=5))).all()


def test_strokes_of_a_subject_show_it_alone(guide: guides.Guide) -> None:
    """Strokes of its own come to look like the thing on any ground, and keep to it."""
    place = studio(guide, strokes=120).foregrounds[0]

    @torch.no_grad()
    def seen(share: float) -> tuple[float, float]:
        easel = studio(guide, subject=share, strokes=120, steps=80, views=8)
        with torch.enable_grad():
            actions = run(easel)
        bare, generator = easel._bare(easel.ground), torch.Generator().manual_seed(0)
        own = easel._lay(easel._strokes(actions), bare, rows=place.rows)
        return float(place.judge(own, bare, 24, Gaze(noise=0), generator)), float(
            place.astray(actions)
        )

    (own, kept), (mixed, strayed) = seen(0.65), seen(0.0)
    assert own < mixed - 0.5
    assert kept < strayed / 4


def test_a_subject_is_judged_by_its_own_strokes(
    guide: guides.Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    easel, shown = studio(guide, BOTH), []
    judge = Foreground.judge

    def spy(one: Foreground, canvas: torch.Tensor, backdrop: torch.Tensor, *others):
        shown.append((one.rows, canvas.detach(), backdrop))
        return judge(one, canvas, backdrop, *others)

    monkeypatch.setattr(Foreground, "judge", spy)
    strokes = easel._strokes(easel.now())
    easel.step()
    assert [rows for rows, *_ in shown] == [slice(14, 27), slice(27, 40)]
    for rows, canvas, backdrop in shown:
        torch.testing.assert_close(canvas, easel._lay(strokes, backdrop, rows=rows))
    assert not torch.equal(shown[0][2], shown[1][2]), "each on a ground of its own"


def test_strokes_of_a_subject_are_planted_within_it(guide: guides.Guide) -> None:
    easel = studio(guide, replant=0, canvas_px=128)
    easel.step()
    easel.use = torch.ones(40)
    easel.use[[20, 30]] = -1.0
    before = easel.now()
    picture, alone = (torch.rand(3, 128, 128, requires_grad=True) for _ in range(2))
    for canvas in (picture, alone):
        canvas.square().sum().backward()
    assert alone.grad is not None
    alone.grad[:, :, :4] *= 1e6  # far off, everything is wrong
    easel._replant(picture, [alone])
    after = easel.now()
    changed = (after != before).any(1).nonzero()[:, 0].tolist()
    assert changed == [20, 30]
    inside = easel.foregrounds[0].inside(128, 128)
    about = torch.nn.functional.max_pool2d(inside[None], 9, 1, 4)[0]  # slopes are blurred
    for x, y in (stroke.split(after).placements[changed, :2] * 128).long().tolist():
        assert about[y, x] == 1


def test_two_subjects_stand_side_by_side(guide: guides.Guide) -> None:
    easel = studio(guide, BOTH, strokes=120, steps=60, views=8)
    places = stroke.split(run(easel)).placements
    fox, apple = (places[one.rows, 0] for one in easel.foregrounds)
    assert float(fox.mean()) < 0.4
    assert float(apple.mean()) > 0.6
    picture = easel.render(easel.actions().detach(), easel._bare(easel.ground))
    red, green, _ = easel.foregrounds[1].frame.crop(picture)[:, 16:-10, 10:-10].mean((1, 2))
    assert red > green + 0.2


@pytest.mark.parametrize("prompt", [PROMPT, BOTH])
def test_it_is_decided_by_the_seed_and_goes_on(guide: guides.Guide, prompt: str) -> None:
    whole = run(studio(guide, prompt))
    assert torch.equal(run(studio(guide, prompt)), whole)
    easel = studio(guide, prompt)
    for _ in range(7):
        easel.step()
    later = studio(guide, prompt)
    later.load_state(easel.state())
    assert torch.equal(run(later), whole)
    assert easel.appraise() == easel.appraise() != studio(guide, prompt).appraise()


def test_their_strokes_stay_above_the_ground(guide: guides.Guide) -> None:
    easel = studio(guide)
    actions = easel.now()
    actions[:14, 9:], actions[14:, 9:] = 1.0, 0.0
    white = torch.ones(3, 64, 64)
    alone = easel._lay(easel._strokes(actions), white, rows=slice(14, None))
    mixed = easel.render(actions, white, is_shuffled=True)
    black = alone < 0.05
    assert bool(black.any())
    assert float(mixed[black].max()) < 0.06


def test_without_a_place_the_ground_stays_plain(guide: guides.Guide) -> None:
    config = PaintConfig()
    placed, bare = (aim(guide, config, text) for text in ("two foxes in the snow", "two foxes"))
    assert placed.imagined is not None
    assert bare.imagined is not None
    assert len(placed.subjects) == len(bare.subjects) == 2
    assert float(bare.imagined.layouts.std((2, 3)).max()) < 1e-6 < placed.imagined.layouts.std()
    looks = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    words = target(guide, "two foxes", rivals(), config.contrast)
    assert float(bare(looks).total) == pytest.approx(float(words(looks).total))
    assert float(placed(looks).total) > float(words(looks).total) + 0.5


def test_a_subject_may_be_in_any_of_several_guides(guide: guides.Guide) -> None:
    config = PaintConfig(**SMALL)
    plain = target(guide, PROMPT, rivals(), config.contrast)
    easel = Studio(config, brushes.load(config.brush), [plain, aim(guide, config)])
    assert easel.foregrounds[0].target is easel.targets[1]
    assert torch.isfinite(run(easel)).all()
