"""What is told by notifications, and when: crossed budgets, and once ever where new threads went.

In: what the controller hears of the service. Out: `Notice`s to a `Notifier`. What cannot be told
now (quiet hours, reading is paused, nobody shows notifications yet) waits for later figures, and
is dropped when its day, week or month is over. Nothing here makes the tray wait.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Protocol

from amp_tray.config.notifications import NotificationWishes
from amp_tray.host.once import Once
from amp_tray.surfaces.tray.actions import Action
from amp_tray.surfaces.tray.menu import OLD_USAGE
from amp_tray.surfaces.tray.notice_text import Notice, crossing_notice, server_threads_notice
from amp_tray.surfaces.tray.summary import Crossing, Summary

SERVER_THREADS = "server-threads"
"""The name under which it is remembered that the user was told where new threads are."""

PATIENCE_SECONDS = 60.0
"""Time between two attempts at what could not be told."""

SETTLE_SECONDS = 2.0
"""How long a crossing waits for figures of the same moment, which come right before or after it."""

_WEEK = timedelta(days=7)

_log = logging.getLogger(__name__)


class Notifier(Protocol):
    """Shows notifications on this desktop."""

    async def tell(self, notice: Notice, act: Callable[[Action], None]) -> bool:
        """Show one; `act` is called on this event loop with what is clicked.

        Returns in bounded time whether it was shown. Never raises for a desktop without
        notifications.
        """

    async def close(self) -> None:
        """Let go of the desktop; notifications that are shown may stay."""


class Notices:
    """What is yet to be told, over time; every method belongs to one event loop."""

    def __init__(
        self,
        notifier: Notifier,
        *,
        wishes: Callable[[], NotificationWishes],
        once: Once,
        clock: Callable[[], datetime],
        patience: float = PATIENCE_SECONDS,
        settle: float = SETTLE_SECONDS,
    ) -> None:
        """Prepare.

        Args:
            notifier: shows them.
            wishes: what the user wants now; called in another thread, before each telling.
            once: remembers what was told once ever.
            clock: the current instant, aware, in the zone of the clock on the wall.
            patience, settle: see `PATIENCE_SECONDS` and `SETTLE_SECONDS`.
        """
        self._notifier = notifier
        self._wishes = wishes
        self._once = once
        self._clock = clock
        self._patience = patience
        self._settle = settle
        self._crossed: dict[str, Crossing] = {}
        self._summary: Summary | None = None
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    def start(self, act: Callable[[Action], None]) -> None:
        """Begin to tell; `act` takes what the user clicks, as the menu's handler does."""
        self._worker = asyncio.create_task(self._keep_telling(act), name="tray-notices")

    def on_crossing(self, crossing: Crossing) -> None:
        """Take that a budget was crossed; of two levels of one budget the newer is told."""
        self._crossed[crossing.name] = crossing
        asyncio.get_running_loop().call_later(self._settle, self._wake.set)

    def on_summary(self, summary: Summary) -> None:
        """Take newer figures."""
        self._summary = summary
        if self._crossed or self._server_threads_due(summary):
            self._wake.set()

    async def close(self) -> None:
        """Tell nothing any more."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        await self._notifier.close()

    async def _keep_telling(self, act: Callable[[Action], None]) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            # Fault boundary: a notification may fail, the tray may not.
            try:
                done = await self._tell_what_is_due(act)
            except Exception as error:  # noqa: BLE001 - its type alone: a message may quote a title
                _log.warning("a notification failed: %s", type(error).__name__)
                self._crossed.clear()
                done = False
            if not done:
                await asyncio.sleep(self._patience)
            if self._crossed:
                self._wake.set()

    async def _tell_what_is_due(self, act: Callable[[Action], None]) -> bool:
        """Tell it; returns whether that was everything."""
        wishes = await asyncio.to_thread(self._wishes)
        if wishes.mute or not wishes.budgets:
            self._crossed.clear()
        now, summary = self._clock(), self._summary
        quiet = wishes.quiet is not None and wishes.quiet.cover(now.time())
        if wishes.mute or quiet or (summary is not None and summary.paused):
            return False
        for name, crossing in list(self._crossed.items()):
            notice = crossing_notice(crossing, summary)
            if not _is_over(crossing, summary) and not await self._notifier.tell(notice, act):
                return False
            if self._crossed.get(name) is crossing:  # no newer level came meanwhile
                del self._crossed[name]
        if summary is not None and self._server_threads_due(summary):
            notice = server_threads_notice(summary.newest_event_at, now)
            if not await self._notifier.tell(notice, act):
                return False
            self._once.note(SERVER_THREADS)
        return True

    def _server_threads_due(self, summary: Summary) -> bool:
        newest = summary.newest_event_at
        is_old = newest is None or self._clock() - newest > OLD_USAGE
        return is_old and not self._once.has_happened(SERVER_THREADS)


def _is_over(crossing: Crossing, summary: Summary | None) -> bool:
    """Say whether the crossing's period has ended; a summary may also lag behind it."""
    if summary is None:
        return False
    match crossing.period:
        case "daily":
            return crossing.period_key < summary.today.key
        case "monthly":
            return crossing.period_key < summary.month.key
        case "weekly":
            first = date.fromisoformat(crossing.period_key)
            return first + _WEEK <= date.fromisoformat(summary.today.key)
