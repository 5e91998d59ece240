"""How to make the same picture elsewhere: the command and the Python of a request."""

import shlex
from typing import Any

from diavlex.config import REMARKS, PaintConfig, choose, is_weighted, preset
from diavlex.web import wishes


def command(plain: dict[str, Any], wished: dict[str, Any]) -> str:
    """The shell command that makes the same picture; quoted, so that it can be pasted.

    Args:
        plain: the request.
        wished: what its wishes come to; see `wishes.choices`.
    """
    words = ["diavlex", "paint"]
    if plain["recipe"]:
        words += ["--preset", plain["recipe"]]
    for name, value in (_telling(plain) | wished).items():
        flag = "--" + wishes.FLAGS.get(name, name).replace("_", "-")
        several = value if isinstance(value, list) else [value]
        words += [flag if one is True else f"{flag}={one}" for one in several]
    first = [_unweighted(plain["prompt"])] if plain["prompt"] else []
    prompts = [*first, *plain["also"]]
    is_like_a_flag = bool(prompts) and prompts[0].startswith("-")
    return shlex.join([*words, *(["--"] if is_like_a_flag else []), *prompts])


def python(plain: dict[str, Any], wished: dict[str, Any]) -> str:
    """The same in Python."""
    chosen = (preset(plain["recipe"]) | _telling(plain) | wished).items()
    first = [repr(plain["prompt"])] if plain["prompt"] else []
    parts = [*first, *(f"{name}={value!r}" for name, value in chosen)]
    if plain["also"]:
        parts.append(f"also={tuple(plain['also'])!r}")
    call = f"diavlex.paint({', '.join(parts)})"
    if len(call) > 88:
        call = "diavlex.paint(\n    " + ",\n    ".join(parts) + ",\n)"
    return f'import diavlex\n\npainting = {call}\ndiavlex.save(painting, "painting.png")\n'


def request_of(prompt: str, settings: dict[str, Any]) -> dict[str, Any]:
    """The request that a record's settings stand for.

    Raises:
        DiavlexError: they are of a version whose choices this one does not know.
    """
    left = (REMARKS, "backdrop")  # a picture is no choice that can be typed
    choices = {name: value for name, value in settings.items() if name not in left}
    plain = choose(**choices).to_plain()
    also, usual = plain.pop("also"), PaintConfig().to_plain()
    choices = {name: value for name, value in plain.items() if value != usual[name]}
    return {"prompt": prompt, "also": also, "choices": choices, "recipe": "", "wishes": {}}


def _telling(plain: dict[str, Any]) -> dict[str, Any]:
    """Choices that are not the usual ones; the seed always, for it is the name of a painting."""
    stands_on = wishes.usual(plain)
    usual = choose(**stands_on).to_plain()
    chosen = choose(**stands_on | plain["choices"]).to_plain()
    telling = {name: value for name, value in chosen.items() if value != usual[name]}
    return {"seed": chosen["seed"]} | telling


def _unweighted(prompt: str) -> str:
    """A prompt as the command line reads it: one that seems to end in a weight gets a weight."""
    return f"{prompt}:1" if is_weighted(prompt) else prompt
