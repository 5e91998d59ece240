"""The painting loop: from random strokes to strokes that show what was asked."""

from .loop import Step, Strategy, appraise, paint
from .reinitialize import Reinitialize
from .search import Search

__all__ = ["Reinitialize", "Search", "Step", "Strategy", "appraise", "paint"]
