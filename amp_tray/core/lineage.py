"""How threads come from one another: sub-thread to main thread, fork to origin.

Files can be missing and can name each other in circles; every walk here ends.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from amp_tray.core.records import ThreadRecord

Family: TypeAlias = Mapping[str, ThreadRecord]
"""Records by thread id."""


def session_of(family: Family, thread_id: str) -> str:
    """Return the root thread that a sub-thread's usage belongs to, known or only named (R3)."""
    line = [thread_id]
    while (record := family.get(line[-1])) is not None and record.main_thread_id is not None:
        if record.main_thread_id in line:
            # Of threads that name each other in a circle the first by id is the root.
            return min(line[line.index(record.main_thread_id) :])
        line.append(record.main_thread_id)
    return line[-1]


def owner_of(family: Family, thread_id: str, position: int) -> str:
    """Return the thread that a position of a file belongs to, from fork to origin."""
    seen = {thread_id}
    while True:
        record = family.get(thread_id)
        if record is None or record.fork_point is None or position > record.fork_point:
            return thread_id
        origin = record.origin_thread_id
        if origin is None or origin in seen:
            return thread_id
        seen.add(origin)
        thread_id = origin


def common_origin(family: Family, threads: Sequence[str]) -> str | None:
    """Return the nearest thread that all of some threads are, or were forked from."""
    first, *others = (_origins(family, thread_id) for thread_id in threads)
    return next((name for name in first if all(name in line for line in others)), None)


def _origins(family: Family, thread_id: str) -> list[str]:
    line = [thread_id]
    while (record := family.get(line[-1])) is not None and record.origin_thread_id is not None:
        if record.origin_thread_id in line:
            break
        line.append(record.origin_thread_id)
    return line
