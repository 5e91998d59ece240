"""The page: the record, the ribbons and the script in one HTML file."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path

from diavlex.files import replacing
from diavlex.painting import Painting, to_text

from ..png import png_bytes
from ..text import printable
from .ribbons import ACROSS, ALONG, ribbons_of

_FOLDER = Path(__file__).parent
MODULES = tuple(_FOLDER / f"{name}.js" for name in ("ribbons", "strokes", "replay"))
"""The modules that draw strokes on a canvas, for any page; each imports from those before it."""


def save_html(painting: Painting, path: Path | str, engine: str = "neural") -> Path:
    """Write a page on which a painting is painted again: play, scrub, hover a stroke.

    It is one file; it asks the network for nothing, and its own policy forbids that.

    Args:
        painting: the record, which the page keeps whole.
        path: the .html file.
        engine: who paints the textures of the strokes, neural or mypaint.

    Raises:
        BadFolder: it cannot be written there.
    """
    data = to_html(painting, engine).encode()
    with replacing(Path(path)) as fresh:
        fresh.write_bytes(data)
    return Path(path)


def to_html(painting: Painting, engine: str = "neural") -> str:
    """The same as text."""
    script = f"{replay_script()}\n{_text('page.js')}"
    style = _text("page.css")
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; "
        f"script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    parts = {
        "policy": html.escape(policy),
        "title": html.escape(printable(painting.prompt)),
        "style": style,
        "data": _data(painting, engine),
        "script": script,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _text("page.html"))


def replay_script() -> str:
    """All that draws strokes, as one module that imports nothing."""
    joined = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    return re.sub(r"^import .*\n", "", joined, flags=re.MULTILINE)


def _data(painting: Painting, engine: str) -> str:
    """The record and the ribbons as JSON that no browser takes for markup."""
    made = ribbons_of(painting, engine)
    picture = base64.b64encode(png_bytes(made.atlas)).decode()
    ribbons = {
        "url": f"data:image/png;base64,{picture}",
        "along": ALONG,
        "across": ACROSS,
        "count": made.count,
    }
    rest = json.dumps({"ribbons": ribbons, "ribbonOf": made.ribbon_of}, separators=(",", ":"))
    text = f'{{"record": {to_text(painting)}, {rest[1:]}'
    return text.replace("<", "\\u003c")


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
