"""`diavlex presets`: choices that go together under one name."""

from collections.abc import Sequence
from dataclasses import Field

from diavlex.cli.cards import print_table
from diavlex.cli.options import Flags
from diavlex.config import PRESETS, Knob, PaintConfig, knobs, preset


def run(words: Sequence[str]) -> int:
    """List the presets, or show what one chooses beside what is usual."""
    parser = Flags("presets", "List the choices that go together under a name, or show one's.")
    parser.add_argument("name", nargs="?", help="whose choices to show")
    name = parser.parse_args(words).name
    if name is None:
        rows = [(known, ", ".join(values)) for known, values in PRESETS.items()]
        print_table(("preset", "what it chooses"), rows)
        return 0
    about = knobs(PaintConfig)
    rows = [
        ("--" + key.replace("_", "-"), str(value), _usual(*about[key]), about[key][1].about)
        for key, value in preset(name).items()
    ]
    print_table(("flag", name, "usual", "what it is"), rows)
    return 0


def _usual(field: Field, told: Knob) -> str:
    return str(told.write(field.default))
