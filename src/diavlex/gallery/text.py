"""Words and numbers as they are shown to people and written into files."""

import json
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

_JOINERS = "\u200c\u200d"
"""They make one letter or picture of two."""


def printable(text: str, instead: str = "") -> str:
    """A text without letters that steer a terminal or that XML cannot hold.

    Args:
        text: any.
        instead: what stands for each of those letters.
    """
    return "".join(
        letter if letter.isprintable() or letter in _JOINERS else instead for letter in text
    )


def xml_text(text: str) -> str:
    """A text as the content of an XML element."""
    return escape(printable(text))


def xml_quoted(text: str) -> str:
    """A text as the value of an XML attribute, with its quotes."""
    return quoteattr(printable(text))


def ascii_json(text: str) -> str:
    """JSON in plain letters only; it says the same."""
    return re.sub(r"[^\x00-\x7f]", lambda match: json.dumps(match[0])[1:-1], text)


def number(value: float, places: int = 2) -> str:
    """A number with so many decimal places at most, never an exponent, never minus zero."""
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if places else text
    return "0" if text == "-0" else text


def hex_color(color: Sequence[float]) -> str:
    """A color as #rrggbb; sRGB in [0, 1], what lies outside goes to the nearest that does not."""
    return "#" + "".join(f"{round(min(max(value, 0), 1) * 255):02x}" for value in color)


def duration(seconds_s: float) -> str:
    """A time in words, such as 1 h 12 min, 3 min 20 s, or 45 s."""
    seconds = round(seconds_s)
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
