"""How a series stands, told from its folder alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import claims
from .folder import MADE, SeriesFolder

_SAMPLE = 20


@dataclass(frozen=True)
class Standing:
    """How far a series is."""

    planned: int
    done: int
    running: tuple[str, ...]
    """Names of the paintings at which somebody seems to work."""
    cut_off: tuple[str, ...]
    """Names of those at which somebody worked who is gone, or has let go."""
    failed: dict[str, str]
    """Why each was given up."""
    seconds_left: float | None
    """If all goes on as it does; None if nobody works, or nothing is finished yet."""


def standing(series: SeriesFolder) -> Standing:
    """Look how a series stands.

    Raises:
        BadFolder: there is no series.
    """
    done, begun = series.finished(), series.begun()
    failed = {name: reason for name in begun if (reason := claims.failure(series, name))}
    rest = [name for name in begun if name not in failed]
    running = tuple(name for name in rest if claims.is_alive(series, name))
    left = len(series.planned) - len(done) - len(failed)
    return Standing(
        planned=len(series.planned),
        done=len(done),
        running=running,
        cut_off=tuple(name for name in rest if name not in running),
        failed=failed,
        seconds_left=_seconds_left(series, done, left, len(running)),
    )


def _seconds_left(
    series: SeriesFolder, done: Sequence[str], left: int, at_once: int
) -> float | None:
    """From how long some of the finished paintings took, evenly chosen."""
    if not left:
        return 0.0
    some = done[:: max(1, len(done) // _SAMPLE)]
    took = [series.facts(name, MADE).get("seconds") for name in some]
    took = [seconds for seconds in took if isinstance(seconds, int | float)]
    return left * sum(took) / len(took) / at_once if took and at_once else None
