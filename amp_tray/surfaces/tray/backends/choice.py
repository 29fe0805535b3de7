"""Which backend fits this desktop, and why: a pure function of platform and environment.

On Linux the D-Bus backend comes first: it needs no toolkit, and a menu that is open stays
open while its figures change. GTK serves trays of the old kind (XEmbed) while no other is
there, and displays without a session bus; pystray's own loops serve Windows and macOS.
"""

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from amp_tray.core.errors import UsageError
from amp_tray.surfaces.tray.backends.base import BackendUnavailableError, Tell, TrayBackend

VARIABLE = "AMP_TRAY_BACKEND"
"""The user's own choice: `status-notifier`, `gtk`, `appindicator`, `none` or `auto`."""


class BackendKind(StrEnum):
    """A backend that can be built."""

    STATUS_NOTIFIER = "status-notifier"
    GTK = "gtk"
    APPINDICATOR = "appindicator"
    WINDOWS = "win32"
    MAC = "darwin"


_OWN_CHOICE = (BackendKind.STATUS_NOTIFIER, BackendKind.GTK, BackendKind.APPINDICATOR)


@dataclass(frozen=True, slots=True)
class BackendChoice:
    """The outcome.

    Attributes:
        kind: the backend, or None when no tray can be shown here.
        reason: why, one sentence for the log and for `status`.
        bus_address: the session bus, empty when there is none.
        display: the X display where GTK stands in while nobody else shows the icon, or empty.
    """

    kind: BackendKind | None
    reason: str
    bus_address: str = ""
    display: str = ""


def _has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def choose_backend(
    env: Mapping[str, str],
    platform: str,
    *,
    exists: Callable[[Path], bool] = Path.exists,
    has_module: Callable[[str], bool] = _has_module,
) -> BackendChoice:
    """Return the backend for a desktop.

    Args:
        env: the environment.
        platform: as in `sys.platform`.
        exists: tells whether a path exists; asked only for the user's bus socket.
        has_module: tells whether a library is installed; asked only for PyGObject.

    Raises:
        UsageError: `AMP_TRAY_BACKEND` has a value nobody knows.
    """
    wish = env.get(VARIABLE, "")
    if wish not in {"", "auto"}:
        return _wanted(wish, _bus_address(env, exists))
    match platform:
        case "win32":
            return BackendChoice(BackendKind.WINDOWS, "Windows: the notification area")
        case "darwin":
            return BackendChoice(BackendKind.MAC, "macOS: the menu bar")
    return _fitting(env, _bus_address(env, exists), has_module)


def create_backend(choice: BackendChoice, *, pid: int, tell: Tell) -> TrayBackend:
    """Return the chosen backend, not yet started.

    Args:
        choice: from `choose_backend`.
        pid: this process's id; part of the item's name on the bus.
        tell: called with each standing of the icon.

    Raises:
        BackendUnavailableError: the choice was that there is no backend, or the one chosen
            cannot be loaded here.
    """
    # Each backend drags in its own libraries, so only the chosen one is imported.
    match choice.kind:
        case BackendKind.STATUS_NOTIFIER if choice.display:
            from amp_tray.surfaces.tray.backends.stand_in import WithStandIn  # noqa: PLC0415
            from amp_tray.surfaces.tray.backends.xembed import has_xembed_tray  # noqa: PLC0415

            return WithStandIn(
                lambda tell: _status_notifier(choice, pid, tell),
                lambda tell: _gtk(BackendKind.GTK, tell),
                is_wanted=lambda: has_xembed_tray(choice.display),
                tell=tell,
            )
        case BackendKind.STATUS_NOTIFIER:
            return _status_notifier(choice, pid, tell)
        case BackendKind.GTK | BackendKind.APPINDICATOR:
            return _gtk(choice.kind, tell)
        case BackendKind.WINDOWS | BackendKind.MAC:
            from amp_tray.surfaces.tray.backends.pystray_backend import (  # noqa: PLC0415
                PystrayBackend,
            )

            return PystrayBackend(choice.kind, tell=tell)
        case None:
            raise BackendUnavailableError(choice.reason)


def _status_notifier(choice: BackendChoice, pid: int, tell: Tell) -> TrayBackend:
    from amp_tray.surfaces.tray.backends.status_notifier import (  # noqa: PLC0415 - see above
        StatusNotifierBackend,
    )

    return StatusNotifierBackend(choice.bus_address, pid=pid, tell=tell)


def _gtk(kind: BackendKind, tell: Tell) -> TrayBackend:
    from amp_tray.surfaces.tray.backends.gtk_backend import GtkBackend  # noqa: PLC0415 - see above

    return GtkBackend(kind, tell=tell)


def _bus_address(env: Mapping[str, str], exists: Callable[[Path], bool]) -> str:
    address = env.get("DBUS_SESSION_BUS_ADDRESS", "")
    runtime = env.get("XDG_RUNTIME_DIR", "")
    # Source: systemd's dbus.socket for users: the bus listens in the runtime directory.
    if not address and runtime and exists(Path(runtime) / "bus"):
        return f"unix:path={runtime}/bus"
    return address


def _wanted(value: str, bus: str) -> BackendChoice:
    if value == "none":
        return BackendChoice(None, "the settings ask for no tray")
    if value not in _OWN_CHOICE:
        known = ", ".join(["auto", *_OWN_CHOICE, "none"])
        raise UsageError(f"{VARIABLE} is {value!r}", hint=f"Use one of: {known}.")
    kind = BackendKind(value)
    if kind is BackendKind.STATUS_NOTIFIER and not bus:
        reason = f"the settings ask for {value}, but there is no D-Bus session bus"
        return BackendChoice(None, reason)
    return BackendChoice(kind, f"the settings ask for {value}", bus)


def _fitting(env: Mapping[str, str], bus: str, has_module: Callable[[str], bool]) -> BackendChoice:
    display = env.get("DISPLAY", "")
    with_gtk = bool(display) and has_module("gi")
    if bus:
        reason = "a D-Bus session bus is there"
        if with_gtk:
            reason += "; GTK stands in where a panel knows XEmbed alone"
        elif display:
            reason += "; for a panel that knows XEmbed alone PyGObject is missing"
        stand_in = display if with_gtk else ""
        return BackendChoice(BackendKind.STATUS_NOTIFIER, reason, bus, stand_in)
    if with_gtk:
        return BackendChoice(BackendKind.GTK, "an X display, but no D-Bus session bus")
    if display:
        reason = "an X display, but neither a D-Bus session bus nor PyGObject"
    elif env.get("WAYLAND_DISPLAY"):
        reason = "a Wayland display, but no D-Bus session bus to show a tray icon through"
    else:
        reason = "there is neither a D-Bus session bus nor a display"
    return BackendChoice(None, reason)
