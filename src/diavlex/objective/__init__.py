"""What a painting should be: a list of named terms over one scene, and their sum.

A new wish is one small file with a `Term` and one row in `registry.TERMS`.
"""

from .brief import Brief, write_brief
from .objective import Objective, Scores
from .registry import added, terms_of
from .start import Start, brushes_of, check_mask
from .term import Term, Weighed

__all__ = [
    "Brief",
    "Objective",
    "Scores",
    "Start",
    "Term",
    "Weighed",
    "added",
    "brushes_of",
    "check_mask",
    "terms_of",
    "write_brief",
]
