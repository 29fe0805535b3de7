"""Finding changes by looking, where the system tells of none: over a network, or at its limits.

The looks are two seconds apart while files change and up to half a minute when none does.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from amp_tray.live.changes import RESCAN, Changed
from amp_tray.live.folders import Folder, walk
from amp_tray.live.targets import Identity, identity_of

SHORTEST_SECONDS = 2.0
LONGEST_SECONDS = 30.0

_GROWTH = 1.5
_TIMES_AS_LONG = 50  # of the last look: a look takes two hundredths of a core at most

State: TypeAlias = tuple[int, int, int] | None
"""A file's time of change, size and inode; None where it cannot be asked for."""


class Sighting(NamedTuple):
    """What a look found.

    Attributes:
        folders: the directories, by path.
        files: the log files in them, by path.
    """

    folders: dict[Path, Identity]
    files: dict[str, State]


def look(folders: Iterable[Path], is_log: Callable[[str], bool]) -> Sighting:
    """Return the present state of log directories and of those below them."""
    sighting = Sighting({}, {})
    for folder in folders:
        sighting.folders[folder] = identity_of(folder)
        for listed in walk(folder):
            place = folder / listed.prefix
            sighting.folders[place] = listed.trouble or identity_of(place)
            sighting.files.update(_files(listed, is_log))
    return sighting


def compare(before: Sighting, after: Sighting) -> Changed | None:
    """Return what happened between two looks, None where nothing did."""
    if before.folders != after.folders:
        return RESCAN
    changed = before.files.items() ^ after.files.items()
    return Changed(frozenset(Path(path) for path, _ in changed)) if changed else None


def next_pause(pause: float, *, changed: bool, took: float) -> float:
    """Return the seconds until the next look.

    Args:
        pause: the last one.
        changed: whether the look found anything.
        took: seconds that the look took.
    """
    wished = SHORTEST_SECONDS if changed else min(pause * _GROWTH, LONGEST_SECONDS)
    return max(wished, _TIMES_AS_LONG * took)


def _files(listed: Folder, is_log: Callable[[str], bool]) -> dict[str, State]:
    return {entry.path: _state_of(entry) for entry in listed.entries if is_log(entry.name)}


def _state_of(entry: os.DirEntry[str]) -> State:
    try:
        status = entry.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
