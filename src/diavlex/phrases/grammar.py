"""Sentences: who does what, with what, where, and when; the nouns of a prompt and their relations.

A small grammar of the English in which pictures are asked for. It knows prepositions, deeds and a
few hundred words; any other word is the name of a thing, or a part of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import lexicon as say
from .asides import settled
from .hues import paired
from .idioms import PHRASES
from .naming import deed_of, has_noun, noun_of, places_of, says_sea
from .sentence import Air, Noun, Relation, Sentence
from .words import depicted

_WORD = re.compile(r"[a-z0-9-]+|,")
_LEADS = ("with", "wear", "hold")
"""Relations by which a thing belongs to the one before it."""

_LIE = ("in", "on", "under", "above", "beside", "behind", "before", "between", "around")
"""Relations that say how one thing lies to another."""


@dataclass
class _Chunk:
    """Words between two connecting words."""

    lead: str
    """The relation that leads to it; "do" for the object of a deed, "" for the first."""
    words: list[str]
    deed: str = ""
    """What is done after it."""


def parse(text: str) -> Sentence:
    """Take a prompt apart."""
    plain = f" {depicted(text).lower().strip(' .!')} ".replace("'s ", " ").replace("\u2019s ", " ")
    plain = f" {paired(settled(plain))} "
    for phrase, word in PHRASES:
        plain = re.sub(rf"\b{phrase}\b", word, plain)
    tokens = _WORD.findall(plain)
    return _Reader(tokens).sentence()


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.nouns: list[Noun] = []
        self.relations: list[Relation] = []
        self.places: list[str] = []
        self.place_color: str | None = None
        self.air = Air()
        self.is_had = False

    def sentence(self) -> Sentence:
        for token in self.tokens:
            self._feel(token)
        last: int | None = None
        owner: int | None = None
        for chunk in self._chunks():
            last, owner = self._take(chunk, last, owner)
        places = sorted(self._named_places(), key=say.STRONG.index)
        return Sentence(
            tuple(self.nouns), tuple(self.relations), tuple(places), self.air,
            frozenset(self.tokens), self.place_color,
        )  # fmt: skip

    def _named_places(self) -> set[str]:
        """The places; a sunset is at the sea if nothing else says where it is."""
        elsewhere = set(self.places) - {"sea"}
        return elsewhere if elsewhere and not says_sea(self.tokens) else set(self.places)

    def _feel(self, token: str) -> None:
        """Take hour, weather and season from a word."""
        air = self.air
        self.air = Air(
            say.HOURS.get(token, air.hour),
            say.WEATHERS.get(token, air.weather),
            say.SEASONS.get(token, air.season),
            air.has_sun or token in say.SUNS,
        )

    def _chunks(self) -> Iterator[_Chunk]:
        chunk = _Chunk("", [])
        for at, token in enumerate(self.tokens):
            deed = deed_of(token) or self._deed_too(token, at, chunk.words)
            following = self.tokens[at + 1] if at + 1 < len(self.tokens) else ""
            if token in say.RELATIONS:
                yield chunk
                chunk = _Chunk(say.RELATIONS[token], [])
            elif token in (",", "and"):
                yield chunk
                chunk = _Chunk("and", [])
            elif deed and has_noun(chunk.words):
                chunk.deed = deed
                yield chunk
                chunk = _Chunk("do", [])
            elif deed and (
                not following or following in say.RELATIONS or following in say.ARTICLES
            ):
                chunk.deed = deed
                yield chunk
                chunk = _Chunk("do", [])
            elif token not in say.IGNORED and not self._is_state(token, following, chunk.words):
                chunk.words.append(token)
        yield chunk

    def _is_state(self, token: str, following: str, before: list[str]) -> bool:
        """Whether a word only says how its thing is where it is: "a broom propped against"."""
        return token.endswith("ed") and following in say.RELATIONS and has_noun(before)

    def _deed_too(self, token: str, at: int, before: list[str]) -> str:
        """The deed of a word that may be a thing as well: "a boy building a tower".

        What somebody does with something, and nobody knows, is shown as holding it.
        """
        deed = {"building": "build", "painting": "paint", "drawing": "draw", "ringing": "ring"}.get(
            token, ""
        )
        is_done = any(word in say.PEOPLE for word in before) and at + 1 < len(self.tokens)
        if is_done and not deed and token.endswith("ing") and token not in say.NOT_DEEDS:
            deed = "hold" if self.tokens[at + 1] in say.ARTICLES | say.COUNTS.keys() else ""
        return deed if is_done else ""

    def _take(
        self, chunk: _Chunk, last: int | None, owner: int | None
    ) -> tuple[int | None, int | None]:
        """Add what a chunk says; returns the last noun, and whose things are being told."""
        noun = noun_of(chunk.words)
        place = places_of(noun) if noun else []
        if noun is None:
            return self._does(chunk, last), owner
        if chunk.lead == "of" and last is not None:
            self._of(noun, last)
            return last, owner
        if chunk.lead == "of" and self.places and not place:
            self.nouns.append(replace(noun, count=max(noun.count, 12)))  # a field of it
            return len(self.nouns) - 1, owner
        if self._is_air(noun, chunk.lead):
            return self._does(chunk, last), owner
        if (
            chunk.lead == "in"
            and last is not None
            and noun.head in say.CLOTHES
            and self.nouns[last].person
        ):
            chunk.lead = "wear"
        if place and self._is_place(noun, chunk.lead):
            self.places += place
            self._grows(noun)
            self.place_color = noun.color or self.place_color
            if chunk.deed:
                return self._does(chunk, last), owner
            return last, owner
        return self._thing(noun, chunk, last, owner)

    def _thing(
        self, noun: Noun, chunk: _Chunk, last: int | None, owner: int | None
    ) -> tuple[int | None, int | None]:
        lead = chunk.lead
        if lead == "do" and last is not None:
            self.nouns[last] = replace(self.nouns[last], object=noun)
            self._does(chunk, last)
            return last, last
        if lead in _LEADS and last is not None:
            if lead == "with" and noun.person:  # a man with a woman
                lead = "and"
            else:
                mark = replace(noun, traits=(*noun.traits, lead))
                self.nouns[last] = replace(
                    self.nouns[last], having=(*self.nouns[last].having, mark)
                )
                self.is_had = True
                self._does(chunk, last)
                return last, last
        if (
            lead == "and"
            and owner is not None
            and not noun.person
            and not chunk.deed
            and noun.count == 1
        ):
            mark = (
                noun if self.nouns[owner].person else replace(noun, traits=(*noun.traits, "with"))
            )
            self.nouns[owner] = replace(self.nouns[owner], having=(*self.nouns[owner].having, mark))
            return last, owner
        self.is_had = False
        self.nouns.append(noun)
        mine = len(self.nouns) - 1
        if lead in _LIE and last is not None:
            self.relations.append(Relation(last, lead, mine))
            self._does(chunk, mine)
            return last, None
        self._does(chunk, mine)
        return mine, None

    def _does(self, chunk: _Chunk, who: int | None) -> int | None:
        if not chunk.deed or who is None:
            return who
        noun = self.nouns[who]
        if noun.deed and noun.deed == say.AGENTS.get(noun.head, ("",))[0]:  # what is usual for them
            noun = replace(noun, deed="", object=None)
        if not noun.deed:
            self.nouns[who] = replace(noun, deed=chunk.deed)
        return who

    def _of(self, noun: Noun, last: int) -> None:
        """What a noun is of: "a slice of pizza" is pizza, "a bowl of fruit" a bowl with fruit."""
        if self.is_had and self.nouns[last].having:
            self._of_had(noun, last)
            return
        newest = last if self.is_had else len(self.nouns) - 1
        if newest == last and not self.is_had and self.nouns[last].object is not None:
            self._of_done(noun, last)
            return
        last, before = newest, self.nouns[newest]
        if before.head in say.MEASURES or before.head in ("portrait", "face", "bust"):
            count = 2 if before.head == "pair" and noun.head not in say.DOUBLE else before.count
            self.nouns[last] = replace(noun, color=noun.color or before.color, count=count)
        elif before.head in say.GROUPS:
            self.nouns[last] = replace(noun, count=say.GROUPS[before.head])
        elif before.head in say.CONTAINERS:
            self.nouns[last] = replace(before, inside=noun)
        else:
            self.nouns[last] = replace(before, name=f"{before.name} of {noun.name}")

    def _of_done(self, noun: Noun, last: int) -> None:
        """The same where something is done to the noun before: "a boy eating a slice of pizza"."""
        done = self.nouns[last].object
        assert done is not None
        if done.head in say.CONTAINERS:
            done = replace(done, inside=noun)
        elif done.head in say.MEASURES or done.head in say.GROUPS:
            done = noun
        self.nouns[last] = replace(self.nouns[last], object=done)

    def _of_had(self, noun: Noun, last: int) -> None:
        """The same where the noun before is had by another: "a cat with a ball of yarn"."""
        *others, had = self.nouns[last].having
        if had.head in say.CONTAINERS:
            mark = replace(had, inside=noun)
        else:
            mark = replace(noun, traits=(*noun.traits, *had.traits), color=noun.color or had.color)
        self.nouns[last] = replace(self.nouns[last], having=(*others, mark))

    def _grows(self, place: Noun) -> None:
        """What grows all over a place: of "a tulip field" tulips."""
        for word in place.name.split()[:-1]:
            if word.removesuffix("s") in say.GROWN:
                self.nouns.append(Noun(word, 12))

    def _is_air(self, noun: Noun, lead: str) -> bool:
        """Whether a noun only says when, or how the weather is."""
        words = noun.name.split()
        known = [
            w in say.HOURS or w in say.WEATHERS or w in say.SEASONS or w in ("sun", "day")
            for w in words
        ]
        is_thing = noun.head in say.PLACES or noun.head in ("firework", "fireworks")
        if not words or not all(known) or noun.count > 1 or is_thing:
            return False
        if (
            noun.head in ("moon", "sun", "stars")
            and not self.places
            and lead == ""
            and len(self.tokens) < 4
        ):
            return False  # the moon itself is asked for
        return True

    def _is_place(self, noun: Noun, lead: str) -> bool:
        if noun.head not in say.THINGS_TOO:
            return True
        if lead == "do":
            return noun.head in ("bridge", "snow", "water", "island")
        return (
            lead in ("in", "at", "with", "above")
            or (lead == "on" and noun.head != "wall")
            or not self.nouns
        )
