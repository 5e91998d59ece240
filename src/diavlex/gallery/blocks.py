"""A small picture in a terminal: two pixels a letter, one above the other."""

import numpy as np
from jaxtyping import UInt8
from rich.style import Style
from rich.text import Text

_UPPER_HALF = "▀"


def blocks(picture: UInt8[np.ndarray, "height width 3"]) -> Text:
    """A picture as letters in colors; each is as wide as one pixel and as high as two.

    Args:
        picture: sRGB, 0 to 255; of an odd height, the last row is shown twice.
    """
    even = np.pad(picture, ((0, len(picture) % 2), (0, 0), (0, 0)), mode="edge")
    text = Text(no_wrap=True)
    for upper, lower in zip(even[::2].tolist(), even[1::2].tolist(), strict=True):
        for over, under in zip(upper, lower, strict=True):
            text.append(_UPPER_HALF, Style(color=_rgb(over), bgcolor=_rgb(under)))
        text.append("\n")
    text.rstrip()
    return text


def _rgb(levels: list[int]) -> str:
    red, green, blue = levels
    return f"#{red:02x}{green:02x}{blue:02x}"
