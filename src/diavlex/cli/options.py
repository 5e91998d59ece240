"""Flags of the commands; those of a config class are made from its knobs."""

import argparse
import difflib
import re
from dataclasses import fields
from typing import Any, NoReturn

from diavlex.config import Knob, check_bounds, knobs
from diavlex.errors import BadValue


class _Help(argparse.ArgumentDefaultsHelpFormatter):
    """Shows defaults where there are any."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        has_default = action.default not in (None, "", False)
        return super()._get_help_string(action) if has_default else action.help


class Flags(argparse.ArgumentParser):
    """An argument parser whose errors are one line and name the nearest flag."""

    def __init__(self, command: str, about: str) -> None:
        super().__init__(
            prog=f"diavlex {command}",
            description=about,
            formatter_class=_Help,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        stray = re.match(r"unrecognized arguments: (--[\w-]+)", message)
        if stray:
            known = [flag for action in self._actions for flag in action.option_strings]
            near = difflib.get_close_matches(stray[1], known, n=1)
            message = f"no flag is called {stray[1]}" + (
                f": did you mean {near[0]}?" if near else ";"
            )
        raise BadValue(f"{message} (see: {self.prog} --help)")

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

    def add_knobs(self, config: type) -> None:
        """A flag for every knob of a config class; a flag that is not given stays `None`."""
        for name, (field, limits) in knobs(config).items():
            about = f"{limits.about} ({limits.bounds})" if limits.bounds else limits.about
            self.add_argument(
                "--" + name.replace("_", "-"),
                action="append" if limits.is_list else "store",
                type=field.type,  # type: ignore[arg-type]
                metavar=field.type.__name__.upper() if isinstance(field.type, type) else None,
                help=f"{about} (default: {field.default})" if field.default != "" else about,
                default=argparse.SUPPRESS,
            )


def chosen(options: argparse.Namespace, config: type) -> dict[str, Any]:
    """The knobs of a config class that were given on the command line."""
    given = {f.name: getattr(options, f.name) for f in fields(config) if f.name in options}
    return {k: ",".join(v) if isinstance(v, list) else v for k, v in given.items()}
