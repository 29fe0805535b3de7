"""A listening Unix socket that only its user can reach, and that steals from nobody.

Binding is done by hand: asyncio's own way removes whatever socket lies at the path, a live
one too. Which of two services may run is decided by the program's lock, before this; the
probe here keeps even a program without the lock from cutting off a live service.
"""

import errno
import os
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from amp_tray_rpc import peer
from amp_tray_rpc.address import MAX_PATH_BYTES, Address, UnixAddress, fits

_OWN_DIRECTORY = "amp-tray"
_PROBE_SECONDS = 1.0


class AddressError(Exception):
    """The service cannot listen at the address.

    Attributes:
        message: what is wrong with it, one sentence.
        hint: what the user can do.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class AddressInUseError(AddressError):
    """Another service answers there."""


@dataclass(frozen=True, slots=True)
class Listening:
    """A listening socket and what its transport knows about it.

    Attributes:
        sock: bound, listening, non-blocking.
        admits: tells whether an accepted connection is the user's own.
        release: takes back what listening left outside this process; a second time is harmless.
    """

    sock: socket.socket
    admits: Callable[[socket.socket], bool]
    release: Callable[[], None]


def listen(address: Address) -> Listening:
    """Listen at `address`; a further kind of address gets its branch here.

    Raises:
        AddressInUseError: a live service has the address.
        AddressError: the address cannot be used, or others could tamper with it.
    """
    sock = _listen_unix(address)
    release = partial(_remove_socket, address.path, _file_id(address.path.lstat()))
    return Listening(sock, peer.is_own, release)


def _listen_unix(address: UnixAddress) -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        raise AddressError("this system has no Unix sockets")
    path = address.path
    if not fits(path):
        raise AddressError(
            f"the socket's path is longer than {MAX_PATH_BYTES} bytes: {path}",
            hint="set AMP_TRAY_SOCKET to a shorter one",
        )
    try:
        _secure_directory(path.parent)
        _remove_dead(path)
        return _bound(path)
    except OSError as error:
        reason = error.strerror or "the system refuses"
        raise AddressError(f"cannot listen at {path}: {reason}") from error


def _remove_socket(path: Path, file_id: tuple[int, int, int]) -> None:
    """Remove the socket's file, unless another one lies there by now."""
    try:
        if _file_id(path.lstat()) == file_id:
            path.unlink()
    except FileNotFoundError:
        return


def _file_id(found: os.stat_result) -> tuple[int, int, int]:
    # With its time, since a file system gives a removed socket's number to the next one.
    return found.st_dev, found.st_ino, found.st_mtime_ns


def _secure_directory(directory: Path) -> None:
    created = _make_directory(directory)
    own_name = directory.name.startswith(_OWN_DIRECTORY)
    # A link to a directory is the user's choice, but under our own name it is a trap: the
    # shared temp directory lets anybody put one there first.
    found = directory.lstat() if own_name else directory.stat()
    _refuse_foreign(directory, found, own_name=own_name)
    if created or own_name:
        directory.chmod(0o700)  # whatever the umask took, or a hand loosened


def _make_directory(directory: Path) -> bool:
    """Make the directory, and those above it, and tell whether it was missing."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        return False
    return True


def _refuse_foreign(directory: Path, found: os.stat_result, *, own_name: bool) -> None:
    mode = found.st_mode
    if not stat.S_ISDIR(mode):
        raise AddressError(f"not a directory: {directory}")
    if found.st_uid != peer.own_uid() and (own_name or found.st_uid != 0):
        raise AddressError(
            f"the socket's directory belongs to another user: {directory}",
            hint="remove it, or set AMP_TRAY_SOCKET to a path in a directory of your own",
        )
    # Our own directory is tightened. Another one is left as it is, and used only if others
    # cannot replace the socket in it: the sticky bit of a shared directory sees to that.
    if not own_name and mode & 0o022 and not mode & stat.S_ISVTX:
        raise AddressError(
            f"others may write to the socket's directory: {directory}",
            hint="set AMP_TRAY_SOCKET to a path in a directory of your own",
        )


def _remove_dead(path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise AddressError(f"in the socket's place lies a file: {path}", hint="move it away")
    if _is_live(path):
        raise AddressInUseError(f"another service listens at {path}")
    _remove_socket(path, _file_id(found))


def _is_live(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_PROBE_SECONDS)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except (TimeoutError, BlockingIOError):
            return True  # its queue is full: somebody listens, if slowly
    return True


def _bound(path: Path) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.bind(str(path))
        # Nobody can connect before `listen`, so there is no moment with the umask's mode.
        path.chmod(0o600)
        sock.listen()
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise AddressInUseError(f"another service listens at {path}") from error
        raise
    return sock
