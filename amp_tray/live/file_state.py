"""What tells one state of a log file from the next, and how large a file may be."""

import os
import sys

from amp_tray.ledger.files import FileState
from amp_tray.sources.base import Source

MIB = 2**20
MAX_FILE_BYTES = 50 * MIB
"""Larger files are told and not read: decoding takes several times their size in memory."""

ANY_SIZE = 2**63 - 1
"""As a limit: files that are read line by line have none."""

_LAST_NS = 2**63 - 1
_LISTINGS_TELL_INODES = sys.platform != "win32"  # there only who opens a file learns it


def limit_of(source: Source, max_bytes: int) -> int:
    """Return the size of the largest file that is read: of those read line by line, any."""
    return max_bytes if source.read_on is None else ANY_SIZE


def state_of(status: os.stat_result, max_bytes: int) -> FileState:
    """Return a file's state.

    Args:
        max_bytes: part of a larger file's state, so that another limit has it looked at again.
    """
    mtime_ns = status.st_mtime_ns
    if not -_LAST_NS <= mtime_ns <= _LAST_NS:  # some file systems keep any
        mtime_ns = min(max(mtime_ns, -_LAST_NS), _LAST_NS)
    inode = inode_of(status)
    if status.st_size > max_bytes:
        inode += f" over {max_bytes}"
    return FileState(status.st_size, mtime_ns, inode)


def inode_of(status: os.stat_result) -> str:
    """Return what tells a file from another one of its name; nothing where listings do not."""
    return str(status.st_ino) if _LISTINGS_TELL_INODES else ""
