"""The house: rooms import from floors below, and the command line starts without torch."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "diavlex"
FLOORS = {
    "errors": 0, "tensors": 0,
    "files": 0.5,
    "config": 1, "device": 1, "stroke": 1, "canvas": 1, "weights": 1,
    "painting": 2,
    "brushes": 3, "guides": 3, "objective": 3.5,
    "studio": 4, "training": 4, "gallery": 4,
    "series": 5,
    "web": 5.5,
    "cli": 6,
}  # fmt: skip
FILES = sorted(SOURCE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_rooms(tree: ast.AST) -> set[str]:
    rooms = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
            if node.module == "diavlex":
                names = [f"diavlex.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        rooms |= {n.split(".")[1] for n in names if n.startswith("diavlex.")}
    return rooms - {"__version__"}


def wrong_imports(room: str, text: str) -> set[str]:
    mine = FLOORS[room]
    return {r for r in imported_rooms(ast.parse(text)) if r != room and FLOORS[r] >= mine}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_go_down(path: Path) -> None:
    if path.name in ("__init__.py", "__main__.py") and path.parent == SOURCE:
        pytest.skip("the face")
    assert not wrong_imports(room_of(path), path.read_text())


def test_an_import_upwards_is_seen() -> None:
    assert wrong_imports("studio", "from diavlex.gallery import render") == {"gallery"}
    assert wrong_imports("stroke", "from diavlex import painting") == {"painting"}


def test_the_face_is_lazy_and_whole() -> None:
    code = (
        "import sys, diavlex; assert 'torch' not in sys.modules\n"
        "for name in diavlex.__all__: assert getattr(diavlex, name), name\n"
        "assert 'torch' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_module_switches_annotations_to_text() -> None:
    for path in FILES:
        assert "from __future__ import annotations" not in path.read_text(), path


@pytest.mark.parametrize("words", [["--help"], ["paint", "--help"], ["brushes"]])
def test_help_and_lists_load_no_torch(words: list[str]) -> None:
    code = (
        "import sys; from diavlex.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "assert 'torch' not in sys.modules, 'torch was loaded'"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
