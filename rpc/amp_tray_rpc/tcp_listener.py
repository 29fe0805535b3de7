"""A listening port of the loopback interface, and the file that lets its user's clients in.

Any user of the machine can connect to a port, so a random token has to be shown first. It lies
in `rpc.json`, mode 0600, written whole before its name is: a client never reads half of it.
"""

import errno
import json
import os
import secrets
import socket
import sys
import tempfile
from functools import partial
from pathlib import Path

from amp_tray_rpc import PROTOCOL
from amp_tray_rpc.address import LOOPBACK, TcpAddress
from amp_tray_rpc.client import CallTimeoutError, Client
from amp_tray_rpc.discovery import Discovery, read_discovery
from amp_tray_rpc.listening import AddressError, AddressInUseError, Listening
from amp_tray_rpc.private import FileId, file_id, remove_same, secure_directory
from amp_tray_rpc.remote import ServiceUnavailableError

_PROBE_SECONDS = 1.0
_TOKEN_BYTES = 32


def listen_tcp(address: TcpAddress) -> Listening:
    """Listen on the loopback interface and write the discovery file.

    Raises:
        AddressInUseError: a live service wrote the file that is there, or the port is taken.
        AddressError: the directory is not the user's own, or something else lies in it.
        OSError: the system refuses.
    """
    path = address.discovery
    secure_directory(path.parent)
    _refuse_live(path)
    sock = _bound(address)
    try:
        port: int = sock.getsockname()[1]
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        identity = write_discovery(path, Discovery(LOOPBACK, port, token, os.getpid(), PROTOCOL))
    except BaseException:
        sock.close()
        raise
    found = address._replace(port=port)
    return Listening(sock, found, token, _admits, partial(remove_same, path, identity))


def write_discovery(path: Path, discovery: Discovery) -> FileId:
    """Put a discovery file in its place, whole and readable to the user alone.

    Returns:
        What tells it from another one in that place.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    half = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            half.chmod(0o600)  # whatever the umask took
            file.write(json.dumps(discovery._asdict()).encode() + b"\n")
        identity = file_id(half.lstat())
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    return identity


def _refuse_live(path: Path) -> None:
    """Go on where no service answers by the file that is there; it is then replaced."""
    if path.is_dir():
        raise AddressError(f"in the place of {path.name} lies a directory: {path}")
    found = _found(path)
    if found is not None and _is_live(path, found.pid):
        raise AddressInUseError(f"another service listens at tcp://{LOOPBACK}:{found.port}")


def _found(path: Path) -> Discovery | None:
    try:
        return read_discovery(path)
    except ServiceUnavailableError as error:
        raise AddressError(error.message, hint=error.hint) from error


def _is_live(path: Path, pid: int) -> bool:
    try:
        with Client.connect(TcpAddress(path), timeout=_PROBE_SECONDS):
            return True
    except CallTimeoutError:
        # A service that is slow; or its port is somebody else's by now, who says nothing to us.
        return _lives(pid)
    except ServiceUnavailableError:
        return False


def _lives(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # where asking would end it
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _bound(address: TcpAddress) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        if sys.platform == "win32":
            # Without it another program could listen on the very same port.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # A port that is asked for by number can be had again right after the last service.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((LOOPBACK, address.port))
        sock.listen()
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise AddressInUseError(f"another program listens at {address}") from error
        raise
    return sock


def _admits(_sock: socket.socket) -> bool:
    return True  # who it is the token shows
