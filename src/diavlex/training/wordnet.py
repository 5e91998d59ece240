"""WordNet: other words for a thing, the things that are kinds of it, and what it is one of.

It is read where Debian's package wordnet-base is installed; without it, icons have the names of
their drawings alone. It is needed for teaching only.

Source: Miller 1995, WordNet, a lexical database for English; noun files as in its wndb(5) manual.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("/usr/share/wordnet")
"""Where Debian's package wordnet-base puts it."""
_SENSES = 4
"""How many meanings of a word are looked at, the most frequent first."""
_FIELDS = {5, 6, 8, 13, 17, 18, 19, 20, 27}
"""Numbers of the lexicographers' files of what can be shown: animals, artifacts, parts of bodies,
food, objects, people, phenomena, plants and substances."""
_TOO_WIDE = {
    "entity", "physical entity", "object", "whole", "artifact", "living thing", "organism",
    "matter", "substance", "thing",
    "unit", "structure", "instrumentality", "device", "person", "container",
    "conveyance", "covering", "commodity", "implement", "equipment", "natural object", "part",
    "body part", "area", "line", "shape", "food", "plant part", "nutriment", "solid", "building",
    "animal", "chordate", "vertebrate", "worker", "adult",
}  # fmt: skip
"""Words of which too much is a kind."""
_KINDS = {
    "bird": "bird", "fish": "fish", "insect": "insect", "person": "person", "animal": "animal",
    "tree": "tree", "flower": "flower", "edible fruit": "fruit", "plant": "plant", "vessel": "ship",
    "aircraft": "aircraft", "vehicle": "vehicle", "craft": "vehicle",
    "musical instrument": "instrument", "furniture": "furniture", "clothing": "clothes",
    "garment": "clothes", "footwear": "clothes", "headdress": "clothes", "plaything": "toy",
    "tool": "tool", "container": "container", "building": "building", "structure": "building",
    "food": "food", "nutriment": "food", "beverage": "food", "celestial body": "sky",
}  # fmt: skip
"""What things are kinds of, by `diavlex.guides.icons.KINDS`; the first that fits counts."""
_SYNONYM, _KIND_OF, _FARTHEST = 2, 3, 4
"""Ranks of names that are synonyms, and of those that are kinds of something, and how many steps
a kind may be away."""


@dataclass(frozen=True)
class Synset:
    """One meaning, with all words for it."""

    words: tuple[str, ...]
    field: int
    """Number of the lexicographers' file."""
    above: tuple[str, ...]
    """What it is a kind of, by address."""


class WordNet:
    """The nouns of WordNet.

    Args:
        folder: that holds `data.noun` and `index.noun`.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self.synsets = dict(_synset(line) for line in _lines(folder / "data.noun"))
        self.index = dict(_entry(line) for line in _lines(folder / "index.noun"))

    def sense(self, word: str) -> str | None:
        """The address of the most frequent meaning of a word that can be shown."""
        known = self.index.get(word, ())[:_SENSES]
        return next((at for at in known if self.synsets[at].field in _FIELDS), None)

    def above(self, address: str) -> Iterator[str]:
        """What a meaning is a kind of, the nearest first."""
        todo, seen = [address], set()
        while todo:
            todo = [up for at in todo for up in self.synsets[at].above if up not in seen]
            todo = list(dict.fromkeys(todo))
            seen.update(todo)
            yield from todo

    def kind(self, name: str) -> str | None:
        """What a thing is one of."""
        at = self.sense(name) or self.sense(name.split()[-1])
        if at is None:
            return None
        words = {word for one in (at, *self.above(at)) for word in self.synsets[one].words}
        return next((kind for word, kind in _KINDS.items() if word in words), None)

    def more_names(
        self, own: dict[str, int], taken: set[str], everyday: set[str]
    ) -> dict[str, tuple[int, int]]:
        """Other names of things, by their number and rank.

        Args:
            own: the number of each thing, by its own names.
            taken: names that are not to be given again.
            everyday: words that people know; names of other words are left out.
        """
        things: dict[str, int] = {}
        for name, number in own.items():
            if at := self.sense(name):
                things.setdefault(at, number)
        found: dict[str, tuple[int, int]] = {}
        for at, number in things.items():
            for word in self.synsets[at].words:
                if word not in taken and len(word) > 2:
                    found.setdefault(word, (number, _SYNONYM))
        for word in self.index:
            if word in taken or word in found or not _is_everyday(word, everyday):
                continue
            if near := self._nearest(word, things):
                found[word] = near
        return found

    def _nearest(self, word: str, things: dict[str, int]) -> tuple[int, int] | None:
        """The thing that a word is a kind of, by its number and rank."""
        at = self.sense(word)
        if at is None or self.index[word].index(at) > 1:
            return None
        for steps, up in zip(range(_FARTHEST), self.above(at), strict=False):
            if self.synsets[up].words[0] in _TOO_WIDE:
                return None
            if up in things:
                return things[up], _KIND_OF + steps
        return None


def wordnet(folder: Path = FOLDER) -> WordNet | None:
    """WordNet, if it is installed."""
    return WordNet(folder) if (folder / "data.noun").is_file() else None


def _is_everyday(word: str, everyday: set[str]) -> bool:
    is_known = word in everyday or (" " in word and all(part in everyday for part in word.split()))
    return is_known and 2 < len(word) < 22


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file but for those of its licence, which begin with a space."""
    with path.open(encoding="ascii") as file:
        yield from (line for line in file if not line.startswith(" "))


def _synset(line: str) -> tuple[str, Synset]:
    fields = line.split("|")[0].split()
    count = int(fields[3], 16)
    words = tuple(word.replace("_", " ").lower() for word in fields[4 : 4 + 2 * count : 2])
    rest = fields[5 + 2 * count :]
    above = tuple(rest[at + 1] for at in range(0, len(rest), 4) if rest[at] in ("@", "@i"))
    return fields[0], Synset(words, int(fields[1]), above)


def _entry(line: str) -> tuple[str, list[str]]:
    fields = line.split()
    return fields[0].replace("_", " "), fields[6 + int(fields[3]) :]
