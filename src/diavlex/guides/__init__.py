"""What judges a canvas: text-image models behind one interface."""

from diavlex import weights
from diavlex.guides.guide import Guide

__all__ = ["Guide", "load"]


def load(name: str) -> Guide:
    """The guide of a name: a shipped one, a short name of the CLIP family, a hub name or a folder.

    Raises:
        UnknownName: neither shipped nor anything that could be a hub name or a folder.
        MissingGuide: it is not on this machine and cannot be fetched.
        BadWeights: its file is altered or holds NaN.
    """
    if name in weights.known("guide"):
        from diavlex.guides.pocket import load_pocket

        return load_pocket(name)
    from diavlex.guides import clip

    guide = clip.load(name)
    guide.is_bfloat16 = True
    return guide
