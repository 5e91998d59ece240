"""The house: rooms import from floors below, files and functions are short, words are plain."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "diavlex"
FACE = "the face"
ANY = "any room"
"""What is imported by a name that is made when the program runs."""
FLOORS = {
    "errors": 0, "tensors": 0,
    "files": 1, "device": 1, "plugins": 1, "schema": 1, "threads": 1, "oklab": 1,
    "config": 2, "pictures": 2, "stroke": 2, "canvas": 2, "phrases": 2, "weights": 2,
    "painting": 3, "composition": 3, "look": 3, "backgrounds": 3,
    "brushes": 4, "guides": 4,
    "scene": 5,
    "objective": 6,
    "studio": 7, "training": 7, "gallery": 7,
    "series": 8,
    "web": 9,
    "cli": 10,
    FACE: 11,
}  # fmt: skip
FILES = sorted(SOURCE.rglob("*.py"))
KERNELS = ("brushes/kernels.py", "canvas/kernels.py", "canvas/tile_kernels.py")
"""Compiled loops, which are long because nothing in them can be called."""
LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FUNCTION = 300, 50, 8
OUR_OWN = re.compile("slope|warmth|unrest|way back|hushed", re.IGNORECASE)
"""Words of our own for what the field calls gradient, logit scale, local variance, backward."""
IMPORTERS = ("import_module", "__import__")
OWN_NAMES = ("__name__", "__package__")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def room_of(name: str) -> str:
    """The room of a source file, which is the face for the package's own two files."""
    room = name.split("/")[0].removesuffix(".py")
    return FACE if room in ("__init__", "__main__") else room


def package_of(name: str) -> list[str]:
    return ["diavlex", *name.split("/")[:-1]]


def imported_rooms(name: str, text: str) -> set[str]:
    """The rooms that a source file imports, however it does so."""
    tree = ast.parse(text)
    return {room for node in ast.walk(tree) for room in rooms_of(node, package_of(name))}


def rooms_of(node: ast.AST, package: list[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (room for alias in node.names for room in room_named(f"{alias.name}.*"))
    elif isinstance(node, ast.ImportFrom):
        above = package[: len(package) - node.level + 1] if node.level else []
        module = ".".join([*above, *([node.module] if node.module else [])])
        for alias in node.names:
            yield from room_named(f"{module}.{alias.name}.*")
            if alias.name in IMPORTERS and alias.asname:
                yield ANY  # what it imports by another name cannot be followed
    elif isinstance(node, ast.Call) and called(node.func) in IMPORTERS:
        yield from room_named(beginning(node.args[0] if node.args else None, package))


def called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def beginning(name: ast.expr | None, package: list[str]) -> str:
    """The beginning of a module's name, as far as the source says it; whole names end in `.*`."""
    begun = ""
    for part in name.values if isinstance(name, ast.JoinedStr) else [name]:
        if isinstance(part, ast.Constant):
            begun += str(part.value)
        elif isinstance(part, ast.FormattedValue) and called(part.value) in OWN_NAMES:
            begun += ".".join(package)
        else:
            break
    else:
        begun += ".*"
    dots = len(begun) - len(begun.lstrip("."))
    return ".".join([*package[: len(package) - dots + 1], begun[dots:]]) if dots else begun


def room_named(begun: str) -> Iterator[str]:
    """The room of a module of ours, by the beginning of its name, as in `diavlex.studio.`."""
    first, *rest = begun.split(".")
    if not rest:
        yield ANY
    elif first == "diavlex" and len(rest) == 1:
        yield FACE if rest == ["*"] else ANY
    elif first == "diavlex" and rest[0] != "__version__":
        yield rest[0] if rest[0] in FLOORS else FACE


def wrong_imports(name: str, text: str) -> set[str]:
    """The rooms that a file may not import: those above, those beside, and the face."""
    mine = room_of(name)
    rooms = imported_rooms(name, text) - {mine}
    if name == "__init__.py":
        rooms -= {ANY}  # the face loads a room when one of its names is first used
    return {room for room in rooms if FLOORS.get(room, 99) >= FLOORS[mine]}


def functions(tree: ast.AST) -> list[Function]:
    return [n for n in ast.walk(tree) if isinstance(n, Function)]


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def without_docstring(tree: ast.AST) -> list[str]:
    """What is public and has no docstring, or an empty one such as a dot."""
    bare = [] if is_told(tree) else ["the module"]
    todo: list[ast.AST] = [tree]
    while todo:
        for node in ast.iter_child_nodes(todo.pop()):
            if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
                continue
            if not is_told(node):
                bare.append(node.name)
            if isinstance(node, ast.ClassDef):
                todo.append(node)
    return bare


def is_told(node: ast.AST) -> bool:
    assert isinstance(node, ast.Module | ast.ClassDef | Function)
    return bool(re.search(r"\w", ast.get_docstring(node) or ""))


each_file = pytest.mark.parametrize("path", FILES, ids=name_of)


@each_file
def test_imports_go_down(path: Path) -> None:
    assert not wrong_imports(name_of(path), path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("studio/loop.py", "from diavlex.gallery import render", {"gallery"}),
        ("studio/loop.py", "from diavlex import gallery", {"gallery"}),
        ("studio/loop.py", "import diavlex.gallery.films as films", {"gallery"}),
        ("studio/loop.py", "from ..gallery import render", {"gallery"}),
        ("studio/loop.py", "from .. import gallery", {"gallery"}),
        ("studio/loop.py", "def f():\n    from ..series.many import Job", {"series"}),
        ("studio/deep/er.py", "from ...series import many", {"series"}),
        ("studio/__init__.py", "from ..series import many", {"series"}),
        ("stroke.py", "from . import painting", {"painting"}),
        ("stroke.py", "from .canvas import paint", {"canvas"}),
        ("stroke.py", "import diavlex", {FACE}),
        ("stroke.py", "from diavlex import paint", {FACE}),
        ("stroke.py", "from . import begin", {FACE}),
        ("stroke.py", "import importlib\nimportlib.import_module('diavlex.web')", {"web"}),
        ("stroke.py", "import_module('diavlex')", {FACE}),
        ("stroke.py", "import_module(f'diavlex.cli.{name}')", {"cli"}),
        ("stroke.py", "import_module(f'diavlex.{name}')", {ANY}),
        ("stroke.py", "import_module(f'diavlex.cl{name}')", {ANY}),
        ("stroke.py", "import_module(f'{name}')", {ANY}),
        ("stroke.py", "import_module(name)", {ANY}),
        ("gallery/__init__.py", "import_module(f'{__name__}.{name}')", set()),
        ("stroke.py", "import_module(f'{__package__}.painting')", {"painting"}),
        ("stroke.py", "from importlib import import_module as load", {ANY}),
        ("stroke.py", "__import__('diavlex.web.server')", {"web"}),
        ("studio/loop.py", "import_module('..gallery', __package__)", {"gallery"}),
        ("gallery/films.py", "from diavlex import studio, stroke", {"studio"}),
        ("errors.py", "from diavlex.tensors import Canvas", {"tensors"}),
        ("__main__.py", "import_module(name)", {ANY}),
        ("__main__.py", "from diavlex.cli.main import main", set()),
        ("__init__.py", "import_module(f'diavlex.{name}')", set()),
        ("cli/main.py", "import_module(f'diavlex.cli.{name}')", set()),
        ("cli/main.py", "from diavlex import __version__, series", set()),
        ("studio/loop.py", "from .schedule import gaze\nfrom . import schedule", set()),
        ("studio/loop.py", "from ..objective import words\nimport torch.nn, diavlex.scene", set()),
        ("studio/loop.py", "import_module('numba')", set()),
    ],
)
def test_every_kind_of_import_is_seen(name: str, text: str, wrong: set[str]) -> None:
    assert wrong_imports(name, text) == wrong


def test_every_room_has_a_floor() -> None:
    assert {room_of(name_of(path)) for path in FILES} <= set(FLOORS)


@each_file
def test_files_are_short(path: Path) -> None:
    if name_of(path) not in KERNELS:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@each_file
def test_no_function_is_long(path: Path) -> None:
    if name_of(path) not in KERNELS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not [f.name for f in functions(tree) if lines_of(f) > LONGEST_FUNCTION]


def test_most_functions_are_small() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in FILES]
    lines = [lines_of(function) for tree in trees for function in functions(tree)]
    print(f"{len(lines)} functions, median {median(lines):g} lines, longest {max(lines)}")
    assert median(lines) <= MEDIAN_FUNCTION


def test_long_functions_are_seen() -> None:
    text = "class A:\n    async def f(self):\n" + "        pass\n" * 50
    (function,) = functions(ast.parse(text))
    assert lines_of(function) == LONGEST_FUNCTION + 1


@each_file
def test_what_is_public_is_told(path: Path) -> None:
    assert not without_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_missing_and_empty_docstrings_are_seen() -> None:
    text = (
        '"""."""\ndef f():\n    """."""\ndef g(): pass\ndef _h(): pass\n'
        'class A:\n    """Told."""\n    def m(self): pass\n    async def n(self): pass\n'
        "class _B:\n    def m(self): pass\n"
        'def told():\n    """What it does."""\n    def inner(): pass'
    )
    assert without_docstring(ast.parse(text)) == ["the module", "f", "g", "m", "n"]


@each_file
def test_the_field_s_words_are_ours(path: Path) -> None:
    assert not OUR_OWN.findall(path.read_text(encoding="utf-8"))


def test_words_of_our_own_are_seen() -> None:
    found = OUR_OWN.findall("the Slope; its WARMTH, on the way back")
    assert found == ["Slope", "WARMTH", "way back"]


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


def test_the_studio_s_server_loads_no_torch() -> None:
    """It shows its first page a second sooner so; a process of its own paints."""
    code = "import sys, diavlex.web.server; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
