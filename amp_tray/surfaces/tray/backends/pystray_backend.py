"""The tray through pystray on Windows and macOS.

In: views. Out: pystray's icon, title and menu, replaced only where they differ, and the menu
not while it is open. pystray is imported in `run_main_thread` alone: without a desktop the
import itself raises.

Two threads meet here: the event loop calls `start`, `show` and `close`; the toolkit owns the
main thread, and every touch of the icon is handed to it.
"""

import asyncio
import contextlib
import importlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.backends.base import (
    CLOSED,
    NOT_STARTED,
    SHOWN,
    ActionHandler,
    BackendUnavailableError,
    Tell,
)
from amp_tray.surfaces.tray.backends.toolkits import Mac, Toolkit, Windows
from amp_tray.surfaces.tray.icon import draw_icon
from amp_tray.surfaces.tray.icon_look import IconLook, IconState
from amp_tray.surfaces.tray.menu import Entry, MenuModel, Row, Separator
from amp_tray.surfaces.tray.view import TrayView

WINDOWS_TOOLTIP_UNITS = 127
"""UTF-16 units. Source: NOTIFYICONDATAW.szTip holds 128 with its terminator."""

_ICON_SIZE = 64  # the toolkits scale it to their panel
_TOOLKITS: Mapping[str, Callable[[Any], Toolkit]] = {"win32": Windows, "darwin": Mac}

_log = logging.getLogger(__name__)


class PystrayBackend:
    """A `MainThreadBackend` on pystray.

    Attributes:
        standing: where the icon stands; changed on the event loop's thread.
    """

    def __init__(
        self,
        platform: str,
        *,
        tell: Tell = lambda _: None,
        load: Callable[[], Any] = lambda: importlib.import_module("pystray"),
        toolkits: Mapping[str, Callable[[Any], Toolkit]] = _TOOLKITS,
    ) -> None:
        self.standing = NOT_STARTED
        self._platform = platform
        self._tell = tell
        self._load = load
        self._make_toolkit = toolkits[platform]
        self._pystray: Any = None
        self._icon: Any = None
        self._toolkit: Toolkit | None = None
        self._up: Future[None] = Future()
        self._abandoned = False
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_action: ActionHandler | None = None
        self._view = TrayView(IconLook(IconState.NO_DATA), "", "", MenuModel())
        self._drawn: TrayView | None = None
        self._is_drawing_due = False

    async def start(self, on_action: ActionHandler) -> None:
        """See `TrayBackend.start`; waits for `run_main_thread` in the main thread."""
        self._loop = asyncio.get_running_loop()
        self._on_action = on_action
        # Shielded: a cancelled start must leave the toolkit's thread its way to report.
        await asyncio.shield(asyncio.wrap_future(self._up))
        self.standing = SHOWN
        self._tell(self.standing)

    def show(self, view: TrayView) -> None:
        """See `TrayBackend.show`."""
        with self._lock:
            self._view = view
            # While a menu is open one drawing waits for it to close, of whatever is newest then.
            due, self._is_drawing_due = self._is_drawing_due, self._is_up()
        if not due and self._toolkit is not None and self._is_up():
            self._toolkit.when_closed(self._draw)

    async def close(self) -> None:
        """See `TrayBackend.close`."""
        self.abandon()
        if self.standing is not CLOSED:
            self.standing = CLOSED
            self._tell(CLOSED)

    def abandon(self) -> None:
        """See `MainThreadBackend.abandon`."""
        with self._lock:
            stop = self._is_up() and not self._abandoned
            self._abandoned = True
        if stop and self._toolkit is not None:
            self._toolkit.soon(self._icon.stop)

    def run_main_thread(self) -> None:
        """See `MainThreadBackend.run_main_thread`."""
        try:
            self._pystray = self._load()
            if not self._abandoned:
                self._icon = self._pystray.Icon(text.APP)
                self._toolkit = self._make_toolkit(self._icon)
                self._toolkit.attach(self._clicked(Action(ActionKind.MENU_CLOSED)))
                self._icon.run(setup=self._set_up)
        # Fault boundary: toolkits fail with types of their own when there is no desktop.
        except Exception as error:  # noqa: BLE001
            self._fail(f"pystray cannot show an icon: {error}")
        finally:
            if self._toolkit is not None:
                self._toolkit.detach()
        self._fail("the tray was closed before it was shown")
        failure = self._up.exception()
        if failure is not None and not self._abandoned:
            raise failure

    def _set_up(self, _icon: Any) -> None:
        """Runs in a thread of pystray's once the toolkit's loop runs."""
        assert self._toolkit is not None
        self._toolkit.soon(self._appear)

    def _appear(self) -> None:
        assert self._toolkit is not None
        try:
            self._draw()
            self._icon.visible = True
            self._toolkit.after_drawing(self._view.label)
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
            view, self._is_drawing_due = self._view, False
        # Fault boundary: a view that cannot be shown must not end the toolkit's loop.
        try:
            self._draw_changes(view, self._drawn)
        except Exception:
            if not self._is_up():
                raise
            _log.exception("the tray could not be drawn")
        else:
            self._drawn = view

    def _draw_changes(self, view: TrayView, before: TrayView | None) -> None:
        assert self._toolkit is not None
        if before is None or view.icon != before.icon:
            look = replace(view.icon, theme=self._toolkit.theme)
            self._icon.icon = draw_icon(look, _ICON_SIZE)
        if before is None or view.tooltip != before.tooltip:
            self._icon.title = tooltip(view.tooltip, self._platform)
        self._toolkit.after_drawing(view.label)
        if before is None or view.menu != before.menu:
            self._icon.menu = self._pystray.Menu(*self._items(view.menu.entries))

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
            radio=row.radio,
            enabled=row.enabled,
        )

    def _clicked(self, action: Action | None) -> Callable[..., None]:
        # pystray counts the arguments of what it is given.
        def clicked(_icon: Any = None, _item: Any = None) -> None:
            if action is None or self._loop is None or self._on_action is None:
                return
            # A click that comes while the program ends finds the loop closed.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._on_action, action)

        return clicked

    def _is_up(self) -> bool:
        return self._up.done() and self._up.exception() is None

    def _fail(self, message: str) -> None:
        if not self._up.done():
            self._up.set_exception(BackendUnavailableError(message))


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
