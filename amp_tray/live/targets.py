"""Which directories have to be watched so that nothing of the log directories goes unseen.

Each log directory is watched together with its parent, so that its end or replacement is seen,
and with the directories below it that are read; of one that does not exist the nearest existing
ancestor is watched, step by step down as it appears. Nothing is watched recursively: a home
directory may hold a million files.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeAlias

from watchfiles import Change

from amp_tray.live.folders import reaches, walk

Identity: TypeAlias = tuple[int, int] | str | None
"""What tells a directory from another in its place: device and inode, why it cannot be listed,
or None where there is none."""


def watch_targets(folders: Iterable[Path]) -> frozenset[Path]:
    """Return the existing directories to watch, so that nothing of `folders` goes unseen."""
    targets: set[Path] = set()
    for folder in folders:
        # `os.path.isdir` alone never fails; `islice`, for most of a line is the system's.
        line = list(islice(filter(os.path.isdir, _line_of(folder)), 2))
        targets.update(line if line and line[0] == folder else line[:1])
    return frozenset(targets)


class Below(NamedTuple):
    """The directories below log directories: those whose files are read, and the locked ones."""

    read: frozenset[Path]
    locked: frozenset[Path]


def folders_below(folders: Iterable[Path]) -> Below:
    """Return the directories below log directories."""
    found = {
        folder / listed.prefix: listed.trouble is not None
        for folder in folders
        for listed in walk(folder)
        if listed.prefix
    }
    locked = frozenset(path for path, is_locked in found.items() if is_locked)
    return Below(frozenset(found) - locked, locked)


def identity_of(folder: Path) -> Identity:
    """Return what tells a directory from another that takes its place, or from itself locked."""
    try:
        status = folder.stat()
        # Not by listing it: that wakes who watches it.
        if not os.access(folder, os.R_OK | os.X_OK):
            return "it may not be listed"
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return error.strerror or type(error).__name__
    return status.st_dev, status.st_ino


def identities(folders: Iterable[Path]) -> dict[Path, Identity]:
    """Return the identity of each directory."""
    return {folder: identity_of(folder) for folder in folders}


class Concerns:
    """Tells log files and the directories that lead to them from everything else."""

    def __init__(
        self, folders: Sequence[Path], below: Iterable[Path], is_log: Callable[[str], bool]
    ) -> None:
        self._folders = folders
        self._is_log = is_log
        self._watched = {str(folder) for folder in (*folders, *below)}
        self._lines = {str(path) for folder in folders for path in _line_of(folder)}
        self._lines |= self._watched

    def directories_changed(self, kind: Change, path: str) -> bool:
        """Say whether one came or went that is read, or leads to one that is."""
        if kind is Change.modified:
            return False
        return path in self._lines or (kind is Change.added and self._is_new_folder(path))

    def may_be_locked(self, kind: Change, path: str) -> bool:
        """Say whether a directory's own permissions may have changed."""
        return kind is Change.modified and path in self._lines

    def is_log(self, path: str) -> bool:
        """Say whether a path may be a log file in a watched directory."""
        folder, name = os.path.split(path)
        return folder in self._watched and self._is_log(name)

    def _is_new_folder(self, path: str) -> bool:
        new = Path(path)
        if not any(reaches(folder, new) for folder in self._folders):
            return False
        return new.is_dir() and not new.is_symlink()


def _line_of(folder: Path) -> tuple[Path, ...]:
    return (folder, *folder.parents)
