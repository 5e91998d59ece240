"""MyPaint brush files: whatever they hold, they are a brush or one line."""

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diavlex.brushes import definition, myb
from diavlex.brushes.definition import LIBRARY, Definition
from diavlex.errors import BadBrush

pytestmark = pytest.mark.usefixtures("two_gigabytes")

OWN = {path.stem: path for path in LIBRARY.glob("*.myb")}
PLAIN: dict[str, Any] = {
    "version": 3,
    "settings": {"opaque": {"base_value": 1, "inputs": {"pressure": [[0, 0], [1, 0.5]]}}},
}


def edited(edit: Callable[[dict[str, Any]], Any]) -> str:
    """A good brush file after an edit in place."""
    record = json.loads(json.dumps(PLAIN))
    edit(record)
    return json.dumps(record)


def setting(**facts: Any) -> str:
    """A brush file whose one setting says these."""
    return edited(lambda brush: brush.update(settings={"opaque": facts}))


def curve(*points: Any, name: str = "opaque") -> str:
    facts = {"base_value": 1, "inputs": {"pressure": list(points)}}
    return edited(lambda brush: brush.update(settings={name: facts}))


def setting_called(name: str) -> str:
    """A brush file whose one setting does nothing."""
    return edited(lambda brush: brush.update(settings={name: {"base_value": 0, "inputs": {}}}))


def refusal(read: Callable[[], Any]) -> str:
    """The message with which a brush is refused."""
    with pytest.raises(BadBrush) as refused:
        read()
    return str(refused.value)


MALFORMED = {
    "nothing": "",
    "no JSON": "{",
    "not text": "\udcff",
    "a list": "[]",
    "no entries": "{}",
    "version 2": '{"version": 2, "settings": {}}',
    "no settings": '{"version": 3}',
    "empty settings": '{"version": 3, "settings": {}}',
    "settings that are none": setting_called("opacity"),
    "settings of another kind": '{"version": 3, "settings": []}',
    "an old brush": "version 2\nopaque 1.0",
    "a setting of another kind": edited(lambda brush: brush.update(settings={"opaque": 1})),
    "no inputs": setting(base_value=1),
    "no base value": setting(inputs={}),
    "text for a number": setting(base_value="1", inputs={}),
    "true for a number": setting(base_value=True, inputs={}),
    "NaN": setting(base_value=float("nan"), inputs={}),
    "infinity": setting(base_value=float("inf"), inputs={}),
    "beyond a float": '{"version": 3, "settings": {"opaque": {"base_value": 1e999, "inputs": {}}}}',
    "a long number": f'{{"version": 3, "settings": {{"opaque": {{"base_value": {"9" * 5000}}}}}}}',
    "out of its range": setting(base_value=3, inputs={}),
    "inputs of another kind": setting(base_value=1, inputs=[]),
    "a curve of another kind": setting(base_value=1, inputs={"pressure": {}}),
    "one point": curve([0, 0]),
    "many points": curve(*([x, 0.5] for x in range(65))),
    "backwards": curve([1, 0], [0, 0.5]),
    "three numbers": curve([0, 0], [1, 0, 0]),
    "too high": curve([0, 0], [1, 1000]),
    "too far": curve([0, 0], [1e30, 1]),
    "a setting that is none": curve([0, 0], [1, 1], name="opaqe"),
    "an input that is none": setting(base_value=1, inputs={"presure": [[0, 0], [1, 1]]}),
    "own part a list": edited(lambda brush: brush.update(diavlex=[])),
    "own part wrong": edited(lambda brush: brush.update(diavlex={"dabs": -1})),
    "own width zero": edited(lambda brush: brush.update(diavlex={"width": 0})),
    "own dabs without end": edited(lambda brush: brush.update(diavlex={"dabs": 10**9})),
    "a description of another kind": edited(lambda brush: brush.update(description=[])),
    "nested": "[" * 200_000,
    "nested elsewhere": '{"version": 3, "settings": {}, "notes": ' + "[" * 200_000,
    "huge": edited(lambda brush: brush.update(comment="a" * myb.MOST_BYTES)),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_file_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.myb"
    path.write_bytes(MALFORMED[name].encode(errors="surrogateescape"))
    said = refusal(lambda: definition.read(path))
    assert f"'{path}' is no brush that MyPaint could paint with (" in said
    assert len(said) < 400
    assert "\n" not in said


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.myb")
    (tmp_path / "loop.myb").symlink_to("loop.myb")
    for name in ("nowhere.myb", ".", "pipe.myb", "loop.myb", "/dev/zero", "a" * 300 + ".myb"):
        said = refusal(lambda name=name: definition.read(tmp_path / name))
        assert "is no brush that MyPaint could paint with" in said


def test_the_message_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "mine.myb"
    said = {
        "no inputs": r"its setting 'opaque': it has no 'inputs'",
        "out of its range": r"the base value of 'opaque' is 3, not 0 to 2",
        "one point": r"the curve of 'opaque' over 'pressure' needs 2 to 64 points, not 1",
        "backwards": r"the curve of 'opaque' over 'pressure' runs backwards",
        "a setting that is none": r"libmypaint knows no setting 'opaqe', only 'opaque'",
        "an input that is none": r"knows no input 'presure' of 'opaque', only 'pressure'",
        "nested elsewhere": "nested too deeply",
        "huge": "it is larger than 1",
        "no JSON": "it is cut short or not JSON",
    }
    for name, match in said.items():
        path.write_text(MALFORMED[name])
        with pytest.raises(BadBrush, match=match):
            definition.read(path)


def test_what_a_newer_mypaint_adds_is_left_out_if_it_does_nothing(tmp_path: Path) -> None:
    record = json.loads(OWN["oil"].read_text())
    record["settings"]["sparkle"] = {"base_value": 0, "inputs": {"moon": [[0, 0], [1, 0]]}}
    record["settings"]["opaque"]["inputs"]["moon"] = [[0, 0], [1, 0]]
    path = tmp_path / "mine.myb"
    path.write_text(json.dumps(record))
    assert definition.read(path).settings == definition.find("oil").settings


def test_a_description_becomes_one_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.myb"
    for said, shown in {
        "A soft\n  pencil.\x1b[31m": "A soft pencil.[31m",
        "a" * 1000: "a" * 300,
        "": "a MyPaint brush",
    }.items():
        path.write_text(edited(lambda brush, said=said: brush.update(description=said)))
        assert definition.read(path).about == shown


@pytest.mark.parametrize("name", OWN)
def test_own_brushes_are_read_as_they_are_and_trusted(name: str, tmp_path: Path) -> None:
    found, record = definition.find(name), json.loads(OWN[name].read_text())
    assert json.loads(json.dumps(found.settings)) == record["settings"]
    measures = {"about": found.about, "dabs": found.dabs, "length": found.length}
    measures |= {"width": found.width, "largest_px": found.largest_px}
    assert record["diavlex"].items() <= measures.items()
    assert found.is_trusted
    copy = tmp_path / OWN[name].name
    copy.write_bytes(OWN[name].read_bytes())
    assert not definition.read(copy).is_trusted, "a name alone is no reason to trust a file"


def test_bristles_without_a_curve_are_left_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "mine.myb"
    facts = {"base_value": 0, "inputs": {"random": []}}
    path.write_text(edited(lambda brush: brush["settings"].update(offset_angle=facts)))
    assert json.loads(definition.read(path).text(1))["settings"]["offset_angle"] == facts


def test_a_file_that_has_changed_is_read_again(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path))
    path = tmp_path / "mine.myb"
    for value in (1, 2):
        path.write_text(setting(base_value=value, inputs={}))
        os.utime(path, (value, value))
        assert definition.find("mine").settings["opaque"]["base_value"] == value


places = st.lists(st.one_of(st.integers(0, 80), st.text(max_size=3)), max_size=6)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from([[], {}, [[0, 0]], [[1, 0], [0, 1]], {"base_value": 0}, 1e30, -1, "1"]),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def put(record: Any, way: list[int | str], value: Any) -> Any:
    """A record with something else at a place, or with more there."""
    if not way or not isinstance(record, dict | list) or not record:
        return value
    step, *rest = way
    keys = sorted(record) if isinstance(record, dict) else list(range(len(record)))
    if isinstance(step, str) and isinstance(record, dict):
        return record | {step: value}
    key = keys[step % len(keys)] if isinstance(step, int) else keys[-1]
    changed = record.copy()
    changed[key] = put(record[key], rest, value)
    return changed


@given(name=st.sampled_from(sorted(OWN)), way=places, value=values, cut=st.integers(0, 60))
def test_an_altered_brush_is_a_brush_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, name: str, way: list, value: Any, cut: int
) -> None:
    text = json.dumps(put(json.loads(OWN[name].read_text()), way, value))
    path = tmp_path_factory.getbasetemp() / "altered.myb"
    path.write_bytes(text.encode(errors="surrogatepass")[: len(text) - cut if cut > 50 else None])
    try:
        found = definition.read(path)
    except BadBrush:
        assert "\n" not in refusal(lambda: definition.read(path))
        return
    assert isinstance(found, Definition)
    for variant in range(definition.VARIANTS):
        told = json.loads(found.text(variant))
        assert told["settings"].keys() <= myb.SETTINGS.keys()
    with contextlib.suppress(BadBrush):
        definition.check_coverage(found)
