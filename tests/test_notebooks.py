"""The notebooks run from the top, and their executed twins are theirs."""

import base64
import re
import tomllib
from pathlib import Path

import nbformat
import pytest
from recipes import notebooks

NAMES = sorted(path.stem for path in notebooks.HOME.glob("*.py"))
PROJECT = tomllib.loads((notebooks.HOME.parent / "pyproject.toml").read_text())["project"]
MOST_BYTES = 400_000
PNG, JPEG = "image/png", "image/jpeg"


def source(name: str) -> str:
    return (notebooks.HOME / f"{name}.py").read_text(encoding="utf-8")


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.slow
def test_it_runs_from_the_top(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIAVLEX_SMALL", "1")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    before = set(Path.cwd().iterdir())
    made = notebooks.run(notebooks.read(notebooks.HOME / f"{name}.py"))
    assert set(Path.cwd().iterdir()) == before
    assert len(pictures_of(made)) >= 2
    assert not errors_of(made)


@pytest.mark.slow
def test_a_cell_that_fails_is_seen() -> None:
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        notebooks.run(notebook)


def test_its_twin_is_its_own_and_was_run(name: str) -> None:
    path = notebooks.HOME / f"{name}.ipynb"
    assert path.stat().st_size < MOST_BYTES
    twin, own = nbformat.read(path, 4), notebooks.read(notebooks.HOME / f"{name}.py")
    nbformat.validate(twin)
    assert [cell.source for cell in twin.cells] == [cell.source for cell in own.cells], (
        f"python -m recipes.notebooks {name}"
    )
    counts = [cell.execution_count for cell in twin.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert len(pictures_of(twin)) >= 2
    assert not errors_of(twin)


def test_it_can_be_opened_and_installed_where_it_is_not(name: str) -> None:
    home = PROJECT["urls"]["Source"]
    text = source(name)
    where = home.replace("https://github.com", "https://colab.research.google.com/github")
    assert f"({where}/blob/main/notebooks/{name}.ipynb)" in text
    assert (
        f"(https://kaggle.com/kernels/welcome?src={home}/blob/main/notebooks/{name}.ipynb)" in text
    )
    assert re.search(rf'"diavlex(\[\w+\])? @ git\+{re.escape(home)}"', text)
    assert 'find_spec("diavlex") is None' in text


def pictures_of(notebook: nbformat.NotebookNode) -> list[bytes]:
    shown = [one.get("data", {}) for one in outputs_of(notebook)]
    found = [data[kind] for data in shown for kind in (PNG, JPEG) if kind in data]
    return [base64.b64decode(one) for one in found]


def errors_of(notebook: nbformat.NotebookNode) -> list[str]:
    return [one.text for one in outputs_of(notebook) if one.get("name") == "stderr"]


def outputs_of(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [one for cell in notebook.cells for one in cell.get("outputs", [])]
