"""Whatever is typed: a command ends with 0, 2 or 130, and with one line where it refuses.

`--hypothesis-profile=fuzz` tries as many as DIAVLEX_EXAMPLES says.
"""

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diavlex.cli import main as cli
from diavlex.config import PaintConfig, check_prompt, choose, knobs, read_prompts
from diavlex.errors import LONGEST_MESSAGE, DiavlexError
from diavlex.files import slug

pytestmark = pytest.mark.usefixtures("two_gigabytes")

HARD = [
    "", "[/b]", "a:0.5", "\x1b[31m", "\x00", "a\udcff", "--", "-1", "1e999", "nan", "0x10",
    "~", "../..", "🐑", "a" * 3000, "9" * 400, "a,b", ",", ":", "{}", "%s", "$(ls)", "\u200d",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(HARD))
VALUES = st.one_of(
    TEXTS, st.integers(), st.floats(), st.none(), st.booleans(), st.lists(TEXTS, max_size=3),
    st.tuples(st.integers(-3, 9999), st.integers(-3, 9999)),
)  # fmt: skip
FLAGS = [
    "--" + name.replace("_", "-") for name, (_, told) in knobs(PaintConfig).items() if told.group
] + ["--out", "--resume", "--device", "--preset", "--progress", "--overwrite", "--verbose"]
COMMANDS = ["paint", "judge", "guides", "brushes", "presets", "verify", "show"]


@given(prompt=TEXTS)
def test_a_prompt_is_read_or_told(prompt: str) -> None:
    try:
        words = check_prompt(prompt)
    except DiavlexError:
        return
    assert check_prompt(words) == words
    name = slug(words)
    assert "/" not in name
    assert name not in ("", ".", "..")
    assert len(name.encode()) <= 60


@given(prompts=st.lists(TEXTS, max_size=3))
def test_prompts_are_read_or_told(prompts: list[str]) -> None:
    with contextlib.suppress(DiavlexError):
        assert read_prompts(prompts)[0].weight == 1


@given(
    choices=st.dictionaries(st.sampled_from([*knobs(PaintConfig), "stroks"]), VALUES, max_size=3)
)
def test_choices_are_read_or_told(choices: dict) -> None:
    with contextlib.suppress(DiavlexError):
        config = choose(**choices)
        assert choose(**config.to_plain()) == config


@given(
    command=st.sampled_from(COMMANDS),
    words=st.lists(st.one_of(TEXTS, st.sampled_from(FLAGS)), max_size=5),
)
def test_a_command_ends_with_a_word(
    command: str, words: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("run")
    # What is begun must not be painted to its end: the last flag cannot be honored.
    typed = [command, *words, *(["--steps", "0"] if command == "paint" else [])]
    told, out = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stderr(told),
        contextlib.redirect_stdout(out),
    ):
        try:
            code = cli.main(typed)
        except SystemExit as stop:  # help
            code = stop.code
    assert code in (0, 2)
    if code == 2:
        assert told.getvalue().count("\n") == 1, told.getvalue()
        assert len(told.getvalue()) <= LONGEST_MESSAGE + 20
    assert not list(Path(folder).iterdir()), "something half-written was left"
