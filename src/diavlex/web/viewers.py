"""Those who watch: each gets the newest strokes as fast as it can take them."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

MOST = 500
"""Viewers at a time."""
_MOST_POINTS = 500


class Viewer:
    """One who watches some paintings' strokes and hears of every painting's state."""

    def __init__(self) -> None:
        self.watched: set[str] = set()
        self._frames: dict[str, bytes] = {}
        self._states: dict[str, dict[str, Any]] = {}
        self._steps: dict[str, list[Any]] = {}
        self._news = asyncio.Event()

    def show(self, id: str, frame: bytes) -> None:
        """Put strokes in place of those that were not fetched yet."""
        if id in self.watched:
            self._frames[id] = frame
            self._news.set()

    def tell(self, state: dict[str, Any]) -> None:
        """Put a state in the place of the one that was not fetched yet."""
        self._states[state.get("id", "")] = state
        self._news.set()

    def count(self, id: str, index: int, left_s: float, scores: dict[str, float]) -> None:
        """Tell of a step of a painting that is watched."""
        if id in self.watched:
            self._steps.setdefault(id, []).append([index, scores, left_s])
            del self._steps[id][:-_MOST_POINTS]
            self._news.set()

    async def news(self) -> AsyncIterator[dict[str, Any] | bytes]:
        """All that comes, newest last; waits when there is nothing."""
        while True:
            await self._news.wait()
            self._news.clear()
            states, self._states = self._states, {}
            steps, self._steps = self._steps, {}
            shown, self._frames = self._frames, {}
            for state in states.values():
                yield state
            for id, points in steps.items():
                yield {"kind": "steps", "id": id, "points": points}
            for frame in shown.values():
                yield frame


class Viewers:
    """All who watch."""

    def __init__(self) -> None:
        self._all: set[Viewer] = set()

    def __len__(self) -> int:
        return len(self._all)

    def join(self) -> Viewer | None:
        """Begin to watch; None when too many do."""
        if len(self._all) >= MOST:
            return None
        viewer = Viewer()
        self._all.add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Watch no longer."""
        self._all.discard(viewer)

    def show(self, id: str, frame: bytes) -> None:
        """Show strokes to those who watch their painting; all share the same bytes."""
        for viewer in self._all:
            viewer.show(id, frame)

    def tell(self, states: Iterable[dict[str, Any]]) -> None:
        """Tell everybody how paintings stand."""
        for state in states:
            for viewer in self._all:
                viewer.tell(state)

    def count(self, id: str, index: int, left_s: float, scores: dict[str, float]) -> None:
        """Tell those who watch a painting of a step."""
        for viewer in self._all:
            viewer.count(id, index, left_s, scores)
