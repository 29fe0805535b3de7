"""Where the service listens, worked out from values alone.

Duty: the same address for the service and for every client of the same user. Reads no
environment, touches no file and creates nothing: the caller passes what it knows.

A further transport joins as another frozen value in `Address`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

OVERRIDE = "AMP_TRAY_SOCKET"
"""Environment variable that names the socket's path outright."""

MAX_PATH_BYTES = 103
"""Longest path of a Unix socket that every platform takes.

Source: `sun_path` holds 104 bytes with its NUL on macOS and the BSDs, 108 on Linux.
"""

_DIRECTORY = "amp-tray"
_SOCKET = "rpc.sock"


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """A Unix domain socket, by the path of its file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


Address: TypeAlias = UnixAddress
"""Every kind of address a client can connect to and a server can listen on."""


def default_address(
    env: Mapping[str, str],
    *,
    uid: int,
    platform: str,
    temp_dir: Path,
    cache_dir: Path | None = None,
) -> UnixAddress:
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
    """
    override = env.get(OVERRIDE, "")
    if override:
        return UnixAddress(Path(override))
    base = cache_dir if platform == "darwin" else _runtime_dir(env)
    if base is not None:
        path = base / _DIRECTORY / _SOCKET
        if fits(path):
            return UnixAddress(path)
    return UnixAddress(temp_dir / f"{_DIRECTORY}-{uid}" / _SOCKET)


def fits(path: Path) -> bool:
    """Tell whether `path` is short enough for a Unix socket everywhere."""
    return len(str(path).encode("utf-8", "surrogateescape")) <= MAX_PATH_BYTES


def _runtime_dir(env: Mapping[str, str]) -> Path | None:
    # Source: XDG Base Directory Specification: a relative path in a variable is ignored.
    # macOS does not ask: a program started at login there never sees the shell's variable.
    value = env.get("XDG_RUNTIME_DIR", "")
    return Path(value) if value.startswith("/") else None
