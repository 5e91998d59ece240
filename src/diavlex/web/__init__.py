"""The studio as a page: paint in the browser, watch it come, take it home."""

from diavlex.web.server import serve
from diavlex.web.settings import Settings

__all__ = ["Settings", "serve"]
