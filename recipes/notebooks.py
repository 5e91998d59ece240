"""Run the notebooks and write their executed twins.

    python -m recipes.notebooks               # all
    python -m recipes.notebooks tour

Each `notebooks/NAME.py` is run from the top in a folder of its own, and `notebooks/NAME.ipynb` is
what came of it. About ten minutes of two cores in all, most of it paintings.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[1] / "notebooks"
SECONDS_A_CELL = 1200


def main() -> None:
    """Run the notebooks named on the command line, or all."""
    names = sys.argv[1:] or sorted(path.stem for path in HOME.glob("*.py"))
    for name in names:
        write(HOME / f"{name}.ipynb", run(read(HOME / f"{name}.py")))
        print(HOME / f"{name}.ipynb", (HOME / f"{name}.ipynb").stat().st_size // 1000, "kB")


def read(path: Path) -> Any:
    """The cells of a source, none of them run."""
    import jupytext

    notebook = jupytext.read(path)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # else one by chance, and another each time
    return notebook


def run(notebook: Any) -> Any:
    """The same with what each cell prints and shows; it runs in an empty folder.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell fails.
    """
    from nbclient import NotebookClient
    from traitlets.config import Config

    with tempfile.TemporaryDirectory() as folder:
        private = {"transport": "ipc", "ip": f"{folder}/.kernel"}  # heard by nobody else
        client = NotebookClient(
            notebook,
            timeout=SECONDS_A_CELL,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            config=Config(AsyncKernelManager=private),
        )
        client.execute()
    for cell in notebook.cells:
        cell.get("metadata", {}).pop("execution", None)  # the times
    return notebook


def write(path: Path, notebook: Any) -> None:
    """Write an executed notebook."""
    import nbformat

    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)


if __name__ == "__main__":
    main()
