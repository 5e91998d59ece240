"""`diavlex recipes`: the looks that ship, and what each of them chooses."""

from collections.abc import Sequence

from diavlex.cli.cards import print_table
from diavlex.cli.options import Flags
from diavlex.config import about, choose, recipe, shipped_names, write_recipe


def run(words: Sequence[str]) -> int:
    """List the looks that ship, or print one as a recipe's file, to be changed and kept."""
    parser = Flags("recipes", "List the looks that ship, or print one as a recipe of your own.")
    parser.add_argument("name", nargs="?", help="of a look, or of a recipe's file")
    name = parser.parse_args(words).name
    if name is None:
        print_table(("recipe", "how it looks"), [(one, about(one)) for one in shipped_names()])
        return 0
    print(write_recipe(choose(**recipe(name))), end="")
    return 0
