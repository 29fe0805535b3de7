"""Reading log files: each is opened once, read whole and closed at once.

A file is named by its place below the log directory, with `/` on every system.
"""

import contextlib
import os
import stat
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.host.log import Log
from amp_tray.ledger.files import FileState
from amp_tray.ledger.places import Place
from amp_tray.live.file_state import ANY_SIZE, MAX_FILE_BYTES, MIB, inode_of, state_of
from amp_tray.live.lines import Further, ReadOn, read_further
from amp_tray.sources.base import Source
from amp_tray.sources.reading import Reading

log = Log(__name__)

# A named pipe that is called like a log must not stop the reader for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

_Content = TypeVar("_Content")


class KnownPlace(NamedTuple):
    """How far a file was read, and which file that was."""

    inode: str
    place: Place


class Begun(NamedTuple):
    """A file that was taken the first of two steps, its bytes decoded.

    Attributes:
        size: of the file, in bytes.
        finish: takes the second step; opens no file, and is to be called once.
    """

    size: int
    finish: Callable[[], "FileReading"]


class FileReading(NamedTuple):
    """A file's bytes made sense of, and the state they were read in.

    Attributes:
        further: of a file that is read line by line, what was new; `reading` has no record then.
    """

    name: str
    state: FileState
    reading: Reading
    further: Further | None = None


def newest(paths: Iterable[str]) -> str | None:
    """Return the path of the file that was changed last; None where none is there."""
    found = []
    for path in paths:
        with contextlib.suppress(OSError):
            found.append((os.stat(path).st_mtime_ns, path))  # noqa: PTH116 - paths are texts here
    return max(found)[1] if found else None


def read_log(
    source: Source,
    folder: Path,
    name: str,
    *,
    max_bytes: int = MAX_FILE_BYTES,
    known: KnownPlace | None = None,
) -> FileReading | None:
    """Read and decode one log file; None when it vanished meanwhile.

    Args:
        known: how far a file that is read line by line was read before.
    """
    begun = begin_log(source, folder, name, max_bytes=max_bytes, known=known)
    return None if begun is None else begun.finish()


def begin_log(
    source: Source,
    folder: Path,
    name: str,
    *,
    max_bytes: int = MAX_FILE_BYTES,
    known: KnownPlace | None = None,
) -> Begun | None:
    """Take the first of two steps to what `read_log` returns.

    Many files are read faster step by step.

    A file that cannot be read, or has more than `max_bytes`, gives a reading without a record
    and a diagnostic. The limit is not for files that are read line by line.

    Args:
        known: how far a file that is read line by line was read before.
    """
    path = os.path.join(folder, name)  # noqa: PTH118 - a path object takes longer than to open it
    if source.read_on is not None:
        lines = _read_lines(source.read_on, path, name, known)
        return None if lines is None else Begun(lines.state.size, lambda: lines)
    loaded = _load(path, max_bytes, partial(_content, path=path, max_bytes=max_bytes))
    if loaded is None:
        return None
    state, data = loaded
    if isinstance(data, Diagnostic):
        unread = FileReading(name, state, Reading(None, (data,)))
        return Begun(0, lambda: unread)
    try:
        assert source.decode is not None, "a source has one of the two"
        decoded = source.decode(data, path, state.mtime_ns // 1_000_000)
    except Exception as error:  # noqa: BLE001 - fault boundary: one file may fail
        failed = FileReading(name, state, _failed(path, error))
        return Begun(0, lambda: failed)

    def reading() -> FileReading:
        try:
            return FileReading(name, state, decoded())
        except Exception as error:  # noqa: BLE001 - fault boundary: one file may fail
            return FileReading(name, state, _failed(path, error))

    return Begun(state.size, reading)


def _read_lines(
    read_on: ReadOn, path: str, name: str, known: KnownPlace | None
) -> FileReading | None:
    def further(descriptor: int, status: os.stat_result) -> Further:
        same = known is not None and known.inode == inode_of(status)
        place = known.place if same and known is not None else None
        return read_further(read_on, descriptor, status.st_size, path, place)

    try:
        loaded = _load(path, ANY_SIZE, further)
    except Exception as error:  # noqa: BLE001 - fault boundary: one file may fail
        status = os.stat(path)  # noqa: PTH116 - paths are texts here
        return FileReading(name, state_of(status, ANY_SIZE), _failed(path, error))
    if loaded is None:
        return None
    state, told = loaded
    if isinstance(told, Diagnostic):
        return FileReading(name, state, Reading(None, (told,)))
    return FileReading(name, state, Reading(None, told.diagnostics), told)


def _failed(path: str, error: Exception) -> Reading:
    # Its type alone: a message may quote what the file says.
    log.warning("%s could not be decoded: %s", path, type(error).__name__)
    return Reading(None, (_unreadable(path, "the program failed on it"),))


def _load(
    path: str, max_bytes: int, read: Callable[[int, os.stat_result], _Content | Diagnostic]
) -> tuple[FileState, _Content | Diagnostic] | None:
    """Return a file's state and its content, or why there is none; None when it vanished."""
    state = FileState(0, 0, "")
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            status = os.fstat(descriptor)
            state = state_of(status, max_bytes)
            if not stat.S_ISREG(status.st_mode):
                return state, _unreadable(path, "it is not a regular file")
            return state, read(descriptor, status)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        if not os.path.islink(path):  # noqa: PTH114 - paths are texts here
            return None
        return state, _unreadable(path, "the link leads nowhere")
    except OSError as error:
        return state, _unreadable(path, error.strerror or "it cannot be read")


def _content(
    descriptor: int, status: os.stat_result, *, path: str, max_bytes: int
) -> bytes | Diagnostic:
    if status.st_size > max_bytes:
        return _too_large(path, status.st_size, max_bytes)
    data = os.read(descriptor, status.st_size + 1)
    if len(data) != status.st_size:  # it changes while it is read, or is read in parts
        with open(descriptor, "rb", closefd=False) as file:
            data += file.read(max_bytes + 1 - len(data))
    return data if len(data) <= max_bytes else _too_large(path, len(data), max_bytes)


def _unreadable(path: str, why: str) -> Diagnostic:
    return Diagnostic(Code.UNREADABLE_FILE, path, f"the file cannot be read: {why}")


def _too_large(path: str, size: int, limit: int) -> Diagnostic:
    sizes = f"it has {size / MIB:,.1f} MiB, and the limit is {limit / MIB:,.10g} MiB"
    return Diagnostic(Code.TOO_LARGE, path, f"the file is not read: {sizes}")
