"""What the name of a guide can mean: looked at before anything is loaded or fetched."""

import difflib
import os
import shlex
from collections.abc import Iterable
from pathlib import Path

from diavlex.errors import MissingGuide, UnknownName, shown
from diavlex.files import path_of

from .pickles import ENDINGS

INSTEAD = "use --guide pocket, which is always here."
HUB = "hf-hub:"
"""What stands before a name that means a model on the hub, whatever folders there are."""

CALLED_HERE = {
    "vit-b/32": "clip",
    "vit-b-32": "clip",
    "vit-b/16": "clip-b16",
    "vit-b-16": "clip-b16",
    "vit-l/14": "openai/clip-vit-large-patch14",
    "vit-l-14": "openai/clip-vit-large-patch14",
    "vit-l/14@336px": "openai/clip-vit-large-patch14-336",
}
"""How other programs call the models of OpenAI, in lower case, and how diavlex does."""


def check_name(name: str, known: Iterable[str]) -> None:
    """Refuse a name that can mean no model.

    Args:
        name: as a person gave it: a folder, or a model on the hub.
        known: the short names that there are, of which the nearest is offered.

    Raises:
        UnknownName: neither a folder nor a name of the hub.
        MissingGuide: a folder that is not there.
    """
    path = path_of(name)
    if os.path.isdir(path) or os.path.isfile(path):
        return
    if name.lower() in CALLED_HERE:
        raise UnknownName("guide", name, known, near=CALLED_HERE[name.lower()])
    _check_commas(name, path)
    if path.suffix in ENDINGS:
        raise MissingGuide(f"there is no {shown(name)}; name a folder or a hub model, or {INSTEAD}")
    if "/" not in name:
        raise UnknownName("guide", name, known)
    if not name.startswith(HUB) and (near := _near(path)):
        raise MissingGuide(
            f"there is no folder '{shown(name)}': did you mean '{near}'? The hub's model of that "
            f"name is {HUB}{shown(name)}."
        )
    split(name)


def split(name: str) -> tuple[str, str]:
    """Repository and revision of a name on the hub: `owner/model`, `owner/model@revision`.

    Raises:
        MissingGuide: it is not one, so that it can only have been meant as a folder.
    """
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    repository, _, revision = name.removeprefix(HUB).partition("@")
    try:
        if repository.count("/") != 1:
            raise HFValidationError
        validate_repo_id(repository)
    except HFValidationError as error:
        raise MissingGuide(
            f"there is no folder '{shown(name)}', and hub models are named owner/model; {INSTEAD}"
        ) from error
    return repository, revision or "main"


def _check_commas(name: str, path: Path) -> None:
    """Tell how a folder is given whose name holds the comma that parts guides."""
    for sibling in _siblings(path):
        if sibling.startswith(path.name + ","):
            whole = path.with_name(sibling)
            link = path.with_name(sibling.replace(",", "-"))
            raise MissingGuide(
                f"there is no folder '{shown(name)}', and a comma ends the name of a guide; give "
                f"'{shown(whole)}' a name without one: "
                f"ln -s {shlex.quote(str(whole.absolute()))} {shlex.quote(str(link))}"
            )


def _near(path: Path) -> str:
    """The folder beside a path whose name is most like its own; empty if none is like it."""
    folders = [name for name in _siblings(path) if path.with_name(name).is_dir()]
    near = difflib.get_close_matches(path.name, folders, n=1)
    return shown(path.with_name(near[0])) if near else ""


def _siblings(path: Path) -> list[str]:
    try:
        return sorted(os.listdir(path.parent))
    except OSError:
        return []
