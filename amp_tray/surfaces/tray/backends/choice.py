"""Which backend fits this desktop, and why: a pure function of platform and environment.

On Linux the D-Bus backend comes first: it needs no toolkit, and a menu that is open stays
open while its figures change. pystray serves Windows, macOS and desktops without D-Bus.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from amp_tray.core.errors import UsageError
from amp_tray.surfaces.tray.backends.base import BackendUnavailableError, TrayBackend

VARIABLE = "AMP_TRAY_BACKEND"
"""The user's own choice: `status-notifier`, `pystray` or `none`."""


class BackendKind(StrEnum):
    """A backend that can be built."""

    STATUS_NOTIFIER = "status-notifier"
    PYSTRAY = "pystray"


@dataclass(frozen=True, slots=True)
class BackendChoice:
    """The outcome.

    Attributes:
        kind: the backend, or None when no tray can be shown here.
        reason: why, one sentence for the log and for `status`.
        bus_address: the session bus, empty when there is none.
        platform: as in `sys.platform`.
    """

    kind: BackendKind | None
    reason: str
    bus_address: str
    platform: str


def choose_backend(
    env: Mapping[str, str], platform: str, *, exists: Callable[[Path], bool] = Path.exists
) -> BackendChoice:
    """Return the backend for a desktop.

    Args:
        env: the environment.
        platform: as in `sys.platform`.
        exists: tells whether a path exists; asked only for the user's bus socket.

    Raises:
        UsageError: `AMP_TRAY_BACKEND` has a value nobody knows.
    """
    bus = "" if platform in {"win32", "darwin"} else _bus_address(env, exists)
    kind, reason = _wanted(env.get(VARIABLE, ""), bus) or _fitting(env, platform, bus)
    return BackendChoice(kind, reason, bus, platform)


def create_backend(choice: BackendChoice, *, pid: int) -> TrayBackend:
    """Return the chosen backend, not yet started.

    Args:
        choice: from `choose_backend`.
        pid: this process's id; part of the item's name on the bus.

    Raises:
        BackendUnavailableError: the choice was that there is no backend, or the one chosen
            cannot be loaded here.
    """
    # Each backend drags in its own libraries, so only the chosen one is imported.
    match choice.kind:
        case BackendKind.STATUS_NOTIFIER:
            from amp_tray.surfaces.tray.backends.status_notifier import (  # noqa: PLC0415
                StatusNotifierBackend,
            )

            return StatusNotifierBackend(choice.bus_address, pid=pid)
        case BackendKind.PYSTRAY:
            from amp_tray.surfaces.tray.backends.pystray_backend import (  # noqa: PLC0415
                PystrayBackend,
            )

            return PystrayBackend(choice.platform)
        case None:
            raise BackendUnavailableError(choice.reason)


def _bus_address(env: Mapping[str, str], exists: Callable[[Path], bool]) -> str:
    address = env.get("DBUS_SESSION_BUS_ADDRESS", "")
    runtime = env.get("XDG_RUNTIME_DIR", "")
    # Source: systemd's dbus.socket for users: the bus listens in the runtime directory.
    if not address and runtime and exists(Path(runtime) / "bus"):
        return f"unix:path={runtime}/bus"
    return address


def _wanted(value: str, bus: str) -> tuple[BackendKind | None, str] | None:
    if not value:
        return None
    if value == "none":
        return None, f"{VARIABLE} asks for no tray"
    try:
        kind = BackendKind(value)
    except ValueError:
        known = ", ".join([*BackendKind, "none"])
        raise UsageError(f"{VARIABLE} is {value!r}", hint=f"Use one of: {known}.") from None
    if kind is BackendKind.STATUS_NOTIFIER and not bus:
        return None, f"{VARIABLE} asks for {value}, but there is no D-Bus session bus"
    return kind, f"{VARIABLE} asks for {value}"


def _fitting(env: Mapping[str, str], platform: str, bus: str) -> tuple[BackendKind | None, str]:
    if platform == "win32":
        return BackendKind.PYSTRAY, "Windows: the notification area"
    if platform == "darwin":
        return BackendKind.PYSTRAY, "macOS: the menu bar"
    if bus:
        return BackendKind.STATUS_NOTIFIER, "a D-Bus session bus is there"
    if env.get("DISPLAY"):
        return BackendKind.PYSTRAY, "an X display, but no D-Bus session bus"
    if env.get("WAYLAND_DISPLAY"):
        return None, "a Wayland display, but no D-Bus session bus to show a tray icon through"
    return None, "there is neither a D-Bus session bus nor a display"
