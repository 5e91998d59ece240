"""Sentences as facts: the nouns of a prompt, their relations, and where and when it is."""

from dataclasses import dataclass, field

from . import lexicon as say


@dataclass(frozen=True)
class Noun:
    """A thing that a sentence names, with all that it says of it."""

    name: str
    """Without article, color and number: "sailing boat", "old man"."""
    count: int = 1
    color: str | None = None
    also: str | None = None
    """A second color: of "a black and white cow", white."""
    having: tuple["Noun", ...] = ()
    """What it wears, holds or has: of "a boy with an umbrella", the umbrella."""
    deed: str = ""
    """What it does: "play"."""
    object: "Noun | None" = None
    """What that is done to: of "a woman playing the violin", the violin."""
    inside: "Noun | None" = None
    """What a container is full of: of "a bowl of fruit", the fruit."""
    traits: tuple[str, ...] = ()
    """Words of size, age and the like."""

    @property
    def head(self) -> str:
        """The last word of the name."""
        return self.name.split()[-1] if self.name else ""

    @property
    def person(self) -> str:
        """How it looks, if it is a person: "man", "farmer"; else nothing."""
        if "old" in self.traits or "elderly" in self.traits:
            old = {"man": "old man", "woman": "old woman"}
            return old.get(say.PEOPLE.get(self.head, ""), say.PEOPLE.get(self.head, ""))
        return say.PEOPLE.get(self.head, "")


@dataclass(frozen=True)
class Relation:
    """How two nouns of a sentence lie to each other."""

    first: int
    word: str
    """in, on, under, above, beside, behind or before."""
    second: int


@dataclass(frozen=True)
class Air:
    """Hour, weather and season, as far as they are said."""

    hour: str = ""
    """dusk or night."""
    weather: str = ""
    """rain, storm, fog, snow or cloud."""
    season: str = ""
    """spring, summer, autumn or winter."""
    has_sun: bool = False
    """Whether sun or moon are named."""

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return bool(self.hour or self.weather or self.season or self.has_sun)


@dataclass(frozen=True)
class Sentence:
    """What a prompt says."""

    nouns: tuple[Noun, ...]
    """Things and people, without places."""
    relations: tuple[Relation, ...]
    places: tuple[str, ...]
    """Sceneries, that which tells most first."""
    air: Air
    said: frozenset[str] = field(default_factory=frozenset)
    """All words."""
    place_color: str | None = None
    """Of a room or a sky, if one is said."""
