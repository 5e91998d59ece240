"""The small page for hosted rooms, where gradio is installed."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

gradio = pytest.importorskip("gradio", reason="the page for hosted rooms needs: pip install gradio")


@pytest.fixture
def app() -> ModuleType:
    spec = importlib.util.spec_from_file_location("app", Path(__file__).parents[1] / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_words_become_pictures_on_the_way_and_files(app: ModuleType) -> None:
    *way, (picture, told, files) = app.paint("a red boat", "oil", 24, 10, 3)
    assert next(line for _, line, _ in way).startswith("5 of 10")
    assert picture.shape == (512, 512, 3)
    assert told == "Finished: a red boat"
    assert len(files) == len(app.FILES)
    assert all(Path(path).stat().st_size > 100 for path in files)
    assert app.page().title == "diavlex"


def test_no_words_are_refused_in_words(app: ModuleType) -> None:
    with pytest.raises(gradio.Error, match="the prompt is empty"):
        next(app.paint(" ", "oil", 24, 10, 3))
