"""Build the release and try it as a stranger would: in an empty environment, without this folder.

    python -m recipes.release                 # into dist/
    python -m recipes.release --quick         # build and look at the files, install nothing

Builds sdist and wheel, and fails if the wheel is over 60 MB. Then: a fresh virtual environment, the
wheel installed in it, `diavlex paint "black sheep"` in an empty folder. At last pip says for every
extra, and for every Python that the classifiers name, what it would install; where there is
nothing to install, it fails. Needs a package index.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
MOST_MB = 60.0
MADE = {"painting.png", "painting.json", "progress.png", "progress.mp4", "strokes.mp4"}
OWN = ("docs", "test")
"""Extras for those who work on diavlex itself."""


def main(words: Sequence[str] | None = None) -> None:
    """Build, install, paint, resolve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="build and look, install nothing")
    options = parser.parse_args(words)
    wheel = build(DIST)
    if not options.quick:
        with tempfile.TemporaryDirectory() as place:
            paint_from(wheel, Path(place))
        resolve(wheel)


def build(folder: Path) -> Path:
    """The wheel; the sdist lies beside it.

    Raises:
        SystemExit: it is too large.
    """
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for path in sorted(folder.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB", flush=True)
    (wheel,) = folder.glob("*.whl")
    if wheel.stat().st_size > MOST_MB * 1e6:
        raise SystemExit(f"the wheel is over {MOST_MB:g} MB; take weights out of it.")
    return wheel


def paint_from(wheel: Path, place: Path) -> None:
    """Paint in an empty folder by an empty environment that has the wheel alone."""
    subprocess.run([sys.executable, "-m", "venv", str(place / "venv")], check=True)
    python = place / "venv" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt")]
    subprocess.run([*install, str(wheel)], check=True)
    (place / "empty").mkdir()
    outside = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [str(python.parent / "diavlex"), "paint", "black sheep", "--progress", "none"],
        cwd=place / "empty", env=outside, check=True, capture_output=True, text=True,
    )  # fmt: skip
    folder = place / "empty" / done.stdout.strip()
    made = {path.name for path in folder.iterdir()}
    assert made == MADE, made
    print(f"painted in an empty environment: {', '.join(sorted(made))}", flush=True)


def resolve(wheel: Path) -> None:
    """Ask pip what every extra, and every Python, would get."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for extra in project["optional-dependencies"]:
        if extra not in OWN:
            told = ask_pip(f"{wheel}[{extra}]")
            print(f"{extra}: {told}", flush=True)
    for version in pythons(project):
        how = ["--python-version", version, "--only-binary", ":all:", "--target", "/nowhere"]
        print(f"Python {version}: {ask_pip(str(wheel), *how)}", flush=True)


def pythons(project: dict[str, Any]) -> list[str]:
    """The versions of Python that the classifiers name."""
    text = "\n".join(project["classifiers"])
    return re.findall(r"^Programming Language :: Python :: (3\.\d+)$", text, re.MULTILINE)


def ask_pip(wanted: str, *how: str) -> str:
    """How many packages pip would install, or why it cannot."""
    asked = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "-q"]
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [*asked, "--report", report.name, *how, wanted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"pip cannot install {wanted}: {done.stderr.strip()}")
        found = re.findall(r'"download_info"', Path(report.name).read_text())
    return f"{len(found)} packages"


if __name__ == "__main__":
    main()
