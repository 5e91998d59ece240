"""The page of the Python API: every name that `diavlex` shows, from its signature and docstring."""

import inspect
import re
import textwrap
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import diavlex

ORDER = (
    "paint", "begin", "resume", "paint_series", "read_layout", "load", "render", "save",
    "PaintConfig", "Painting", "DiavlexError",
)  # fmt: skip
FURTHER = {
    "diavlex.series.Session": "one painting being painted; `begin` and `resume` give it",
    "diavlex.studio.Step": "what a session tells after each step",
    "diavlex.objective.Term": "what a term of your own is made of",
    "diavlex.guides.Guide": "what a guide of your own is made of",
    "diavlex.guides.Imagination": "what a guide may also have",
    "diavlex.gallery.exports.Export": "what an export of your own is made of",
    "diavlex.config.knob": "a choice of a term or an export, with its bounds",
}
"""What packages that extend diavlex build on."""
SECTIONS = ("Args", "Returns", "Raises", "Attributes", "Source", "Yields")
_HOMES = re.compile(
    r"\b(?:diavlex|collections|typing|pathlib|torch|numpy|jaxtyping)(?:\.\w+)*\.(\w+)"
)
HEAD = """# Python

*Made from the program: `make pages` writes this page anew, and a test holds it current.*

`import diavlex` loads no torch; the first use of a name does. Pictures are numpy arrays of
[height width 3], sRGB, 0 to 255. What a user can get wrong is a `DiavlexError`, whose message says
what was wrong, what was given and what to do. Progress is logged (`logging.getLogger("diavlex")`),
never printed.

```python
import diavlex

painting = diavlex.paint("black sheep", strokes=200, seed=7)
picture = diavlex.render(painting, 1024)
diavlex.save(painting, "sheep.png")
```
"""


def page() -> str:
    """The page."""
    assert set(ORDER) == set(diavlex.__all__), "docs/pages/face.py does not tell of every name"
    parts = [HEAD, *(_told(f"diavlex.{name}", getattr(diavlex, name)) for name in ORDER)]
    parts.append("## To build on\n\nThese are for packages that [extend](extend.md) diavlex.\n")
    for path, about in FURTHER.items():
        home, name = path.rsplit(".", 1)
        parts.append(_told(path, getattr(import_module(home), name), "###", about))
    return "\n".join(parts)


def _told(path: str, thing: Any, level: str = "##", about: str = "") -> str:
    lines = [f"{level} {path}\n"]
    if about:
        lines.append(f"{about[0].upper()}{about[1:]}.\n")
    if (form := _form(path, thing)) is not None:
        lines.append(f"```text\n{form}\n```\n")
    lines.append(_markdown(inspect.getdoc(thing) or ""))
    if inspect.isclass(thing):
        for name, one in _members(thing):
            lines.append(f"**`{name}`** {_first(one)}\n")
    return "\n".join(lines)


def _form(path: str, thing: Any) -> str | None:
    """How it is called; a class of many fields is told of elsewhere."""
    if inspect.isclass(thing):
        return None
    signature = inspect.signature(thing)
    shown = [_parameter(one) for one in signature.parameters.values()]
    kinds = [one.kind for one in signature.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds:
        shown.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    answer = _type(signature.return_annotation)
    one_line = f"{path}({', '.join(shown)}) -> {answer}"
    if len(one_line) <= 92:
        return one_line
    return "\n".join([f"{path}(", *(f"    {one}," for one in shown), f") -> {answer}"])


def _parameter(one: inspect.Parameter) -> str:
    if one.kind is one.VAR_KEYWORD:
        return f"**{one.name}"
    kind = "" if one.annotation is one.empty else f": {_type(one.annotation)}"
    usual = "" if one.default is one.empty else f" = {one.default!r}"
    return f"{one.name}{kind}{usual}"


def _type(annotation: Any) -> str:
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\s+", " ", _HOMES.sub(r"\1", text))


def _members(thing: type) -> Iterator[tuple[str, Any]]:
    for name, one in vars(thing).items():
        is_told = isinstance(one, property) or inspect.isfunction(one)
        if is_told and not name.startswith("_"):
            yield name, one


def _first(one: Any) -> str:
    return (inspect.getdoc(one) or "").split("\n\n")[0].replace("\n", " ")


def _markdown(text: str) -> str:
    """A docstring of ours as Markdown: its sections become lists."""
    parts = []
    for part in text.split("\n\n"):
        head, _, rest = part.partition("\n")
        name, _, beside = head.partition(":")
        if name not in SECTIONS or " " in name:
            parts.append(part)
        elif beside.strip():
            parts.append(f"*{name}:* {' '.join([beside.strip(), inspect.cleandoc(rest)]).strip()}")
        else:
            parts.append(f"*{name}*\n\n{_list(textwrap.dedent(rest))}")
    return "\n\n".join(parts) + "\n"


def _list(text: str) -> str:
    """Indented entries of a section as a list."""
    entries = re.split(r"\n(?!\s)", text)
    lines = []
    for entry in entries:
        entry = re.sub(r"\s*\n\s+", " ", entry)
        name, colon, about = entry.partition(": ")
        lines.append(f"- `{name}`: {about}" if colon else f"- {entry}")
    return "\n".join(lines)
