"""Where a published model's files are: a folder, the hub's cache, or the hub."""

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from diavlex.errors import BadWeights, MissingGuide

PATIENCE_S = 6.0
"""How long the hub may take to answer at all before we are offline."""

SETTINGS = ("*.json", "*.txt", "*.model")
OWN = ("model.safetensors", "model.safetensors.index.json", "model-*.safetensors")
OPEN_CLIP = ("open_clip_model.safetensors", "model.safetensors")
PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl")

INSTEAD = "use --guide pocket, which is always here."


def find_folder(name: str) -> Path:
    """The folder with a model's settings and weights, fetched from the hub if it must be.

    Args:
        name: a local folder, or a hub name: `owner/model`, `owner/model@revision`.

    Raises:
        MissingGuide: no such folder or model, or no network.
        BadWeights: a pickle, or no safetensors.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        return _checked(path, name)
    if path.is_file() or path.suffix in PICKLES:
        raise _not_a_folder(path)
    _split(name)
    if is_here(name):
        return _cached(name, SETTINGS)
    return _checked(_fetch_all(name), name)


def is_here(name: str) -> bool:
    """Whether a model can be opened without a network."""
    folder = Path(name).expanduser()
    if not folder.is_dir():
        try:
            folder = _cached(name, SETTINGS)
        except MissingGuide:
            return False
    return weights_of(folder) is not None


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
        parts = set(re.findall(r'"([^"/]+\.safetensors)"', index.read_text(encoding="utf-8")))
        return index if all((folder / part).is_file() for part in parts) else None
    whole = folder / "model.safetensors"
    return whole if whole.is_file() else None


def _checked(folder: Path, name: str) -> Path:
    if weights_of(folder):
        return folder
    for path in sorted(folder.iterdir()):
        if path.suffix in PICKLES and "training_args" not in path.name:
            raise _pickled(path)
    if any(folder.glob("*.safetensors")):
        raise BadWeights(
            f"'{name}' holds safetensors but not the config.json (transformers) or "
            "open_clip_config.json (open_clip) that belongs to them; put it beside them."
        )
    raise BadWeights(
        f"'{name}' holds no model.safetensors or open_clip_model.safetensors; on the hub a "
        "revision may have them (owner/model@refs/pr/1)."
    )


def _not_a_folder(path: Path) -> Exception:
    if path.suffix in PICKLES and path.is_file():
        return _pickled(path)
    if path.is_file():
        return BadWeights(f"{path} is a file; name the folder that holds it and its settings.")
    return MissingGuide(f"there is no {path}; name a folder or a hub model, or {INSTEAD}")


def _pickled(path: Path) -> BadWeights:
    code = (
        f"import torch, safetensors.torch as s; d = torch.load({str(path)!r}, weights_only=True); "
        "s.save_file({k: v.clone() for k, v in d.get('state_dict', d).items()}, "
        f"{str(path.with_name('open_clip_model.safetensors'))!r})"
    )
    return BadWeights(
        f"{path} is a pickle, which may run code when opened; if you trust it, convert it once "
        f'and name its folder, with an open_clip_config.json in it: python -c "{code}"'
    )


def _split(name: str) -> tuple[str, str]:
    """Repository and revision of a hub name.

    Raises:
        MissingGuide: it is not one, so that it can only have been meant as a folder.
    """
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    repository, _, revision = name.removeprefix("hf-hub:").partition("@")
    try:
        if repository.count("/") != 1:
            raise HFValidationError
        validate_repo_id(repository)
    except HFValidationError as error:
        raise MissingGuide(
            f"there is no folder '{name}', and hub models are named owner/model; {INSTEAD}"
        ) from error
    return repository, revision or "main"


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

    repository, revision = _split(name)
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
            f"the guide '{name}' is not on this machine and {constants.ENDPOINT} cannot be "
            f"reached; name a local folder, or {INSTEAD}"
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
