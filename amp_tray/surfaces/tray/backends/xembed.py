"""Whether an X display has a tray of the old kind.

Source: System Tray Protocol Specification: a tray owns the selection `_NET_SYSTEM_TRAY_S<n>`
of its screen.
"""

import contextlib
import importlib


def has_xembed_tray(display: str) -> bool:
    """Return whether a tray owns the selection of the display's screen; False without one.

    Args:
        display: as in `DISPLAY`; asking takes a moment.
    """
    # python-xlib comes with pystray. It has errors of many kinds for a display that is gone.
    with contextlib.suppress(Exception):
        connection = importlib.import_module("Xlib.display").Display(display)
        try:
            name = f"_NET_SYSTEM_TRAY_S{connection.get_default_screen()}"
            return bool(connection.get_selection_owner(connection.intern_atom(name)))
        finally:
            connection.close()
    return False
