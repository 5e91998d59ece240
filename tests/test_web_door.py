"""The studio's door: what must not come in is refused in clear words, and the server lives on."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from open_studio import SMALL, Answer, OpenStudio, opened
from PIL import Image

pytest.importorskip("starlette", reason="the page needs: pip install 'diavlex[studio]'")
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from diavlex import errors, paint, painting
from diavlex.config import PaintConfig, choose, knobs
from diavlex.web import form, openapi, password, recount, shelf, uploads, wishes

PASSWORD = "a long brush"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStudio]:
    """A studio that has a painting of another's."""
    folder = tmp_path_factory.mktemp("door") / "paintings"
    record = paint("a green door", **SMALL, brush="wash,oil", also=("a storm:0.5",))
    (folder / "of-somebody").mkdir(parents=True)
    record.save(folder / "of-somebody")
    Image.new("RGB", (96, 72), "green").save(folder / "of-somebody" / "painting.png")
    with opened(folder) as one:
        yield one


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStudio]:
    """A studio that other machines can reach."""
    folder = tmp_path_factory.mktemp("guarded") / "paintings"
    with opened(folder, "--host", "0.0.0.0", DIAVLEX_STUDIO_PASSWORD=PASSWORD) as one:
        yield one


def is_well(studio: OpenStudio) -> bool:
    return studio.ask("GET", "/health").plain["is_well"]


def png(size: tuple[int, int] = (40, 30), mode: str = "RGB", **save: Any) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, "PNG", **save)
    return stream.getvalue()


def test_a_large_upload_is_refused_in_words(studio: OpenStudio) -> None:
    answer = studio.ask("POST", "/pictures", bytes(50 << 20))
    assert answer.status == 413
    assert "at most 20 MB" in answer.error
    assert studio.ask("POST", "/paintings", {"prompt": "x" * (2 << 20)}).status == 413
    assert is_well(studio)


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 40,000 x 40,000 pixels."""
    data = png((1, 1))
    head = b"IHDR" + (40_000).to_bytes(4, "big") * 2 + data[24:29]
    return data[:12] + head + zlib.crc32(head).to_bytes(4, "big") + data[33:]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"I am text that is called a picture.png", "no picture"),
        (b"", "no picture"),
        (png()[:60], "cannot be read"),
        (bomb(), "megapixels"),
        (b"GIF89a" + bytes(40), "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
    ],
    ids=["text", "empty", "cut", "bomb", "gif", "svg"],
)
def test_what_is_no_picture_is_refused_in_words(
    studio: OpenStudio, data: bytes, words: str
) -> None:
    answer = studio.ask("POST", "/pictures", data, {"Content-Type": "image/png"})
    assert answer.status == 422
    assert words in answer.error
    assert is_well(studio)


def test_of_a_picture_only_pixels_are_kept(studio: OpenStudio) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "where I live"
    stream = io.BytesIO()
    Image.new("CMYK", (40, 30)).save(stream, "JPEG", exif=exif)
    told = studio.ask("POST", "/pictures", stream.getvalue()).plain
    assert (told["height_px"], told["width_px"]) == (40, 30)  # turned upright
    answer = studio.ask("GET", f"/pictures/{told['id']}")
    kept = Image.open(io.BytesIO(answer.data))
    assert (kept.format, kept.mode, kept.size) == ("PNG", "RGB", (30, 40))
    assert b"where I live" not in answer.data
    assert not kept.getexif()
    for mode in ("RGBA", "LA", "P", "I;16", "1"):
        assert studio.ask("POST", "/pictures", png(mode=mode)).status == 201, mode
    large = studio.ask("POST", "/pictures", png((5000, 100))).plain
    assert (large["height_px"], large["width_px"]) == (41, 2048)


def test_sixteen_bits_and_see_through_become_what_one_sees() -> None:
    grey = Image.new("I;16", (4, 4), 32768)
    stream = io.BytesIO()
    grey.save(stream, "PNG")
    assert uploads.decoded(stream.getvalue()).getpixel((0, 0)) == (127, 127, 127)
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    stream = io.BytesIO()
    clear.save(stream, "PNG")
    assert uploads.decoded(stream.getvalue()).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    "path",
    [
        "/paintings/../../etc/passwd", "/paintings/..%2f..%2fetc%2fpasswd", "/page/../api.py",
        "/page/%2e%2e/api.py", "/page/..%2fapi.py", "/paintings/of-somebody", "/pictures/..%2fx",
        "/brushes/..%2f..%2fstudio", "/paintings/aaaaaaaaaaaa/files/..%2fx",
        "/.studio/studio.sqlite", "/page//etc/passwd", "/pictures/%00",
        "/of-somebody/painting.json",
    ],
)  # fmt: skip
def test_paths_lead_nowhere(studio: OpenStudio, path: str) -> None:
    assert studio.ask("GET", path).status == 404


def test_twenty_requests_at_once_are_put_in_line(studio: OpenStudio) -> None:
    def ask(number: int) -> Answer:
        body = {"prompt": f"a boat {number}", "choices": SMALL | {"steps": 4000}}
        return studio.ask("POST", "/paintings", body)

    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(ask, range(20)))
    assert [one.status for one in answers] == [201] * 20
    ids = [one.plain["paintings"][0]["id"] for one in answers]
    places = sorted(studio.show(id)["place_in_line"] or 0 for id in ids)
    assert places in ([0, *range(1, 20)], [*range(1, 21)])
    for id in ids:
        studio.ask("POST", f"/paintings/{id}/stop")
    for id in ids:
        studio.wait(id, "stopped")
        assert studio.ask("DELETE", f"/paintings/{id}").status == 204


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Host": "10.0.0.5"}, 421),
        ({"Host": "["}, 421),
        ({"Host": "localhost:1234"}, 200),
        ({"Host": "[::1]:80"}, 200),
    ],
)
def test_other_sites_and_other_names_are_refused(
    studio: OpenStudio, headers: dict[str, str], status: int
) -> None:
    answer = studio.ask("GET", "/paintings", headers=headers)
    assert answer.status == status
    assert status == 200 or answer.error


def test_the_page_itself_may_ask_and_another_may_not(studio: OpenStudio) -> None:
    mine = {"Origin": studio.address}
    assert studio.ask("GET", "/paintings", headers=mine).status == 200
    body = json.dumps({"prompt": "a boat"}).encode()
    assert studio.ask("POST", "/paintings", body, {"Content-Type": "text/plain"}).status == 415
    live = f"ws://127.0.0.1:{studio.port}/live"
    with connect(live, origin=studio.address) as socket:  # type: ignore[arg-type]
        socket.send("neither JSON nor anything")
        socket.send(json.dumps({"watch": ["../../etc/passwd", 7, "aaaaaaaaaaaa"]}))
        socket.ping().wait(10)
    with pytest.raises(InvalidStatus), connect(live, origin="http://evil.example"):  # type: ignore[arg-type]
        pass


def test_answers_say_what_a_browser_may_do(studio: OpenStudio) -> None:
    for path in ("/", "/page/main.js", "/page/replay.js", "/choices", "/nothing"):
        headers = studio.ask("GET", path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_the_page_is_small_and_asks_nobody_else() -> None:
    from diavlex.web.server import PAGE, REPLAY

    files = [*PAGE.iterdir(), *REPLAY]
    assert sum(path.stat().st_size for path in files) <= 150_000
    for path in files:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|innerHTML|eval\(|style=\"|onclick=\"", text), path


def test_a_password_is_asked_for_where_others_can_come_in(guarded: OpenStudio) -> None:
    assert guarded.ask("GET", "/").status == 303
    assert guarded.ask("GET", "/paintings").status == 401
    assert guarded.ask("GET", "/login").status == 200
    assert guarded.ask("GET", "/page/login.js").status == 200
    assert guarded.ask("GET", "/openapi.json").status == 401
    with pytest.raises(InvalidStatus), connect(f"ws://127.0.0.1:{guarded.port}/live"):
        pass
    assert "not encrypted" in guarded.log.read_text()
    kept = (guarded.folder / ".studio" / "password.json").read_text()
    assert PASSWORD not in kept
    assert (guarded.folder / ".studio" / "password.json").stat().st_mode & 0o077 == 0


def test_the_right_password_opens_and_six_wrong_ones_wait(guarded: OpenStudio) -> None:
    answer = guarded.ask("POST", "/login", {"password": PASSWORD})
    assert answer.status == 200
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    inside = {"Cookie": cookie.split(";")[0]}
    assert guarded.ask("GET", "/paintings", headers=inside).status == 200
    assert guarded.ask("GET", "/paintings", headers={"Cookie": "diavlex_visit=x"}).status == 401
    wrong = [guarded.ask("POST", "/login", {"password": f"wrong {n}"}) for n in range(6)]
    assert [one.status for one in wrong] == [401] * 5 + [429]
    assert "wait" in wrong[5].error
    assert 50 <= int(wrong[5].headers["retry-after"]) <= 62
    assert guarded.ask("POST", "/login", {"password": PASSWORD}).status == 429
    assert guarded.ask("GET", "/paintings", headers=inside).status == 200
    assert guarded.ask("POST", "/logout", headers=inside).status == 303
    assert guarded.ask("GET", "/paintings", headers=inside).status == 401


def test_a_password_is_hashed_with_salt(tmp_path: Path) -> None:
    password.keep(PASSWORD, tmp_path)
    first = (tmp_path / password.FILE_NAME).read_text()
    assert password.is_right(PASSWORD, tmp_path)
    assert not password.is_right(PASSWORD + " ", tmp_path)
    password.keep(PASSWORD, tmp_path)
    assert (tmp_path / password.FILE_NAME).read_text() != first
    with pytest.raises(errors.BadValue, match="too short"):
        password.keep("short", tmp_path)


def test_without_a_password_nobody_else_is_let_in(tmp_path: Path) -> None:
    words = ["studio", "--out", str(tmp_path), "--host", "0.0.0.0", "--port", "0"]
    variables = {k: v for k, v in os.environ.items() if k != password.VARIABLE}
    done = subprocess.run(
        [sys.executable, "-m", "diavlex", *words], capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, env=variables,
    )  # fmt: skip
    assert done.returncode == 2
    assert "a password is needed" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "give it as text"),
        ([], "JSON object"),
        ({"prompt": ""}, "the prompt is empty"),
        ({"prompt": "x" * 600}, "at most 500"),
        ({"prompt": "cat", "wish": 1}, "no field of a request is called 'wish'"),
        ({"prompt": "cat", "choices": {"stroks": 3}}, "did you mean 'strokes'"),
        ({"prompt": "cat", "choices": {"strokes": 0}}, "strokes is 0: it must be 1 to 20000"),
        ({"prompt": "cat", "choices": {"strokes": "3"}}, "whole number"),
        ({"prompt": "cat", "choices": {"strokes": True}}, "whole number"),
        ({"prompt": "cat", "choices": {"brush": "../../x"}}, "no brush is called '../../x'"),
        ({"prompt": "cat", "choices": {"guide": "/etc"}}, "no guide is called '/etc'"),
        ({"prompt": "cat", "choices": {"guide": "somebody/clip"}}, "no guide is called"),
        ({"prompt": "cat", "choices": {"background": "/etc/passwd"}}, "is no color"),
        ({"prompt": "cat", "choices": {"size": "1x1"}}, "at least 8 pixels"),
        ({"prompt": "cat", "also": ["a storm:50"]}, "must be -10 to 10"),
        ({"prompt": "cat", "also": "storm"}, "list of texts"),
        ({"prompt": "cat", "side_by_side": 5}, "must be 1 to 4"),
        ({"prompt": "cat", "recipe": "nothing"}, "no preset is called"),
    ],
)
def test_what_cannot_be_is_refused_in_words(studio: OpenStudio, body: Any, words: str) -> None:
    answer = studio.ask("POST", "/paintings", body)
    assert answer.status == 422
    assert words in answer.error
    assert "--" not in answer.error


@pytest.mark.parametrize("wish", [name for name in form.WISHES if not form.is_able(name)])
def test_a_wish_that_the_library_cannot_fulfil_is_refused_in_words(
    studio: OpenStudio, wish: str
) -> None:
    answer = studio.ask("POST", "/paintings", {"prompt": "cat", wish: "aaaaaaaaaaaa"})
    assert answer.status == 422
    assert f"'{wish}' was asked for, to {form.WISHES[wish]}" in answer.error


@pytest.mark.parametrize(
    ("wish", "value"),
    [
        ("photo", "../../etc/passwd"), ("photo", 7), ("palette", ["red"]), ("palette", []),
        ("palette", {"picture": "x", "count": 3}), ("palette", 0), ("palette", True),
        ("regions", [{"box": [0, 0, 2, 1], "words": "x"}]),
        ("regions", [{"box": [0, 0, 1, 1], "words": ""}]), ("regions", [{"box": [0, 0, 0, 1]}]),
        ("keep", {"picture": "aaaaaaaaaaaa"}), ("start", "a"),
    ],
)  # fmt: skip
def test_wishes_are_checked(monkeypatch: pytest.MonkeyPatch, wish: str, value: Any) -> None:
    monkeypatch.setattr(form, "is_able", lambda name: True)
    with pytest.raises(errors.BadValue):
        form.read({"prompt": "cat", wish: value}, {})


def test_wishes_that_can_be_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "is_able", lambda name: True)
    monkeypatch.setattr(form, "config_of", lambda plain: PaintConfig())
    asked = {
        "photo": "aaaaaaaaaaaa", "palette": ["#FF0000", "#00ff00"], "start": "bbbbbbbbbbbb",
        "regions": [{"box": [0, 0, 1, 0.5], "words": "a sky"}], "keep": "cccccccccccc",
    }  # fmt: skip
    request = form.read({"prompt": "cat"} | asked, {})
    assert request.wishes == asked | {"palette": ["#ff0000", "#00ff00"]}
    assert wishes._chosen(request.plain) == {
        "palette": "#ff0000,#00ff00", "regions": ["0,0,1,0.5:a sky"],
    }  # fmt: skip
    assert form.read({"palette": 5, "photo": "aaaaaaaaaaaa"}, {}).prompt == ""


def test_what_a_painting_is_begun_with_is_known() -> None:
    import inspect

    from diavlex import begin

    takes = set(inspect.signature(begin).parameters)
    assert {wish for wish in form.WISHES if wish in takes} == set(wishes.BEGUN_WITH)


def test_every_choice_of_the_library_is_offered_or_left_out_on_purpose() -> None:
    offered = {one["name"]: one for one in form.form({})["fields"]}
    assert set(knobs(PaintConfig)) - set(offered) <= {
        "also",
        "term",
        "backdrop",
        "transparent",
        *form.WISHES,
    }
    for name, one in offered.items():
        assert choose(**{name: one["default"]}) == PaintConfig(), name


def test_paintings_of_others_are_found_by_their_words(studio: OpenStudio) -> None:
    def found(words: str) -> list[str]:
        listed = studio.ask("GET", f"/paintings?words={words}").plain["paintings"]
        return [one["prompt"] for one in listed]

    assert found("door%20GREEN") == ["a green door"]
    assert found("gre") == ["a green door"]
    assert found("%25") == found("_") == found("green%20boat") == []
    (one,) = studio.ask("GET", "/paintings?words=door").plain["paintings"]
    told = studio.show(one["id"])
    assert (told["state"], told["steps"], told["brushes"]) == ("done", 24, ["wash", "oil"])
    assert told["request"]["choices"]["brush"] == "wash,oil"
    assert studio.ask("GET", "/paintings?state=nothing").status == 422
    assert studio.ask("GET", "/paintings?before=x").status == 422


def test_the_gallery_serves_its_own_folder_only(studio: OpenStudio, tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    shutil.copytree(studio.folder / "of-somebody", outside)
    (studio.folder / "a-link").symlink_to(outside)
    linked = studio.folder / "linked-picture"
    linked.mkdir()
    (linked / "painting.png").symlink_to(outside / "painting.png")
    shutil.copy(outside / "painting.json", linked)
    broken = studio.folder / "broken"
    shutil.copytree(outside, broken)
    (broken / "painting.json").write_text('{"format": "diavlex painting", "strokes": 1')
    assert shelf.inside(studio.folder, "a-link") is None
    assert shelf.inside(studio.folder, "../x") is None
    listed = studio.ask("GET", "/paintings?words=green%20door").plain["paintings"]
    assert len(listed) == 1
    names = {entry.folder for entry in shelf.found(studio.folder, set())}
    assert names & {"a-link", "broken", "linked-picture"} == set()
    own = studio.folder / "of-somebody" / "painting.png"
    own.rename(tmp_path / "kept.png")
    own.symlink_to(tmp_path / "kept.png")
    assert studio.ask("GET", f"/paintings/{listed[0]['id']}/picture").status == 404
    (tmp_path / "kept.png").replace(own)
    assert studio.ask("GET", f"/paintings/{listed[0]['id']}/picture").status == 200


def test_command_and_python_make_the_same_painting(studio: OpenStudio, tmp_path: Path) -> None:
    (one,) = studio.ask("GET", "/paintings?words=door").plain["paintings"]
    told = studio.show(one["id"])
    assert told["command"].startswith("diavlex paint --seed=0 --strokes=24")
    command = told["command"].replace("diavlex", f"{sys.executable} -m diavlex", 1)
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    shown = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    wanted = painting.load(studio.folder / "of-somebody")
    made = painting.load(tmp_path / shown.stdout.strip())
    assert painting.to_text(made) == painting.to_text(wanted)
    script = told["python"].replace('"painting.png"', '"painting.json"')
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True)
    assert painting.to_text(painting.load(tmp_path / "painting.json")) == painting.to_text(wanted)


@pytest.mark.parametrize(
    "prompt", ["it's $HOME; rm -rf `x`", "-v", "ratio 3:4", 'a "b" \\ c', "猫"]
)
def test_the_command_is_read_back_as_it_was_meant(prompt: str) -> None:
    import shlex

    from diavlex.cli.options import chosen
    from diavlex.cli.paint import flags
    from diavlex.config import preset, read_prompts

    body = {"prompt": prompt, "also": ["a storm:0.5"], "choices": {"brush": "wash,oil", "seed": 3}}
    plain = form.read(body | {"recipe": "clipdraw"}, {}).plain
    options = flags().parse_args(shlex.split(recount.command(plain, {}))[2:])
    (first, weight), *others = read_prompts(options.prompts)
    assert (first, weight) == (prompt, 1)
    choices = preset(options.preset) | chosen(options, PaintConfig)
    also = tuple(f"{words}:{weight:g}" for words, weight in others)
    assert choose(**choices, also=also) == form.config_of(plain)
    compile(recount.python(plain, {}), "recount", "exec")


OPENS = {
    "png": lambda data: Image.open(io.BytesIO(data)).load(),
    "tiff": lambda data: Image.open(io.BytesIO(data)).size,
    "gif": lambda data: Image.open(io.BytesIO(data)).seek(3),
    "mp4": lambda data: next(av.open(io.BytesIO(data), "r").decode(video=0)),
    "webm": lambda data: next(av.open(io.BytesIO(data), "r").decode(video=0)),
    "frames": lambda data: zipfile.ZipFile(io.BytesIO(data)).testzip(),
    "ora": lambda data: zipfile.ZipFile(io.BytesIO(data)).read("stack.xml"),
    "svg": lambda data: ElementTree.fromstring(data),
    "plotter": lambda data: ElementTree.fromstring(data),
    "gcode": lambda data: re.search(rb"^G1 ", data, re.MULTILINE)[0],  # type: ignore[index]
    "html": lambda data: data.index(b"<canvas"),
    "csv": lambda data: zipfile.ZipFile(io.BytesIO(data)).read("painting.csv").index(b","),
    "jsonl": lambda data: [json.loads(line) for line in data.splitlines()],
    "record": lambda data: painting.from_plain(json.loads(data)),
}
QUICK = {"mp4": "?seconds=1", "webm": "?seconds=1", "gif": "?seconds=1", "frames": "?frames=4"}


def test_every_file_opens(studio: OpenStudio) -> None:
    (one,) = studio.ask("GET", "/paintings?words=door").plain["paintings"]
    known = [export["name"] for export in studio.ask("GET", "/choices").plain["exports"]]
    assert set(OPENS) <= set(known)
    for name in known:
        answer = studio.ask("GET", f"/paintings/{one['id']}/files/{name}{QUICK.get(name, '')}")
        assert answer.status == 200, (name, answer.data[:300])
        assert answer.headers["content-disposition"].startswith('attachment; filename="of-somebody')
        OPENS.get(name, len)(answer.data)
    path = f"/paintings/{one['id']}/files"
    small = studio.ask("GET", f"{path}/png?size=48&engine=neural&transparent=yes")
    picture = Image.open(io.BytesIO(small.data))
    assert (min(picture.size), picture.mode) == (48, "RGBA")
    for refused in ("exe", "png?size=1", "png?size=9000", "png?engine=/bin/sh", "svg?pens=3",
                    "gif?fps=x", "png?size=../../x"):  # fmt: skip
        assert studio.ask("GET", f"{path}/{refused}").status == 422, refused


def test_the_api_is_described_whole(studio: OpenStudio) -> None:
    from diavlex.web import api

    told = openapi.description()
    answered = {(path, method) for path, _, method in api.VERBS}
    described = {(path, verb.upper()) for path, verbs in told["paths"].items() for verb in verbs}
    assert described >= answered
    assert described - answered == {("/health", "GET"), ("/login", "POST"), ("/logout", "POST")}
    assert studio.ask("GET", "/openapi.json").plain == json.loads(json.dumps(told))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
names = st.sampled_from([*form.BODY, *form.WISHES])
choices = st.dictionaries(st.sampled_from([*knobs(PaintConfig)]), plain, max_size=3)
bodies = plain | st.fixed_dictionaries(
    {"prompt": st.text(max_size=30) | plain}, optional={"choices": choices | plain}
).flatmap(lambda body: st.dictionaries(names, plain, max_size=2).map(lambda more: more | body))


@given(bodies)
def test_whatever_is_asked_is_taken_or_refused(body: Any) -> None:
    try:
        request = form.read(body, {})
    except errors.DiavlexError:
        pass
    else:
        assert form.config_of(json.loads(json.dumps(request.plain))) == request.config()
        assert recount.command(request.plain, {}).startswith("diavlex paint ")


segments = st.sampled_from(
    [
        "paintings",
        "pictures",
        "files",
        "png",
        "login",
        "page",
        "live",
        "aaaaaaaaaaaa",
        "..",
        "%00",
        "pause",
    ]
) | st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#?"), max_size=12
)


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]),
    path=st.lists(segments, max_size=5).map("/".join),
    query=st.sampled_from(["", "?words=%F0%9F", "?limit=99999999999", "?before=-1", "?side=NaN"]),
    body=st.none() | st.binary(max_size=60) | plain.filter(lambda v: v is not None),
)
def test_whatever_is_sent_gets_an_answer(
    studio: OpenStudio, method: str, path: str, query: str, body: Any
) -> None:
    answer = studio.ask(method, f"/{path}{query}", body)
    assert answer.status < 500
    if answer.status >= 400:
        assert answer.error
