"""`diavlex guides`: what can judge a canvas, and what each knows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from diavlex import plugins, weights
from diavlex.cli.cards import print_card, print_table
from diavlex.cli.options import Flags
from diavlex.errors import UnknownName

if TYPE_CHECKING:
    from diavlex.guides.clip import Known

GROUP = "diavlex.guides"
HEADS = ("guide", "what it is", "licence", "here")


def run(words: Sequence[str]) -> int:
    """List the guides, or show one's card."""
    parser = Flags("guides", "List the models that judge a canvas, or show one's card.")
    parser.add_argument("name", nargs="?", help="whose card to show")
    name = parser.parse_args(words).name
    from diavlex.guides.clip import KNOWN

    cards = weights.known("guide")
    if name in cards:
        print_card(cards[name])
        return 0
    if name is not None and name not in KNOWN:
        raise UnknownName("guide", name, [*cards, *KNOWN])
    if name is not None:
        print_table(HEADS, [_row(name, KNOWN[name])])
        print(f"source: {KNOWN[name].source} on the hub; needs `pip install 'diavlex[clip]'`.")
        return 0
    rows = [(card.name, card.about, card.licence, "yes") for card in cards.values()]
    rows += [(one, "of another package", "its own", "installed") for one in plugins.names(GROUP)]
    print_table(HEADS, rows + [_row(short, model) for short, model in KNOWN.items()])
    print("Any CLIP, SigLIP or open_clip model works as well: --guide HUB-NAME or --guide FOLDER.")
    return 0


def _row(short: str, model: "Known") -> tuple[str, str, str, str]:
    here = "yes" if model.is_here else "no: is fetched at first use"
    return short, model.about, model.licence, here
