"""Listing log files, and telling which of them are not as the ledger has them.

A file is named by its place below the log directory, with `/` on every system.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.ledger.files import FileState, KnownFile, stored_name
from amp_tray.live.file_state import MAX_FILE_BYTES, limit_of, state_of
from amp_tray.live.folders import walk
from amp_tray.sources.base import Source


class Listing(NamedTuple):
    """The log files of a directory and of those below it.

    Attributes:
        files: their directory entries by name.
        max_bytes: the size of the largest that is read.
        troubles: what could not be listed.
        unknown: what names begin with that are in no listing, there or not; as stored.
    """

    files: Mapping[str, os.DirEntry[str]]
    max_bytes: int
    troubles: tuple[Diagnostic, ...] = ()
    unknown: tuple[str, ...] = ()

    def state_of(self, name: str) -> FileState | None:
        """Return the state of a file that is listed; None where it vanished since."""
        status = _status_of(self.files[name])
        return None if status is None else state_of(status, self.max_bytes)

    def tells_of(self, name: str) -> bool:
        """Say whether a file that is not listed is not there; `name` as the ledger spells it."""
        return not name.startswith(self.unknown)


class Differences(NamedTuple):
    """What is not as the ledger has it.

    Attributes:
        arrived, changed: names of files.
        gone: ids of files.
    """

    arrived: list[str]
    changed: list[str]
    gone: list[int]


def list_logs(
    source: Source, folder: Path, skip: Collection[str] = (), *, max_bytes: int = MAX_FILE_BYTES
) -> Listing:
    """Return the log files in a directory and below; none when there is no directory.

    Args:
        source: whose logs.
        folder: where they lie.
        skip: real paths of directories below it that are listed by themselves.
        max_bytes: of the largest that is read.
    """
    files: dict[str, os.DirEntry[str]] = {}
    troubles: list[Diagnostic] = []
    unknown: list[str] = []
    for listed in walk(folder, skip):
        if listed.trouble is not None:
            path = str(folder / listed.prefix)
            troubles.append(Diagnostic(Code.UNREADABLE_ROOT, path, listed.trouble))
            unknown.append(stored_name(listed.prefix))
        for entry in listed.entries:
            if source.is_log(entry.name):
                files[listed.prefix + entry.name] = entry
    return Listing(files, limit_of(source, max_bytes), tuple(troubles), tuple(unknown))


def _status_of(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError:
        pass  # a dangling link: reading it will say so
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # it vanished since it was listed, and that file alone
        return None


def differences(found: Listing, known: Mapping[str, KnownFile]) -> Differences:
    """Return in what a listing differs from the files that the ledger knows, by stored name.

    The state of a file that is new is not asked for: reading it tells that.
    """
    arrived: list[str] = []
    changed: list[str] = []
    there: set[str] = set()
    for name in sorted(found.files):
        stored = stored_name(name)
        file = known.get(stored)
        if file is None:
            arrived.append(name)
        elif (state := found.state_of(name)) is not None:
            there.add(stored)
            if file.state != state or not file.present:
                changed.append(name)
    gone = [
        file.file_id
        for stored, file in known.items()
        if file.present and stored not in there and found.tells_of(stored)
    ]
    return Differences(arrived, changed, gone)
