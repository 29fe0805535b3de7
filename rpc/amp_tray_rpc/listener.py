"""A listening socket that only its user can reach, and that steals from nobody.

Binding is done by hand: asyncio's own way removes whatever socket lies at the path, a live
one too. Which of two services may run is decided by the program's lock, before this; the
probe here keeps even a program without the lock from cutting off a live service.
"""

import errno
import socket
import stat
from functools import partial
from pathlib import Path

from amp_tray_rpc import peer
from amp_tray_rpc.address import MAX_PATH_BYTES, Address, TcpAddress, UnixAddress, fits
from amp_tray_rpc.listening import AddressError, AddressInUseError, Listening
from amp_tray_rpc.private import file_id, remove_same, secure_directory
from amp_tray_rpc.tcp_listener import listen_tcp

__all__ = ["AddressError", "AddressInUseError", "Listening", "listen"]

_PROBE_SECONDS = 1.0


def listen(address: Address) -> Listening:
    """Listen at `address`; a further kind of address gets its branch here.

    Raises:
        AddressInUseError: a live service has the address.
        AddressError: the address cannot be used, or others could tamper with it.
    """
    try:
        if isinstance(address, TcpAddress):
            return listen_tcp(address)
        return _listen_unix(address)
    except OSError as error:
        reason = error.strerror or "the system refuses"
        raise AddressError(f"cannot listen at {address}: {reason}") from error


def _listen_unix(address: UnixAddress) -> Listening:
    if not hasattr(socket, "AF_UNIX"):
        raise AddressError("this system has no Unix sockets", hint="use the transport tcp")
    path = address.path
    if not fits(path):
        raise AddressError(
            f"the socket's path is longer than {MAX_PATH_BYTES} bytes: {path}",
            hint="set AMP_TRAY_SOCKET to a shorter one",
        )
    secure_directory(path.parent)
    _remove_dead(path)
    sock = _bound(path)
    release = partial(remove_same, path, file_id(path.lstat()))
    return Listening(sock, address, None, peer.is_own, release)


def _remove_dead(path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise AddressError(f"in the socket's place lies a file: {path}", hint="move it away")
    if _is_live(path):
        raise AddressInUseError(f"another service listens at {path}")
    remove_same(path, file_id(found))


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
