"""The command line: what a person types, and the one line that answers a mistake."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from paintings import make
from PIL import Image
from safetensors.torch import save_file

from diavlex.cli import main as cli
from diavlex.cli.paint import slug
from diavlex.errors import BadValue

QUICK = ["--strokes", "20", "--steps", "8", "--views", "2", "--size", "96x64", "--canvas-px", "48"]
FILES = ["painting.json", "painting.png", "progress.mp4", "progress.png", "strokes.mp4"]


def diavlex(*words: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "diavlex", *words],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def test_painting_leaves_all_that_was_promised(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    done = diavlex("paint", "a red apple on a table", *QUICK, "--seed", "7", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.strip())
    assert folder == tmp_path / "a-red-apple-on-a-table-7"
    assert sorted(p.name for p in folder.iterdir()) == FILES
    with Image.open(folder / "painting.png") as picture:
        assert picture.size == (96, 64)
        assert picture.info["prompt"] == "a red apple on a table"
        assert picture.info["seed"] == "7"
    record = json.loads((folder / "painting.json").read_text())
    assert len(record["strokes"]) == 20
    assert record["scores"]["cosine"] is not None

    again = diavlex(
        "paint", "a red apple on a table", *QUICK, "--seed", "7", "--out", str(tmp_path / "b")
    )
    twin = Path(again.stdout.strip())
    for name in ("painting.json", "painting.png"):
        assert (twin / name).read_bytes() == (folder / name).read_bytes(), name

    rendered = diavlex("render", str(folder), "--size", "128", "--out", str(tmp_path / "big.png"))
    assert rendered.returncode == 0, rendered.stderr
    with Image.open(tmp_path / "big.png") as picture:
        assert picture.size == (192, 128)

    other = ["render", str(folder), "--out", str(tmp_path / "other.png"), "--size"]
    assert cli.main([*other, "192x128"]) == 0
    assert (tmp_path / "other.png").read_bytes() == (tmp_path / "big.png").read_bytes()
    capsys.readouterr()
    for size, told in {
        "128x128": "192x128",
        "big": "width x height",
        "3": "it must be 8 to 16384",
    }.items():
        assert cli.main([*other, size]) == 2
        assert told in capsys.readouterr().err

    refused = diavlex(
        "paint", "a red apple on a table", *QUICK, "--seed", "7", "--out", str(tmp_path)
    )
    assert refused.returncode == 2
    assert "holds a painting already" in refused.stderr


LONGER = [
    "--strokes",
    "20",
    "--steps",
    "60",
    "--views",
    "2",
    "--size",
    "64x64",
    "--canvas-px",
    "48",
]


@pytest.mark.parametrize("after_s", [0.0, 4.5])
def test_a_killed_run_ends_as_the_whole_run_does(tmp_path: Path, after_s: float) -> None:
    whole = diavlex("paint", "a goldfish", *LONGER, "--out", str(tmp_path / "whole"))
    assert whole.returncode == 0, whole.stderr
    words = ["paint", "a goldfish", *LONGER, "--steps", "60", "--out", str(tmp_path / "cut")]
    run = subprocess.Popen([sys.executable, "-m", "diavlex", *words], stderr=subprocess.DEVNULL)
    folder = tmp_path / "cut" / "a-goldfish-0"
    while run.poll() is None and not (folder / "unfinished.safetensors").exists():
        time.sleep(0.02)
    time.sleep(after_s)
    run.send_signal(signal.SIGKILL)
    run.wait()
    if (folder / "unfinished.safetensors").exists():
        (folder / ".new-half.mp4").write_bytes(b"what a kill at another time leaves")
        done = diavlex("paint", "--resume", str(folder))
        assert done.returncode == 0, done.stderr
    for name in ("painting.json", "painting.png"):
        assert (folder / name).read_bytes() == (
            tmp_path / "whole" / "a-goldfish-0" / name
        ).read_bytes()
    assert sorted(p.name for p in folder.iterdir()) == FILES


def test_a_folder_is_painted_in_by_one_at_a_time(tmp_path: Path) -> None:
    words = ["paint", "a goldfish", *LONGER, "--steps", "100000", "--out", str(tmp_path)]
    first = subprocess.Popen([sys.executable, "-m", "diavlex", *words], stderr=subprocess.DEVNULL)
    folder = tmp_path / "a-goldfish-0"
    try:
        while first.poll() is None and not (folder / "unfinished.safetensors").exists():
            time.sleep(0.02)
        for others in ([*words, "--overwrite"], words, ["paint", "--resume", str(folder)]):
            second = diavlex(*others)
            assert second.returncode == 2
            assert "another diavlex is painting in" in second.stderr
            assert second.stderr.count("\n") == 1
        first.send_signal(signal.SIGINT)
        assert first.wait(timeout=300) == 0
    finally:
        first.kill()
        first.wait()
    assert sorted(p.name for p in folder.iterdir()) == FILES


def test_ctrl_c_keeps_what_is_there(tmp_path: Path) -> None:
    words = ["paint", "a goldfish", *LONGER, "--steps", "100000", "--out", str(tmp_path)]
    run = subprocess.Popen(
        [sys.executable, "-m", "diavlex", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    kept = tmp_path / "a-goldfish-0" / "unfinished.safetensors"
    while run.poll() is None and not kept.exists():
        time.sleep(0.02)
    first = kept.stat().st_mtime_ns
    while run.poll() is None and kept.stat().st_mtime_ns == first:
        time.sleep(0.02)  # until steps have been kept, however busy the machine is
    run.send_signal(signal.SIGINT)
    out, errors = run.communicate(timeout=300)
    assert run.returncode == 0, errors
    assert sorted(p.name for p in Path(out.strip()).iterdir()) == FILES
    assert 0 < json.loads((kept.parent / "painting.json").read_text())["steps"] < 100000


def test_ctrl_c_while_files_are_written_says_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diavlex.series import session

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    words = ["paint", "a goldfish", *QUICK, "--out", str(tmp_path)]
    with monkeypatch.context() as patch:
        patch.setattr(session, "save_folder", stop)
        assert cli.main(words) == 130
    folder = tmp_path / "a-goldfish-0"
    assert f"diavlex paint --resume {folder}" in capsys.readouterr().err
    assert cli.main(["paint", "--resume", str(folder)]) == 0
    assert sorted(p.name for p in folder.iterdir()) == FILES


WRONG = [
    (["paint", ""], "the prompt is empty"),
    (["paint"], "the prompt is empty"),
    (["paint", "x" * 10_000], "10000 characters"),
    (["paint", "cat", "--brush", "oli"], "did you mean 'oil'"),
    (["paint", "cat", "--brush", "wash,oli"], "did you mean 'oil'"),
    (["paint", "cat", "--brush", "wash,,oil"], "give names with commas"),
    (["paint", "cat", "--brush", "wash,oil", "--strokes", "1"], "names 2 brushes"),
    (["paint", "cat", "--guide", "pockt"], "did you mean 'pocket'"),
    (["paint", "cat", "--size", "0x0"], "at least 8 pixels"),
    (["paint", "cat", "--size", "abc"], "width x height"),
    (["paint", "cat", "--size", "100000x100000"], "149.0 GiB"),
    (["paint", "cat", "--strokes", "-3"], "--strokes is -3"),
    (["paint", "cat", "--strokes", "0"], "--strokes is 0"),
    (["paint", "cat", "--steps", "0"], "--steps is 0"),
    (["paint", "cat", "--steps", "many"], "invalid int value"),
    (["paint", "cat", "--stroks", "3"], "did you mean --strokes"),
    (["paint", "--resume", "/nowhere"], "no unfinished painting"),
    (["paint", "cat", "--resume", "/nowhere"], "give it no prompt"),
    (["paint", "cat", "--out", "/proc/nowhere"], "cannot write"),
    (["paint", "cat", "--device", "tpu9"], "try cpu"),
    (["paint", "cat", "--finish", "mypant"], "did you mean 'mypaint'"),
    (["paint", "cat:0"], "weight of the first prompt is 0"),
    (["paint", "cat", "dog:99"], "must be -10 to 10"),
    (["paint", "cat", "--guide", "pocket", "--guide", "pockt:0.5"], "did you mean 'pocket'"),
    (["paint", "cat", "--guide", "pocket:0"], "must be 0.001 to 100"),
    (["paint", "cat", "--focus", "middle"], "give x,y"),
    (["paint", "cat", "--tries", "0"], "--tries is 0: it must be 1 to 64"),
    (["paint", "cat", "--templates", "paintin"], "did you mean 'painting'"),
    (["paint", "cat", "--preset", "clipdrow"], "did you mean 'clipdraw'"),
    (["paint", "--preset", "clipdraw", "--resume", "/nowhere"], "give it no prompt"),
    (["presets", "clipdrow"], "did you mean 'clipdraw'"),
    (["paint", "black", "sheep"], 'in quotes, as in diavlex paint "black sheep"'),
    (["paint", "a dog", "storm:abc"], "'storm:abc' has no weight"),
    (["paint", "a dog at 5:30"], "put a weight behind it: 'a dog at 5:30:1'"),
    (["paint", "黒い羊"], "pocket can read no word of '黒い羊'"),
    (["paint", "a dog", "xqzwv:0.5"], "pocket can read no word of 'xqzwv'"),
    (["paint", "cat", "--guide", "pokcet"], "did you mean 'pocket'"),
    (["guides", "clup"], "did you mean 'clip'"),
    (["judge", "/nowhere", "--sheet", "s.jpg"], "must end in .png"),
    (["judge", "/nowhere", "--captions", "/nofile"], "(no such file or directory)"),
    (["paint", "cat", "--seed", "99999999999"], "--seed is 99999999999"),
    (["pant"], "did you mean 'paint'"),
    (["render", "/nowhere"], "no such painting"),
    (["render", "/nowhere", "--out", "x.doc"], ".png, .tiff, .gif, .mp4"),
    (["brushes", "oyl"], "did you mean 'oil'"),
    (["guides", "pokcet"], "did you mean 'pocket'"),
    (["train", "cat"], "diavlex trains"),
    (["train", "brush", "oil", "--steps", "0"], "--steps is 0: it must be at least 1"),
    (["train", "pocket", "--corpus", "/nowhere", "--report", "0"], "--report is 0"),
    (["train", "pocket", "--corpus", "/n", "--samples", "9"], "--cooldown is 400000"),
    (["train", "pocket", "--corpus", "/nowhere"], "SHA256SUMS is missing"),
    (["train", "pocket", "--corpus", "/nowhere", "--device", "tpu9"], "try cpu"),
]


@pytest.mark.parametrize(("words", "told"), WRONG, ids=[" ".join(w)[:40] for w, _ in WRONG])
def test_a_mistake_gets_one_line(
    words: list[str], told: str, capsys: pytest.CaptureFixture, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(words) == 2
    out, line = capsys.readouterr()
    assert told in line
    assert line.count("\n") == 1
    assert not out
    assert not list(tmp_path.rglob("*.*")), "something half-written was left"


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "", "[1, 2]"])
def test_a_foreign_record_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture, text: str
) -> None:
    (tmp_path / "painting.json").write_text(text)
    assert cli.main(["render", str(tmp_path), "--out", str(tmp_path / "a.png")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "a.png").exists()


def test_a_broken_checkpoint_is_told(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "unfinished.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{broken")
    assert cli.main(["paint", "--resume", str(tmp_path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_foreign_checkpoint_is_told(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    save_file({"a": torch.ones(1)}, tmp_path / "unfinished.safetensors")
    assert cli.main(["paint", "--resume", str(tmp_path)]) == 2
    assert "was not written by diavlex" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], *([c] for c in cli.COMMANDS)])
def test_help_shows_every_option_with_its_bounds(
    command: list[str], capsys: pytest.CaptureFixture
) -> None:
    try:
        code = cli.main([*command, "--help"])
    except SystemExit as stop:
        code = stop.code
    text = capsys.readouterr().out
    assert code == 0
    assert text.startswith("usage: diavlex")
    if command == ["paint"]:
        for words in (
            "--strokes INT",
            "1 to 20000",
            "--size WIDTHxHEIGHT",
            "width x height",
            "--resume",
        ):
            assert words in re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["paint"],
            "--seed INT random seed, or random; the same seed gives the same painting (0 to",
        ),
        (["render"], "16384), or width x height"),
        (["train", "brush"], "--strokes INT strokes to learn from (at least 1)"),
        (["train", "pocket"], "--cooldown INT of these, at a falling rate; at most --samples (at"),
    ],
)
def test_help_shows_bounds(words: list[str], told: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        cli.main([*words, "--help"])
    assert told in re.sub(r"\s+", " ", capsys.readouterr().out)


def test_bounds_of_a_picture_are_the_configs(capsys: pytest.CaptureFixture) -> None:
    from diavlex.config import LEAST_SIDE_PX, MOST_SIDE_PX
    from diavlex.config.values import MOST_PX
    from diavlex.gallery import size_of

    with pytest.raises(SystemExit):
        cli.main(["render", "--help"])
    told = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert f"({LEAST_SIDE_PX} to {MOST_SIDE_PX})" in told
    square, wide = make((64, 64)), make((32, 64))
    most = int(MOST_PX**0.5)
    for side in (LEAST_SIDE_PX, most):
        assert size_of(square, side) == (side, side)
    for painting, side in (
        (square, LEAST_SIDE_PX - 1), (square, most + 1), (wide, MOST_SIDE_PX // 2 + 1),
    ):  # fmt: skip
        with pytest.raises(BadValue, match="size"):
            size_of(painting, side)


def test_presets_are_listed(capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["presets"]) == 0
    assert "clipdraw" in capsys.readouterr().out
    assert cli.main(["presets", "clipdraw"]) == 0
    shown = capsys.readouterr().out
    for words in ("--views", "--rate-place", "0.016", "--background", "white"):
        assert words in shown


def test_choices_of_a_painting_are_in_its_record(tmp_path: Path) -> None:
    words = ["paint", "a hill: 2", "a storm:1", "photo of text:-0.6", "--preset", "clipdraw"]
    done = diavlex(
        *words, "--guide", "pocket", "--guide", "pocket:0.5", *QUICK, "--out", str(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "a-hill-0" / "painting.json").read_text())
    assert record["prompt"] == "a hill"
    assert record["settings"]["also"] == ["a storm:0.5", "photo of text:-0.3"]
    assert record["guide"] == record["settings"]["guide"] == "pocket,pocket:0.5"
    assert record["settings"]["rate_place"] == 0.016
    assert record["settings"]["views"] == 2
    refused = cli.main(["judge", str(tmp_path), "--guide", "pocket"])
    assert refused == 2


def test_an_unfinished_painting_is_not_begun_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    folder = tmp_path / "a-hill-0"
    folder.mkdir()
    (folder / "unfinished.safetensors").write_bytes(b"kept")
    words = ["paint", "a hill", *QUICK, "--out", str(tmp_path)]
    assert cli.main(words) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert f"--resume {folder}" in line
    assert (folder / "unfinished.safetensors").read_bytes() == b"kept"
    assert cli.main([*words, "--overwrite"]) == 0
    assert sorted(p.name for p in folder.iterdir()) == FILES


def test_names_never_leave_the_folder() -> None:
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("黒い羊") == "黒い羊"
    assert slug("café: noir") == "café-noir"
    assert slug("../🐑/..") == "painting"
    assert len(slug("黒い羊" * 60).encode()) <= 60
    assert len(slug("very " * 60)) <= 60
    assert slug("A Black Sheep!") == "a-black-sheep"


def test_a_prompt_far_from_all_that_is_known_is_told(tmp_path: Path) -> None:
    done = diavlex("paint", "quantum chromodynamics", *QUICK, "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "is far from what pocket knows; nearest:" in done.stderr


def test_a_prompt_that_is_sketched_is_not_far_from_what_is_known(tmp_path: Path) -> None:
    done = diavlex("paint", "a fox", *QUICK, "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "far from" not in done.stderr


def test_what_a_guide_cannot_read_is_told(tmp_path: Path) -> None:
    words = ["paint", "a собака dog", "a cat:0.5", *QUICK, "--out", str(tmp_path)]
    done = diavlex(*words)
    assert done.returncode == 0, done.stderr
    assert "pocket does not know the word 'собака'" in done.stderr
    folder = Path(done.stdout.strip())
    assert folder.name == "a-собака-dog-0"
    with Image.open(folder / "painting.png") as picture:
        assert picture.info["also"] == "a cat:0.5"
        assert picture.info["engine"] in ("neural", "mypaint")
    again = diavlex("render", str(folder), "--out", str(tmp_path / "again.png"))
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "again.png").read_bytes() == (folder / "painting.png").read_bytes()
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    judged = diavlex("judge", str(tmp_path), env=ascii_only)
    assert judged.returncode == 0, judged.stderr
    assert r"\u0441" in judged.stdout
    assert "says nothing" in judged.stdout, "one caption"
    over = diavlex("paint", "--resume", str(folder))
    assert over.returncode == 2
    assert "holds a finished painting" in over.stderr


@pytest.mark.parametrize("words", [["guides"], ["--help"]])
def test_where_nothing_can_be_told_it_ends_quietly(words: list[str]) -> None:
    command = [sys.executable, "-m", "diavlex", *words]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.stderr == ""
    assert done.returncode in (0, 1)
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "diavlex: cannot write what is told (no space left); make room.\n"


def test_what_training_a_guide_needs_is_told(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diavlex.cli import train

    monkeypatch.setattr(train, "NEEDED", ("torch", "no_such_package"))
    assert cli.main(["train", "pocket", "--corpus", "/nowhere"]) == 2
    line = capsys.readouterr().err
    assert "training a guide needs no_such_package: pip install 'diavlex[train]'" in line
    assert line.count("\n") == 1


def test_a_guide_of_the_hub_has_a_card_too(capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["guides", "clip"]) == 0
    shown = capsys.readouterr().out
    assert "openai/clip-vit-base-patch32" in shown
    assert "MIT" in shown
    assert "pocket" not in shown


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)],
        capture_output=True,
        check=False,
    )
    if mount.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        done = diavlex("paint", "a goldfish", *QUICK, "--out", str(tmp_path))
        assert done.returncode == 2
        assert "no space left" in done.stderr
        assert done.stderr.strip().count("\n") <= 1
        for path in tmp_path.rglob("*.png"):
            with Image.open(path) as picture:
                picture.verify()
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_disk_that_is_full_for_a_checkpoint_is_told(tmp_path: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        (tmp_path / "else").write_bytes(b"0" * 50_000)
        done = diavlex("paint", "a goldfish", *LONGER, "--strokes", "200", "--out", str(tmp_path))
        assert done.returncode == 2
        assert "unfinished.safetensors (no space left" in done.stderr
        assert done.stderr.count("\n") == 1
        assert not [p for p in tmp_path.rglob("*.*") if p.is_file()]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.parametrize(("own", "kept"), [(None, "PASSIVE"), ("ACTIVE", "ACTIVE")])
def test_threads_wait_without_spinning(
    own: str | None, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", own or "")
    if own is None:
        monkeypatch.delenv("OMP_WAIT_POLICY")
    assert cli.main(["brushes"]) == 0
    assert os.environ["OMP_WAIT_POLICY"] == kept


def test_command_line_sets_threads_before_torch_loads() -> None:
    code = "import sys, diavlex.cli.main; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_library_waits_without_spinning_too() -> None:
    code = (
        "import os, sys, diavlex; print('OMP_WAIT_POLICY' in os.environ); diavlex.PaintConfig; "
        "print(os.environ['OMP_WAIT_POLICY'])"
    )
    env = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    assert done.stdout.split() == ["False", "PASSIVE"]
