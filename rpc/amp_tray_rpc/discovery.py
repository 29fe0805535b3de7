"""Finding the service: its socket, or the port and the token that `rpc.json` tells.

A service that listens on TCP writes that file beside where its socket would lie, for its user
alone. Whoever may read it may connect, so a file of another user is never believed: the token
in it would open that user's program, and lend it this one's name. Standard library only.
"""

import json
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from amp_tray_rpc import peer
from amp_tray_rpc.address import LOOPBACK, Address, UnixAddress
from amp_tray_rpc.remote import ServiceUnavailableError

START_HINT = "start it with `amp-tray serve`"

FULL_QUEUE_SECONDS = 0.01
"""How soon to try again where more clients wait to be let in than the system queues."""

_MOST_BYTES = 4096
_MOST_PORT = 65535


class Discovery(NamedTuple):
    """What `rpc.json` says, in the names of its members.

    Attributes:
        token: what opens the port, ASCII.
        pid: the service's process.
        protocol: the version of the contract, for people: `session.hello` decides.
    """

    host: str
    port: int
    token: str
    pid: int
    protocol: str


class Endpoint(NamedTuple):
    """A way to the service.

    Attributes:
        family: a socket's address family.
        target: what a socket of it connects to.
        token: what to show first; None where the kernel tells who connects.
    """

    family: int
    target: str | tuple[str, int]
    token: str | None


def endpoints(address: Address) -> Iterator[Endpoint]:
    """Yield the ways to the service, each to be tried if those before lead nowhere.

    Raises:
        ServiceUnavailableError: another user's file lies where the service's would.
    """
    if isinstance(address, UnixAddress):
        if hasattr(socket, "AF_UNIX"):
            yield Endpoint(socket.AF_UNIX, str(address.path), None)
        address = address.tcp
    found = read_discovery(address.discovery)
    # The token of one port is not shown to whoever listens at another.
    if found is not None and address.port in {0, found.port}:
        yield Endpoint(socket.AF_INET, (found.host, found.port), found.token)


def connecting_socket(endpoint: Endpoint) -> socket.socket:
    """Return a socket that can be connected to an endpoint's target."""
    sock = socket.socket(endpoint.family, socket.SOCK_STREAM)
    if endpoint.family == socket.AF_INET:
        # A question is one small write, and its answer is waited for.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def check_peer(sock: socket.socket, address: Address) -> None:
    """Close a connected socket whose other end is another user's, and say so.

    Raises:
        ServiceUnavailableError: it is; of TCP nobody can tell.
    """
    if sock.family != socket.AF_INET and not peer.is_own(sock):
        sock.close()
        raise ServiceUnavailableError(f"another user's program listens at {address}")


def nobody_at(address: Address) -> ServiceUnavailableError:
    """Return the error for an address where no service listens."""
    return ServiceUnavailableError(f"no service listens at {address}", hint=START_HINT)


def not_taken(address: Address) -> ServiceUnavailableError:
    """Return the error for a service that refuses the token its file tells."""
    place = address.tcp.discovery if isinstance(address, UnixAddress) else address.discovery
    return ServiceUnavailableError(
        f"the service does not take the token in {place}", hint="start it anew"
    )


def read_discovery(path: Path) -> Discovery | None:
    """Return what a discovery file says, None where there is none that can be used.

    Raises:
        ServiceUnavailableError: it is another user's.
    """
    try:
        # A pipe in its place would keep the reader waiting, and a link would lead anywhere.
        flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(path, os.O_RDONLY | flags)
    except (OSError, ValueError):
        return None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            return None
        uid = peer.own_uid()
        if uid is not None and found.st_uid != uid:
            raise ServiceUnavailableError(f"another user's file: {path}", hint="remove it")
        try:
            return _discovery(file.read(_MOST_BYTES))
        except (OSError, ValueError, RecursionError):
            return None


def _discovery(data: bytes) -> Discovery | None:
    match json.loads(data):
        case {
            "host": str(host),
            "port": int(port),
            "token": str(token),
            "pid": int(pid),
            "protocol": str(protocol),
        } if host == LOOPBACK and 0 < port <= _MOST_PORT and token.isascii() and token:
            return Discovery(host, port, token, pid, protocol)
    return None
