"""A page that paints a painting again, stroke by stroke: one HTML file that needs no network.

The strokes are drawn by `strokes.js`, which other pages use as well. Their textures are what the
painting's own brushes leave on straight strokes of a few widths and pressures, so the replay looks
like the painting, and the page stays small however many strokes there are.
"""

from .page import replay_script, save_html, to_html
from .ribbons import Ribbons, ribbons_of

__all__ = ["Ribbons", "replay_script", "ribbons_of", "save_html", "to_html"]
