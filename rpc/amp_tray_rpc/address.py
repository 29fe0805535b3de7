"""Where the service listens, worked out from values alone.

Duty: the same address for the service and for every client of the same user. Reads no
environment, touches no file and creates nothing: the caller passes what it knows.

An address is a place: what `default_address` returns names the socket, and beside it lies
`rpc.json` where the service listens on TCP. A client that is given the one finds the other
(`discovery`), so only the service need know by which way it is to be reached.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

OVERRIDE = "AMP_TRAY_SOCKET"
"""Environment variable that names the address outright: a path, or `tcp://127.0.0.1:PORT`."""

LOOPBACK = "127.0.0.1"
"""The only host there is: nothing of this leaves the machine."""

MAX_PATH_BYTES = 103
"""Longest path of a Unix socket that every platform takes.

Source: `sun_path` holds 104 bytes with its NUL on macOS and the BSDs, 108 on Linux.
"""

_DIRECTORY = "amp-tray"
_SOCKET = "rpc.sock"
_DISCOVERY = "rpc.json"
_TCP = r"tcp://127\.0\.0\.1:([1-9][0-9]{0,4})"
_MOST_PORT = 65535


class TcpAddress(NamedTuple):
    """A port of the loopback interface.

    Attributes:
        discovery: the file that says which port it is, and by what token it opens.
        port: the one port it may be; 0 where the system chooses and `discovery` tells.
    """

    discovery: Path
    port: int = 0

    def __str__(self) -> str:
        return f"tcp://{LOOPBACK}:{self.port}" if self.port else str(self.discovery)

    @property
    def places(self) -> tuple[Path, ...]:
        """Files of which one is there where a service listens."""
        return (self.discovery,)


class UnixAddress(NamedTuple):
    """A Unix domain socket, by the path of its file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def tcp(self) -> TcpAddress:
        """The TCP address that is this socket's stand-in."""
        return TcpAddress(self.path.with_name(_DISCOVERY))

    @property
    def places(self) -> tuple[Path, ...]:
        """Files of which one is there where a service listens."""
        return (self.path, *self.tcp.places)


Address: TypeAlias = UnixAddress | TcpAddress
"""Every kind of address a client can connect to and a server can listen on."""


def default_address(
    env: Mapping[str, str],
    *,
    uid: int,
    platform: str,
    temp_dir: Path,
    cache_dir: Path | None = None,
) -> Address:
    """Return the address where this user's service listens.

    `AMP_TRAY_SOCKET` decides if it is set, as it is: a path too long for a socket is then
    refused when it is used, not moved elsewhere. Otherwise the socket lies in the user's
    runtime directory (macOS: in the cache directory), and, where there is none or the path
    would pass `MAX_PATH_BYTES`, in a directory of the user's own under `temp_dir`.

    Args:
        env: environment variables; `AMP_TRAY_SOCKET` and `XDG_RUNTIME_DIR` are looked at.
        uid: the user's numeric id, which keeps users apart under a shared `temp_dir`.
        platform: as `sys.platform` says.
        temp_dir: the directory for temporary files, absolute.
        cache_dir: the user's cache directory (`~/Library/Caches`), for macOS alone.

    Raises:
        ValueError: the variable names a TCP address that is none of the loopback interface.
    """
    override = env.get(OVERRIDE, "")
    if override.startswith("tcp://"):
        directory = _directory(env, uid, platform, temp_dir, cache_dir)
        return TcpAddress(directory / _DISCOVERY, _port_of(override))
    if override:
        return UnixAddress(Path(override))
    return UnixAddress(_directory(env, uid, platform, temp_dir, cache_dir) / _SOCKET)


def fits(path: Path) -> bool:
    """Tell whether `path` is short enough for a Unix socket everywhere."""
    return len(str(path).encode("utf-8", "surrogateescape")) <= MAX_PATH_BYTES


def _port_of(text: str) -> int:
    match = re.fullmatch(_TCP, text)
    if match is None or int(match[1]) > _MOST_PORT:
        raise ValueError("a TCP address is tcp://127.0.0.1:PORT")
    return int(match[1])


def _directory(
    env: Mapping[str, str], uid: int, platform: str, temp_dir: Path, cache_dir: Path | None
) -> Path:
    base = cache_dir if platform == "darwin" else _runtime_dir(env)
    if base is not None and fits(base / _DIRECTORY / _SOCKET):
        return base / _DIRECTORY
    return temp_dir / f"{_DIRECTORY}-{uid}"


def _runtime_dir(env: Mapping[str, str]) -> Path | None:
    # Source: XDG Base Directory Specification: a relative path in a variable is ignored.
    # macOS does not ask: a program started at login there never sees the shell's variable.
    value = env.get("XDG_RUNTIME_DIR", "")
    return Path(value) if value.startswith("/") else None
