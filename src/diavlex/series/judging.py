"""Scores of paintings by a guide that did not paint them, after what kills texture alone."""

import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from diavlex import painting
from diavlex.config import read_guides
from diavlex.errors import BadValue
from diavlex.files import read as read_file
from diavlex.gallery import Picture, stages
from diavlex.guides import Guide
from diavlex.painting import Painting

SHARES = (0.10, 0.25, 0.50, 1.00)
"""Of the strokes, after which a painting is scored."""
LOOK_PX = 224
MOST_CAPTIONS_BYTES = 1 << 26
_CROP = 0.94
_BLUR_PX = 1.0
_JPEG_QUALITY = 60


@dataclass(frozen=True)
class Verdict:
    """How one painting fares."""

    prompt: str
    folder: str
    rank: int
    """Of its own caption among all, 1 the best."""
    cosine: float
    best: str
    """The caption that it is nearest to."""
    curve: tuple[int, ...]
    """Rank of its own caption after each of `SHARES` of its strokes."""

    @property
    def name(self) -> str:
        """Of the painting's folder."""
        return Path(self.folder).name


def read(folder: Path) -> dict[Path, Painting]:
    """The paintings in a folder, or the one that it is, by their own folders.

    Raises:
        BadValue: there is none.
        BadPainting: one cannot be read.
    """
    is_there = os.path.isdir(folder)
    found = sorted(p.parent for p in folder.glob(f"**/{painting.FILE_NAME}")) if is_there else []
    if not found:
        raise BadValue(f"{folder} holds no painting: give a folder that diavlex paint has filled.")
    return {own: painting.load(own) for own in found}


def read_captions(path: Path) -> list[str]:
    """The captions of a text file, one a line.

    Raises:
        BadValue: it cannot be read or holds none.
    """
    try:
        lines = read_file(path, MOST_CAPTIONS_BYTES).decode().splitlines()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise BadValue(f"the captions {path} cannot be read ({why}); give a text file.") from error
    except UnicodeDecodeError as error:
        raise BadValue(f"the captions {path} are not text; give a text file (UTF-8).") from error
    captions = [line.strip() for line in lines if line.strip()]
    if not captions:
        raise BadValue(f"the captions {path} hold no line; write one caption a line.")
    return captions


def judge(
    paintings: Mapping[Path, Painting],
    captions: Sequence[str],
    guide: Guide,
    *,
    is_same_allowed: bool = False,
) -> list[Verdict]:
    """Rank each painting's own prompt among captions.

    Args:
        paintings: by their folders.
        captions: all that the paintings may show, their own prompts among them.
        guide: that judges.
        is_same_allowed: also judge paintings that this guide painted.

    Raises:
        BadValue: a painting that this guide painted, or whose prompt is not among the captions.

    Source: R-Precision, Jain et al. 2022 (VectorFusion), section 4.
    """
    for folder, record in paintings.items():
        _check(record, folder, captions, guide, is_same_allowed)
    texts = guide.encode_text(list(captions))
    return [
        _verdict(record, folder, captions, guide, texts) for folder, record in paintings.items()
    ]


def ranks(
    scores: Float[Tensor, "pictures texts"], own: Int[Tensor, " pictures"]
) -> Int[Tensor, " pictures"]:
    """Rank of each picture's own text among all, 1 the best; of equal scores all have the better.

    Args:
        scores: of each picture with each text.
        own: the number of each picture's text.
    """
    return 1 + (scores > scores.gather(1, own[:, None])).sum(1)


def summary(verdicts: Sequence[Verdict], captions: Sequence[str], guide: Guide) -> dict[str, Any]:
    """R-Precision, top five, mean cosine and the curve, with every verdict, as plain data."""
    rank = np.array([v.rank for v in verdicts])
    curve = np.array([v.curve for v in verdicts])
    return {
        "judge": guide.name,
        "paintings": len(verdicts),
        "captions": len(captions),
        "r_precision": float((rank == 1).mean()),
        "in_first_five": float((rank <= 5).mean()),
        "cosine": float(np.mean([v.cosine for v in verdicts])),
        "r_precision_by_strokes": {
            f"{share:.0%}": float((column == 1).mean())
            for share, column in zip(SHARES, curve.T, strict=True)
        },
        "verdicts": [asdict(v) for v in verdicts],
    }


def weathered(picture: Picture) -> Tensor:
    """A picture after a small crop, a blur and JPEG: [1 3 side side], sRGB in [0, 1]."""
    from PIL import Image, ImageFilter

    image = Image.fromarray(picture)
    margin = [(1 - _CROP) / 2 * side for side in image.size]
    box = (margin[0], margin[1], image.width - margin[0], image.height - margin[1])
    image = image.resize((LOOK_PX, LOOK_PX), Image.Resampling.BICUBIC, box)
    image = image.filter(ImageFilter.GaussianBlur(_BLUR_PX))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_JPEG_QUALITY)
    pixels = np.asarray(Image.open(stream).convert("RGB"))
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None] / 255


def _check(
    record: Painting, folder: Path, captions: Sequence[str], guide: Guide, is_same_allowed: bool
) -> None:
    painters = [name for name, _ in read_guides(record.guide)]
    if guide.name in painters and not is_same_allowed:
        raise BadValue(
            f"{folder} was painted to please '{guide.name}', which would praise it whatever it "
            "shows: judge it by another guide, or pass --same-guide."
        )
    if record.prompt not in captions:
        raise BadValue(f"'{record.prompt}' ({folder}) is not among the captions; add it.")


@torch.no_grad()
def _verdict(
    record: Painting, folder: Path, captions: Sequence[str], guide: Guide, texts: Tensor
) -> Verdict:
    counts = [max(1, round(share * len(record.actions))) for share in SHARES]
    looks = torch.cat([weathered(picture) for picture in stages(record, counts, LOOK_PX)])
    scores = guide.encode_image(looks) @ texts.T
    own = captions.index(record.prompt)
    curve = ranks(scores, torch.full((len(scores),), own)).tolist()
    best = captions[int(scores[-1].argmax())]
    return Verdict(
        record.prompt, str(folder), curve[-1], round(float(scores[-1, own]), 5), best,
        tuple(curve),
    )  # fmt: skip
