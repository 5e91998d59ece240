"""What makes a painting the one that was asked for: words, choices, weights, engine, version."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from diavlex import __version__, weights
from diavlex.config import PaintConfig, read_guides, write_guides

Makers = Mapping[str, str]
"""What a painting is made with: the checksum of each weights file by its kind and name, the engine
that paints the finished picture, and the version of diavlex."""
_LENGTH = 32


def makers(config: PaintConfig) -> Makers:
    """What a config is painted with on this machine.

    Raises:
        UnknownName: no such brush or guide.
        MissingGuide: it is not on this machine and cannot be fetched.
    """
    return _makers(config.brushes, write_guides(config.guide), config.finish)


def key(config: PaintConfig) -> str:
    """Tells apart the configs that may have different makers."""
    return json.dumps([config.brushes, write_guides(config.guide), config.finish])


def makers_of(key: str) -> Makers:
    """The makers, on this machine, of the configs that have a key; see `makers`."""
    brushes, guide, finish = json.loads(key)
    return _makers(tuple(brushes), guide, finish)


def identity(prompt: str, choices: Mapping[str, Any], makers: Makers) -> str:
    """A name for a painting that no other prompt, choice, weights, engine or version shares.

    Args:
        prompt: the words.
        choices: all of them, as plain data.
        makers: see `makers`.
    """
    facts = {"prompt": prompt, "config": choices, "makers": makers}
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def difference(planned: Makers, here: Makers) -> str:
    """The first thing that two sets of makers do not share, in words; empty if they are equal."""
    for name in sorted({*planned, *here}):
        was, is_now = planned.get(name, "none"), here.get(name, "none")
        if was != is_now:
            return f"{name} was {was[:12]} and is {is_now[:12]} here"
    return ""


@cache
def _makers(brushes: tuple[str, ...], guide: str, finish: str) -> dict[str, Any]:
    from diavlex.brushes import definition
    from diavlex.gallery import finisher

    found = {"diavlex": __version__, "engine": finisher(finish, brushes)}
    for name in brushes:
        found[f"brush {name}"] = weights.find("brush", name)[0].sha256
        if found["engine"] == "mypaint":
            found[f"settings of {name}"] = _file_sum(definition.file_of(name))
    for name, _ in read_guides(guide):
        found[f"guide {name}"] = _guide_sum(name)
    return found


def bytes_of(key: str) -> int:
    """Size of the published models that judge the paintings of a key; 0 for shipped guides."""
    _, guide, _ = json.loads(key)
    return sum(path.stat().st_size for name, _ in read_guides(guide) for path in _files(name))


def _guide_sum(name: str) -> str:
    """The checksum of a guide's weights; of a published model, that of its files."""
    if name in weights.known("guide"):
        return weights.find("guide", name)[0].sha256
    sums = "".join(map(_file_sum, _files(name)))
    return hashlib.sha256(sums.encode()).hexdigest() if sums else "of another package"


def _files(name: str) -> list[Path]:
    """The weights files of a published model; none of a shipped or an added guide."""
    from diavlex.guides import added, clip, hub

    if name in weights.known("guide") or name in added():
        return []
    folder = hub.find_folder(clip.KNOWN[name].source if name in clip.KNOWN else name)
    first = hub.weights_of(folder)
    assert first, "a folder that was found has weights"
    return [first] if first.suffix == ".safetensors" else sorted(folder.glob("*.safetensors"))


def _file_sum(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
