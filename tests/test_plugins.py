"""The door for other packages: what docs/extend.md says is installed and run; a broken part harms
nobody else."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1]
TEXT = (HOME / "docs" / "extend.md").read_text(encoding="utf-8")
BLOCKS = dict(
    re.findall(r"^`([\w/.]+)`[^\n]*:\n\n```\w+\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
)
COMMANDS = re.findall(r"^diavlex (.*?)(?:\s+#.*)?$", TEXT, re.MULTILINE)
QUICK = ["--strokes", "12", "--steps", "6", "--views", "2", "--size", "64x64", "--canvas-px", "40"]


def install(folder: Path, files: dict[str, str]) -> Path:
    """Install a package with pip, with no network, into a folder of its own."""
    source, site = folder / "source", folder / "site"
    for name, text in files.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    words = ["install", "-q", "--no-index", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run(
        [sys.executable, "-m", "pip", *words, str(site), str(source)],
        check=True, capture_output=True,
    )  # fmt: skip
    return site


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("little")
    brushes = folder / "source" / "little" / "brushes"
    brushes.mkdir(parents=True)
    trained, library = HOME / "src/diavlex/trained", HOME / "src/diavlex/brushes/library"
    card = json.loads((trained / "ink.json").read_text()) | {"name": "my"}
    (brushes / "my.json").write_text(json.dumps(card))
    shutil.copy(trained / "ink.safetensors", brushes / "my.safetensors")
    shutil.copy(library / "ink.myb", brushes / "my.myb")
    return install(folder, BLOCKS)


def run(site: Path | None, *words: str, cwd: Path | None = None, **variables: str):
    """Run a command as a person does who has a package installed."""
    path = os.pathsep.join([str(site)] if site else [])
    given = os.environ.get("PYTHONPATH")
    joined = os.pathsep.join(part for part in (path, given) if part)
    return subprocess.run(
        [sys.executable, "-m", "diavlex", *words],
        capture_output=True, text=True, check=False, cwd=cwd,
        env=os.environ | {"PYTHONPATH": joined} | variables,
    )  # fmt: skip


def test_the_blocks_are_short_and_whole() -> None:
    assert set(tomllib.loads(BLOCKS["pyproject.toml"])["project"]["entry-points"]) == {
        "diavlex.terms", "diavlex.guides", "diavlex.exports", "diavlex.brushes",
    }  # fmt: skip
    for name in ("little/__init__.py", "little/symmetry.py", "little/plaintext.py"):
        lines = [line for line in BLOCKS[name].splitlines() if line.strip()]
        assert len(lines) <= 15, f"{name} has {len(lines)} lines"


@pytest.mark.slow
def test_all_of_a_package_is_used(little: Path, tmp_path: Path) -> None:
    paints = [line for line in COMMANDS if line.startswith("paint") and "--help" not in line]
    assert len(paints) == 4
    words = ["paint", "a sheep", *QUICK, "--guide", "pocket", "--guide", "symmetry:0.5"]
    words += ["--term", "bluer,from_x=0.5:2", "--brush", "my", "--out", str(tmp_path)]
    done = run(little, *words)
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "a-sheep-0" / "painting.json").read_text())
    assert "bluer" in record["scores"]["terms"]
    assert record["guide"] == "pocket,symmetry:0.5"
    assert record["brushes"] == ["my"]
    assert record["settings"]["term"] == ["bluer,from_x=0.5:2.0"]
    done = run(little, "export", str(tmp_path / "a-sheep-0"), "--to", "plaintext", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = Path(done.stdout.strip())
    text = (tmp_path / written).read_text().splitlines()
    assert text[0] == "a sheep"
    assert len(text) == 13


def test_help_tells_a_term_and_its_options(little: Path) -> None:
    done = run(little, "paint", "--help-all")
    assert done.returncode == 0, done.stderr
    for words in ("term: bluer", "bluer,from_x=FLOAT", "Mean of red minus blue", "0 to 0.9"):
        assert words in done.stdout
    assert "bluer" not in run(little, "paint", "--help").stdout
    assert "bluer,from_x" not in run(little, "paint", "--help-all", DIAVLEX_PLUGINS="0").stdout
    assert "symmetry" in run(little, "guides").stdout
    assert "my" in run(little, "brushes", "my").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--term", "blur:1"], "no term is called 'blur': did you mean 'bluer'?"),
        (["--term", "bluer:-1"], "how much a term counts must be 0 to 1000"),
        (["--term", "bluer,from_x=2:1"], "--from-x is 2: it must be 0 to 0.9"),
        (["--term", "bluer,from_x=left:1"], "from-x is 'left': it must be a number"),
        (["--term", "bluer,shade=1"], "no option of the term bluer is called 'shade'"),
        (["--term", "bluer,from_x:1"], "give options as in bluer,shade=0.3:0.5"),
    ],
)
def test_a_wrong_term_is_told(little: Path, words: list[str], told: str, tmp_path: Path) -> None:
    done = run(little, "paint", "a sheep", *QUICK, *words, "--out", str(tmp_path))
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


BROKEN = {
    "pyproject.toml": """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "broken"
version = "1.0"
[project.entry-points."diavlex.terms"]
boom = "broken.boom:Boom"
old = "broken:Old"
odd = "broken:ODD"
nan = "broken:Nan"
wide = "broken:Wide"
none = "broken:Nothing"
fine = "broken:Fine"
""",
    "broken/__init__.py": """
import torch
from diavlex.objective import Term

ODD = 3

class Old(Term):
    def __call__(self, canvas, strokes):
        return canvas.mean()

class Nan(Term):
    def __call__(self, scene):
        return scene.canvas.mean() * float("nan")

class Wide(Term):
    def __call__(self, scene):
        return scene.canvas.mean(0)

class Nothing(Term):
    def __call__(self, scene):
        return None

class Fine(Term):
    def __call__(self, scene):
        return scene.canvas.mean()
""",
    "broken/boom.py": "raise RuntimeError('it is\\nMonday')",
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("broken"), BROKEN)


def test_a_broken_part_is_named_and_harms_nobody_else(broken: Path, tmp_path: Path) -> None:
    words = ["paint", "a sheep", *QUICK, "--out", str(tmp_path), "--finish", "neural"]
    done = run(broken, *words, "--term", "fine:0.1")
    assert done.returncode == 0, done.stderr
    for name, why in (
        ("boom", "RuntimeError: it is Monday"),
        ("old", "it was made for another version of diavlex"),
        ("odd", "it is no diavlex.objective.Term"),
    ):
        (line,) = [line for line in done.stderr.splitlines() if f"'{name}'" in line]
        assert why in line


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("nan", "the term 'nan' gave nan, which is no finite number"),
        ("wide", "the term 'wide' gave a tensor of shape [40, 40]: it must give one number"),
        ("none", "the term 'none' gave no tensor: it must give one number"),
    ],
)
def test_a_term_that_gives_no_number_is_named(
    broken: Path, term: str, told: str, tmp_path: Path
) -> None:
    words = ["paint", "a sheep", *QUICK, "--out", str(tmp_path), "--term", f"{term}:1"]
    done = run(broken, *words)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"diavlex: {told}")
