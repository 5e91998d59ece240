"""People: what they look like by what they are called, what they wear, and what they do."""

from .deeds import Deed, deed_for, deeds
from .looks import LOOKS, look_of
from .performing import performed

__all__ = ["LOOKS", "Deed", "deed_for", "deeds", "look_of", "performed"]
