"""How torch's threads wait for each other."""

import os


def wait_quietly() -> None:
    """Let torch's threads sleep while they wait, where nobody has said otherwise.

    Threads that wait by spinning slow whatever else runs manyfold. The setting is read when torch
    is loaded; after that this does nothing.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
