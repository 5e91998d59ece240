"""The studio's page in a real browser: from words to a picture taken home, whatever happens."""

import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from open_studio import LONG, SMALL, OpenStudio, opened, until
from PIL import Image

pytest.importorskip("starlette", reason="the page needs: pip install 'diavlex[studio]'")
api = pytest.importorskip(
    "playwright.sync_api", reason="the page's tests need: pip install playwright"
)

from diavlex import paint  # noqa: E402
from diavlex.web import form  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PASSWORD = "a long brush"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the page's tests need Debian's chromium")
PATIENCE_MS = 120_000
SEEN = ".finished:visible"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStudio]:
    folder = tmp_path_factory.mktemp("page") / "paintings"
    (folder / "old").mkdir(parents=True)
    paint("a green door", **SMALL).save(folder / "old")
    Image.new("RGB", (96, 72), "#446655").save(folder / "old" / "painting.png")
    with opened(folder) as one:
        until(lambda: one.ask("GET", "/choices").plain["guides"])
        yield one


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with api.sync_playwright() as play:
        yield play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture
def page(browser: Any, studio: OpenStudio) -> Iterator[Any]:
    """A tab of a new visitor; what the browser complains of fails the test."""
    visit = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    visit.set_default_timeout(PATIENCE_MS)
    page, complaints = visit.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield page
    visit.close()
    ours = [line for line in complaints if "status of 4" not in line and "ERR_" not in line]
    assert not ours
    clear(studio)


def clear(studio: OpenStudio) -> None:
    """Nothing is left to be painted."""
    active = "/paintings?state=waiting,painting,finishing"
    for one in studio.ask("GET", active).plain["paintings"]:
        studio.ask("POST", f"/paintings/{one['id']}/stop")
    until(lambda: not studio.ask("GET", active).plain["paintings"])


def visit(page: Any, studio: OpenStudio, where: str = "#/") -> None:
    page.goto(f"{studio.address}/{where}")
    page.wait_for_selector("html[data-ready]", state="attached")


def choose(page: Any, **choices: Any) -> None:
    """Choose in the form, where a person would."""
    page.evaluate(
        """([words, chosen]) => localStorage.setItem("diavlex.choices",
           JSON.stringify({ words: "", recipe: "", chosen }))""",
        ["", choices],
    )
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")


def paint_words(page: Any, words: str) -> None:
    page.get_by_label("What shall I paint?").fill(words)
    page.get_by_role("button", name="Paint", exact=True).click()


def told(page: Any, words: str) -> None:
    """Wait until the plate under the canvas says so."""
    page.wait_for_function(
        "words => document.getElementById('told').textContent.match(words)", arg=words
    )


def drawn(page: Any) -> int:
    return page.evaluate("brushworks()[0] ?? 0")


def test_words_become_a_picture_that_is_watched(page: Any, studio: OpenStudio) -> None:
    visit(page, studio)
    choose(page, **SMALL | {"steps": 120})
    page.get_by_label("What shall I paint?").fill("a red boat")
    page.keyboard.press("Enter")
    told(page, "Painting: ")
    until(lambda: drawn(page) >= 5)
    assert int(page.get_by_role("progressbar").get_attribute("aria-valuenow")) < 100
    page.get_by_text("How it comes along").click()
    page.wait_for_selector(".curve polyline[points]")
    told(page, "Finished")
    page.wait_for_selector(SEEN)
    assert page.evaluate(f"document.querySelector('{SEEN.split(':')[0]}').naturalWidth") == 96
    assert page.locator("#aloud").text_content() == "Finished: a red boat."
    assert page.locator("#caption").text_content() == "a red boat"


def test_pause_go_on_and_stop(page: Any, studio: OpenStudio) -> None:
    visit(page, studio)
    choose(page, **LONG)
    paint_words(page, "a blue cup")
    told(page, "Painting: ")
    page.get_by_role("button", name="Pause").click()
    told(page, "Paused at")
    page.get_by_role("button", name="Go on").click()
    told(page, "Painting: ")
    page.get_by_role("button", name="Stop and keep").click()
    told(page, "Stopped at")
    page.wait_for_selector(SEEN)


def test_four_sketches_and_one_that_is_chosen(page: Any, studio: OpenStudio) -> None:
    visit(page, studio)
    choose(page, **SMALL | {"steps": 30})
    page.get_by_label("What shall I paint?").fill("a yellow house")
    page.get_by_role("button", name="Four sketches").click()
    told(page, "Choose the one")
    assert page.locator(".canvases canvas").count() == 4
    page.get_by_role("button", name=re.compile(r"Go on with this one \(seed 2\)")).click()
    told(page, "Finished. Seed 2")
    assert page.locator(".canvases canvas").count() == 1


def test_the_gallery_finds_replays_and_hands_out(page: Any, studio: OpenStudio) -> None:
    visit(page, studio, "#/gallery")
    page.get_by_label("Find a painting by its words").fill("no such thing")
    page.get_by_text("There is no painting of “no such thing” here.").wait_for()
    page.get_by_label("Find a painting by its words").fill("door gre")
    page.get_by_text("One painting of “door gre”.").wait_for()
    page.get_by_role("link", name="a green door").click()
    page.get_by_role("heading", name="a green door").wait_for()
    page.get_by_role("button", name="Watch it being painted").click()
    until(lambda: page.evaluate("globalThis.replay?.at ?? 0") > 2)
    page.get_by_label("Strokes painted").fill("24")
    until(lambda: page.evaluate("replay.at") == 24)
    assert page.locator(".player output").text_content() == "24 of 24"
    page.get_by_role("button", name="Show the picture").click()
    assert (
        page.get_by_label("In a shell", exact=True)
        .text_content()
        .startswith("diavlex paint --seed=0")
    )
    assert "import diavlex" in page.get_by_label("In Python", exact=True).text_content()
    names = page.locator(".file[data-export]").evaluate_all(
        "all => all.map(one => one.dataset.export)"
    )
    assert {*names} == {one["name"] for one in studio.ask("GET", "/choices").plain["exports"]}
    page.get_by_text("More kinds of files").click()
    for name in ("png", "svg", "record"):
        with page.expect_download() as waiting:
            page.locator(f".file[data-export='{name}']").click()
        ending = "-record.json" if name == "record" else f".{name}"
        assert waiting.value.suggested_filename == f"old{ending}"
        assert waiting.value.path().stat().st_size > 100
    page.get_by_text("With choices of your own").click()
    page.get_by_label("size", exact=True).fill("64")
    page.get_by_label("transparent", exact=True).check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Make this file").click()
    with Image.open(waiting.value.path()) as picture:
        assert (min(picture.size), picture.mode) == (64, "RGBA")
    page.get_by_role("button", name="Use these choices").click()
    assert page.get_by_label("What shall I paint?").input_value() == "a green door"
    page.get_by_role("button", name="Paint", exact=True).click()
    told(page, "Finished. Seed 0")
    page.get_by_role("button", name="Again with another seed").click()
    told(page, r"Finished. Seed [1-9]\d*")
    page.get_by_role("link", name="Replay, files and more").click()
    page.get_by_role("button", name="Take it off the wall").click()
    page.get_by_role("button", name="Yes, take it off").click()
    page.get_by_role("heading", name="Gallery").wait_for()


def test_a_tab_that_is_reloaded_and_a_second_one_find_it_again(
    page: Any, studio: OpenStudio
) -> None:
    visit(page, studio)
    choose(page, **LONG)
    paint_words(page, "a long road")
    told(page, "Painting: ")
    page.reload()
    told(page, "Painting: ")
    before = drawn(page)
    until(lambda: drawn(page) > before + 2)
    second = page.context.browser.new_context().new_page()
    visit(second, studio)
    told(second, "Painting: ")
    second.get_by_role("button", name="Pause").click()
    told(page, "Paused at")
    second.close()
    page.close()
    (one,) = studio.ask("GET", "/paintings?words=long%20road").plain["paintings"]
    assert one["state"] == "paused"


def test_a_server_that_is_killed_and_started_again(browser: Any, tmp_path: Path) -> None:
    folder = tmp_path / "paintings"
    tab = browser.new_context().new_page()
    tab.set_default_timeout(PATIENCE_MS)
    with opened(folder) as studio:
        visit(tab, studio)
        choose(tab, **SMALL | {"steps": 100})
        paint_words(tab, "a tall tree")
        told(tab, "Painting: [1-9]")
        studio.kill()
        tab.get_by_text("The studio does not answer").wait_for()
    with opened(folder, port=studio.port):
        tab.get_by_text("The studio does not answer").wait_for(state="hidden")
        told(tab, "Finished")
        tab.wait_for_selector(SEEN)
    tab.close()


def test_by_keyboard_alone(page: Any, studio: OpenStudio) -> None:
    visit(page, studio)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the studio"
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.name"))
    order = [seen.index(one) for one in ("words", "paint", "sketches", "brush", "strokes", "side")]
    assert order == sorted(order)
    page.locator("#strokes").focus()
    page.keyboard.press("Home")
    assert page.locator("#strokes-told").text_content() == "20 strokes: bold"
    page.locator("input[name=brush][value=oil]").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.checked")


def test_choices_of_the_drawer_are_sent_and_checked(page: Any, studio: OpenStudio) -> None:
    visit(page, studio)
    choose(page, **LONG)
    page.locator("#drawer summary").click()
    for one in studio.ask("GET", "/choices").plain["fields"]:
        known = page.locator(f"#knob-{one['name']}").count() + (one["name"] in (
            "seed", "strokes", "steps", "brush", "guide", "size", "background"
        ))  # fmt: skip
        assert known == 1, one["name"]
    page.get_by_label("views", exact=True).fill("3")
    page.get_by_label("saturation", exact=True).fill("0.5")
    page.get_by_label("order", exact=True).select_option("random")
    page.get_by_label("saturation", exact=True).press("Tab")
    page.get_by_role("radio", name="Landscape, 4 to 3").check()
    page.get_by_label("Size of the picture").select_option(label="Small: 512 × 384")
    page.get_by_role("radio", name="Kraft").check()
    with page.expect_request("**/paintings") as sent:
        paint_words(page, "a red boat")
    assert sent.value.post_data_json["choices"] == {
        "strokes": 24, "steps": 4000, "canvas_px": 64, "views": 3, "saturation": 0.5,
        "order": "random", "size": "512x384", "background": "#d8c3a5",
    }  # fmt: skip
    page.get_by_label("views", exact=True).fill("1000")
    page.get_by_label("views", exact=True).press("Tab")
    assert page.evaluate("!document.getElementById('knob-views').validity.valid")
    page.get_by_label("What shall I paint?").fill("   ")
    page.get_by_role("button", name="Paint", exact=True).click()
    until(lambda: "The prompt is empty" in page.locator("#ask-error").text_content())


def able(page: Any) -> None:
    """As if the library could fulfil every wish; the server goes by what it can."""

    def answer(route: Any) -> None:
        plain = route.fetch().json()
        for wish in plain["wishes"].values():
            wish["is_able"] = True
        route.fulfill(json=plain)

    page.route("**/choices", answer)


def test_photo_palette_and_regions_become_fields_of_the_request(
    page: Any, studio: OpenStudio, tmp_path: Path
) -> None:
    able(page)
    visit(page, studio)
    page.get_by_text("From a photo").click()
    picker = page.locator(".drop input[type=file]")
    picker.set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": b"I am text"})
    page.get_by_text("This is no picture").wait_for()
    large = {"name": "x.png", "mimeType": "image/png", "buffer": bytes(21 << 20)}
    picker.set_input_files(large)
    page.get_by_text("at most 20 MB are taken").wait_for()
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, "JPEG")
    picker.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()})
    page.get_by_alt_text("Your photo").wait_for()
    page.locator("summary", has_text="Palette").click()
    page.get_by_role("button", name="Add a color").click()
    page.get_by_role("button", name="Add a color").click()
    page.get_by_role("button", name="Take color 2 away").click()
    colors = page.locator(".wells input[type=file]")
    colors.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()})
    page.wait_for_function("() => document.querySelector('.well input').value.startsWith('#00')")
    page.locator("summary", has_text="What goes where").click()
    plan = page.locator(".plan").bounding_box()
    page.mouse.move(plan["x"] + 2, plan["y"] + 2)
    page.mouse.down()
    page.mouse.move(plan["x"] + plan["width"] - 2, plan["y"] + plan["height"] / 2)
    page.mouse.up()
    page.get_by_label("What shall be there").fill("a stormy sky")
    with page.expect_request("**/paintings") as sent:
        paint_words(page, "a calm sea")
    body = sent.value.post_data_json
    assert form.ID.fullmatch(body["photo"])
    assert re.fullmatch(r"#00[78][0-9a-f]{3}", body["palette"][0])
    (region,) = body["regions"]
    assert region["words"] == "a stormy sky"
    assert region["box"] == pytest.approx([0, 0, 1, 0.5], abs=0.05)
    if not form.is_able("regions"):
        page.get_by_text("this version of diavlex cannot do it yet").wait_for()


def test_a_part_is_brushed_over_to_be_repainted(page: Any, studio: OpenStudio) -> None:
    able(page)
    visit(page, studio, "#/gallery")
    page.get_by_role("link", name="a green door").last.click()
    page.get_by_role("button", name="Repaint a part").click()
    mask = page.locator(".mask").bounding_box()
    page.mouse.move(mask["x"] + mask["width"] * 0.4, mask["y"] + mask["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(mask["x"] + mask["width"] * 0.6, mask["y"] + mask["height"] * 0.5)
    page.mouse.up()
    page.get_by_role("button", name="Paint this part").click()
    page.get_by_text("Repaints a part of “a green door”").wait_for()
    with page.expect_request("**/paintings") as sent:
        paint_words(page, "a red knob")
    body = sent.value.post_data_json
    assert form.ID.fullmatch(body["start"])
    kept = studio.ask("GET", f"/pictures/{body['keep']}")
    picture = Image.open(io.BytesIO(kept.data)).convert("L")
    assert picture.size == (96, 72)
    assert picture.getpixel((48, 36)) == 0  # painted anew
    assert picture.getpixel((5, 5)) == picture.getpixel((90, 66)) == 255  # kept


def test_the_door_asks_and_opens(browser: Any, tmp_path: Path) -> None:
    words = ("--host", "0.0.0.0")
    tab = browser.new_context().new_page()
    with opened(tmp_path / "paintings", *words, DIAVLEX_STUDIO_PASSWORD=PASSWORD) as one:
        tab.goto(f"http://127.0.0.1:{one.port}/")
        tab.get_by_label("Password").fill("not this one")
        tab.get_by_role("button", name="Come in").click()
        tab.get_by_text("This is not the password").wait_for()
        tab.get_by_label("Password").fill(PASSWORD)
        tab.keyboard.press("Enter")
        tab.get_by_label("What shall I paint?").wait_for()
        tab.wait_for_selector("html[data-ready]", state="attached")
        assert tab.locator("#offline").is_hidden()
    tab.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, which finds what shuts people out."""
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("axe")
    if npm is None:
        pytest.skip("the check for accessibility needs npm")
    command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), "axe-core"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        pytest.skip(f"axe-core cannot be fetched: {done.stderr[:200]}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("room", ["", "#/gallery", "#/painting/", "docs", "login"])
def test_nobody_is_shut_out(
    browser: Any, studio: OpenStudio, axe: str, room: str, theme: str
) -> None:
    tab = browser.new_context(color_scheme=theme, reduced_motion="reduce").new_page()
    tab.set_default_timeout(PATIENCE_MS)
    if room == "#/painting/":
        (*_, one) = studio.ask("GET", "/paintings?words=green%20door").plain["paintings"]
        room += one["id"]
    tab.goto(f"{studio.address}/{room}")
    if room != "login":
        tab.wait_for_selector("html[data-ready]", state="attached")
    if not room:
        tab.locator("#drawer summary").click()
    tab.evaluate(axe)
    found = tab.evaluate("axe.run()")["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    lines = [f"{one['id']}: {node['html'][:120]}" for one in serious for node in one["nodes"][:3]]
    assert not lines, json.dumps(lines, indent=1)
    tab.close()


@pytest.mark.parametrize("room", ["#/", "#/gallery", "#/painting/", "docs"])
def test_it_fits_a_phone(browser: Any, studio: OpenStudio, room: str) -> None:
    tab = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True).new_page()
    if room == "#/painting/":
        (*_, one) = studio.ask("GET", "/paintings?words=green%20door").plain["paintings"]
        room += one["id"]
    tab.goto(f"{studio.address}/{room}")
    tab.wait_for_selector("html[data-ready]", state="attached")
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 360
    tab.close()
