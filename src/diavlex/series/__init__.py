"""Paintings in folders: begun, kept while they go on, taken up again, finished; one or many."""

from diavlex.series.session import Session, begin, paint, resume

__all__ = ["Session", "begin", "paint", "resume"]
