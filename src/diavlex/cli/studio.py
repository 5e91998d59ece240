"""`diavlex studio`: the studio as a page, on this machine or, with a password, on the network."""

import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from diavlex.cli.options import Flags
from diavlex.errors import BadValue, MissingPackage
from diavlex.files import path_of


def run(words: Sequence[str]) -> int:
    """Serve the page; print its address."""
    options = flags().parse_args(words)
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
        import websockets  # noqa: F401
    except ImportError as error:
        raise MissingPackage(
            f"the page needs {error.name}, which is not installed: pip install 'diavlex[studio]', "
            "or in a clone pip install '.[studio]'."
        ) from error
    from diavlex.web.server import serve
    from diavlex.web.settings import Settings

    settings = Settings(
        path_of(options.out), options.host, options.port, tuple(options.name), options.workers,
        tuple(options.device or ["cpu"]),
    )  # fmt: skip
    if options.new_password and not settings.is_open:
        raise BadValue(
            f"--new-password says nothing with --host {settings.host}: only this machine can come "
            "in, without a password."
        )
    if settings.is_open:
        _ask_password(settings.hidden, is_new=options.new_password)
        print(
            f"Whoever reaches {settings.host} and knows the password can come in. What they send "
            "and see is not encrypted: on a network that you do not trust, leave --host out and "
            "use ssh -L.",
            file=sys.stderr,
        )
    serve(settings, lambda address: _announce(address))
    return 0


def flags() -> Flags:
    """The command's flags."""
    parser = Flags("studio", "Open the studio as a page: paint, watch, and take home.")
    parser.add_argument("--out", default="paintings", help="folder of the paintings")
    parser.add_argument(
        "--host", default="127.0.0.1",
        help="address to be visited at; any but this machine's own asks for a password",
    )  # fmt: skip
    parser.add_number("port", 8700, "port to be visited at; 0 any free one", 0, 65535)
    parser.add_argument(
        "--name", action="append", default=[], metavar="NAME",
        help="a name under which this machine is visited, such as that of a proxy; may be given "
        "more than once",
    )  # fmt: skip
    parser.add_number("workers", 1, "paintings that are painted at the same time", 1, 64)
    parser.add_argument(
        "--device", action="append", default=None,
        help="where to compute: cpu (the default) or cuda:0; more than one are shared out to "
        "the workers",
    )  # fmt: skip
    parser.add_argument("--new-password", action="store_true", help="ask for a password anew")
    return parser


def _announce(address: str) -> None:
    print(address, flush=True)
    if sys.stderr.isatty():
        print(
            "The studio is open there. Ctrl-C closes it; what is painted is kept.", file=sys.stderr
        )


def _ask_password(folder: Path, *, is_new: bool) -> None:
    """See to it that there is a password.

    Raises:
        BadValue: there is nobody to ask, or what was given is too short or differs.
    """
    from diavlex.web import password

    given = os.environ.get(password.VARIABLE)
    if given is None and password.is_kept(folder) and not is_new:
        return
    if given is None:
        if not sys.stdin.isatty():
            raise BadValue(
                f"--host lets other machines in, so a password is needed: put it into "
                f"{password.VARIABLE}, or start the studio from a terminal, which asks for it."
            )
        given = getpass.getpass("Password for visitors (it is kept as a hash): ")
        if getpass.getpass("Once more: ") != given:
            raise BadValue("the two differ; start again.")
    password.keep(given, folder)
