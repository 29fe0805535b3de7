"""How threads come from one another: sub-thread to main thread, fork to origin.

Files can be missing and can name each other in circles; every walk here ends.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from typing import TypeAlias

from amp_tray.core.records import ThreadRecord

Family: TypeAlias = Mapping[str, ThreadRecord]
"""Records by thread id."""


def session_of(family: Family, thread_id: str) -> str:
    """Return the root thread that a sub-thread's usage belongs to, known or only named (R3)."""
    line = {thread_id: 0}
    while (record := family.get(thread_id)) is not None and record.main_thread_id is not None:
        thread_id = record.main_thread_id
        if thread_id in line:
            return _first_of_circle(line, thread_id)
        line[thread_id] = len(line)
    return thread_id


class Line:
    """A thread and those it was forked from, nearest first, and whose each position is (R4).

    Attributes:
        threads: the ids; the last one has no file, was not forked, or closes a circle.
        root: the last of them, or of a circle the first by id.
    """

    def __init__(self, family: Family, thread_id: str) -> None:
        """Follow the thread's origins."""
        self.threads = {thread_id: 0}
        self.root = thread_id
        self._owners = [thread_id]
        self._bounds: list[float] = [float("-inf")]  # negated, so that they ascend
        while (record := family.get(self.root)) is not None:
            origin = record.origin_thread_id
            if origin is None:
                break
            fork_point = -1 if record.fork_point is None else record.fork_point
            circle = origin in self.threads
            self.root = _first_of_circle(self.threads, origin) if circle else origin
            self._owners.append(self.root)
            self._bounds.append(max(self._bounds[-1], -fork_point))
            if circle:
                break
            self.threads[origin] = len(self.threads)

    def owner(self, position: int) -> str:
        """Return the thread that a position of the first thread's file belongs to."""
        return self._owners[bisect_right(self._bounds, -position) - 1]


def common_origin(lines: Mapping[str, Line], threads: Collection[str]) -> str | None:
    """Return the nearest thread that all of some threads are, or were forked from."""
    first, *others = (lines[thread_id].threads for thread_id in threads)
    return next((name for name in first if all(name in line for line in others)), None)


def unseen(thread_id: str, holder: ThreadRecord) -> ThreadRecord:
    """Return an empty record for a thread whose file nobody has, as its fork describes it."""
    return ThreadRecord(
        thread_id=thread_id,
        version=0,
        created=holder.created,
        mtime=holder.mtime,
        project=holder.project,
        workspace=holder.workspace,
        tag_model=holder.tag_model,
        last_model=holder.last_model,
    )


def _first_of_circle(line: Mapping[str, int], entry: str) -> str:
    return min(name for name, place in line.items() if place >= line[entry])
