"""How sphinx makes the site: `make docs`."""

import re
from pathlib import Path

_FACE = Path(__file__).parents[1] / "src" / "diavlex" / "__init__.py"

project = "diavlex"
author = "the diavlex authors"
copyright = author
release = version = re.findall(r'^__version__ = "(.*)"', _FACE.read_text(), re.MULTILINE)[0]

extensions = ["myst_parser"]
myst_enable_extensions = ["attrs_inline"]
myst_heading_anchors = 3
exclude_patterns = ["pages", "_build"]
nitpicky = True

html_theme = "furo"
html_title = f"diavlex {release}"
html_copy_source = False
html_show_sphinx = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
