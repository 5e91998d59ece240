"""Sizes: how large things are beside each other, by name or by kind."""

SIZES = {
    "insect": 0.14, "bird": 0.32, "fish": 0.32, "fruit": 0.2, "food": 0.28, "flower": 0.34,
    "toy": 0.25, "tool": 0.3,
    "container": 0.32, "clothes": 0.4, "instrument": 0.45, "thing": 0.4, "animal": 0.62,
    "person": 0.92, "furniture": 0.75,
    "plant": 0.5, "vehicle": 1.1, "ship": 1.1, "aircraft": 1.1, "tree": 1.5, "building": 1.6,
    "sky": 0.5,
}  # fmt: skip
"""How large things are, by kind: the height of a person is about 0.9."""
_OWN = {
    "elephant": 1.15, "giraffe": 1.3, "whale": 1.3, "horse": 0.95, "cow": 0.9, "camel": 1.0,
    "lion": 0.8, "tiger": 0.8, "mouse": 0.16,
    "rat": 0.18, "cat": 0.42, "dog": 0.5, "puppy": 0.34, "kitten": 0.3, "rabbit": 0.34,
    "frog": 0.22, "hedgehog": 0.25, "squirrel": 0.25, "butterfly": 0.2,
    "table": 0.9, "chair": 0.75, "bed": 1.0, "sofa": 1.0, "couch": 1.0, "lamp": 0.45,
    "book": 0.26, "candle": 0.26, "cup": 0.2, "ball": 0.25, "hat": 0.3, "key": 0.16,
    "mushroom": 0.34, "egg": 0.14, "nest": 0.4, "basket": 0.44, "box": 0.42, "vase": 0.4,
    "bowl": 0.4, "pot": 0.36, "bathtub": 0.95, "cage": 0.6, "stove": 0.8,
    "fence": 0.7, "wall": 0.7, "bridge": 1.6, "bicycle": 0.85, "boat": 1.1, "tree": 1.5,
    "house": 1.6, "barn": 1.6, "moon": 0.5, "sun": 0.5, "cloud": 0.8,
    "umbrella": 0.6, "balloon": 0.4, "swan": 0.5, "duck": 0.36, "goose": 0.42, "chicken": 0.36,
    "penguin": 0.5, "owl": 0.34, "eagle": 0.5, "flamingo": 0.7, "peacock": 0.6, "car": 1.1,
    "train": 1.4,
    "piano": 0.9, "window": 0.8, "door": 0.95, "branch": 0.6, "log": 0.6, "rock": 0.5,
    "lily pad": 0.4, "leaf": 0.3, "flower": 0.34, "snowman": 0.8, "sandcastle": 0.6, "tent": 1.0,
    "island": 1.6,
    "swing": 1.3, "wire": 1.2, "line": 1.2, "rope": 1.2, "cable": 1.2, "clothesline": 1.2,
    "windowsill": 1.1, "sill": 1.1, "ledge": 1.1, "roof": 1.3, "rooftop": 1.3, "pillow": 0.5,
    "teddy bear": 0.5, "doll": 0.44, "bear": 0.9, "bird": 0.3, "pirate ship": 1.3, "bus": 1.3,
    "truck": 1.3,
    "kite": 0.5,
}  # fmt: skip


def size_of(name: str, kind: str) -> float:
    """How large a thing is beside others."""
    head = name.split()[-1] if name else ""
    return _OWN.get(name, _OWN.get(head, SIZES[kind]))
