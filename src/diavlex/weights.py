"""Which trained files exist: name, source, checksum, licence, score."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from diavlex import plugins
from diavlex.errors import BadWeights, UnknownName
from diavlex.files import replacing

SHIPPED = Path(__file__).parent / "trained"
"""The folder of the package's own weights; each file has its card beside it."""


@dataclass(frozen=True)
class Card:
    """What a weights file is, what it was trained on, and how well it does."""

    name: str
    kind: str
    """brush | guide"""
    about: str
    licence: str
    trained_on: dict[str, str]
    """Source -> terms as found."""
    settings: dict[str, Any]
    """What is needed to build the network, and how it was trained."""
    scores: dict[str, Any]
    sha256: str = ""
    notes: list[str] = field(default_factory=list)


def own_folder() -> Path:
    """Where a person's own trained weights live: $DIAVLEX_HOME, else ~/.local/share/diavlex."""
    return Path(os.environ.get("DIAVLEX_HOME", Path.home() / ".local" / "share" / "diavlex"))


def folders(kind: str) -> tuple[Path, ...]:
    """Where weights of a kind lie; where two have one name, the earlier folder's counts."""
    added = _added_brushes() if kind == "brush" else ()
    return SHIPPED, own_folder(), *added


@cache
def _added_brushes() -> tuple[Path, ...]:
    """Folders of brushes that other packages add; each names one, or a callable that returns one.

    What is no folder is left out and named in one logged line.
    """
    group, found = "diavlex.brushes", []
    for name, entry in plugins.load(group).items():
        try:
            where: Any = entry() if callable(entry) else entry
            folder = Path(where)
            if not folder.is_dir():
                raise NotADirectoryError(f"{folder} is no folder")
            found.append(folder)
        except Exception as error:  # whatever a stranger's code raises must harm nobody else
            plugins.leave_out(name, group, f"{type(error).__name__}: {error}")
    return tuple(found)


def known(kind: str) -> dict[str, Card]:
    """Every card of a kind, shipped and own, by name; a person's own come after the shipped."""
    cards: dict[str, Card] = {}
    for folder in folders(kind):
        for path in sorted(folder.glob("*.json")):
            card = read_card(path)
            if card.kind == kind:
                cards.setdefault(card.name, card)
    return cards


def read_card(path: Path) -> Card:
    """Read a card.

    Raises:
        BadWeights: it cannot be read.
    """
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(facts, dict):
            raise ValueError("it is no card")
        return Card(**facts)
    except (OSError, ValueError, TypeError) as error:
        cure = "install diavlex again" if path.parent == SHIPPED else "mend it or take it away"
        raise BadWeights(f"the card {path} cannot be read ({error}); {cure}.") from error


def find(kind: str, name: str) -> tuple[Card, Path]:
    """The card and the weights file of a name.

    Raises:
        UnknownName: no such weights; the nearest name is offered.
    """
    cards = known(kind)
    if name not in cards:
        raise UnknownName(kind, name, cards)
    for folder in folders(kind):
        if (folder / f"{name}.json").is_file():
            return cards[name], folder / f"{name}.safetensors"
    raise AssertionError("a card that was listed has a file")


def load(kind: str, name: str) -> tuple[Card, dict[str, Any]]:
    """The card and the tensors of a name, checked.

    Raises:
        UnknownName: no such weights.
        BadWeights: missing, altered since its card was written, or holding NaN.
    """
    import torch
    from safetensors.torch import load as parse

    card, path = find(kind, name)
    if not path.is_file():
        raise BadWeights(f"the weights of '{name}' are missing ({path}); install diavlex again.")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != card.sha256:
        raise BadWeights(
            f"the weights of '{name}' are not what their card says ({path}: checksum differs); "
            "install diavlex again, or train them again."
        )
    tensors = parse(data)
    for key, value in tensors.items():
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise BadWeights(
                f"the weights of '{name}' hold NaN in '{key}' ({path}); train them again."
            )
    return card, tensors


@contextmanager
def fitting(name: str) -> Iterator[None]:
    """Within it, a network takes the tensors of a name.

    Raises:
        BadWeights: they are of another network than this version builds.
    """
    try:
        yield
    except (KeyError, TypeError, RuntimeError) as error:
        line = (str(error).splitlines() or [""])[-1].strip()
        raise BadWeights(
            f"the weights of '{name}' do not fit this version of diavlex ({line}); "
            "train them again, or install the version that made them."
        ) from error


def save(folder: Path, card: Card, tensors: dict[str, Any]) -> Path:
    """Write weights and card (with the checksum filled in), each atomically; the card last.

    Raises:
        BadFolder: they cannot be written there.
    """
    from safetensors.torch import save as pack

    data = pack({key: value.contiguous() for key, value in tensors.items()})
    filled = asdict(card) | {"sha256": hashlib.sha256(data).hexdigest()}
    text = json.dumps(filled, indent=1, ensure_ascii=False) + "\n"
    for suffix, content in (("safetensors", data), ("json", text.encode())):
        with replacing(folder / f"{card.name}.{suffix}") as fresh:
            fresh.write_bytes(content)
    return folder / f"{card.name}.safetensors"
