"""The tray's notifications, put together: what the user wants, what was told, which desktop."""

import io
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from amp_tray.app.program import Program
from amp_tray.config.notifications import NotificationWishes, notification_wishes
from amp_tray.host.files import write_atomically
from amp_tray.host.once import Once
from amp_tray.surfaces.tray.desktop_notices import DesktopNotices
from amp_tray.surfaces.tray.icon_look import IconLook, IconState
from amp_tray.surfaces.tray.notices import Notices

TOLD = "notices.json"
"""The file in the data directory that remembers what was told once ever."""

_ICON_SIZE = 64


def make_notices(program: Program, bus_address: str) -> Notices:
    """Return what tells the user; it loads nothing before there is something to tell.

    Args:
        program: whose data directory remembers, and whose settings count.
        bus_address: the session bus, empty where there is none.
    """
    if bus_address:
        # Some logins leave the bus to be found at its usual place, where the notifier's library
        # does not look.
        os.environ.setdefault("DBUS_SESSION_BUS_ADDRESS", bus_address)
    return Notices(
        DesktopNotices(sys.platform, icon=lambda: _draw_icon(program)),
        wishes=_wishes(program),
        once=Once(program.data_directory / TOLD),
        clock=lambda: datetime.now().astimezone(),
    )


def _draw_icon(program: Program) -> Path:
    """Write the icon beside the log, since not every desktop has it by name; its path."""
    from amp_tray.surfaces.tray.icon import draw_icon  # noqa: PLC0415 - with the first notice

    data = io.BytesIO()
    draw_icon(IconLook(IconState.OK), _ICON_SIZE).save(data, "PNG")
    path = program.log_path.with_name("icon.png")
    write_atomically(path, data.getvalue())
    return path


def _wishes(program: Program) -> Callable[[], NotificationWishes]:
    """Return what asks for the settings of now; those that cannot be leave the last in force."""
    known = notification_wishes(program.env)

    def wishes() -> NotificationWishes:
        nonlocal known
        fresh = program.configured_again()
        if fresh.settings_trouble is None:
            known = notification_wishes(fresh.env)
        return known

    return wishes
