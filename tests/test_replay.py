"""The replay in a real browser: it paints the painting, asks for nothing, does what it is told."""

import base64
import io
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from paintings import make
from PIL import Image

import diavlex
from diavlex import painting
from diavlex.brushes import mypaint
from diavlex.gallery import pictures, replay
from diavlex.gallery.replay import ribbons

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
NASTY = "</script><script>document.title='caught'</script><img src=http://x.test/a.png> {{data}}"
SCRIPT = replay.replay_script()


# --- without a browser


def test_a_ribbon_lies_the_same_in_python_and_in_the_script() -> None:
    for name in ("BODY", "PAST", "RIM"):
        (value,) = re.findall(rf"export const {name} = ([\d.]+);", SCRIPT)
        assert float(value) == getattr(ribbons, name)


@pytest.mark.parametrize("engine", ["neural"] + ["mypaint"] * mypaint.is_available())
def test_strokes_share_few_ribbons(engine: str) -> None:
    made = ribbons.ribbons_of(make((48, 80), 600), engine)
    kinds = len(ribbons.FULLNESSES) * len(ribbons.PRESSURES) ** 2
    assert made.count <= 2 * 4 * kinds
    assert sorted(set(made.ribbon_of)) == list(range(made.count))
    assert made.atlas.shape == (made.count * ribbons.ACROSS, ribbons.ALONG)
    body = made.atlas.reshape(made.count, ribbons.ACROSS, ribbons.ALONG)
    middle = body[:, ribbons.ACROSS // 2 - 3 : ribbons.ACROSS // 2 + 3, 30:-30]
    assert middle.mean() > 100
    edge = np.concatenate([body[:, 0], body[:, -1]])
    assert edge.mean() < 0.1 * middle.mean()


def test_the_page_holds_the_record_and_no_markup_of_a_prompt() -> None:
    text = replay.to_html(make(prompt=NASTY))
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    assert json.loads(data)["record"] == painting.to_plain(make(prompt=NASTY))
    assert text.count("<script") == 2
    assert "<img" not in text
    plain = replay.to_html(make())
    outside = re.sub(r'id="data">.*?</script>', "", plain).replace(SCRIPT, "")
    assert not re.search(r"(?:src|href)\s*=|url\(|@import|https?:", outside)


# --- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """A headless chromium; tests are skipped where there is none."""
    if not os.path.exists(CHROMIUM):
        pytest.skip("chromium is not on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


class Page:
    """The replay of a painting in a browser."""

    def __init__(self, browser, path: Path, **ways) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page = browser.new_page(viewport={"width": 700, "height": 620}, **ways)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(path.as_uri())

    def get(self, code: str):
        return self.page.evaluate(code)

    @property
    def count(self) -> int:
        """How many strokes are shown, as the page tells."""
        return int(self.get("document.getElementById('count').value").split()[0] or -1)

    def until(self, code: str) -> None:
        """Wait until something is so."""
        for _ in range(800):
            if self.get(code):
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"it never came to {code}; the page said {self.said}")

    def until_shown(self, strokes: int) -> None:
        self.until(f"document.getElementById('count').value.startsWith('{strokes} of ')")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def picture(self, side: str = "picture") -> np.ndarray:
        """What is on a canvas: sRGB and alpha."""
        url = self.get(f"document.getElementById('{side}').toDataURL()")
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))))


@pytest.fixture(scope="module")
def record():
    return make((48, 80), 24, prompt=NASTY)


@pytest.fixture(scope="module")
def file(record, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return diavlex.save(record, tmp_path_factory.mktemp("replay") / "a.html", engine="neural")


@pytest.fixture
def page(browser, file: Path) -> Iterator[Page]:
    opened = Page(browser, file)
    opened.until_shown(24)
    yield opened
    assert not opened.said
    assert opened.asked == [url for url in opened.asked if url.startswith(("file:", "data:"))]
    assert sum(url.startswith("file:") for url in opened.asked) == 1
    opened.page.close()


def near(seen: np.ndarray, meant: np.ndarray) -> float:
    """The mean difference of two pictures, in levels, the second one enlarged to the first."""
    high, wide = seen.shape[:2]
    scaled = Image.fromarray(meant).resize((wide, high), Image.Resampling.BILINEAR)
    return float(np.abs(seen[..., :3].astype(int) - np.asarray(scaled)).mean())


def test_it_ends_as_the_painting(page: Page, record) -> None:
    seen = page.picture()
    assert (seen[..., 3] == 255).all()
    assert seen.shape[1] / seen.shape[0] == pytest.approx(80 / 48, rel=0.01)
    blank = np.broadcast_to(np.uint8(np.rint(np.array(record.background) * 255)), (48, 80, 3))
    meant = pictures.render(record, min(seen.shape[:2]))
    assert near(seen, meant) < 0.12 * near(seen, np.ascontiguousarray(blank))
    assert page.get("document.title") != "caught"


def test_it_can_be_scrubbed_to_and_fro(page: Page, record) -> None:
    wanted = [6, 17, 0, 24]
    stages = dict(zip((0, 6, 17, 24), pictures.stages(record, [0, 6, 17, 24], 240), strict=True))
    for at in wanted:
        page.get(
            f"(() => {{ const it = document.getElementById('scrub'); it.value = {at};"
            " it.dispatchEvent(new Event('input')); })()"
        )
        page.until_shown(at)
        differences = {count: near(page.picture(), stage) for count, stage in stages.items()}
        assert min(differences, key=differences.__getitem__) == at, differences
        assert page.get("document.getElementById('scrub').value") == str(at)


def test_it_plays_and_pauses(page: Page) -> None:
    page.page.get_by_label("Slower").or_(page.page.locator("#speed")).select_option("0.25")
    page.press("Home")
    page.until_shown(0)
    page.page.locator("#play").click()
    page.until("parseInt(document.getElementById('count').value) >= 1")
    page.press("k")
    page.until("document.getElementById('play').getAttribute('aria-label') === 'Play'")
    stopped = page.count
    assert 0 < stopped < 24
    page.page.wait_for_timeout(300)
    assert page.count == stopped
    page.page.locator("#speed").select_option("8")
    page.press("k")
    page.until_shown(24)
    page.until("document.getElementById('play').getAttribute('aria-label') === 'Play'")


def test_part_of_a_stroke_is_less_than_all_of_it(page: Page) -> None:
    seen = []
    for at in (3, 3.5, 4):
        page.get(
            f"(() => {{ const it = document.getElementById('scrub'); it.value = {at};"
            " it.dispatchEvent(new Event('input')); })()"
        )
        page.until(f"document.getElementById('scrub').value === '{at}'")
        page.until_shown(int(at))
        page.page.wait_for_timeout(60)
        seen.append(page.picture().astype(int))
    first, some, whole = seen
    changed = [(np.abs(other - first).sum(-1) > 12).mean() for other in (some, whole)]
    assert 0.2 * changed[1] < changed[0] < 0.9 * changed[1]


def test_keys_move_by_strokes(page: Page) -> None:
    for key, shown in {
        "ArrowLeft": 23, "Shift+ArrowLeft": 13, "ArrowRight": 14, "End": 24, "Home": 0,
        "Shift+ArrowRight": 10,
    }.items():  # fmt: skip
        page.press(key)
        page.until_shown(shown)
    assert page.get("document.getElementById('speed').value") == "1"
    page.press("+")
    assert page.get("document.getElementById('speed').value") == "2"
    page.press("-")
    page.press("-")
    assert page.get("document.getElementById('speed').value") == "0.5"
    before = page.get("document.documentElement.dataset.theme")
    wall = page.get("getComputedStyle(document.body).backgroundColor")
    page.press("d")
    assert page.get("document.documentElement.dataset.theme") != before
    assert page.get("getComputedStyle(document.body).backgroundColor") != wall


def test_hovering_tells_a_stroke_s_numbers(page: Page, record) -> None:
    assert page.get("document.getElementById('card').hidden")
    box = page.page.locator("#picture").bounding_box()
    last = record.actions[-1]
    middle = (last[5:7] + last[7:9] + 2 * last[3:5]) / 4
    scale = box["height"]
    page.page.mouse.move(box["x"] + float(middle[0]) * scale, box["y"] + float(middle[1]) * scale)
    told = page.page.locator("#card").inner_text()
    assert "Stroke 24 of 24" in told
    for number in (f"{float(last[2]):.4f}", f"{float(last[7]):.3f}", record.brush_names[-1]):
        assert number in told
    assert page.picture("mark")[..., 3].max() == 255
    page.page.mouse.move(2, 2)
    page.until("document.getElementById('card').hidden")
    assert page.picture("mark")[..., 3].max() == 0


def test_it_follows_the_system_s_theme_and_a_small_screen(browser, file: Path) -> None:
    opened = Page(browser, file, color_scheme="dark")
    opened.until_shown(24)
    assert opened.get("document.documentElement.dataset.theme") == "dark"
    opened.page.set_viewport_size({"width": 340, "height": 560})
    opened.until("document.getElementById('picture').getBoundingClientRect().right <= 340")
    opened.until_shown(24)
    assert opened.get("document.documentElement.scrollWidth") <= 340
    opened.page.close()


def test_strokes_without_ribbons_are_painted_too(browser, tmp_path: Path, record) -> None:
    """As other pages do it: the module alone, its brushes' textures made on the spot."""
    path = tmp_path / "a.html"
    data = json.dumps(painting.to_plain(record)).replace("<", "\\u003c")
    path.write_text(
        "<meta charset=utf-8><canvas id=picture width=400 height=240></canvas>"
        f"<script type=module>{SCRIPT}\n"
        f"const replay = await Replay.open(picture, paintingOf({data}));"
        "replay.show(replay.count); document.title = replay.strokeAt(-9e5, 0);</script>"
    )
    opened = Page(browser, path)
    opened.until("document.title === '-1'")
    assert not opened.said
    blank = np.broadcast_to(np.uint8(np.rint(np.array(record.background) * 255)), (48, 80, 3))
    seen = opened.picture()
    meant = pictures.render(record, 240)
    assert near(seen, meant) < 0.25 * near(seen, np.ascontiguousarray(blank))
    opened.page.close()


@pytest.mark.skipif(not os.path.exists(CHROMIUM), reason="chromium is not on this machine")
def test_chromium_and_resvg_draw_the_same_svg(tmp_path: Path, browser) -> None:
    import resvg_py

    path = diavlex.save(make(), tmp_path / "a.svg", size=240, transparent=True)
    data = bytes(resvg_py.svg_to_bytes(svg_path=str(path), dpi=96.0))
    by_resvg = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"), int)
    page = browser.new_page(viewport={"width": 400, "height": 240})
    page.goto(path.as_uri())
    shot = page.screenshot(omit_background=True)
    page.close()
    by_chromium = np.asarray(Image.open(io.BytesIO(shot)).convert("RGBA"), int)
    assert by_chromium.shape == by_resvg.shape == (240, 400, 4)
    opaque = by_resvg[..., 3:] / 255
    difference = np.abs(by_chromium[..., :3] - by_resvg[..., :3]) * opaque
    assert difference.mean() < 1.5
    assert np.abs(by_chromium[..., 3] - by_resvg[..., 3]).mean() < 1.5


def test_the_script_is_plain_javascript() -> None:
    try:
        subprocess.run(
            ["node", "--input-type=module", "--check"], input=SCRIPT, text=True, check=True,
            capture_output=True,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("node is not on this machine")
