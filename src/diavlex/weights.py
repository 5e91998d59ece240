"""Which trained files exist: name, source, checksum, licence, score."""

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from diavlex import plugins, schema
from diavlex.errors import BadValue, BadWeights, UnknownName, shown
from diavlex.files import path_of, read, replacing

SHIPPED = Path(__file__).parent / "trained"
"""The folder of the package's own weights; each file has its card beside it."""

_MOST_CARD_BYTES = 1 << 18
_MOST_WEIGHTS_BYTES = 1 << 33


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


def is_name(text: str) -> bool:
    """Whether a brush or a guide may be called so: a name, and never a path or two names."""
    is_short = 0 < len(text) <= 100 and text.isprintable() and text == text.strip()
    return is_short and not set(text) & set("/\\:,") and text[0] not in ".~-"


def own_folder() -> Path:
    """Where a person's own trained weights live: $DIAVLEX_HOME, else ~/.local/share/diavlex.

    Raises:
        BadValue: there is no home folder.
    """
    return path_of(os.environ.get("DIAVLEX_HOME") or "~/.local/share/diavlex")


def folders(kind: str) -> list[Path]:
    """Where weights of a kind lie; where two have one name, the earlier folder's counts."""
    added = _added_brushes() if kind == "brush" else ()
    try:
        return [SHIPPED, own_folder(), *added]
    except BadValue as error:
        _tell(f"{error} No weights of your own are found.")
        return [SHIPPED, *added]


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
    """Every card of a kind by name; where two have one name, the folder that comes first counts.

    A file that is no card stops nobody: it is left out, and a warning tells of it once.
    """
    return {name: card for name, (card, _) in _placed(kind).items()}


def read_card(path: Path) -> Card:
    """Read a card.

    Raises:
        BadWeights: it cannot be read.
    """
    try:
        card = schema.read(read(path, _MOST_CARD_BYTES), Card)
        for facts in (card.settings, card.scores):
            schema.check(facts, schema.Facts)
        if not is_name(card.name) or card.name != path.stem:
            raise schema.Unfit(f"it is called '{shown(card.name)}', and its file '{path.stem}'")
        return card
    except OSError as error:
        raise _unread(path, (error.strerror or str(error)).lower()) from error
    except schema.Unfit as error:
        raise _unread(path, str(error)) from error


def find(kind: str, name: str) -> tuple[Card, Path]:
    """The card and the weights file of a name.

    Raises:
        UnknownName: no such weights; the nearest name is offered.
        BadWeights: the card of that name cannot be read.
    """
    placed = _placed(kind)
    if name in placed:
        return placed[name]
    for path in _cards(kind):
        if path.stem == name:
            read_card(path)
    raise UnknownName(kind, name, placed)


def _placed(kind: str) -> dict[str, tuple[Card, Path]]:
    """The cards of a kind and their weights' files, by name."""
    found: dict[str, tuple[Card, Path]] = {}
    for path in _cards(kind):
        try:
            card = read_card(path)
        except BadWeights as error:
            _tell(f"{error} It is left out.")
            continue
        if card.kind == kind:
            found.setdefault(card.name, (card, path.with_suffix(".safetensors")))
    return found


def _cards(kind: str) -> list[Path]:
    """Every file that should be a card, in the folders of a kind."""
    paths: list[Path] = []
    for folder in folders(kind):
        try:
            paths += sorted(folder / name for name in os.listdir(folder) if name.endswith(".json"))
        except FileNotFoundError:
            continue
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            _tell(f"the folder of weights {folder} cannot be read ({why}); it is left out.")
    return paths


@cache
def _tell(line: str) -> None:
    """Warn, once in a program."""
    logging.getLogger("diavlex").warning(shown(line, 500))


def _unread(path: Path, why: str) -> BadWeights:
    cure = "install diavlex again" if path.parent == SHIPPED else "mend it or take it away"
    return BadWeights(f"the card {path} cannot be read ({why}); {cure}.")


def load(kind: str, name: str) -> tuple[Card, dict[str, Any]]:
    """The card and the tensors of a name, checked.

    Raises:
        UnknownName: no such weights.
        BadWeights: missing, altered since its card was written, or holding NaN.
    """
    card, path = find(kind, name)
    try:
        data = read(path, _MOST_WEIGHTS_BYTES)
    except FileNotFoundError:
        raise BadWeights(
            f"the weights of '{name}' are missing ({path}); install diavlex again, or train them "
            "again."
        ) from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise BadWeights(
            f"the weights of '{name}' cannot be read ({path}: {why}); mend that."
        ) from error
    if hashlib.sha256(data).hexdigest() != card.sha256:
        raise BadWeights(
            f"the weights of '{name}' are not what their card says ({path}: checksum differs); "
            "install diavlex again, or train them again."
        )
    return card, _tensors(name, path, data)


def _tensors(name: str, path: Path, data: bytes) -> dict[str, Any]:
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load as parse

    try:
        tensors = parse(data)
    except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise BadWeights(
            f"the weights of '{name}' are no safetensors, or are cut short ({path}: "
            f"{shown(error, 200)}); train them again."
        ) from error
    for key, value in tensors.items():
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise BadWeights(
                f"the weights of '{name}' hold NaN in '{shown(key)}' ({path}); train them again."
            )
    return tensors


_MISFITS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError,
    TypeError, ValueError,
)  # fmt: skip
"""What building a network raises when it is given another's settings or tensors."""


@contextmanager
def fitting(name: str) -> Iterator[None]:
    """Within it, a network takes the tensors of a name.

    Raises:
        BadWeights: they are of another network than this version builds.
    """
    try:
        yield
    except _MISFITS as error:
        line = shown((str(error).splitlines() or [""])[-1].strip(), 200)
        raise BadWeights(
            f"the weights of '{name}' do not fit this version of diavlex ({line}); "
            "train them again, or install the version that made them."
        ) from error


def save(folder: Path, card: Card, tensors: dict[str, Any]) -> Path:
    """Write weights and card (with the checksum filled in), each atomically; the card last.

    Raises:
        BadFolder: they cannot be written there.
        BadValue: the card's name is none.
    """
    from safetensors.torch import save as pack

    if not is_name(card.name):
        raise BadValue(f"weights cannot be called '{shown(card.name)}': give a plain name.")
    data = pack({key: value.contiguous() for key, value in tensors.items()})
    filled = asdict(card) | {"sha256": hashlib.sha256(data).hexdigest()}
    text = json.dumps(filled, indent=1, ensure_ascii=False) + "\n"
    for suffix, content in (("safetensors", data), ("json", text.encode())):
        with replacing(folder / f"{card.name}.{suffix}") as fresh:
            fresh.write_bytes(content)
    return folder / f"{card.name}.safetensors"
