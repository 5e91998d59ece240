"""Cards and tables on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from diavlex.weights import Card


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under heads on stdout."""
    table = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(escape(_printable(cell)) for cell in row))
    Console().print(table)


def _printable(text: str) -> str:
    """A text without what could steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def print_card(card: Card) -> None:
    """Print all that a card says."""
    console = Console()
    console.print(f"[bold]{escape(card.name)}[/]  {escape(card.about)}")
    console.print(f"licence of the weights: {escape(card.licence)}\n")
    for head, facts in (("scores", card.scores), ("settings", card.settings)):
        console.print(f"[bold]{head}[/]")
        for key, value in facts.items():
            console.print(f"  {key}: {value}", markup=False, highlight=False)
    console.print("\n[bold]trained on[/] (terms as found)")
    for source, terms in card.trained_on.items():
        console.print(f"  {source}: {terms}", markup=False, highlight=False)
    for note in card.notes:
        console.print(f"\n{note}", markup=False, highlight=False)
