"""Strokes as few bytes, for the page that draws them while they are being found.

A frame is little-endian: the painting's id (12 letters), the step, the steps and the count of
strokes (uint32 each), then a row of thirteen uint16 a stroke: its twelve numbers, each spread over
its column's range, and brush * 256 + variant.
"""

import struct
from typing import Any

import numpy as np
from jaxtyping import Float32, Int, UInt16

HEAD = struct.Struct("<12sIII")
COLUMNS = 13
RANGES = ((0.0, 1.0),) * 2 + ((0.0, 4.0),) + ((-4.0, 12.0),) * 6 + ((0.0, 1.0),) * 3
"""Lowest and highest value of each of a stroke's twelve numbers, as a record may hold them."""
_LOW = np.array(RANGES, np.float32)[:, 0]
_SPAN = np.array(RANGES, np.float32)[:, 1] - _LOW
_MOST = 65535


def marks(
    brush_of: Int[np.ndarray, " strokes"], variants: Int[np.ndarray, " strokes"]
) -> UInt16[np.ndarray, " strokes"]:
    """Brush and variant of each stroke as one number."""
    return (brush_of * 256 + variants).astype(np.uint16)


def pack(
    id: str,
    step: int,
    steps: int,
    actions: Float32[np.ndarray, "strokes 12"],
    marks: UInt16[np.ndarray, " strokes"],
) -> bytes:
    """Strokes as a frame; numbers outside their ranges go to the nearest edge."""
    rows = np.empty((len(actions), COLUMNS), "<u2")
    shares = np.clip((actions - _LOW) / _SPAN, 0, 1)
    rows[:, :12] = np.rint(shares * _MOST)
    rows[:, 12] = marks
    return HEAD.pack(id.encode(), step, steps, len(actions)) + rows.tobytes()


def id_of(frame: bytes) -> str:
    """Whose strokes a frame holds."""
    return frame[:12].decode()


def unpack(
    frame: bytes,
) -> tuple[str, int, int, Float32[np.ndarray, "strokes 12"], UInt16[np.ndarray, " strokes"]]:
    """Id, step, steps, strokes and marks of a frame."""
    id, step, steps, count = HEAD.unpack_from(frame)
    rows = np.frombuffer(frame, "<u2", offset=HEAD.size).reshape(count, COLUMNS)
    actions = rows[:, :12].astype(np.float32) / _MOST * _SPAN + _LOW
    return id.decode(), step, steps, actions, rows[:, 12]


def from_record(id: str, plain: dict[str, Any]) -> bytes:
    """The strokes of a record, as its JSON holds them, as a frame."""
    rows = np.array(plain["strokes"], np.float64)
    actions, pairs = rows[:, :12].astype(np.float32), rows[:, 12:14].astype(np.int64)
    steps = int(plain["steps"])
    return pack(id, steps, steps, actions, marks(pairs[:, 0], pairs[:, 1]))
