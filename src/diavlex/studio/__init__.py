"""The painting loop: from random strokes to strokes that show what was asked."""

from diavlex.studio.loop import Step, Studio

__all__ = ["Step", "Studio"]
