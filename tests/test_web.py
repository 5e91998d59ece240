"""The studio's server: its line, its painters, its API; every test speaks with a real one."""

import io
import json
import os
import signal
import sqlite3
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from open_studio import LONG, SMALL, OpenStudio, opened, until
from PIL import Image

pytest.importorskip("starlette", reason="the page needs: pip install 'diavlex[studio]'")
from websockets.sync.client import connect

from diavlex import load, paint, painting
from diavlex.web import frames


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStudio]:
    with opened(tmp_path_factory.mktemp("studio") / "paintings") as one:
        yield one


def test_words_become_a_picture_that_paint_makes_as_well(studio: OpenStudio) -> None:
    (id,) = studio.paint("black sheep", SMALL | {"seed": 3})
    told = studio.wait(id, "done")
    assert told["step"] == 24
    assert told["has_picture"]
    (folder,) = studio.folder.glob(f"black-sheep-{id}")
    assert {p.name for p in folder.iterdir()} >= {"painting.png", "painting.json", "strokes.mp4"}
    same = paint("black sheep", **SMALL, seed=3)
    assert painting.to_text(same) == painting.to_text(load(folder))
    assert len(told["curve"]) > 10
    assert {"likeness", "loss"} <= set(told["curve"][-1][1])


def test_a_part_of_a_painting_is_repainted(studio: OpenStudio) -> None:
    (first,) = studio.paint("a red barn", SMALL)
    studio.wait(first, "done")
    mask = Image.new("L", (30, 40))
    mask.paste(255, (0, 20, 30, 40))
    stream = io.BytesIO()
    mask.save(stream, "PNG")
    answer = studio.ask("POST", "/pictures", stream.getvalue())
    choices = {name: value for name, value in SMALL.items() if name not in ("size", "strokes")}
    region = {"box": [0, 0, 1, 0.5], "words": "a night sky"}
    wishes: dict[str, Any] = {"start": first, "keep": answer.plain["id"], "regions": [region]}
    (id,) = studio.paint("a barn at night", choices, **wishes)
    told = studio.wait(id, "done", "failed")
    assert told["state"] == "done", told["error"]
    old, new = (load(next(studio.folder.glob(f"*-{one}"))) for one in (first, id))
    assert (new.height_px, new.width_px) == (old.height_px, old.width_px)
    same = (new.actions == old.actions).all(1)
    assert 0 < int(same.sum()) < len(old.actions)
    assert "--start=" in told["command"] or "--start=" in studio.show(id)["command"]


def test_a_painting_pauses_goes_on_and_ends_as_if_nothing_had_been(studio: OpenStudio) -> None:
    choices: dict[str, Any] = SMALL | {"steps": 60}
    (id,) = studio.paint("a red boat", choices)
    studio.wait(id, "painting", step=3)
    start = time.monotonic()
    assert studio.ask("POST", f"/paintings/{id}/pause").status == 200
    told = studio.wait(id, "paused")
    assert time.monotonic() - start < 2.5  # a second, and what a busy machine adds
    assert 3 <= told["step"] < 60
    assert studio.ask("GET", f"/paintings/{id}/strokes").status == 200
    assert studio.ask("GET", f"/paintings/{id}/picture").status == 404
    assert studio.ask("POST", f"/paintings/{id}/continue").status == 200
    studio.wait(id, "done")
    found = load(next(studio.folder.glob(f"*-{id}")))
    assert (found.actions == paint("a red boat", **choices).actions).all()


def test_a_painting_stops_keeps_what_there_is_and_can_be_gone_on_with(studio: OpenStudio) -> None:
    (id,) = studio.paint("a red boat", LONG)
    studio.wait(id, "painting", step=5)
    start = time.monotonic()
    studio.ask("POST", f"/paintings/{id}/stop")
    studio.wait(id, "finishing", "stopped")
    assert time.monotonic() - start < 2.5
    told = studio.wait(id, "stopped")
    assert told["has_picture"]
    folder = next(studio.folder.glob(f"*-{id}"))
    assert load(folder).steps == told["step"]
    studio.ask("POST", f"/paintings/{id}/continue")
    studio.wait(id, "painting", step=told["step"] + 2)
    studio.ask("POST", f"/paintings/{id}/stop")
    assert studio.wait(id, "stopped")["step"] >= told["step"] + 2
    assert studio.ask("DELETE", f"/paintings/{id}").status == 204
    assert studio.ask("GET", f"/paintings/{id}").status == 404
    assert not folder.exists()
    assert list((studio.folder / ".studio" / "removed").glob(f"*-{id}-*/painting.png"))


def test_a_slow_step_does_not_hold_up_a_stop(studio: OpenStudio) -> None:
    slow = {"strokes": 3000, "views": 256, "canvas_px": 512, "steps": 50, "size": "512x512"}
    (id,) = studio.paint("a castle", slow)
    studio.wait(id, "painting")
    time.sleep(1)
    start = time.monotonic()
    studio.ask("POST", f"/paintings/{id}/stop")
    told = studio.wait(id, "waiting", "finishing", "stopped")
    assert time.monotonic() - start < 3
    assert told["is_to_finish"] or told["state"] == "stopped"
    studio.wait(id, "stopped")
    studio.ask("DELETE", f"/paintings/{id}")


def test_four_side_by_side_pause_for_a_choice(studio: OpenStudio) -> None:
    choices: dict[str, Any] = SMALL | {"steps": 30, "seed": 5}
    ids = studio.paint("a yellow house", choices, side_by_side=4)
    assert len(set(ids)) == 4
    told = [studio.wait(id, "paused") for id in ids]
    assert [one["seed"] for one in told] == [5, 6, 7, 8]
    assert [one["step"] for one in told] == [6] * 4
    assert all(one["side_by_side"] == ids for one in told)
    studio.ask("POST", f"/paintings/{ids[2]}/continue")
    studio.wait(ids[2], "done")
    found = load(next(studio.folder.glob(f"*-{ids[2]}")))
    choices["seed"] = 7
    assert (found.actions == paint("a yellow house", **choices).actions).all()


def test_the_line_shows_places(studio: OpenStudio) -> None:
    (first,) = studio.paint("a boat", LONG)
    studio.wait(first, "painting")
    waiting = [studio.paint("a boat", SMALL)[0] for _ in range(3)]
    assert [studio.show(id)["place_in_line"] for id in waiting] == [1, 2, 3]
    studio.ask("DELETE", f"/paintings/{waiting[1]}")
    assert studio.show(waiting[2])["place_in_line"] == 2
    studio.ask("POST", f"/paintings/{first}/stop")
    for id in (waiting[0], waiting[2]):
        studio.wait(id, "done")


def test_a_painter_that_is_killed_is_told_and_its_painting_goes_on(studio: OpenStudio) -> None:
    (id,) = studio.paint("a boat", LONG)
    studio.wait(id, "painting", step=4)
    folder = next(studio.folder.glob(f"*-{id}"))
    until(lambda: (folder / "unfinished.safetensors").exists())
    for pid in studio.painters():
        os.kill(pid, signal.SIGKILL)
    told = studio.wait(id, "failed")
    assert "exit code -9" in told["error"]
    studio.ask("POST", f"/paintings/{id}/continue")
    studio.wait(id, "painting", step=2)
    studio.ask("POST", f"/paintings/{id}/stop")
    studio.wait(id, "stopped")


def test_a_server_that_is_killed_finds_its_line_again(tmp_path: Path) -> None:
    folder = tmp_path / "paintings"
    choices: dict[str, Any] = SMALL | {"steps": 80}
    with opened(folder) as studio:
        first, second = studio.paint("a boat", choices)[0], studio.paint("a cow", choices)[0]
        studio.wait(first, "painting", step=10)
        studio.kill()
    with opened(folder) as studio:
        assert studio.show(first)["state"] in ("waiting", "painting")
        assert studio.show(second)["place_in_line"] in (1, 2)
        for id, words in ((first, "a boat"), (second, "a cow")):
            studio.wait(id, "done")
            found = load(next(folder.glob(f"*-{id}")))
            assert (found.actions == paint(words, **choices).actions).all()
        with pytest.raises(AssertionError, match="another studio is open"), opened(folder):
            pass
    record = next(folder.glob(f"*-{second}")) / "painting.json"
    was = record.stat().st_mtime_ns
    with sqlite3.connect(folder / ".studio" / "studio.sqlite") as base:
        base.execute("UPDATE paintings SET state = 'waiting'")
    with opened(folder) as studio:  # as if both had been finished while no server listened
        studio.wait(second, "done")
        assert record.stat().st_mtime_ns == was


def test_strokes_come_live_as_numbers(studio: OpenStudio) -> None:
    (id,) = studio.paint("a boat", LONG)
    seen: list[int] = []
    with connect(f"ws://127.0.0.1:{studio.port}/live") as socket:
        socket.send(json.dumps({"watch": [id]}))
        while len(seen) < 5:
            news = socket.recv(timeout=30)
            if isinstance(news, bytes):
                of, step, steps, actions, marks = frames.unpack(news)
                assert (of, steps, actions.shape) == (id, 4000, (24, 12))
                assert (marks >> 8 == 0).all()
                seen.append(step)
    assert seen == sorted(set(seen))
    studio.ask("POST", f"/paintings/{id}/stop")
    told = studio.wait(id, "stopped")
    record = load(next(studio.folder.glob(f"*-{id}")))
    shown = frames.unpack(studio.ask("GET", f"/paintings/{id}/strokes").data)
    assert shown[1] == told["step"]
    np.testing.assert_allclose(shown[3], record.actions.numpy(), atol=2e-4)
    assert (shown[4] & 255).tolist() == record.variants.tolist()


def test_a_photo_is_painted_in_the_colors_of_a_palette(studio: OpenStudio) -> None:
    stream = io.BytesIO()
    Image.linear_gradient("L").resize((64, 48)).convert("RGB").save(stream, "PNG")
    photo = studio.ask("POST", "/pictures", stream.getvalue()).plain["id"]
    colors = studio.ask("GET", f"/pictures/{photo}/colors?count=3").plain["colors"]
    assert len(colors) == 3
    body = {"photo": photo, "palette": colors, "choices": SMALL | {"steps": 10}}
    (one,) = studio.ask("POST", "/paintings", body).plain["paintings"]
    told = studio.wait(one["id"], "done")
    record = load(next(studio.folder.glob(f"painting-{one['id']}")))
    rows = (record.actions[:, 9:] * 255).round().int().tolist()
    found = {"#" + "".join(f"{level:02x}" for level in row) for row in rows}
    assert found <= set(colors)
    picture = studio.folder.absolute() / ".studio" / "pictures" / f"{photo}.png"
    assert f"--from={picture}" in told["command"]
    choices: dict[str, Any] = SMALL | {"steps": 10}
    same = paint(photo=picture, palette=",".join(colors), **choices)
    assert (same.actions == record.actions).all()


def test_events_end_with_the_painting(studio: OpenStudio) -> None:
    (id,) = studio.paint("a boat")
    text = studio.ask("GET", f"/paintings/{id}/events").data.decode()
    states = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    assert [one["state"] for one in states if one["kind"] == "state"][-1] == "done"
    assert any(one["kind"] == "steps" for one in states)


def test_a_frame_holds_what_a_record_may_hold() -> None:
    low, high = np.array(frames.RANGES, np.float32).T
    marks = frames.marks(np.array([0, 3]), np.array([255, 7]))
    frame = frames.pack("abcdefghijkl", 7, 9, np.stack([low, high]), marks)
    id, step, steps, actions, found = frames.unpack(frame)
    assert (id, step, steps, frames.id_of(frame)) == ("abcdefghijkl", 7, 9, "abcdefghijkl")
    np.testing.assert_array_equal(actions, [low, high])
    assert found.tolist() == [255, 3 * 256 + 7]
    assert len(frame) == struct.calcsize("<12sIII") + 2 * 26
