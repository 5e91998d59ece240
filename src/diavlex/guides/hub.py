"""Where a published model's files are: a folder, the hub's cache, or the hub."""

import os
import re
import shlex
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from diavlex.errors import BadWeights, MissingGuide, shown
from diavlex.files import path_of

from .names import INSTEAD, check_name, split
from .pickles import ENDINGS, pickle_in, refusal

PATIENCE_S = 6.0
"""How long the hub may take to answer at all before we are offline."""

SETTINGS = ("*.json", "*.txt", "*.model")
OWN = ("model.safetensors", "model.safetensors.index.json", "model-*.safetensors")
OPEN_CLIP = ("open_clip_model.safetensors", "model.safetensors")

_FAULTS = (ArithmeticError, AttributeError, ImportError, LookupError, OSError, RuntimeError,
           TypeError, ValueError)  # fmt: skip
"""What reading a file raises that is cut short, or is another kind of file."""


def find_folder(name: str) -> Path:
    """The folder with a model's settings and weights, fetched from the hub if it must be.

    Args:
        name: a local folder, or a hub name: `owner/model`, `owner/model@revision`.

    Raises:
        MissingGuide: no such folder or model, or no network.
        BadWeights: a pickle, or no safetensors.
    """
    path = path_of(name)
    if os.path.isdir(path):
        return _checked(path, name)
    if os.path.isfile(path):
        raise _file_given(path)
    check_name(name, ())
    if is_here(name):
        return _cached(name, SETTINGS)
    return _checked(_fetch_all(name), name)


def is_here(name: str) -> bool:
    """Whether a model can be opened without a network."""
    folder = path_of(name)
    if not os.path.isdir(folder):
        try:
            folder = _cached(name, SETTINGS)
        except MissingGuide:
            return False
    return weights_of(folder) is not None


def cure(path: Path) -> str:
    """What helps against a broken file of a model: fetched anew, or copied anew."""
    folder = path if path.is_dir() else path.parent
    store = folder.absolute().parent.parent
    if folder.absolute().parent.name == "snapshots" and store.name.startswith("models--"):
        return f"delete the folder {shlex.quote(str(store))}, and it is fetched anew next time"
    return f"put a whole copy of it into {folder}"


@contextmanager
def reading(name: str, path: Path) -> Iterator[None]:
    """Within it, a file of a model, or its folder, is read.

    Raises:
        BadWeights: it is cut short, or another kind of file; tells the path and the cure.
    """
    from safetensors import SafetensorError

    try:
        yield
    except (*_FAULTS, SafetensorError) as error:
        line = shown((str(error).strip().splitlines() or [type(error).__name__])[0], 200)
        raise BadWeights(
            f"'{name}' cannot be read: {path} ({line}); {cure(path)}, or {INSTEAD}"
        ) from error


def find_settings(name: str) -> Path:
    """The folder with a model's settings and words alone, without its weights.

    Raises:
        MissingGuide: no such model, or no network.
    """
    try:
        return _cached(name, SETTINGS)
    except MissingGuide:
        return _fetch(name, SETTINGS)


def weights_of(folder: Path) -> Path | None:
    """The weights file that a folder's settings speak of, if all of it is there."""
    if (folder / "config.json").is_file() and (own := _own_weights(folder)):
        return own
    if (folder / "open_clip_config.json").is_file():
        return next((folder / one for one in OPEN_CLIP if (folder / one).is_file()), None)
    return None


def _own_weights(folder: Path) -> Path | None:
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        parts = set(re.findall(r'"([^"/]+\.safetensors)"', index.read_text(errors="replace")))
        return index if all((folder / part).is_file() for part in parts) else None
    whole = folder / "model.safetensors"
    return whole if whole.is_file() else None


def _checked(folder: Path, name: str) -> Path:
    if weights_of(folder):
        return folder
    if path := pickle_in(folder):
        raise refusal(path)
    if any(folder.glob("*.safetensors")):
        raise BadWeights(
            f"'{name}' holds safetensors but not the config.json (transformers) or "
            "open_clip_config.json (open_clip) that belongs to them; put it beside them."
        )
    raise BadWeights(
        f"'{name}' holds no model.safetensors or open_clip_model.safetensors; on the hub a "
        "revision may have them (owner/model@refs/pr/1)."
    )


def _file_given(path: Path) -> BadWeights:
    if path.suffix in ENDINGS:
        return refusal(path)
    return BadWeights(f"{path} is a file; name the folder that holds it and its settings.")


def _cached(name: str, files: Sequence[str]) -> Path:
    """The hub's cache alone."""
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return _snapshot(name, files, is_local=True)
    except LocalEntryNotFoundError as error:
        raise MissingGuide(f"'{name}' is not on this machine.") from error


def _snapshot(name: str, files: Sequence[str], is_local: bool = False) -> Path:
    """The cache's folder of a model, after what is missing of these files was fetched into it."""
    from huggingface_hub import snapshot_download

    repository, revision = split(name)
    folder = snapshot_download(
        repository,
        revision=revision,
        allow_patterns=list(files),
        ignore_patterns="*/*",
        local_files_only=is_local,
    )
    return Path(folder)


def _fetch_all(name: str) -> Path:
    """Settings first, then the one set of weights they speak of."""
    folder = _fetch(name, SETTINGS)
    for settings, files in (("config.json", OWN), ("open_clip_config.json", OPEN_CLIP)):
        if (folder / settings).is_file() and not weights_of(folder):
            _fetch(name, files)
    return folder


def _fetch(name: str, files: Sequence[str]) -> Path:
    from huggingface_hub import constants
    from huggingface_hub.errors import (
        GatedRepoError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    if constants.HF_HUB_OFFLINE or not is_reachable(constants.ENDPOINT):
        raise MissingGuide(
            f"the guide '{name}' is no folder in {Path.cwd()} and was not fetched before, and "
            f"{constants.ENDPOINT} cannot be reached; name a folder, or {INSTEAD}"
        )
    try:
        return _snapshot(name, files)
    except GatedRepoError as error:
        raise MissingGuide(
            f"'{name}' wants you to log in and accept its terms (hf auth login); {INSTEAD}"
        ) from error
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise MissingGuide(
            f"the hub has no model '{name}'; look at its spelling, or {INSTEAD}"
        ) from error
    except OSError as error:
        line = str(error).strip().splitlines()[0]
        raise MissingGuide(
            f"'{name}' could not be fetched ({line}); try again, or {INSTEAD}"
        ) from error


def is_reachable(address: str, patience_s: float = PATIENCE_S) -> bool:
    """Whether anything answers at an address in time, name lookup and all."""
    answers: list[bool] = []
    asking = threading.Thread(
        target=lambda: answers.append(_answers(address, patience_s)), daemon=True
    )
    asking.start()
    asking.join(patience_s)
    return answers == [True]


def _answers(address: str, patience_s: float) -> bool:
    request = urllib.request.Request(address, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=patience_s):
            return True
    except urllib.error.HTTPError:
        return True
    except urllib.error.URLError as error:
        return type(error.reason).__name__.startswith(
            "SSL"
        )  # it answered; the hub has its own certificates
    except OSError:
        return False
