"""Diavlex paints from words, with brushstrokes."""

__version__ = "0.1.0"
