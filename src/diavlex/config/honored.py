"""Choices that only some paintings can honor: where one is given to another, that is told."""

from collections.abc import Collection, Mapping
from typing import Any

PHOTO_TERMS = ("photo", "photo features")
"""Terms that only a painting from a photo has."""
_WORDLESS = (*PHOTO_TERMS, "saturation", "local variance")
"""Terms that look at the canvas alone, in no views."""
_OF_PHOTOS = ("photo_weight",)
_NOT_OF_PHOTOS = ("imagine", "sketch", "layer_share", "first_colors")
"""What the words would say of colors and places, where no photo says it."""
_OF_WORDS = ("contrast", "templates", "views", "noise", "augment", "wide", "wide_fall")


def unheard(given: Mapping[str, Any], terms: Collection[str]) -> list[str]:
    """What to say of choices that change nothing in a painting, a sentence each.

    Args:
        given: the choices that a person gave, by name; zero asks for nothing, so it is honored.
            Beside them, as it is in the end, `directed`.
        terms: the names of the painting's terms.
    """
    has_photo = any(name in terms for name in PHOTO_TERMS)
    has_words = any(name not in _WORDLESS for name in terms)
    lacking = {name: "without a photo (--from)" for name in _OF_PHOTOS if not has_photo}
    lacking |= {name: "beside a photo (--from)" for name in _NOT_OF_PHOTOS if has_photo}
    lacking |= {name: "without words" for name in _OF_WORDS if not has_words}
    if not given.get("directed"):
        lacking["direction"] = "without --directed"
    return [
        f"--{name.replace('_', '-')} says nothing {lacking[name]}; it is left out."
        for name, value in given.items()
        if name in lacking and value
    ]
