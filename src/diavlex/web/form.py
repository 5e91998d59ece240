"""What can be asked of a studio: the fields of the page's form, and the check of what comes back.

The form is made from the knobs of `PaintConfig`, so that a new choice of the library is a new field
of the page. What names a file or another painting is given by id and is a wish of its own: photo,
palette, regions, keep, start.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from diavlex import weights
from diavlex.config import (
    BASIC,
    PRESETS,
    PaintConfig,
    check_prompt,
    knobs,
    preset,
    read_guides,
    read_prompts,
    shipped_names,
)
from diavlex.config.prompts import MOST_LETTERS
from diavlex.config.values import MOST_COLORS, read_brushes
from diavlex.errors import BadValue, UnknownName
from diavlex.gallery import exports
from diavlex.web.wishes import WISHES, config_of, is_able

BODY = ("prompt", "also", "choices", "recipe", "side_by_side")
"""What a request says beside its wishes."""
MOST_ALSO = 16
MOST_REGIONS = 16
MOST_SIDE_BY_SIDE = 4
ID = re.compile(r"[A-Za-z0-9_-]{12}")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_TYPED = ("brush", "guide", "size", "background", "focus")
"""Typed choices whose text is checked here, so that it cannot name a file or an address."""
_NOT_OFFERED = ("also", *WISHES)
_KINDS = {bool: "flag", int: "whole", float: "number", str: "text"}


@dataclass(frozen=True)
class Request:
    """What somebody asked for, checked; `plain` is what the book keeps."""

    prompt: str
    also: tuple[str, ...]
    """Further prompts, each with its weight, as `PaintConfig` reads them."""
    choices: dict[str, Any]
    """Only those that were given."""
    recipe: str
    wishes: dict[str, Any]
    side_by_side: int = 1

    @property
    def plain(self) -> dict[str, Any]:
        """As plain data; `side_by_side` is no part of a single painting."""
        kept = {name: getattr(self, name) for name in ("prompt", "choices", "recipe", "wishes")}
        return kept | {"also": list(self.also)}

    def after(self, record: dict[str, Any] | None) -> "Request":
        """The same, with what is usual after a painting that is gone on from.

        Args:
            record: of the painting, as plain data.

        Raises:
            BadValue: there is none, or its choices and these do not go together.
        """
        if record is None:
            raise BadValue("the painting to go on from is not finished, or cannot be read.")
        usual = {
            "size": f"{record['width_px']}x{record['height_px']}",
            "strokes": len(record["strokes"]),
            "brush": ",".join(record["brushes"]),
            "background": record["background"],
        }
        made = replace(self, choices=usual | self.choices)
        made.config()
        return made

    def config(self) -> PaintConfig:
        """The library's own choices."""
        return config_of(self.plain)


def form(facts: dict[str, Any], is_drawn: Callable[[str], bool] = bool) -> dict[str, Any]:
    """All that the page needs to draw the form: fields, brushes, guides, recipes, wishes.

    Args:
        facts: what a worker said the library can do; see `diavlex.web.painter`.
        is_drawn: whether there is a little picture of a brush.
    """
    brushes = weights.known("brush").values()
    return {
        "fields": [_field(PaintConfig, name) for name in _offered()],
        "exports": [_export(export) for export in exports.known().values()],
        "brushes": [
            {"name": one.name, "about": one.about, "has_swatch": is_drawn(one.name)}
            for one in brushes
        ],
        "guides": facts.get("guides") or _shipped_guides(),
        "recipes": [
            {"name": name, "choices": preset(name)}
            for name in (*shipped_names(), *PRESETS)
            if name not in WISHES
        ],
        "wishes": {name: {"about": WISHES[name], "is_able": is_able(name)} for name in WISHES},
        "photo_choices": preset("photo"),
        "most_letters": MOST_LETTERS,
        "most_side_by_side": MOST_SIDE_BY_SIDE,
    }


def read(body: Any, facts: dict[str, Any]) -> Request:
    """Check a request.

    Raises:
        BadValue: something in it cannot be.
        UnknownName: it says something that is not known.
    """
    if not isinstance(body, dict):
        raise BadValue('a request is a JSON object, as in {"prompt": "black sheep"}.')
    for name in body:
        if name not in (*BODY, *WISHES):
            raise UnknownName("field of a request", name[:40], (*BODY, *WISHES))
    wished = {name: _wish(name, body[name]) for name in WISHES if body.get(name) is not None}
    if "keep" in wished and "start" not in wished:
        raise BadValue("keep says what of a painting stays: start says which painting.")
    is_wordless = "photo" in wished and not body.get("prompt")
    prompt = "" if is_wordless else _prompt(body.get("prompt"))
    request = Request(
        prompt,
        _also(prompt, body.get("also", [])),
        _choices(body.get("choices", {}), facts),
        _recipe(body.get("recipe", "")),
        wished,
        _count("side_by_side", body.get("side_by_side", 1), MOST_SIDE_BY_SIDE),
    )
    request.config()
    return request


def _prompt(words: Any) -> str:
    if not isinstance(words, str):
        raise BadValue(f"the prompt is {words!r:.40}: give it as text.")
    return check_prompt(words)


def _offered() -> list[str]:
    """Choices that the page may set: numbers, names; of what is typed that which names no file."""
    return [
        name
        for name, (_, told) in knobs(PaintConfig).items()
        if name not in _NOT_OFFERED and (told.typed is None or name in _TYPED)
    ]


def _export(export: exports.Export) -> dict[str, Any]:
    fields = [_field(export.options, name) for name in knobs(export.options)]
    return {
        "name": export.name,
        "about": export.about,
        "suffix": export.suffix,
        "fields": fields,
    }


def _field(config: type, name: str) -> dict[str, Any]:
    known, told = knobs(config)[name]
    is_plain = told.typed is None or isinstance(known.default, bool)
    kind = "name" if told.choices else _KINDS[type(known.default)] if is_plain else "text"
    return {
        "name": name,
        "about": told.about,
        "kind": kind,
        "low": told.low,
        "high": told.high,
        "default": told.write(known.default),
        "names": list(told.choices),
        "group": told.group,
        "is_basic": told.group in BASIC,
    }


def _choices(given: Any, facts: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadValue('choices are a JSON object, as in {"strokes": 200}.')
    offered = _offered()
    for name, value in given.items():
        if name not in offered:
            raise UnknownName("choice", name[:40], offered)
        if name in _TYPED and not isinstance(value, str):
            raise BadValue(f"{name} is {value!r:.40}: it must be text.")
    guides = [guide["name"] for guide in facts.get("guides") or _shipped_guides()]
    _check_known("brush", read_brushes(given.get("brush", "oil")), weights.known("brush"))
    _check_known("guide", [words for words, _ in read_guides(given.get("guide", "pocket"))], guides)
    return given


def _check_known(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Check that names are among those of this machine; they are neither files nor addresses."""
    for name in names:
        if name not in known:
            raise UnknownName(kind, name[:40], known)


def _shipped_guides() -> list[dict[str, str]]:
    return [{"name": c.name, "about": c.about} for c in weights.known("guide").values()]


def _also(prompt: str, texts: Any) -> tuple[str, ...]:
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadValue('also is a list of texts with weights, as in ["a storm:0.5"].')
    if len(texts) > MOST_ALSO:
        raise BadValue(f"also has {len(texts)} prompts: at most {MOST_ALSO} are read.")
    read_prompts([f"{prompt or 'a photo'}:1", *texts])
    return tuple(texts)


def _recipe(name: Any) -> str:
    if not isinstance(name, str):
        raise BadValue(f"recipe is {name!r:.40}: give its name.")
    preset(name)
    return name


def _wish(name: str, value: Any) -> Any:
    if not is_able(name):
        raise BadValue(
            f"'{name}' was asked for, to {WISHES[name]}: this version of diavlex cannot do it "
            "yet; leave it out."
        )
    return {"palette": _palette, "regions": _regions}.get(name, _id)(value)


def _id(value: Any) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise BadValue(f"{value!r:.40} is no id: give the one that the studio answered with.")
    return value


def _palette(value: Any) -> list[str] | int:
    """Colors, or how many shall be found."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _count("palette", value, MOST_COLORS)
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_COLORS:
        raise BadValue(f'a palette is a list of 1 to {MOST_COLORS} colors, as in ["#1f3a5f"].')
    for one in value:
        if not isinstance(one, str) or not _HEX.fullmatch(one):
            raise BadValue(f"{one!r:.40} is no color of a palette: give #rrggbb.")
    return [one.lower() for one in value]


def _regions(value: Any) -> list[dict[str, Any]]:
    """Rectangles with words: left, top, width, height as shares of the canvas' own sides."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_REGIONS:
        raise BadValue(f"regions are a list of 1 to {MOST_REGIONS} rectangles with words.")
    for one in value:
        if not isinstance(one, dict) or set(one) != {"box", "words"}:
            raise BadValue('a region is {"box": [left, top, width, height], "words": "..."}.')
        _prompt(one["words"])
        _check_box(one["box"])
    return value


def _check_box(box: Any) -> None:
    is_four = isinstance(box, list) and len(box) == 4 and all(_is_share(side) for side in box)
    if not is_four or not (box[2] > 0 and box[3] > 0):
        raise BadValue(f"{box!r:.60} is no rectangle: give left, top, width, height from 0 to 1.")
    if box[0] + box[2] > 1.0001 or box[1] + box[3] > 1.0001:
        raise BadValue(
            f"{box!r:.60} leaves the canvas: left + width and top + height are at most 1."
        )


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _count(name: str, value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise BadValue(f"{name} is {value!r:.40}: it must be 1 to {most}.")
    return value
