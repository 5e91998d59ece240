"""Cards and tables on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from diavlex.errors import LONGEST_MESSAGE, shown
from diavlex.weights import Card


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under heads on stdout."""
    table = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(shown(cell, LONGEST_MESSAGE)) for cell in row))
    Console().print(table)


def print_card(card: Card) -> None:
    """Print all that a card says."""
    console = Console()
    console.print(Text.assemble((card.name, "bold"), f"  {shown(card.about, LONGEST_MESSAGE)}"))
    console.print(f"licence of the weights: {shown(card.licence)}\n", markup=False, highlight=False)
    for head, facts in (("scores", card.scores), ("settings", card.settings)):
        console.print(f"[bold]{head}[/]")
        for key, value in facts.items():
            console.print(
                shown(f"  {key}: {value}", LONGEST_MESSAGE), markup=False, highlight=False
            )
    console.print("\n[bold]trained on[/] (terms as found)")
    for source, terms in card.trained_on.items():
        console.print(shown(f"  {source}: {terms}", LONGEST_MESSAGE), markup=False, highlight=False)
    for note in card.notes:
        console.print("\n" + shown(note, LONGEST_MESSAGE), markup=False, highlight=False)
