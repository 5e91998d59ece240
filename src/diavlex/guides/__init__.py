"""What judges a canvas: text-image models behind one interface."""

from diavlex import plugins, weights
from diavlex.errors import BadValue

from .guide import Guide
from .imagination import Imagination, Imagined, ImaginedThing, Seen

__all__ = ["Guide", "Imagination", "Imagined", "ImaginedThing", "Seen", "added", "check", "load"]


def load(name: str) -> Guide:
    """The guide of a name.

    Args:
        name: of a shipped guide, of one that another package adds, a short name of the CLIP family,
            a hub name or a folder.

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

    guide = clip.load(name)
    guide.is_bfloat16 = True
    return guide


def check(name: str) -> None:
    """Refuse a name that can mean no guide, before anything is loaded or fetched.

    Raises:
        UnknownName: neither shipped nor added nor anything that could be a hub name or a folder.
        MissingGuide: a folder that is not there.
        BadWeights: its card cannot be read.
    """
    if name not in weights.known("guide") and name not in added():
        from . import clip

        clip.check(name)


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
