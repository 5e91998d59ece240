"""Paintings in folders: begun, kept while they go on, taken up again, finished; one or many."""

from .doors import begin, paint, resume
from .session import Session

__all__ = ["Session", "begin", "paint", "resume"]
