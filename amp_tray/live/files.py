"""Listing and reading log files: each is opened once, read whole and closed at once.

A file is named by its place below the log directory, with `/` on every system.
"""

import contextlib
import logging
import os
import stat
from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.ledger.files import FileState, stored_name
from amp_tray.ledger.places import Place
from amp_tray.live.folders import walk
from amp_tray.live.lines import Further, ReadOn, read_further
from amp_tray.sources.base import Source
from amp_tray.sources.reading import Reading

log = logging.getLogger(__name__)

MIB = 2**20
MAX_FILE_BYTES = 50 * MIB
"""Larger files are told and not read: decoding takes several times their size in memory."""

# A named pipe that is called like a log must not stop the reader for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

_LAST_NS = 2**63 - 1

_Content = TypeVar("_Content")


class KnownPlace(NamedTuple):
    """How far a file was read, and which file that was."""

    inode: str
    place: Place


class FileReading(NamedTuple):
    """A file's bytes made sense of, and the state they were read in.

    Attributes:
        further: of a file that is read line by line, what was new; `reading` has no record then.
    """

    name: str
    state: FileState
    reading: Reading
    further: Further | None = None


class Listing(NamedTuple):
    """The log files of a directory and of those below it.

    Attributes:
        files: their states by name.
        troubles: what could not be listed.
        unknown: what names begin with that are in no listing, there or not; as stored.
    """

    files: dict[str, FileState]
    troubles: tuple[Diagnostic, ...] = ()
    unknown: tuple[str, ...] = ()

    def tells_of(self, name: str) -> bool:
        """Say whether a file that is not listed is not there; `name` as the ledger spells it."""
        return not name.startswith(self.unknown)


def newest(paths: Iterable[str]) -> str | None:
    """Return the path of the file that was changed last; None where none is there."""
    found = []
    for path in paths:
        with contextlib.suppress(OSError):
            found.append((os.stat(path).st_mtime_ns, path))  # noqa: PTH116 - paths are texts here
    return max(found)[1] if found else None


def list_logs(
    source: Source, folder: Path, skip: Collection[str] = (), *, max_bytes: int = MAX_FILE_BYTES
) -> Listing:
    """Return the log files in a directory and below; none when there is no directory.

    Args:
        source: whose logs.
        folder: where they lie.
        skip: real paths of directories below it that are listed by themselves.
        max_bytes: part of a larger file's state, so that another limit has it looked at again.
    """
    limit = _limit_of(source, max_bytes)
    files: dict[str, FileState] = {}
    troubles: list[Diagnostic] = []
    unknown: list[str] = []
    for listed in walk(folder, skip):
        if listed.trouble is not None:
            path = str(folder / listed.prefix)
            troubles.append(Diagnostic(Code.UNREADABLE_ROOT, path, listed.trouble))
            unknown.append(stored_name(listed.prefix))
        for entry in listed.entries:
            if source.is_log(entry.name) and (status := _status_of(entry)) is not None:
                files[listed.prefix + entry.name] = _state_of(status, limit)
    return Listing(files, tuple(troubles), tuple(unknown))


def _status_of(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError:
        pass  # a dangling link: reading it will say so
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # it vanished since it was listed, and that file alone
        return None


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
    return None if begun is None else begun()


def begin_log(
    source: Source,
    folder: Path,
    name: str,
    *,
    max_bytes: int = MAX_FILE_BYTES,
    known: KnownPlace | None = None,
) -> Callable[[], FileReading] | None:
    """Take the first of two steps to what `read_log` returns, and return the second one.

    Many files are read faster step by step. The second one opens no file.

    A file that cannot be read, or has more than `max_bytes`, gives a reading without a record
    and a diagnostic. The limit is not for files that are read line by line.

    Args:
        known: how far a file that is read line by line was read before.
    """
    path = folder / name
    if source.read_on is not None:
        lines = _read_lines(source.read_on, path, name, known)
        return None if lines is None else lambda: lines
    loaded = _load(path, max_bytes, partial(_content, path=path, max_bytes=max_bytes))
    if loaded is None:
        return None
    state, data = loaded
    if isinstance(data, Diagnostic):
        unread = FileReading(name, state, Reading(None, (data,)))
        return lambda: unread
    try:
        assert source.decode is not None, "a source has one of the two"
        decoded = source.decode(data, str(path), state.mtime_ns // 1_000_000)
    except Exception as error:  # noqa: BLE001 - fault boundary: one file may fail
        failed = _failed(path, error)
        return lambda: FileReading(name, state, failed)

    def reading() -> FileReading:
        try:
            return FileReading(name, state, decoded())
        except Exception as error:  # noqa: BLE001 - fault boundary: one file may fail
            return FileReading(name, state, _failed(path, error))

    return reading


def _read_lines(
    read_on: ReadOn, path: Path, name: str, known: KnownPlace | None
) -> FileReading | None:
    def further(descriptor: int, status: os.stat_result) -> Further:
        same = known is not None and known.inode == str(status.st_ino)
        place = known.place if same and known is not None else None
        return read_further(read_on, descriptor, status.st_size, str(path), place)

    try:
        loaded = _load(path, _LAST_NS, further)
    except Exception as error:  # noqa: BLE001 - fault boundary: one file may fail
        status = path.stat()
        return FileReading(name, _state_of(status, _LAST_NS), _failed(path, error))
    if loaded is None:
        return None
    state, told = loaded
    if isinstance(told, Diagnostic):
        return FileReading(name, state, Reading(None, (told,)))
    return FileReading(name, state, Reading(None, told.diagnostics), told)


def _failed(path: Path, error: Exception) -> Reading:
    # Its type alone: a message may quote what the file says.
    log.warning("%s could not be decoded: %s", path, type(error).__name__)
    return Reading(None, (_unreadable(path, "the program failed on it"),))


def _load(
    path: Path, max_bytes: int, read: Callable[[int, os.stat_result], _Content | Diagnostic]
) -> tuple[FileState, _Content | Diagnostic] | None:
    """Return a file's state and its content, or why there is none; None when it vanished."""
    state = FileState(0, 0, "")
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            status = os.fstat(descriptor)
            state = _state_of(status, max_bytes)
            if not stat.S_ISREG(status.st_mode):
                return state, _unreadable(path, "it is not a regular file")
            return state, read(descriptor, status)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        if not path.is_symlink():
            return None
        return state, _unreadable(path, "the link leads nowhere")
    except OSError as error:
        return state, _unreadable(path, error.strerror or "it cannot be read")


def _content(
    descriptor: int, status: os.stat_result, *, path: Path, max_bytes: int
) -> bytes | Diagnostic:
    if status.st_size > max_bytes:
        return _too_large(path, status.st_size, max_bytes)
    data = os.read(descriptor, status.st_size + 1)
    if len(data) != status.st_size:  # it changes while it is read, or is read in parts
        with open(descriptor, "rb", closefd=False) as file:
            data += file.read(max_bytes + 1 - len(data))
    return data if len(data) <= max_bytes else _too_large(path, len(data), max_bytes)


def _limit_of(source: Source, max_bytes: int) -> int:
    """Return the size of the largest file that is read: of those read line by line, any."""
    return max_bytes if source.read_on is None else _LAST_NS


def _state_of(status: os.stat_result, max_bytes: int) -> FileState:
    mtime_ns = status.st_mtime_ns
    if not -_LAST_NS <= mtime_ns <= _LAST_NS:  # some file systems keep any
        mtime_ns = min(max(mtime_ns, -_LAST_NS), _LAST_NS)
    inode = str(status.st_ino)
    if status.st_size > max_bytes:
        inode += f" over {max_bytes}"
    return FileState(status.st_size, mtime_ns, inode)


def _unreadable(path: Path, why: str) -> Diagnostic:
    return Diagnostic(Code.UNREADABLE_FILE, str(path), f"the file cannot be read: {why}")


def _too_large(path: Path, size: int, limit: int) -> Diagnostic:
    sizes = f"it has {size / MIB:,.1f} MiB, and the limit is {limit / MIB:,.10g} MiB"
    return Diagnostic(Code.TOO_LARGE, str(path), f"the file is not read: {sizes}")
