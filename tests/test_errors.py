"""Messages are one line, whatever a person or a file has put into them."""

import pickle

import pytest

from diavlex import errors
from diavlex.errors import BadFolder, BadPlan, DiavlexError, UnknownName, shown


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("oil\x1b[31m", r"oil\x1b[31m"),
        ("two\nlines\r", r"two\nlines\r"),
        ("c1 \x9b31m", r"c1 \x9b31m"),
        ("line\u2028sep", r"line\u2028sep"),
        ("turned \u202egnp.exe", r"turned \u202egnp.exe"),
        ("half a letter \udc80", r"half a letter \udc80"),
        ("[/b] [red] \\x1b", "[/b] [red] \\x1b"),
        ("a happy 👨‍👩‍👧‍👦 می‌خواهم", "a happy 👨‍👩‍👧‍👦 می‌خواهم"),
    ],
)
def test_what_steers_is_escaped_and_letters_stay(text: str, line: str) -> None:
    assert shown(text) == line
    assert str(BadFolder(f"cannot write {text}.")) == f"cannot write {line}."
    assert line in str(UnknownName("brush", text, ["oil"]))


def test_a_long_text_loses_its_middle() -> None:
    assert shown("a" * 60) == "a" * 60
    assert shown("abc" * 1000, 12) == "abcab...cabc"
    assert len(shown("\x1f" * 30 + "a" * 5000, 100)) == 100
    message = str(BadFolder("cannot write " + "a" * 1_000_000 + "; choose another folder."))
    assert len(message) == errors.LONGEST_MESSAGE
    assert message.startswith("cannot write aaa")
    assert message.endswith("aaa; choose another folder.")
    assert len(str(UnknownName("brush", "a" * 1_000_000, ["oil"]))) < 150


KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type)]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if issubclass(kind, DiavlexError)])
def test_errors_travel_between_processes(kind: type) -> None:
    words = {UnknownName: ("brush", "oli", ["oil"]), BadPlan: ("a plan", ["line 3: no words"])}
    error = kind(*words.get(kind, ("a word",)))
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)
