"""The root directories in force, and which of them a path belongs to."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from amp_tray.live.folders import name_below
from amp_tray.sources.base import Source


class Root(NamedTuple):
    """One root directory of a source."""

    source: Source
    path: Path
    root_id: int

    @property
    def folder(self) -> Path:
        """Return the directory whose files are read; asked anew, since it may appear."""
        return self.source.folder_of(self.path)


def real_folders(roots: Iterable[Root]) -> frozenset[str]:
    """Return where the roots' files really lie; none of it is read as part of another root."""
    return frozenset(os.path.realpath(root.folder) for root in roots)


def places(roots: Sequence[Root], paths: Iterable[Path]) -> list[tuple[Root, str]]:
    """Return the logs among some paths: by root, then by name as files are listed, each once.

    Of roots that lie in one another the innermost has the file.
    """
    folders = {root.folder: root for root in roots}
    found = set()
    for path in paths:
        root = next((folders[place] for place in path.parents if place in folders), None)
        if root is None or not root.source.is_log(path.name):
            continue
        name = name_below(root.folder, path)
        if name is not None:
            found.add((root, name))
    return sorted(found, key=lambda item: (item[0].root_id, item[1]))
