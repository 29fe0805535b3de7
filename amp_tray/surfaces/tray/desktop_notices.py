"""Notifications on this desktop, by the `desktop-notifier` library.

In: a `Notice`. Out: whether it was shown, and clicks. The library and what it is to the desktop
(a D-Bus connection on Linux) come with the first notification. A desktop without notifications is
told of once in the log, and tried anew each time: one may come.
"""

import asyncio
import contextlib
import html
import importlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.actions import Action
from amp_tray.surfaces.tray.notice_text import Notice

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

_SECONDS = 10.0
_LIBRARY = "desktop_notifier"

_log = logging.getLogger(__name__)


class DesktopNotices:
    """A `Notifier` for the desktop that this process runs on."""

    def __init__(
        self,
        platform: str,
        *,
        icon: Callable[[], Path] | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        """Prepare; nothing is loaded yet.

        Args:
            platform: as in `sys.platform`.
            icon: makes the picture beside the text, in another thread; without it, or where it
                raises OSError, the desktop looks for one by the program's name.
            seconds: how long an attempt may take.
        """
        self._platform = platform
        self._icon = icon
        self._seconds = seconds
        self._library: DesktopNotifier | None = None
        self._complained = False

    async def tell(self, notice: Notice, act: Callable[[Action], None]) -> bool:
        """See `Notifier.tell`."""
        # That a connection died, with its bus, is found by using it: then a new one is made.
        attempts = 1 if self._library is None else 2
        for _ in range(attempts):
            # Fault boundary: each desktop's own library raises its own types.
            try:
                async with asyncio.timeout(self._seconds):
                    if await self._show(notice, act):
                        self._complained = False
                        return True
                reason = "the desktop did not take it"
            except Exception as error:  # noqa: BLE001 - see above
                reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            await self.close()
        level = logging.DEBUG if self._complained else logging.WARNING
        self._complained = True
        _log.log(level, "no notification could be shown: %s", reason)
        return False

    async def close(self) -> None:
        """See `Notifier.close`."""
        library, self._library = self._library, None
        # The library has no way to end its connection to the bus.
        bus = getattr(getattr(library, "_backend", None), "bus", None)
        if bus is not None:
            with contextlib.suppress(Exception):  # one that has died already says so in many ways
                bus.disconnect()
                async with asyncio.timeout(self._seconds):
                    await bus.wait_for_disconnect()

    async def _show(self, notice: Notice, act: Callable[[Action], None]) -> bool:
        # In a thread: the import takes a tenth of a second.
        api = await asyncio.to_thread(importlib.import_module, _LIBRARY)
        if self._library is None:
            # It logs what notifications say, and nothing of the user's may be logged.
            logging.getLogger(_LIBRARY).setLevel(logging.CRITICAL)
            path = await asyncio.to_thread(self._picture)
            icon = api.Icon(name=text.APP) if path is None else api.Icon(path=path)
            self._library = api.DesktopNotifier(app_name=text.APP, app_icon=icon)
        # Sending swallows every failure; this question does not, where nobody answers.
        await self._library.get_capabilities()
        loop, shown = asyncio.get_running_loop(), asyncio.Event()

        def doing(action: Action) -> Callable[[], None]:
            def click() -> None:
                with contextlib.suppress(RuntimeError):  # the tray has ended
                    loop.call_soon_threadsafe(act, action)

            return click

        await self._library.send(
            title=notice.title,
            message=body_for(notice.body, self._platform),
            buttons=[
                api.Button(title=button.label, on_pressed=doing(button.action))
                for button in notice.buttons
            ],
            on_clicked=doing(notice.click),
            on_dispatched=shown.set,
        )
        return shown.is_set()

    def _picture(self) -> Path | None:
        with contextlib.suppress(OSError):
            return None if self._icon is None else self._icon()
        return None


def body_for(body: str, platform: str) -> str:
    """Return a notification's text as a platform wants it.

    Source: Desktop Notifications Specification, "Markup": a body is markup on Linux. Windows and
    macOS take plain text.
    """
    return body if platform in {"win32", "darwin"} else html.escape(body, quote=False)
