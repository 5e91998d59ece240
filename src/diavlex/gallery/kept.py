"""The record that other files of a painting keep: a PNG, an SVG or a page is a painting too."""

import html
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from diavlex import painting
from diavlex.errors import BadPainting, shown
from diavlex.files import ordinary, path_of
from diavlex.painting import Painting

from .ora import RECORD as ORA_RECORD
from .png import RECORD as PNG_RECORD

MOST_BYTES = 1 << 30
"""The largest file in which a record is looked for."""
MOST_RECORD_BYTES = 1 << 26
_SVG = re.compile(r'<metadata id="diavlex-record">(.*?)</metadata>', re.DOTALL)
_HTML = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
_DESCRIPTION_TAG = 270
_NOT_THERE = (
    OSError, ValueError, KeyError, SyntaxError, RecursionError, zipfile.BadZipFile,
)  # fmt: skip


def load(path: Path | str) -> Painting:
    """Read a painting's record.

    Args:
        path: its folder, its `painting.json`, or another file that keeps the record: .png, .tiff,
            .svg, .ora or .html, as diavlex writes them.

    Raises:
        BadPainting: it is missing, cut short, altered, or keeps no record.
    """
    path = path_of(path)
    find = _FINDERS.get(path.suffix.lower())
    if find is None or os.path.isdir(path):
        return painting.load(path)
    try:
        if ordinary(path).stat().st_size > MOST_BYTES:
            raise ValueError(f"larger than {MOST_BYTES >> 20} MiB")
        text = find(path)
        if len(text) > MOST_RECORD_BYTES:
            raise ValueError(f"a record of more than {MOST_RECORD_BYTES >> 20} MiB")
        return painting.from_plain(json.loads(text))
    except BadPainting as error:
        raise BadPainting(f"{path}: {error}.") from error
    except FileNotFoundError as error:
        raise BadPainting(f"{path}: there is no such file; check the path.") from error
    except (
        OSError,
        ValueError,
        KeyError,
        SyntaxError,
        RecursionError,
        zipfile.BadZipFile,
    ) as error:
        raise BadPainting(
            f"{path}: it keeps no record of a painting ({_why(error)}); give the painting's "
            "folder, or a file that diavlex wrote."
        ) from error


def _why(error: Exception) -> str:
    return shown((isinstance(error, OSError) and error.strerror) or error, 100).lower()


def _in_picture(path: Path) -> str:
    import warnings

    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # no pixel is read
        try:
            with Image.open(path, formats=("PNG", "TIFF")) as image:
                is_png = image.format == "PNG"
                return image.info[PNG_RECORD] if is_png else image.getexif()[_DESCRIPTION_TAG]
        except Image.DecompressionBombError as error:
            raise ValueError("it is too large") from error


def _in_svg(path: Path) -> str:
    match = _SVG.search(path.read_text(encoding="utf-8"))
    if not match:
        raise ValueError("no record in its metadata")
    return html.unescape(match[1])


def _in_html(path: Path) -> str:
    match = _HTML.search(path.read_text(encoding="utf-8"))
    if not match:
        raise ValueError("no record in it")
    return json.dumps(json.loads(match[1])["record"])


def _in_ora(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(ORA_RECORD).file_size > MOST_RECORD_BYTES:
            raise ValueError("its record is too large")
        return archive.read(ORA_RECORD).decode()


_FINDERS: dict[str, Callable[[Path], str]] = {
    ".png": _in_picture, ".tiff": _in_picture, ".tif": _in_picture, ".svg": _in_svg,
    ".html": _in_html, ".ora": _in_ora,
}  # fmt: skip
