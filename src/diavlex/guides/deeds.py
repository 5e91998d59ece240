"""Deeds: how a body is held, and where the thing lies with which something is done."""

from dataclasses import dataclass

from .shapes import Point


@dataclass(frozen=True)
class Deed:
    """What doing something looks like, on a stage from 0 to 1 that person and thing share."""

    pose: str
    thing: str = ""
    """With which it is done where none is named."""
    at: str | Point = "hands"
    """Where the thing's center is: hands, near, far, mouth, crown, lap, or a place on the stage."""
    width: float = 0.36
    """Of the thing, over the stage."""
    turn: float = 0.0
    """How far the thing is turned clockwise, in radians."""
    scale: float = 1.0
    """Of the person."""
    spot: Point = (0.5, 0.5)
    """Center of the person's own frame."""
    layer: str = "between"
    """Where the thing is laid: behind the person, between body and arm, or over both."""
    prop: str = ""
    """What else is drawn: string, leash, rod, rope, easel, desk, chair, board, bubbles, notes."""
    scenery: str = ""
    """Where it is done, if no place is said."""
    is_tool: bool = False
    """Whether the thing is what it is done with, so that what it is done to is not held."""


_HELD = Deed("front", width=0.36)
_AT_GROUND = Deed("front", at=(0.82, 0.74), width=0.42, scale=0.9, spot=(0.34, 0.53), layer="over")
_BESIDE = Deed("stand", at=(0.80, 0.70), width=0.42, scale=0.9, spot=(0.30, 0.53), layer="over")
_MOUNTED = Deed("ride", at=(0.5, 0.68), width=0.95, scale=0.62, spot=(0.50, 0.36), layer="behind")
_INSIDE = Deed("sit", at=(0.5, 0.62), width=0.98, scale=0.56, spot=(0.48, 0.30), layer="over")
_ON_BOARD = Deed("push", at=(0.5, 0.9), width=0.6, scale=0.85, spot=(0.5, 0.45), layer="behind")

DEEDS: dict[str, Deed] = {
    "read": Deed("front", "open book", width=0.40),
    "fly": Deed("raise", "kite", (0.80, 0.17), 0.34, scale=0.78, spot=(0.34, 0.58), layer="over", prop="string", scenery="field"),
    "build": Deed("kneel", "castle", (0.80, 0.76), 0.42, scale=0.95, spot=(0.36, 0.5), layer="over"),
    "fish": Deed("floor", "", scale=0.95, spot=(0.36, 0.46), prop="rod", scenery="lake", is_tool=True),
    "cook": Deed("low", "cooking", (0.80, 0.62), 0.40, scale=1.0, spot=(0.38, 0.5), layer="over", prop="desk", is_tool=True),
    "dance": Deed("dance"),
    "walk": Deed("walk", at=(0.82, 0.78), width=0.36, scale=0.9, spot=(0.34, 0.53), layer="over", prop="leash"),
    "chop": Deed("swing", "axe", (0.72, 0.14), 0.36, scale=0.92, spot=(0.40, 0.54), layer="between", prop="log", is_tool=True),
    "ropejump": Deed("jump", prop="rope"),
    "jump": Deed("jump"),
    "kick": Deed("kick", "soccer ball", (0.90, 0.76), 0.22, scale=0.95, spot=(0.42, 0.52), layer="over", scenery="field"),
    "throw": Deed("throw", "baseball", (0.88, 0.12), 0.20, layer="over"),
    "catch": Deed("throw", "baseball", (0.84, 0.10), 0.20, layer="over"),
    "drink": Deed("mouth", "hot beverage", "mouth", 0.26, layer="over"),
    "sip": Deed("mouth", "hot beverage", "mouth", 0.26, layer="over"),
    "eat": Deed("mouth", "sandwich", "mouth", 0.28, layer="over"),
    "have": Deed("mouth", "sandwich", "mouth", 0.28, layer="over"),
    "paint": Deed("throw", "paintbrush", (0.68, 0.22), 0.22, scale=0.95, spot=(0.34, 0.53), layer="over", prop="easel", is_tool=True),
    "draw": Deed("throw", "pencil", (0.68, 0.22), 0.22, scale=0.95, spot=(0.34, 0.53), layer="over", prop="easel", is_tool=True),
    "hold": Deed("hold", width=0.34), "carry": Deed("hold", "box", width=0.36),
    "run": Deed("run"), "stand": Deed("stand"), "crawl": Deed("kneel"), "kneel": Deed("kneel"), "wait": Deed("stand"),
    "climb": Deed("cheer", at=(0.80, 0.55), width=0.8, scale=0.7, spot=(0.36, 0.5), layer="behind"),
    "sit": Deed("sit", prop="chair"), "rest": Deed("sit", prop="chair"), "relax": Deed("sit", prop="chair"),
    "sing": Deed("mouth", "microphone", "mouth", 0.22, turn=0.0, layer="over", prop="notes", is_tool=True),
    "write": Deed("front", "memo", (0.80, 0.56), 0.26, scale=1.0, spot=(0.36, 0.5), layer="over", prop="desk", is_tool=True),
    "study": Deed("front", "open book", (0.80, 0.54), 0.32, scale=1.0, spot=(0.36, 0.5), layer="over", prop="desk"),
    "type": Deed("front", "laptop", (0.80, 0.54), 0.34, scale=1.0, spot=(0.36, 0.5), layer="over", prop="desk", is_tool=True),
    "work": Deed("front", "laptop", (0.80, 0.54), 0.34, scale=1.0, spot=(0.36, 0.5), layer="over", prop="desk", is_tool=True),
    "dig": Deed("bend", "shovel", (0.78, 0.72), 0.34, turn=0.3, layer="between", scenery="field", is_tool=True),
    "shovel": Deed("bend", "shovel", (0.78, 0.72), 0.34, turn=0.3, layer="between", is_tool=True),
    "garden": Deed("kneel", "potted plant", (0.82, 0.74), 0.34, layer="over", scenery="field"),
    "plant": Deed("kneel", "seedling", (0.82, 0.78), 0.32, layer="over", scenery="field"),
    "water": Deed("low", "watering can", (0.78, 0.60), 0.30, layer="over", is_tool=True),
    "pick": Deed("raise", "", (0.80, 0.30), 0.36, scale=0.9, spot=(0.36, 0.53), layer="over"),
    "feed": _AT_GROUND, "pet": _AT_GROUND, "stroke": _AT_GROUND, "wash": _AT_GROUND, "brush": _AT_GROUND, "milk": _AT_GROUND, "fix": _AT_GROUND, "repair": _AT_GROUND,
    "watch": _BESIDE, "look": _BESIDE, "chase": Deed("run", at=(0.84, 0.74), width=0.3, scale=0.9, spot=(0.32, 0.52), layer="over"),
    "wave": Deed("raise"), "point": Deed("raise"), "cheer": Deed("cheer"),
    "blow": Deed("mouth", prop="bubbles", scale=0.95, spot=(0.38, 0.52)),
    "knit": Deed("sit", "yarn", "hands", 0.30, prop="chair", is_tool=True), "sew": Deed("sit", "thread", "hands", 0.28, prop="chair", is_tool=True),
    "sweep": Deed("low", "broom", (0.72, 0.66), 0.46, turn=0.0, layer="between", is_tool=True),
    "rake": Deed("low", "broom", (0.72, 0.66), 0.46, layer="between", scenery="field", is_tool=True),
    "clean": Deed("low", "broom", (0.72, 0.66), 0.46, layer="between", is_tool=True),
    "push": Deed("push", "shopping cart", (0.80, 0.70), 0.44, scale=0.9, spot=(0.34, 0.53), layer="over"),
    "pull": Deed("push", "", (0.80, 0.70), 0.44, scale=0.9, spot=(0.34, 0.53), layer="over"),
    "hike": Deed("walk", "backpack", (0.36, 0.44), 0.26, layer="behind", scenery="mountains"),
    "shoot": Deed("throw", "bow and arrow", (0.76, 0.34), 0.42, layer="between", is_tool=True),
    "shop": Deed("walk", "shopping bags", (0.72, 0.66), 0.28, layer="over"),
    "serve": Deed("hold", "pot of food", width=0.34), "bake": Deed("hold", "bread", width=0.34), "prepare": Deed("hold", "pot of food", width=0.34),
    "talk": Deed("mouth", "mobile phone", (0.64, 0.24), 0.17, layer="over", is_tool=True), "call": Deed("mouth", "mobile phone", (0.64, 0.24), 0.17, layer="over", is_tool=True),
    "listen": Deed("stand", "headphone", (0.5, 0.20), 0.36, layer="over", is_tool=True),
    "photograph": Deed("mouth", "camera", (0.68, 0.25), 0.24, layer="over", is_tool=True), "take": Deed("mouth", "camera", (0.68, 0.25), 0.24, layer="over", is_tool=True),
    "teach": Deed("raise", prop="board", scale=0.95, spot=(0.34, 0.52)),
    "pour": Deed("front", "teapot", width=0.30), "stir": Deed("low", "pot of food", (0.80, 0.62), 0.36, layer="over", prop="desk", is_tool=True),
    "cut": Deed("low", "kitchen knife", (0.78, 0.55), 0.28, layer="over", prop="desk", is_tool=True),
    "hammer": Deed("throw", "hammer", (0.80, 0.16), 0.28, is_tool=True), "saw": Deed("low", "carpentry saw", width=0.32, is_tool=True),
    "pray": Deed("kneel"), "think": Deed("mouth"), "cry": Deed("mouth"), "laugh": Deed("stand"), "smile": Deed("stand"),
    "ski": Deed("push", "skis", (0.52, 0.88), 0.55, scale=0.88, spot=(0.5, 0.46), layer="behind", scenery="snow"),
    "skate": Deed("dance", scenery="snow"), "skateboard": _ON_BOARD,
    "decorate": Deed("raise", "christmas tree", (0.76, 0.52), 0.62, scale=0.85, spot=(0.26, 0.55), layer="behind", is_tool=True),
    "open": Deed("kneel", "wrapped gift", (0.82, 0.76), 0.34, layer="over"), "unwrap": Deed("kneel", "wrapped gift", (0.82, 0.76), 0.34, layer="over"),
    "lie": Deed("floor"), "sunbathe": Deed("floor", scenery="beach"), "swing": Deed("raise"), "golf": Deed("swing"), "hit": Deed("swing", "baseball bat", (0.74, 0.14), 0.34),
    "hug": _AT_GROUND, "mow": Deed("push", "", (0.80, 0.76), 0.38, scale=0.9, spot=(0.34, 0.53), layer="over", scenery="field"),
    "iron": Deed("low", "", (0.8, 0.58), 0.3, layer="over", prop="desk", is_tool=True), "gather": Deed("hold", "basket", width=0.36), "collect": Deed("hold", "basket", width=0.36), "harvest": Deed("hold", "basket", width=0.36, scenery="field"),
    "roast": Deed("floor", "fire", (0.84, 0.76), 0.32, layer="over"), "camp": Deed("floor", "tent", (0.78, 0.66), 0.55, scale=0.8, spot=(0.26, 0.58), layer="behind", scenery="forest"),
}  # fmt: skip
"""Deeds by the verb."""
PLAYED: dict[str, Deed] = {
    "violin": Deed("violin", "violin", (0.70, 0.34), 0.42, turn=0.15, layer="between"),
    "guitar": Deed("guitar", "guitar", (0.60, 0.48), 0.56, turn=0.5, layer="between"),
    "banjo": Deed("guitar", "banjo", (0.60, 0.48), 0.56, turn=0.3, layer="between"),
    "trumpet": Deed("mouth", "trumpet", (0.78, 0.26), 0.40, layer="over"),
    "saxophone": Deed("front", "saxophone", (0.66, 0.46), 0.42, layer="between"),
    "flute": Deed("mouth", "flute", (0.74, 0.25), 0.38, layer="over"),
    "piano": Deed("front", "piano", (0.78, 0.62), 0.52, scale=0.92, spot=(0.30, 0.52), layer="over"),
    "drum": Deed("cheer", "drum", (0.62, 0.72), 0.46, scale=0.92, spot=(0.44, 0.50), layer="over"),
    "harp": Deed("front", "harp", (0.76, 0.55), 0.5, scale=0.92, spot=(0.32, 0.52), layer="over"),
    "accordion": Deed("front", "accordion", (0.60, 0.48), 0.44, layer="between"),
    "cello": Deed("sit", "violin", (0.62, 0.64), 0.60, turn=-0.6, layer="between", prop="chair"),
    "chess": Deed("front", "chess pawn", (0.82, 0.54), 0.26, spot=(0.36, 0.5), layer="over", prop="desk"),
    "football": Deed("kick", "soccer ball", (0.90, 0.76), 0.22, spot=(0.42, 0.52), layer="over", scenery="field"),
    "soccer": Deed("kick", "soccer ball", (0.90, 0.76), 0.22, spot=(0.42, 0.52), layer="over", scenery="field"),
    "basketball": Deed("raise", "basketball", (0.80, 0.12), 0.24, layer="over"),
    "tennis": Deed("throw", "tennis", (0.84, 0.18), 0.40, layer="over"),
    "baseball": Deed("swing", "baseball bat", (0.74, 0.14), 0.34),
    "golf": Deed("low", "", scenery="field"),
    "ball": Deed("throw", "ball", (0.86, 0.12), 0.22, layer="over"),
}  # fmt: skip
"""Deeds by what is played."""
RIDDEN: dict[str, Deed] = {
    "bicycle": Deed("ride", "bicycle", (0.5, 0.70), 0.86, scale=0.66, spot=(0.46, 0.37), layer="behind"),
    "bike": Deed("ride", "bicycle", (0.5, 0.70), 0.86, scale=0.66, spot=(0.46, 0.37), layer="behind"),
    "motorcycle": Deed("ride", "motorcycle", (0.5, 0.72), 0.92, scale=0.62, spot=(0.48, 0.38), layer="behind"),
    "scooter": Deed("stand", "kick scooter", (0.55, 0.72), 0.5, scale=0.85, spot=(0.46, 0.44), layer="behind"),
    "skateboard": Deed("push", "skateboard", (0.5, 0.88), 0.55, scale=0.85, spot=(0.48, 0.44), layer="behind"),
    "wave": Deed("push", "wave", (0.5, 0.62), 1.0, scale=0.6, spot=(0.48, 0.36), layer="behind", scenery="sea"),
    "surfboard": Deed("push", "wave", (0.5, 0.62), 1.0, scale=0.6, spot=(0.48, 0.36), layer="behind", scenery="sea"),
    "tractor": Deed("sit", "tractor", (0.5, 0.66), 0.94, scale=0.56, spot=(0.46, 0.28), layer="over"),
    "car": _INSIDE, "bus": _INSIDE, "truck": _INSIDE, "taxi": _INSIDE, "train": _INSIDE, "boat": _INSIDE,
}  # fmt: skip
"""Deeds by what is ridden or driven; of others one sits on top."""
DRAWN_SO = {
    "surf": "surfing", "swim": "swimming", "row": "rowing boat", "ski": "skier", "snowboard": "snowboarder", "juggle": "juggling",
    "climb": "climbing", "lift": "lifting weights", "meditate": "in lotus position", "bathe": "taking bath", "sleep": "in bed",
    "cartwheel": "cartwheeling", "golf": "golfing", "wrestle": "wrestlers", "cycle": "biking", "bike": "biking",
}  # fmt: skip
"""Deeds that icons show better than a figure does, by what such icons are called."""


def deed_for(verb: str, thing: str, kind: str) -> Deed:
    """How something is done with a thing.

    Args:
        verb: what is done, "" for nothing.
        thing: the last word of what it is done to, "" for nothing.
        kind: what that is one of.
    """
    if verb in ("play", "strum", "blow") and thing in PLAYED:
        return PLAYED[thing]
    if verb in ("ride", "drive"):
        return RIDDEN.get(thing, _INSIDE if kind == "vehicle" else _MOUNTED)
    if verb == "play" and not thing:
        return Deed("cheer")
    if verb in DEEDS:
        return DEEDS[verb]
    if not verb or not thing:
        return Deed("stand")
    return _AT_GROUND if kind in ("animal", "vehicle", "building", "furniture", "tree", "ship", "person") else _HELD
