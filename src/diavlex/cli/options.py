"""Flags of the commands; those of a config class are made from its knobs."""

import argparse
import difflib
import re
from collections.abc import Sequence
from dataclasses import Field
from typing import Any, NoReturn

from diavlex.config import BASIC, RANDOM, RENAMED, Knob, check_bounds, knobs
from diavlex.errors import BadValue

HELP_ALL = "--help-all"
_ALIKE = 0.65
"""How much the names of flags must have in common for one to be taken for the other, 0 to 1."""
_CALLED_HERE = {
    "init": "from", "init_image": "from", "image": "from", "input": "from", "photo": "from",
    "iterations": "steps", "iters": "steps", "num_iter": "steps", "epochs": "steps",
    "num_paths": "strokes", "num_strokes": "strokes", "paths": "strokes", "n": "strokes",
    "model": "guide", "clip_model": "guide", "output": "out", "output_dir": "out", "o": "out",
    "width": "size", "height": "size", "resolution": "size", "force": "overwrite",
    "continue": "resume", "lr": "rate-place", "num_augs": "views", "gpu": "device",
}  # fmt: skip
"""What programs like this one call a flag, and what it is called here."""


class Flags(argparse.ArgumentParser):
    """An argument parser whose errors are one line and name the nearest flag.

    Its help is in two steps: `--help` shows what everybody needs, `--help-all` the rest as well.
    """

    def __init__(self, command: str, about: str, usage: str | None = None) -> None:
        super().__init__(
            prog=f"diavlex {command}",
            description=about,
            usage=usage,
            formatter_class=_Help,
            allow_abbrev=False,
        )
        self._headings: dict[str, Any] = {}
        self._further: dict[argparse.Action, str] = {}

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        stray = re.match(r"unrecognized arguments: --([\w-]+)", message)
        if stray:
            message = f"no flag is called --{stray[1]}{self._nearest(stray[1])}"
        raise BadValue(f"{message} (see: {self.prog} --help)")

    def _nearest(self, name: str) -> str:
        """What to say of a flag that there is not: what it is called now, or the nearest one."""
        if name.replace("-", "_") in RENAMED:
            return f": it is --{RENAMED[name.replace('-', '_')].replace('_', '-')} now"
        flags = [flag[2:] for action in self._actions for flag in action.option_strings]
        near = [one for one in (_CALLED_HERE.get(name.replace("-", "_")),) if one in flags]
        near = near or difflib.get_close_matches(name, flags, n=1, cutoff=_ALIKE)
        return f": did you mean --{near[0]}?" if near else ""

    def heading(self, title: str) -> Any:
        """The flags under a heading, to add to."""
        if title not in self._headings:
            self._headings[title] = self.add_argument_group(title)
        return self._headings[title]

    def add_number(
        self, flag: str, default: int | None, about: str, low: int, high: int | None = None
    ) -> None:
        """A flag for a whole number, checked against its bounds, which the help shows."""
        limits = Knob(about, low, high)

        def number(text: str) -> int:
            check_bounds(flag, int(text), limits)
            return int(text)

        number.__name__ = "int"  # argparse says "invalid int value"
        self.add_argument(
            f"--{flag}", type=number, default=default, metavar="INT",
            help=f"{about} ({limits.bounds})",
        )  # fmt: skip

    def only_in_whole_help(self, *actions: argparse.Action) -> None:
        """Leave flags out of the help that everybody needs."""
        for action in actions:
            self._further[action], action.help = action.help or "", argparse.SUPPRESS

    def add_knobs(self, config: type) -> None:
        """A flag for every knob of a config class that has a heading.

        A flag that is not given stays away from the result.
        """
        for name, (field, told) in knobs(config).items():
            if not told.group:
                continue
            ways: dict[str, Any] = {"action": "store_true"}
            if not isinstance(field.default, bool):
                is_list = told.typed is not None and told.typed.is_list
                ways = {"action": "append" if is_list else "store", "metavar": _form(field, told)}
                ways["type"] = _kind(name, field, told)
            action = self.heading(told.group).add_argument(
                told.flag(name),
                dest=name,
                help=_about(field, told),
                default=argparse.SUPPRESS,
                **ways,
            )
            if told.group not in BASIC:
                self._further[action], action.help = _about(field, told), argparse.SUPPRESS
        if self._further:
            about = "show all choices, by what they change"
            self.add_argument(HELP_ALL, action=_HelpAll, nargs=0, help=about)

    def tell_all(self, further: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()) -> str:
        """The whole help: every flag under its heading, then what cannot be a flag of its own.

        Args:
            further: headings, each with pairs of a form and what it means.
        """
        for action, about in self._further.items():
            action.help = about
        text = self.format_help()
        for title, rows in further:
            lines = [f"  {form:<22} {about}" for form, about in rows]
            text += "\n".join(["", f"{title}:", *lines, ""])
        return text


class _Help(argparse.ArgumentDefaultsHelpFormatter):
    """Shows defaults where there are any."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        has_default = action.default not in (None, "", False, [])
        return super()._get_help_string(action) if has_default else action.help


class _HelpAll(argparse.Action):
    """Prints the whole help and ends."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        assert isinstance(parser, Flags)
        print(parser.tell_all(_of_plugins()), end="")
        parser.exit()


def chosen(options: argparse.Namespace, config: type) -> dict[str, Any]:
    """The knobs of a config class that were given on the command line."""
    return {name: getattr(options, name) for name in knobs(config) if name in options}


def _kind(name: str, field: Field, told: Knob) -> Any:
    """What makes a value of a flag's text; only seeds may be left to chance."""
    if name == "seed":
        return _seed
    return str if told.typed else type(field.default)


def _seed(text: str) -> int | str:
    return text if text == RANDOM else int(text)


_seed.__name__ = "int"  # argparse says "invalid int value"


def _form(field: Field, told: Knob) -> str:
    if told.typed:
        return told.typed.form
    return "NAME" if told.choices else type(field.default).__name__.upper()


def _about(field: Field, told: Knob) -> str:
    bounds = f" ({told.bounds})" if told.bounds else ""
    usual = told.write(field.default)
    default = "" if usual in ("", [], False) else f" (default: {usual})"
    return f"{told.about}{bounds}{default}".replace("%", "%%")


def _of_plugins() -> list[tuple[str, list[tuple[str, str]]]]:
    """The options of the terms that other packages add, by term."""
    from diavlex import plugins

    if not plugins.names("diavlex.terms"):
        return []
    from diavlex.objective import added

    found = []
    for name, kind in added().items():
        rows = [
            (f"{name},{option}={_form(field, told)}", _about(field, told))
            for option, (field, told) in knobs(kind).items()
        ]
        about = (kind.__doc__ or "").strip().splitlines()[:1]
        found.append((f"term: {name} (--term {name}:WEIGHT)", [(name, *about), *rows]))
    return found
