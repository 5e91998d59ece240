"""Snapshots are drawn while the search goes on, by a thread of their own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from diavlex.gallery import Picture
from diavlex.tensors import Actions


class Ahead:
    """Draws strokes as pictures before they are asked for.

    Args:
        draw: makes the picture of strokes, in whichever thread it is called.
    """

    def __init__(self, draw: Callable[[Actions], Picture]) -> None:
        self._draw = draw
        self._thread = ThreadPoolExecutor(1)
        self._drawn: list[tuple[Actions, Future[Picture]]] = []

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give up what is not drawn yet."""
        self._thread.shutdown(cancel_futures=True)

    def begin(self, actions: Actions) -> None:
        """Draw these strokes when there is time."""
        self._drawn.append((actions, self._thread.submit(self._draw, actions)))

    def picture(self, actions: Actions) -> Picture:
        """The picture of strokes; those that nobody began to draw are drawn now."""
        found = next((drawn for one, drawn in self._drawn if one is actions), None)
        return self._draw(actions) if found is None else found.result()
