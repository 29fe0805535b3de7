"""A directory that is the user's own, and files in it that nobody else can replace."""

import os
import stat
from pathlib import Path
from typing import TypeAlias

from amp_tray_rpc import peer
from amp_tray_rpc.listening import AddressError

FileId: TypeAlias = tuple[int, int, int]
"""What tells a file from another one that later lies in its place."""

_OWN_NAME = "amp-tray"


def secure_directory(directory: Path) -> None:
    """Make a directory where it is missing, and see that only the user can write to it.

    One of the program's own name is tightened to mode 0700. Another one is the user's choice
    and left as it is.

    Raises:
        AddressError: others own it, or may replace what lies in it.
        OSError: it cannot be made.
    """
    created = _make(directory)
    own_name = directory.name.startswith(_OWN_NAME)
    # A link to a directory is the user's choice, but under our own name it is a trap: the
    # shared temp directory lets anybody put one there first.
    found = directory.lstat() if own_name else directory.stat()
    _refuse_foreign(directory, found, own_name=own_name)
    if created or own_name:
        directory.chmod(0o700)  # whatever the umask took, or a hand loosened


def file_id(found: os.stat_result) -> FileId:
    """Return a file's identity, by what `stat` says of it."""
    # With its time, since a file system gives a removed file's number to the next one.
    return found.st_dev, found.st_ino, found.st_mtime_ns


def remove_same(path: Path, identity: FileId) -> None:
    """Remove a file, unless another one lies there by now."""
    try:
        if file_id(path.lstat()) == identity:
            path.unlink()
    except FileNotFoundError:
        return


def _make(directory: Path) -> bool:
    """Make the directory, and those above it, and tell whether it was missing."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        return False
    return True


def _refuse_foreign(directory: Path, found: os.stat_result, *, own_name: bool) -> None:
    mode, uid = found.st_mode, peer.own_uid()
    if not stat.S_ISDIR(mode):
        raise AddressError(f"not a directory: {directory}")
    if uid is None:
        return  # no user ids, and modes that say nothing: the system's own rules hold
    if found.st_uid != uid and (own_name or found.st_uid != 0):
        raise AddressError(
            f"the socket's directory belongs to another user: {directory}",
            hint="remove it, or set AMP_TRAY_SOCKET to a path in a directory of your own",
        )
    # Used only if others cannot replace what lies in it: the sticky bit of a shared directory
    # sees to that.
    if not own_name and mode & 0o022 and not mode & stat.S_ISVTX:
        raise AddressError(
            f"others may write to the socket's directory: {directory}",
            hint="set AMP_TRAY_SOCKET to a path in a directory of your own",
        )
