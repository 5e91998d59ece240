"""`diavlex guides`: what can judge a canvas, and what each knows."""

from collections.abc import Sequence

from diavlex import weights
from diavlex.cli.cards import print_card, print_table
from diavlex.cli.options import Flags


def run(words: Sequence[str]) -> int:
    """List the guides, or show one's card."""
    parser = Flags("guides", "List the models that judge a canvas, or show one's card.")
    parser.add_argument("name", nargs="?", help="whose card to show")
    name = parser.parse_args(words).name
    from diavlex.guides.clip import KNOWN

    cards = weights.known("guide")
    if name is not None:
        print_card(weights.find("guide", name)[0])
        return 0
    rows = [(card.name, card.about, card.licence, "yes") for card in cards.values()]
    for short, model in KNOWN.items():
        here = "yes" if model.is_here else "no: is fetched at first use"
        rows.append((short, model.about, model.licence, here))
    print_table(("guide", "what it is", "licence", "here"), rows)
    print("Any CLIP, SigLIP or open_clip model works as well: --guide HUB-NAME or --guide FOLDER.")
    return 0
