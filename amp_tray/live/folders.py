"""The directories below a log directory: an archive of old logs may have some of its own.

Only near ones, only so many, and none behind a symbolic link: a link may lead round in a circle
or into a file system of millions of files. Who wants a linked directory read names it as a root.
"""

import os
from collections import deque
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

MAX_DEPTH = 3
MAX_FOLDERS = 5000


class Folder(NamedTuple):
    """One directory, listed.

    Attributes:
        prefix: what the names of its files begin with: "", or its place like "archive/2025/".
        entries: what lies in it, by name; nothing where it cannot be listed.
        trouble: a sentence where not all below `prefix` is known, else None.
    """

    prefix: str
    entries: tuple[os.DirEntry[str], ...]
    trouble: str | None = None


def walk(folder: Path, skip: Collection[str] = ()) -> Iterator[Folder]:
    """Yield a directory and those below it, the nearest first; nothing when there is none.

    Args:
        folder: where to begin; it may be behind a link.
        skip: real paths of directories that others read, with all below them.
    """
    waiting = deque([""])
    count = 0
    while waiting:
        prefix = waiting.popleft()
        if count == MAX_FOLDERS:
            yield Folder("", (), f"only {MAX_FOLDERS} of its directories are read")
            return
        count += 1
        try:
            with os.scandir(folder / prefix) as found:
                entries = tuple(sorted(found, key=lambda entry: entry.name))
        except (FileNotFoundError, NotADirectoryError):
            continue  # it vanished meanwhile, or has yet to come
        except OSError as error:
            yield Folder(prefix, (), f"the directory cannot be read: {error.strerror}")
            continue
        yield Folder(prefix, entries)
        if prefix.count("/") < MAX_DEPTH:
            waiting += [
                f"{prefix}{entry.name}/"
                for entry in entries
                if not _is_hidden(entry.name)
                and _is_directory(entry)
                and not (skip and os.path.realpath(entry.path) in skip)
            ]


def reaches(folder: Path, place: Path) -> bool:
    """Say whether `walk` of a directory lists some place if that is a directory."""
    try:
        parts = place.relative_to(folder).parts
    except ValueError:
        return False
    return len(parts) <= MAX_DEPTH and not any(map(_is_hidden, parts))


def name_below(folder: Path, path: Path) -> str | None:
    """Return a file's name with its place, as `walk` would find it; None if it would not."""
    return path.relative_to(folder).as_posix() if reaches(folder, path.parent) else None


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:  # it vanished since it was listed
        return False
