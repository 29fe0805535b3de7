"""When a changed file is read: at once, and then not again too soon.

An agent that streams rewrites a whole file ten times a second. Each reading is followed by a
pause that grows with what the reading cost; what changes meanwhile is read when it is over, so
the last state is always read. Time is an argument, in seconds of any clock that only rises.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

SHORTEST_SECONDS = 0.15
"""No file is read more often than this, from one beginning to the next."""

TIMES_THE_WORK = 4
"""Nor more often than this many times what its last reading worked: a quarter of a core."""

TIMES_AS_LONG = 2
"""Nor than this many times as long as its last reading took, work and waiting for the disk."""


class Settling:
    """Remembers which files changed and when each may be read again.

    Attributes:
        noted: set at each change; for a waiting reader to clear.
    """

    def __init__(self) -> None:
        self.noted = asyncio.Event()
        self._changed: set[Path] = set()
        self._not_before: dict[Path, float] = {}

    def note(self, paths: Iterable[Path]) -> None:
        """Take down that files changed."""
        self._changed.update(paths)
        self.noted.set()

    def next_at(self) -> float | None:
        """Return when the next file may be read, perhaps past; None where none changed."""
        return min((self._not_before.get(path, 0.0) for path in self._changed), default=None)

    def take(self, now: float) -> frozenset[Path]:
        """Return the changed files that may be read now, which are struck out."""
        self._not_before = {path: at for path, at in self._not_before.items() if at > now}
        due = frozenset(self._changed - self._not_before.keys())
        self._changed -= due
        return due

    def was_read(self, paths: Iterable[Path], *, began: float, ended: float, worked: float) -> None:
        """Take down a reading; files that were read together share its pause.

        Args:
            worked: seconds of a processor's time.
        """
        took = ended - began
        pause = max(SHORTEST_SECONDS, TIMES_THE_WORK * worked, TIMES_AS_LONG * took)
        self._not_before.update(dict.fromkeys(paths, began + pause))


async def read_settled(
    settling: Settling,
    read: Callable[[frozenset[Path]], Awaitable[None]],
    worked: Callable[[], float],
) -> None:
    """Read changed files, each as often as it may be, until cancelled.

    Args:
        read: reads some; what it fails on counts as changed still.
        worked: seconds of a processor's time that reading has taken so far.
    """
    loop = asyncio.get_running_loop()
    while True:
        due_at = settling.next_at()
        if due_at is None or due_at > loop.time():
            settling.noted.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(due_at):
                    await settling.noted.wait()
            continue
        began, worked_before = loop.time(), worked()
        paths = settling.take(began)
        try:
            await read(paths)
        except BaseException:
            settling.note(paths)
            raise
        finally:
            settling.was_read(
                paths, began=began, ended=loop.time(), worked=worked() - worked_before
            )
