"""The headings under which choices stand, and what some of their values are called."""

RENAMED = {
    "calm": "saturation", "subject": "layer_share", "replant": "reinitialize",
    "random_ground": "random_background", "looks": "augment", "rate_fall": "rate_schedule",
}  # fmt: skip
"""Choices of earlier versions, and what they are called now."""

RANDOM = "random"
"""Stands for a seed that nobody has chosen."""

WHAT, LOOK, WHERE = "what to paint", "how it looks", "where it goes"
BASIC = (WHAT, LOOK, WHERE)
"""The headings of the choices that a painter needs; all others are for those who want more."""
SEARCH, START, VIEWS, WORDS = "the search", "the first strokes", "views", "term: words"
IMAGINATION, LAYERS, SATURATION = "term: imagination", "term: layers", "term: saturation"
PHOTO = "term: photo"
ADDED = "terms of other packages"
