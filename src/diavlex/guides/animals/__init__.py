"""Animals on four legs, whole and from the side, as they stand, run, sit, lie or eat."""

from .acting import acted, beast_of
from .beasts import Beast, beasts
from .bodies import Creature, creature
from .postures import POSES, posture

__all__ = ["POSES", "Beast", "Creature", "acted", "beast_of", "beasts", "creature", "posture"]
