"""`diavlex brushes`: what can paint."""

from collections.abc import Sequence

from diavlex import weights
from diavlex.cli.cards import print_card, print_table
from diavlex.cli.options import Flags


def run(words: Sequence[str]) -> int:
    """List the brushes, or show one's card."""
    parser = Flags("brushes", "List the brushes, or show one's card.")
    parser.add_argument("name", nargs="?", help="whose card to show")
    name = parser.parse_args(words).name
    if name is not None:
        print_card(weights.find("brush", name)[0])
        return 0
    cards = weights.known("brush").values()
    print_table(
        ("brush", "how it paints", "licence", "here"),
        [(card.name, card.about, card.licence, "yes") for card in cards],
    )
    return 0
