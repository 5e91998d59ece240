"""`diavlex guides`: what can judge a canvas, and what each knows."""

from collections.abc import Sequence

from diavlex import weights
from diavlex.cli.cards import print_card, print_table
from diavlex.cli.options import Flags
from diavlex.errors import UnknownName

HEADS = ("guide", "what it is", "licence", "here")


def run(words: Sequence[str]) -> int:
    """List the guides, or show one's card."""
    parser = Flags("guides", "List the models that judge a canvas, or show one's card.")
    parser.add_argument("name", nargs="?", help="whose card to show")
    name = parser.parse_args(words).name
    from diavlex.guides.clip import KNOWN

    cards = weights.known("guide")
    rows = {card.name: (card.name, card.about, card.licence, "yes") for card in cards.values()}
    for short, model in KNOWN.items():
        here = "yes" if model.is_here else "no: is fetched at first use"
        rows.setdefault(short, (short, model.about, model.licence, here))
    if name is not None and name not in rows:
        raise UnknownName("guide", name, rows)
    if name in cards:
        print_card(cards[name])
        return 0
    if name is not None:
        print_table(HEADS, [rows[name]])
        print(f"source: {KNOWN[name].source} on the hub; needs `pip install 'diavlex[clip]'`.")
        return 0
    print_table(HEADS, list(rows.values()))
    print("Any CLIP, SigLIP or open_clip model works as well: --guide HUB-NAME or --guide FOLDER.")
    return 0
