"""The page of choices: every knob of a painting, with its bounds."""

from collections.abc import Iterator, Sequence
from typing import Any

from diavlex.config import PRESETS, Knob, PaintConfig, about, knobs, recipe, shipped_names

HEAD = """# Every choice of a painting

*Made from the program: `make pages` writes this page anew, and a test holds it current.*

Each choice has one name in the command (`--layer-share`), in Python
(`diavlex.paint("a horse in a field", layer_share=0.5)`), in the record and on the studio's page.
"""


def page() -> str:
    """The page."""
    groups: dict[str, list[list[str]]] = {}
    for name, (field, told) in knobs(PaintConfig).items():
        usual = told.write(field.default)
        row = [f"`--{name.replace('_', '-')}`", told.about, names_or_bounds(told), plain(usual)]
        groups.setdefault(told.group, []).append(row)
    further = groups.pop("", [])
    parts = [HEAD]
    for group, rows in groups.items():
        parts.append(f"## {group.capitalize()}\n\n{table(_HEADS, rows)}")
    if further:
        text = "These are given as words beside the first prompt, or in Python by name.\n\n"
        rows = [[row[0].replace("--", ""), *row[1:]] for row in further]
        parts.append(f"## Without a flag\n\n{text}{table(_HEADS, rows)}")
    parts += [_recipes(), _presets()]
    return "\n".join(parts)


_HEADS = ("choice", "what it is", "from, to", "if not given")


def names_or_bounds(told: Knob) -> str:
    """How a choice is written, or how far it goes."""
    form = told.typed.form if told.typed else ", ".join(told.choices)
    return f"`{form}`" if form else told.bounds


def plain(value: object) -> str:
    """A default as it is typed."""
    if value in ("", [], None):
        return ""
    return f"`{', '.join(value)}`" if isinstance(value, list | tuple) else f"`{value}`"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "".join(_lines(heads, rows))


def _lines(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (heads, ["---"] * len(heads), *rows):
        cells = [str(cell).replace("|", "\\|").replace("\n", " ") for cell in row]
        yield f"| {' | '.join(cells)} |\n"


def _recipes() -> str:
    rows = [[f"`{name}`", about(name), _chosen(recipe(name))] for name in shipped_names()]
    told = "A recipe is a look (`--recipe wash`): choices that go together, as a TOML file. These "
    told += (
        "ship; `diavlex recipes wash` prints one, to be changed and kept as a file of yours.\n\n"
    )
    return f"## Recipes\n\n{told}{table(('recipe', 'how it looks', 'what it chooses'), rows)}"


def _presets() -> str:
    rows = [[f"`{name}`", _chosen(choices)] for name, choices in PRESETS.items()]
    told = "A preset gives several choices one name (`--preset clipdraw`); a choice that is given "
    told += "beside it counts more.\n\n"
    return f"## Presets\n\n{told}{table(('preset', 'what it chooses'), rows)}"


def _chosen(choices: dict[str, Any]) -> str:
    return ", ".join(f"{key.replace('_', '-')} {value}" for key, value in choices.items())
