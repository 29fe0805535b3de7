"""The tray through pystray: Windows, macOS, and Linux desktops without D-Bus.

In: views. Out: pystray's icon, title and menu, replaced only where they differ, because
pystray builds a whole menu anew and closes one that is open. pystray is imported in
`run_main_thread` alone: without a display the import itself raises.

Two threads meet here: the event loop calls `start`, `show` and `close`; the toolkit owns the
main thread. On macOS every touch of the icon is handed to the main thread (calls from
elsewhere crash); the other toolkits take calls from any thread.
"""

import asyncio
import contextlib
import importlib
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.backends.base import ActionHandler, BackendUnavailableError
from amp_tray.surfaces.tray.icon import IconState, draw_icon
from amp_tray.surfaces.tray.menu import Action, Entry, MenuModel, Row, Separator
from amp_tray.surfaces.tray.view import TrayView

WINDOWS_TOOLTIP_UNITS = 127
"""UTF-16 units. Source: NOTIFYICONDATAW.szTip holds 128 with its terminator."""

_ICON_SIZE = 64  # the toolkits scale it to their panel

_log = logging.getLogger(__name__)


class PystrayBackend:
    """A `MainThreadBackend` on pystray."""

    def __init__(self, platform: str, *, load: Callable[[], Any] | None = None) -> None:
        self._platform = platform
        self._load = load or _load_pystray
        self._pystray: Any = None
        self._icon: Any = None
        self._up: Future[None] = Future()
        self._abandoned = False
        self._lock = threading.RLock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_action: ActionHandler | None = None
        self._view = TrayView(IconState.NO_DATA, "", "", MenuModel())
        self._drawn: TrayView | None = None

    async def start(self, on_action: ActionHandler) -> None:
        """See `TrayBackend.start`; waits for `run_main_thread` in the main thread."""
        self._loop = asyncio.get_running_loop()
        self._on_action = on_action
        # Shielded: a cancelled start must leave the toolkit's thread its way to report.
        await asyncio.shield(asyncio.wrap_future(self._up))

    def show(self, view: TrayView) -> None:
        """See `TrayBackend.show`."""
        self._view = view
        if self._is_up():
            self._in_toolkit(self._draw)

    async def close(self) -> None:
        """See `TrayBackend.close`."""
        self.abandon()

    def abandon(self) -> None:
        """See `MainThreadBackend.abandon`."""
        with self._lock:
            stop = self._is_up() and not self._abandoned
            self._abandoned = True
        if stop:
            self._in_toolkit(self._icon.stop)

    def run_main_thread(self) -> None:
        """See `MainThreadBackend.run_main_thread`."""
        try:
            self._pystray = self._load()
            if not self._abandoned:
                self._icon = self._pystray.Icon(
                    text.APP, draw_icon(self._view.icon, _ICON_SIZE), text.APP
                )
                self._warn_without_menu()
                self._icon.run(setup=self._set_up)
        # Fault boundary: toolkits fail with types of their own when there is no display.
        except Exception as error:  # noqa: BLE001
            self._fail(f"pystray cannot show an icon: {error}")
        self._fail("the tray was closed before it was shown")
        failure = self._up.exception()
        if failure is not None and not self._abandoned:
            raise failure

    def _set_up(self, _icon: Any) -> None:
        """Runs in a thread of pystray's once the toolkit's loop runs."""
        self._in_toolkit(self._appear)

    def _appear(self) -> None:
        try:
            self._draw()
            self._icon.visible = True
        # Fault boundary: unseen here, a failure would leave `start` waiting for ever.
        except Exception as error:  # noqa: BLE001
            self._fail(f"pystray cannot show an icon: {error}")
            self._icon.stop()
            return
        with self._lock:
            if not self._abandoned:
                self._up.set_result(None)
        if self._abandoned:
            self._icon.stop()
            return
        self._draw()  # a view that came in between

    def _draw(self) -> None:
        with self._lock:
            self._draw_changes(self._view, self._drawn)

    def _draw_changes(self, view: TrayView, before: TrayView | None) -> None:
        if before is None or view.icon != before.icon:
            self._icon.icon = draw_icon(view.icon, _ICON_SIZE)
        if before is None or view.tooltip != before.tooltip:
            self._icon.title = tooltip(view.tooltip, self._platform)
        if before is None or view.menu != before.menu:
            self._icon.menu = self._pystray.Menu(*self._items(view.menu.entries))
        self._drawn = view

    def _items(self, entries: Sequence[Entry]) -> list[Any]:
        return [
            self._pystray.Menu.SEPARATOR if isinstance(entry, Separator) else self._item(entry)
            for entry in entries
        ]

    def _item(self, row: Row) -> Any:
        checked = row.checked
        return self._pystray.MenuItem(
            menu_label(row.label, self._platform),
            self._pystray.Menu(*self._items(row.children))
            if row.children
            else self._clicked(row.action),
            checked=None if checked is None else lambda _item: checked,
            enabled=row.enabled,
        )

    def _clicked(self, action: Action | None) -> Callable[[Any, Any], None]:
        def clicked(_icon: Any, _item: Any) -> None:
            if action is None or self._loop is None or self._on_action is None:
                return
            # A click that comes while the program ends finds the loop closed.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._on_action, action)

        return clicked

    def _is_up(self) -> bool:
        return self._up.done() and self._up.exception() is None

    def _fail(self, message: str) -> None:
        if self._up.done():
            return
        self._up.set_exception(BackendUnavailableError(message))

    def _warn_without_menu(self) -> None:
        if not getattr(self._icon, "HAS_MENU", True):
            _log.warning("this desktop's tray shows an icon, but no menu")

    def _in_toolkit(self, call: Callable[[], None]) -> None:
        if self._platform == "darwin":
            importlib.import_module("PyObjCTools.AppHelper").callAfter(call)
        else:
            call()


def tooltip(value: str, platform: str) -> str:
    """Return the tooltip as the platform can hold it."""
    if platform != "win32":
        return value
    units = value.encode("utf-16-le")[: 2 * WINDOWS_TOOLTIP_UNITS]
    # Half a surrogate pair at the cut is dropped.
    return units.decode("utf-16-le", errors="ignore")


def menu_label(value: str, platform: str) -> str:
    """Return a row's label with what the platform takes for a mnemonic escaped."""
    return value.replace("&", "&&") if platform == "win32" else value


def _load_pystray() -> Any:
    import pystray  # noqa: PLC0415 - raises without a display, so only here

    return pystray
