"""The tray through GTK, for trays of the old kind (XEmbed) and where there is no session bus.

In: views, on the event loop. Out: pystray's icon in a thread of its own, the only one that
touches GTK from the import of it on. The main thread stays the event loop's, so signals reach
it. GTK ends the process when its display goes; that is the end of the session too.
"""

import asyncio
import contextlib
import importlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from amp_tray.surfaces.tray.actions import Action
from amp_tray.surfaces.tray.backends.base import (
    CLOSED,
    NOT_STARTED,
    ActionHandler,
    BackendUnavailableError,
    Standing,
    Tell,
)
from amp_tray.surfaces.tray.backends.gtk_icon import make_gtk_icon
from amp_tray.surfaces.tray.icon_look import IconLook, IconState
from amp_tray.surfaces.tray.menu import MenuModel
from amp_tray.surfaces.tray.view import TrayView

EMBEDDED = Standing(True, "shown by a tray of the old kind (XEmbed)")
NOT_EMBEDDED = Standing(False, "waiting for a tray of the old kind (XEmbed)")
HANDED_OVER = Standing(True, "handed over to the desktop by AppIndicator")

_JOIN_SECONDS = 5.0  # a display that hangs must not keep the program from ending

_log = logging.getLogger(__name__)


class GtkBackend:
    """A `TrayBackend` on pystray's `gtk` or `appindicator` icon.

    Attributes:
        standing: where the icon stands.
    """

    def __init__(
        self,
        module: str,
        *,
        tell: Tell = lambda _: None,
        make_icon: Callable[..., Any] = make_gtk_icon,
        load_glib: Callable[[], Any] = lambda: importlib.import_module("gi.repository.GLib"),
    ) -> None:
        """Take pystray's module, `gtk` or `appindicator`, and stand-ins for the toolkit."""
        self.standing = NOT_STARTED
        self._module = module
        self._tell = tell
        self._make_icon = make_icon
        self._load_glib = load_glib
        self._glib: Any = None
        self._icon: Any = None
        self._view = TrayView(IconLook(IconState.NO_DATA), "", "", MenuModel())
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_action: ActionHandler | None = None
        self._thread: threading.Thread | None = None
        self._up: Future[None] = Future()

    async def start(self, on_action: ActionHandler) -> None:
        """See `TrayBackend.start`; waits for GTK, not for a tray."""
        self._loop = asyncio.get_running_loop()
        self._on_action = on_action
        self._thread = threading.Thread(target=self._main, name="tray-gtk", daemon=True)
        self._thread.start()
        # Shielded: a cancelled start must leave the thread its way to report.
        await asyncio.shield(asyncio.wrap_future(self._up))

    def show(self, view: TrayView) -> None:
        """See `TrayBackend.show`."""
        self._view = view
        if self._is_up():
            self._in_gtk(self._draw)

    async def close(self) -> None:
        """See `TrayBackend.close`."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        # A start that was cancelled half-way has to end before it can be stopped.
        with contextlib.suppress(BackendUnavailableError):
            await asyncio.wrap_future(self._up)
            self._in_gtk(self._icon.stop)
        await asyncio.to_thread(thread.join, _JOIN_SECONDS)
        self._stand(CLOSED)

    def _main(self) -> None:
        """Run the icon; this is GTK's thread."""
        try:
            self._glib = self._load_glib()
            self._icon = self._make_icon(self._module, self._view, self._act)
            self._icon.when_embedded(lambda: self._say(self._embedded()))
            self._icon.run(setup=self._set_up)
        # Fault boundary: toolkits fail with types of their own, for lack of a display or of
        # what describes them.
        except Exception as error:  # noqa: BLE001
            if self._up.done():
                _log.exception("the tray's GTK loop broke off")
            else:
                self._up.set_exception(BackendUnavailableError(f"GTK cannot show an icon: {error}"))

    def _set_up(self, icon: Any) -> None:
        """Runs in a thread of pystray's once GTK's loop runs."""
        icon.visible = True  # pystray hands this to GTK's thread itself
        self._up.set_result(None)
        self._in_gtk(self._draw)  # a view that came in between
        self._in_gtk(lambda: self._say(self._embedded()))

    def _draw(self) -> None:
        # Fault boundary: a view that cannot be shown must not end GTK's loop.
        try:
            self._icon.draw(self._view)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("the tray could not be drawn")

    def _embedded(self) -> Standing:
        if self._module == "appindicator":
            return HANDED_OVER
        return EMBEDDED if self._icon.is_embedded() else NOT_EMBEDDED

    def _act(self, action: Action) -> None:
        if self._on_action is not None:
            self._in_loop(self._on_action, action)

    def _say(self, standing: Standing) -> None:
        self._in_loop(self._stand, standing)

    def _stand(self, standing: Standing) -> None:
        if standing != self.standing and self.standing is not CLOSED:
            _log.info("tray: %s", standing.words)
            self.standing = standing
            self._tell(standing)

    def _in_loop(self, call: Callable[..., None], *arguments: object) -> None:
        # What comes while the program ends finds the loop closed.
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call, *arguments)

    def _in_gtk(self, call: Callable[[], None]) -> None:
        def once() -> bool:
            call()
            return False  # not again

        self._glib.idle_add(once)

    def _is_up(self) -> bool:
        return self._up.done() and self._up.exception() is None
