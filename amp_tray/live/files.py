"""Listing and reading log files: each is opened once, read whole and closed at once."""

import logging
import os
import stat
from pathlib import Path
from typing import NamedTuple

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.ledger.store import FileState
from amp_tray.sources.base import Reading, Source

log = logging.getLogger(__name__)

# A named pipe that is called like a log must not stop the reader for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

_LAST_NS = 2**63 - 1


class FileReading(NamedTuple):
    """A file's bytes made sense of, and the state they were read in."""

    name: str
    state: FileState
    reading: Reading


def list_logs(source: Source, folder: Path) -> dict[str, FileState]:
    """Return the log files in a directory and their states; none when there is no directory.

    Raises:
        OSError: when the directory is there and cannot be listed.
    """
    found: dict[str, FileState] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not source.is_log(entry.name):
                    continue
                status = _status_of(entry)
                if status is not None:
                    found[entry.name] = _state_of(status)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return found


def _status_of(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError:
        pass  # a dangling link: reading it will say so
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # it vanished since it was listed, and that file alone
        return None


def read_log(source: Source, folder: Path, name: str) -> FileReading | None:
    """Read and decode one log file; None when it vanished meanwhile.

    A file that cannot be read gives a reading without a record and a diagnostic.
    """
    path = folder / name
    state = FileState(0, 0, "")
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            status = os.fstat(descriptor)
            state = _state_of(status)
            if not stat.S_ISREG(status.st_mode):
                return _unreadable(name, path, state, "it is not a regular file")
            with open(descriptor, "rb", closefd=False) as file:
                data = file.read()
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        if not path.is_symlink():
            return None
        return _unreadable(name, path, state, "the link leads nowhere")
    except OSError as error:
        return _unreadable(name, path, state, error.strerror or "it cannot be read")
    try:
        reading = source.decode(data, str(path), state.mtime_ns // 1_000_000)
    except Exception as error:  # noqa: BLE001 - fault boundary: one file may fail
        # Its type alone: a message may quote what the file says.
        log.warning("%s could not be decoded: %s", path, type(error).__name__)
        return _unreadable(name, path, state, "the program failed on it")
    return FileReading(name, state, reading)


def _state_of(status: os.stat_result) -> FileState:
    # Some file systems keep times that no 64-bit count of nanoseconds holds.
    mtime_ns = min(max(status.st_mtime_ns, -_LAST_NS), _LAST_NS)
    return FileState(status.st_size, mtime_ns, str(status.st_ino))


def _unreadable(name: str, path: Path, state: FileState, why: str) -> FileReading:
    diagnostic = Diagnostic(Code.UNREADABLE_FILE, str(path), f"the file cannot be read: {why}")
    return FileReading(name, state, Reading(None, (diagnostic,)))
