"""What judges a canvas: text-image models behind one interface."""

import os
from pathlib import Path

from diavlex import plugins, weights
from diavlex.errors import BadValue
from diavlex.files import here, path_of

from .guide import Guide
from .imagination import Imagination, Imagined, ImaginedThing, Seen

__all__ = ["Guide", "Imagination", "Imagined", "ImaginedThing", "Seen", "added", "check", "load"]


def load(name: str, place: Path | None = None) -> Guide:
    """The guide of a name.

    Args:
        name: of a shipped guide, of one that another package adds, a short name of the CLIP family,
            a hub name or a folder.
        place: the folder from which another one is named; if not given, where this runs.

    Raises:
        UnknownName: neither shipped nor added nor anything that could be a hub name or a folder.
        MissingGuide: it is not on this machine and cannot be fetched.
        BadWeights: its file is altered or holds NaN.
        BadValue: another package's guide that is none.
    """
    if name in weights.known("guide"):
        from .pocket import load_pocket

        return load_pocket(name)
    if name in added():
        return _from_plugin(name)
    from . import clip

    guide = clip.load(_from(place, name))
    guide.name = name
    guide.is_bfloat16 = True
    return guide


def check(name: str, place: Path | None = None) -> None:
    """Refuse a name that can mean no guide, before anything is loaded or fetched.

    Raises:
        UnknownName: neither shipped nor added nor anything that could be a hub name or a folder.
        MissingGuide: a folder that is not there.
        BadWeights: its card cannot be read.
    """
    if name not in weights.known("guide") and name not in added():
        from . import clip

        clip.check(_from(place, name))


def _from(place: Path | None, name: str) -> str:
    """A name that may be a folder's, as it is named from here."""
    from .clip import KNOWN

    folder = (place or Path()) / path_of(name)
    is_elsewhere = place is not None and place != here() and name not in KNOWN
    return str(folder) if is_elsewhere and os.path.isdir(folder) else name


def added() -> list[str]:
    """The names of the guides that other packages add by the entry point group diavlex.guides."""
    return list(plugins.load("diavlex.guides"))


def _from_plugin(name: str) -> Guide:
    """The guide of another package: its entry point names what makes it, without arguments."""
    try:
        guide = plugins.load("diavlex.guides")[name]()
    except Exception as error:
        raise BadValue(f"the guide '{name}' of another package fails: {error!s:.200}") from error
    if not isinstance(guide, Guide):
        raise BadValue(
            f"the guide '{name}' of another package is no diavlex.guides.Guide; update the package."
        )
    guide.name = name
    return guide.eval().requires_grad_(False)
