"""Claims: each painting has one owner, a dead one is found out, no clock needs to be right."""

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from diavlex.series import claims
from diavlex.series.claims import Claim, Sight, claim, failure, forgive, is_alive, sight
from diavlex.series.folder import JOB, SeriesFolder
from diavlex.series.many import jobs_of

NAME = "a-fox-0"
LEASE_S = 1.2


@pytest.fixture
def series(tmp_path: Path) -> SeriesFolder:
    folder = SeriesFolder(tmp_path / "series")
    folder.plan(jobs_of(["a fox", "a cat"]))
    return folder


def claimed(series: SeriesFolder, token: str = "mine", dead: Sight | None = None) -> Claim:
    kind, own = claim(series, NAME, token, dead)
    assert kind == "claimed", (kind, own)
    assert isinstance(own, Claim)
    return own


def paint(own: Claim, text: str = "{}") -> None:
    """Leave in an attempt what a painter leaves."""
    own.painting.mkdir()
    (own.painting / JOB).write_text(text)


def move_elsewhere(own: Claim) -> None:
    """Let it seem as if the owner were on another machine, where nobody can look after it."""
    path = own.path / "owner.json"
    owner = json.loads(path.read_text())
    path.write_text(json.dumps(owner | {"where": ["elsewhere", "x", "y"]}))


def test_a_painting_is_claimed_once(series: SeriesFolder) -> None:
    own = claimed(series)
    kind, seen = claim(series, NAME, "other")
    assert kind == "taken"
    assert seen == sight(series, NAME)
    assert isinstance(seen, Sight)
    assert (seen.number, seen.token) == (1, "mine")
    assert is_alive(series, NAME)
    paint(own)
    assert own.finish()
    assert claim(series, NAME, "other") == ("done", None)
    assert not series.work(NAME).exists()
    assert os.listdir(series.path / NAME) == [JOB]


TRIED = [str(number) for number in range(400)]


def _try(path: Path, token: str, barrier: Any, answers: Any) -> None:
    series, got = SeriesFolder(path), []
    for name in TRIED:
        barrier.wait(60)
        if claim(series, name, token)[0] == "claimed":
            got.append(name)
    answers.put(got)


def test_of_many_at_once_one_gets_each(series: SeriesFolder) -> None:
    spawn = multiprocessing.get_context("spawn")
    answers, barrier = spawn.Queue(), spawn.Barrier(3)
    tries = [(series.path, f"token {n}", barrier, answers) for n in range(3)]
    processes = [spawn.Process(target=_try, args=words) for words in tries]
    for process in processes:
        process.start()
    got = [name for _ in processes for name in answers.get(timeout=120)]
    for process in processes:
        process.join()
    assert sorted(got) == sorted(TRIED)


def test_an_owner_whose_process_is_gone_is_found_out_at_once(series: SeriesFolder) -> None:
    code = (
        "import sys, os, signal; from pathlib import Path\n"
        "from diavlex.series.claims import claim; from diavlex.series.folder import SeriesFolder\n"
        f"claim(SeriesFolder(Path(sys.argv[1])), {NAME!r}, 'theirs')\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(series.path)], check=False)
    assert not is_alive(series, NAME)
    assert claimed(series).number == 2


def test_an_owner_elsewhere_is_believed_as_long_as_its_beat_changes(series: SeriesFolder) -> None:
    own = claimed(series, "theirs")
    move_elsewhere(own)
    with own.beating(LEASE_S):
        seen = sight(series, NAME)
        time.sleep(LEASE_S / 2)
        assert sight(series, NAME) != seen
    seen = sight(series, NAME)
    time.sleep(LEASE_S / 2)
    assert sight(series, NAME) == seen
    assert claim(series, NAME, "mine")[0] == "taken"  # only who has watched it may say it is dead
    assert claimed(series, "mine", seen).number == 2


@pytest.mark.parametrize("hours", [-1, 1, 1000])
def test_no_clock_needs_to_be_right(
    series: SeriesFolder, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = claimed(series, "theirs")
    move_elsewhere(own)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + hours * 3600)
    with own.beating(LEASE_S):
        for path in (own.path, own.path / "beat", own.path / "owner.json"):
            os.utime(path, (now() - hours * 7200, now() - hours * 7200))
        assert claim(series, NAME, "mine")[0] == "taken"
        assert not own.lost.is_set()


def test_a_sleeper_that_wakes_does_no_harm(series: SeriesFolder) -> None:
    first = claimed(series, "sleeper")
    paint(first, '{"by": "sleeper"}')
    second = claimed(series, "waker", sight(series, NAME))
    with first.beating(LEASE_S):
        assert first.lost.wait(10)
    assert first.is_lost()
    assert not second.is_lost()
    paint(second, '{"by": "waker"}')
    assert second.finish()
    with first.beating(LEASE_S):
        assert first.lost.wait(10)
    assert not first.finish()
    assert series.facts(NAME, JOB) == {"by": "waker"}
    first.fail("nobody should hear of it", is_final=True)
    assert failure(series, NAME) == ""


def test_the_first_to_finish_is_kept_though_it_was_taken_over(series: SeriesFolder) -> None:
    first = claimed(series, "sleeper")
    paint(first, '{"by": "sleeper"}')
    second = claimed(series, "waker", sight(series, NAME))
    paint(second, '{"by": "waker"}')
    assert first.finish()
    assert not second.finish()
    assert series.facts(NAME, JOB) == {"by": "sleeper"}
    assert not series.work(NAME).exists()


def test_the_last_checkpoint_is_inherited(series: SeriesFolder) -> None:
    own = claimed(series)
    assert not own.inherit()
    (own.painting / claims.CHECKPOINT).write_text("one")
    own = claimed(series, "next", sight(series, NAME))  # dies before it has any of its own
    own = claimed(series, "last", sight(series, NAME))
    assert own.number == 3
    assert own.inherit()
    assert (own.painting / claims.CHECKPOINT).read_text() == "one"
    (own.painting / JOB).write_text("{}")
    assert own.finish()
    assert os.listdir(series.path / NAME) == [JOB]


def test_a_painting_may_fail_so_often_and_is_tried_again_when_forgiven(
    series: SeriesFolder,
) -> None:
    for number in range(1, claims.TRIES + 1):
        own = claimed(series, str(number))
        assert own.number == number
        own.fail(f"reason {number}", is_final=False)
        assert not is_alive(series, NAME)
    assert claim(series, NAME, "x") == ("failed", f"reason {claims.TRIES}")
    assert failure(series, NAME) == f"reason {claims.TRIES}"
    forgive(series, NAME)
    assert failure(series, NAME) == ""
    claimed(series).fail("for good", is_final=True)
    assert claim(series, NAME, "x") == ("failed", "for good")


def test_a_painting_that_kills_who_paints_it_is_given_up(series: SeriesFolder) -> None:
    dead = None
    for number in range(claims.DEATHS):
        claimed(series, str(number), dead)
        dead = sight(series, NAME)
    kind, reason = claim(series, NAME, "x", dead)
    assert kind == "failed"
    assert f"died {claims.DEATHS} times" in str(reason)
    assert failure(series, NAME) == reason
    forgive(series, NAME)
    claimed(series)


def test_who_lets_go_is_not_waited_for(series: SeriesFolder) -> None:
    for number in range(1, 2 * claims.DEATHS):
        own = claimed(series)
        assert own.number == number
        own.leave()
    assert failure(series, NAME) == ""


def test_claims_are_cleared_under_ones_feet(series: SeriesFolder) -> None:
    stop, kinds = threading.Event(), set()

    def disturb() -> None:
        while not stop.is_set():
            series.clear(NAME)

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        for number in range(300):
            kinds.add(claim(series, NAME, str(number))[0])
    finally:
        stop.set()
        thread.join()
    assert kinds <= {"claimed", "taken"}
    assert "claimed" in kinds


def test_an_owner_notices_that_its_folder_is_gone(series: SeriesFolder) -> None:
    own = claimed(series)
    with own.beating(LEASE_S):
        shutil.rmtree(own.path)
        assert own.lost.wait(10)


def test_a_stopped_process_is_taken_over(series: SeriesFolder) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from diavlex.series.claims import claim; from diavlex.series.folder import SeriesFolder\n"
        f"_, own = claim(SeriesFolder(Path(sys.argv[1])), {NAME!r}, 'theirs')\n"
        f"with own.beating({LEASE_S}):\n"
        "    print('claimed', flush=True)\n"
        "    print(own.lost.wait(60), flush=True)"
    )
    words = [sys.executable, "-c", code, str(series.path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as theirs:
        assert theirs.stdout
        assert theirs.stdout.readline() == "claimed\n"
        theirs.send_signal(signal.SIGSTOP)
        seen = sight(series, NAME)
        time.sleep(LEASE_S)
        assert sight(series, NAME) == seen
        assert claim(series, NAME, "mine")[0] == "taken"  # its process is there
        claimed(series, "mine", seen)
        theirs.send_signal(signal.SIGCONT)
        assert theirs.stdout.readline() == "True\n"
