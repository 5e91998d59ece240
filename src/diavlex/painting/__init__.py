"""The record of a painting, from which every picture, film and file of it can be made again."""

from .record import COLUMNS, MOST_STROKES, Layer, Painting
from .text import FILE_NAME, FORMAT, FORMAT_VERSION, KEYS, from_plain, load, to_plain, to_text

__all__ = [
    "COLUMNS",
    "FILE_NAME",
    "FORMAT",
    "FORMAT_VERSION",
    "KEYS",
    "MOST_STROKES",
    "Layer",
    "Painting",
    "from_plain",
    "load",
    "to_plain",
    "to_text",
]
