"""The page of model cards: what each file of weights is, and what it was trained on."""

from collections.abc import Iterator
from typing import Any

from diavlex import weights
from diavlex.weights import SHIPPED, Card, read_card

from .choices import table

HEAD = """# Model cards

*Made from the cards in the package: `make pages` writes this page anew; a test holds it current.*

`diavlex guides NAME` and `diavlex brushes NAME` print the same, and `diavlex train` writes such a
card beside each file of weights. Each file is checked against the checksum on its card before it is
used. What the terms mean for you: [Responsible use](responsible.md).
"""


def page() -> str:
    """The page."""
    cards = sorted((read_card(path) for path in SHIPPED.glob("*.json")), key=_order)
    return HEAD + "".join(part for card in cards for part in _card(card))


def _order(card: Card) -> tuple[bool, str]:
    return card.kind == "brush", card.name


def _card(card: Card) -> Iterator[str]:
    size = (weights.SHIPPED / f"{card.name}.safetensors").stat().st_size / 1e6
    yield f"\n## {card.kind.capitalize()}: {card.name}\n\n{card.about}\n\n"
    facts = [["licence of the weights", card.licence], ["file", f"{size:.1f} MB"]]
    facts += [["sha256", f"`{card.sha256}`"]]
    yield table(("what", "is"), facts)
    yield "\n" + table(("score", "value"), [[key, _plain(v)] for key, v in card.scores.items()])
    yield "\n" + table(("setting", "value"), [[k, _plain(v)] for k, v in card.settings.items()])
    rows = [[key, terms] for key, terms in card.trained_on.items()]
    yield "\n" + table(("trained on", "terms as found"), rows)
    for note in card.notes:
        yield f"\n{note}\n"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(one)}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
