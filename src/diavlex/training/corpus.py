"""Labelled pictures for training the pocket guide, read from shards and checked.

A shard is `NAME.bin` (WebP pictures back to back) and `NAME.jsonl.gz` (one row a picture);
`SHA256SUMS` beside them holds the checksums of both.
"""

import gzip
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from torch import Tensor
from torch.nn import functional

from diavlex.errors import BadCorpus
from diavlex.guides.pocket import SIDE_PX
from diavlex.tensors import Pictures

ICONS = ("emoji", "clipart")
"""The kinds of pictures that are drawn to be recognized: mostly one thing on a plain background."""
MADE = ("painted", "drawn")
"""The kinds, and shards, of the pictures that are made here."""


@dataclass(frozen=True)
class Row:
    """What is known of one picture."""

    labels: tuple[str, ...]
    """The first is the main one; more general ones and other names follow."""
    captions: tuple[str, ...]
    kind: str
    """As in photo, painting, sketch, emoji."""
    source: str
    """Where it is from."""
    licence: str
    """The class of its licence, as in open, pd-likely, research."""
    split: str
    """train | test"""
    shard: str
    """The shard that holds it, or the kind of a picture made here."""


@dataclass(frozen=True)
class Corpus:
    """Pictures decoded once and kept in memory."""

    rows: list[Row]
    pictures: np.ndarray
    """uint8 [pictures side side 3], sRGB."""
    origins: np.ndarray
    """A number for each picture; pictures that are made from another one have its number."""

    def where(self, *, split: str | None = None, shards: Iterable[str] | None = None) -> np.ndarray:
        """Indices of rows.

        Args:
            split: only those of this split.
            shards: only those of shards whose name begins with one of these.
        """
        starts = tuple(shards) if shards is not None else ("",)
        keep = [
            i
            for i, row in enumerate(self.rows)
            if (split is None or row.split == split) and row.shard.startswith(starts)
        ]
        return np.array(keep, dtype=np.int64)

    def are_icons(self) -> np.ndarray:
        """Whether each picture is an icon, or made from one: bool [pictures]."""
        return np.array([o >= 0 and self.rows[o].kind in ICONS for o in self.origins.tolist()])


def check(folder: Path) -> list[str]:
    """The names of a corpus' shards, once every file is what `SHA256SUMS` says, in its order.

    New shards are named there after the others, whose pictures so keep their numbers.

    Raises:
        BadCorpus: a file is missing, cut short or altered; it is named.
    """
    sums = folder / "SHA256SUMS"
    if not os.path.isfile(sums):
        raise BadCorpus(
            f"{folder} holds no corpus (SHA256SUMS is missing); give --corpus its folder."
        )
    names = []
    for line in sums.read_text().splitlines():
        expected, _, name = line.partition("  ")
        path = folder / name.strip().lstrip("*./")
        if path.suffix not in (".bin", ".gz"):
            continue
        if not os.path.isfile(path):
            raise BadCorpus(f"the shard file {path} is missing; bring it back, then train again.")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected:
            raise BadCorpus(f"the shard file {path} is cut short or altered (checksum differs).")
        if path.suffix == ".bin":
            names.append(path.stem)
    return list(dict.fromkeys(names))


def read(
    folder: Path,
    side_px: int,
    licences: frozenset[str] | None = None,
    workers: int = 2,
    keep: Callable[[Row], bool] | None = None,
) -> Corpus:
    """Check and decode a corpus.

    Args:
        folder: where the shards are.
        side_px: pictures are resampled to this side.
        licences: licence classes to keep; all when None.
        workers: processes that decode.
        keep: says which pictures to keep; all when None. They have the numbers, `origins`, that
            they have among all of these licences.

    Raises:
        BadCorpus: a shard is missing or altered, or no picture has such a licence.
    """
    rows: list[Row] = []
    parts: list[np.ndarray] = []
    origins: list[int] = []
    before = 0
    for shard in check(folder):
        table = list(_table(folder / f"{shard}.jsonl.gz"))
        table = [t for t in table if licences is None or t["licence"] in licences]
        kept = [at for at, t in enumerate(table) if keep is None or keep(_row(t, shard))]
        origins += [before + at for at in kept]
        before += len(table)
        table = [table[at] for at in kept]
        data = (folder / f"{shard}.bin").read_bytes()
        blobs = (data[t["offset"] : t["offset"] + t["length"]] for t in table)
        with ProcessPoolExecutor(workers) as pool:
            decoded = pool.map(_decode, blobs, [side_px] * len(table), chunksize=256)
            parts.append(np.stack(list(decoded)) if table else _nothing(side_px))
        rows += [_row(t, shard) for t in table]
    if not rows:
        raise BadCorpus(f"no picture of {folder} has a licence among {sorted(licences or [])}.")
    return Corpus(rows, np.concatenate(parts), np.array(origins))


def shown(pictures: UInt8[Tensor, "batch side side 3"]) -> Pictures:
    """Pictures of a corpus as a guide sees them: sRGB in [0, 1], 64 px."""
    pictures = pictures.permute(0, 3, 1, 2).float() / 255
    return functional.interpolate(pictures, (SIDE_PX, SIDE_PX), mode="bilinear", antialias=True)


def _table(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _row(t: dict, shard: str) -> Row:
    words = (tuple(t["labels"]), tuple(t["captions"] or ()))
    return Row(*words, t["kind"], t["source"], t["licence"], t["split"], shard)


def _decode(blob: bytes, side_px: int) -> np.ndarray:
    from PIL import Image

    picture = Image.open(io.BytesIO(blob)).convert("RGB")
    if picture.size != (side_px, side_px):
        picture = picture.resize((side_px, side_px), Image.Resampling.LANCZOS)
    return np.asarray(picture)


def _nothing(side_px: int) -> np.ndarray:
    return np.zeros((0, side_px, side_px, 3), np.uint8)
