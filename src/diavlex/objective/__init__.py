"""What a painting should be: a list of named terms over one scene, and their sum.

A new wish is one small file with a `Term` and one row in `registry.TERMS`.
"""

from .brief import Brief, write_brief
from .objective import Objective, Scores
from .registry import added, terms_of
from .term import Term, Weighed

__all__ = ["Brief", "Objective", "Scores", "Term", "Weighed", "added", "terms_of", "write_brief"]
