"""Whatever is written into a record, a card or a weights file: it is read, or told in one line.

A few hundred examples here; `--hypothesis-profile=fuzz` tries as many as DIAVLEX_EXAMPLES says.
"""

import copy
import hashlib
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from test_painting import make

from diavlex import brushes, painting, weights
from diavlex.config import choose, looks
from diavlex.errors import (
    LONGEST_MESSAGE,
    BadPainting,
    BadValue,
    BadWeights,
    DiavlexError,
    UnknownName,
)

pytestmark = pytest.mark.usefixtures("two_gigabytes")

TOKENS = [
    b"[", b"]", b"{", b"}", b",", b":", b'"', b"null", b"true", b"NaN", b"-", b"1e999", b"1e308",
    b"-0.0", b"9" * 30, b"9" * 5000, b"\\ud83d", b"\\u0000", b"\xff", b"\x00", b"\x1b[31m", b"\n",
    b"[" * 2000, b'{"a":' * 2000, b'"' + b"a" * 20_000 + b'"', b"0.5,", b'"strokes":', b"",
]  # fmt: skip
"""What stands, or must not stand, in JSON."""

WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "oil", "../oil", "/dev/zero", "~", "a.myb", "oil\x1b[31m", "a" * 3000]),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**31, 2**63, 2**64, 10**400, -1, 0, 1, 10**9]),
    st.floats(allow_nan=False, allow_infinity=False),
    WORDS,
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=12,
)


def places(plain: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where there is something in plain data: all ways down from the top."""
    keys = (
        plain if isinstance(plain, dict) else range(len(plain)) if isinstance(plain, list) else ()
    )
    return [at, *(place for key in keys for place in places(plain[key], (*at, key)))]


def change(plain: Any, place: tuple[Any, ...], deed: str, value: Any) -> Any:
    """The same data with one place set, taken away, or given a neighbor."""
    if not place:
        return value
    plain = copy.deepcopy(plain)
    *way, last = place
    inner = plain
    for key in way:
        inner = inner[key]
    if deed == "set":
        inner[last] = value
    elif deed == "drop":
        del inner[last]
    elif isinstance(inner, list):
        inner.insert(last, value)
    else:
        inner[str(value)[:20]] = inner[last]
    return plain


@st.composite
def changed(draw: st.DrawFn, plain: Any) -> Any:
    """Data in which one or a few places are otherwise."""
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(places(plain)))
        plain = change(plain, place, draw(st.sampled_from(["set", "drop", "add"])), draw(VALUES))
        if not isinstance(plain, (dict, list)):
            break
    return plain


@st.composite
def spliced(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes in which a few spans are replaced by others."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 0, 1, 2, 7, 100, 10**9])))
        data = data[:start] + draw(st.sampled_from(TOKENS) | st.binary(max_size=8)) + data[end:]
    return data


def told(deed: Callable[[], Any], *kinds: type[DiavlexError]) -> Any:
    """What a deed gives, or None where it says in one line why it does not."""
    try:
        return deed()
    except kinds as error:
        line = str(error)
        assert line.isprintable() or all(c.isprintable() or ord(c) > 127 for c in line), line
        assert 0 < len(line) <= LONGEST_MESSAGE
        return None


PLAIN = painting.to_plain(make(3, machine={"threads": 2}))
TEXT = painting.to_text(make(3)).encode()


def check_record(data: bytes, folder: Path) -> None:
    """A record's bytes are refused in one line, or are a record that stays the same."""
    path = folder / "painting.json"
    path.write_bytes(data)
    record = told(lambda: painting.load(path), BadPainting)
    if record is not None:
        again = painting.to_text(record)
        assert painting.to_text(painting.from_plain(json.loads(again))) == again
        assert repr(record).isprintable() or record.prompt


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records")


@given(plain=changed(PLAIN))
def test_a_record_with_other_values(plain: Any, folder: Path) -> None:
    check_record(json.dumps(plain).encode(), folder)


@given(data=spliced(TEXT))
def test_a_record_with_other_bytes(data: bytes, folder: Path) -> None:
    check_record(data, folder)


def test_the_record_itself_is_read(folder: Path) -> None:
    """Without changes: what the others change would else say nothing."""
    for data in (TEXT, json.dumps(PLAIN).encode()):
        (folder / "painting.json").write_bytes(data)
        assert painting.load(folder).prompt == make().prompt


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's own folder, with a small brush and a copy of the ink brush."""
    home = tmp_path_factory.mktemp("home")
    card = weights.Card("small", "brush", "a test", "MIT", {"a": "b"}, {"n": [1]}, {"psnr": 30.0})
    weights.save(home, card, {"a": torch.arange(6.0).view(2, 3), "b": torch.ones(2).half()})
    card, tensors = weights.load("brush", "ink")
    card = weights.Card("mine", "brush", "a test", "MIT", {}, card.settings, {})
    weights.save(home, card, tensors)
    return home


@pytest.fixture
def own(home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Path:
    """It, as it was before any example."""
    monkeypatch.setenv("DIAVLEX_HOME", str(home))
    caplog.set_level(logging.CRITICAL, logger="diavlex")
    return home


def check_card(path: Path, data: bytes) -> None:
    """A card's bytes stop nobody; what it speaks of is loaded, or refused in one line."""
    before = path.read_bytes()
    path.write_bytes(data)
    try:
        for kind in ("brush", "guide"):
            assert ("oil" in weights.known(kind)) == (kind == "brush")
        told(lambda: brushes.load(path.stem), BadWeights, UnknownName)
    finally:
        path.write_bytes(before)


@given(data=st.data())
def test_a_card_with_other_values(data: st.DataObject, own: Path) -> None:
    path = own / "mine.json"
    plain = data.draw(changed(json.loads(path.read_text())))
    check_card(path, json.dumps(plain).encode())


@given(data=st.data())
def test_a_card_with_other_bytes(data: st.DataObject, own: Path) -> None:
    path = own / "mine.json"
    check_card(path, data.draw(spliced(path.read_bytes())))


@given(data=st.data(), is_mended=st.booleans())
def test_weights_with_other_bytes(data: st.DataObject, is_mended: bool, own: Path) -> None:
    """With the checksum of before, or the one of now."""
    path, card = own / "small.safetensors", own / "small.json"
    before, facts = path.read_bytes(), card.read_text()
    changed = data.draw(spliced(before))
    path.write_bytes(changed)
    if is_mended:
        digest = hashlib.sha256(changed).hexdigest()
        card.write_text(json.dumps(json.loads(facts) | {"sha256": digest}))
    try:
        found = told(lambda: weights.load("brush", "small"), BadWeights)
        assert is_mended or changed == before or found is None
    finally:
        path.write_bytes(before)
        card.write_text(facts)


RECIPE = next(iter(sorted(Path(looks.__file__).parent.glob("recipes/*.toml")))).read_bytes()


@given(data=spliced(RECIPE))
def test_a_recipe_with_other_bytes(data: bytes, folder: Path) -> None:
    path = folder / "mine.toml"
    path.write_bytes(data)
    choices = told(lambda: looks.read_recipe(path), BadValue, UnknownName)
    if choices is not None:
        told(lambda: choose(**choices), DiavlexError)


@pytest.mark.parametrize(("name", "size"), [("width", 10**9), ("grain", False), ("far", -1)])
def test_a_network_of_no_size_is_told(name: str, size: object, own: Path) -> None:
    """It is told before any memory is taken for it."""
    path = own / "mine.json"
    before = path.read_bytes()
    plain = json.loads(before)
    plain["settings"]["network"][name] = size
    path.write_text(json.dumps(plain))
    try:
        with pytest.raises(BadWeights, match="a layer cannot be"):
            brushes.load("mine")
    finally:
        path.write_bytes(before)
