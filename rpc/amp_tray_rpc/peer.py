"""Who is at the other end of a Unix socket, as the kernel says.

File modes alone do not keep others out where a directory was loosened by hand, so each end
compares the other's user id with its own.

Source: Linux unix(7), SO_PEERCRED and `struct ucred`; macOS sys/un.h and sys/ucred.h,
LOCAL_PEERCRED and `struct xucred`.
"""

import os
import socket
import struct
import sys

_UCRED = struct.Struct("3i")  # pid, uid, gid
_XUCRED = struct.Struct("IIh16I")  # version, uid, number of groups, groups
_SOL_LOCAL = 0
_LOCAL_PEERCRED = 1


def own_uid() -> int | None:
    """Return this process's effective user id, or None where users have none."""
    return os.geteuid() if hasattr(os, "geteuid") else None


def peer_uid(sock: socket.socket) -> int | None:
    """Return the user id at the other end, or None where this system cannot tell.

    Raises:
        OSError: the system can tell, but not of this socket.
    """
    if hasattr(socket, "SO_PEERCRED"):
        data = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
        return int(_UCRED.unpack(data)[1])
    if sys.platform == "darwin":
        data = sock.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED.size)
        return int(_XUCRED.unpack(data)[1])
    return None


def is_own(sock: socket.socket) -> bool:
    """Tell whether the other end runs as this user.

    Where the system cannot tell, the modes of socket and directory are the guard.
    """
    try:
        uid = peer_uid(sock)
    except OSError:
        return False
    return uid is None or uid == own_uid()
