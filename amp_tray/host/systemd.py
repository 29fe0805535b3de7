"""Telling systemd how the service is, by its datagram protocol.

Source: systemd, sd_notify(3), sd_watchdog_enabled(3), systemd.service(5) (`Type=notify-reload`).
"""

import contextlib
import os
import socket
import time
from collections.abc import Mapping

from amp_tray.core.text import clean

_SEND_SECONDS = 0.5
_LINE_WIDTH = 200


class Notifier:
    """A way to tell the service manager things; without one nothing is told.

    Attributes:
        there: whether a service manager listens.
    """

    def __init__(self, address: str) -> None:
        """Prepare.

        Args:
            address: what `NOTIFY_SOCKET` says: a path, `@` and an abstract name, or nothing.
        """
        self.there = address[:1] in {"/", "@"} and hasattr(socket, "AF_UNIX")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address

    def tell(self, *lines: str) -> None:
        """Send `NAME=value` lines as one message; that nobody takes it is no failure."""
        if not self.there:
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock,
        ):
            sock.settimeout(_SEND_SECONDS)  # a manager that hangs must not hang the service
            sock.connect(self._address)
            sock.send("\n".join(clean(line, _LINE_WIDTH) for line in lines).encode())

    def tell_reloading(self) -> None:
        """Say that the configuration is read again; `READY=1` has to follow."""
        self.tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


def notifier(env: Mapping[str, str]) -> Notifier:
    """Return the way that a process's environment names."""
    return Notifier(env.get("NOTIFY_SOCKET", ""))


def watchdog_seconds(env: Mapping[str, str], pid: int | None = None) -> float | None:
    """Return how long the service may be silent before systemd ends it, None for ever.

    Args:
        pid: the process that is meant, this one when None.
    """
    meant = env.get("WATCHDOG_PID", "")
    if meant and meant != str(os.getpid() if pid is None else pid):
        return None
    text = env.get("WATCHDOG_USEC", "")
    return int(text) / 1e6 if text.isdecimal() and int(text) > 0 else None
