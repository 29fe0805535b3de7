"""One backend, and another that stands in for it while it has nobody to show the icon.

For desktops whose panel may know StatusNotifier, or XEmbed alone, and may start after the tray.
In: views, which both are given. Out: one icon, whoever shows it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from itertools import chain, repeat

from amp_tray.surfaces.tray.backends.base import (
    NOT_STARTED,
    ActionHandler,
    BackendUnavailableError,
    Standing,
    Tell,
    TrayBackend,
)
from amp_tray.surfaces.tray.view import TrayView

Make = Callable[[Tell], TrayBackend]
"""Makes a backend that tells its standing."""

_LOOKS_SECONDS = (2.0, 3.0, 5.0, 15.0, 60.0)

_log = logging.getLogger(__name__)


class WithStandIn:
    """A `TrayBackend` made of two.

    Attributes:
        standing: where the icon stands: that of whichever shows it.
    """

    def __init__(
        self,
        first: Make,
        second: Make,
        *,
        is_wanted: Callable[[], bool],
        tell: Tell = lambda _: None,
        looks: Sequence[float] = _LOOKS_SECONDS,
    ) -> None:
        """Take what makes the two.

        Args:
            first: the one that is always started.
            second: the one that stands in; made anew each time.
            is_wanted: whether the desktop has use for it; asked in a thread.
            tell: see `Tell`.
            looks: waits before the desktop is looked at, in seconds; the last one repeats.
        """
        self.standing = NOT_STARTED
        self._tell = tell
        self._looks = looks
        self._is_wanted = is_wanted
        self._first = first(self._on_first)
        self._make_second: Make | None = second
        self._second: TrayBackend | None = None
        self._first_standing = NOT_STARTED
        self._second_standing = NOT_STARTED
        self._changed = asyncio.Event()
        self._view: TrayView | None = None
        self._on_action: ActionHandler | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, on_action: ActionHandler) -> None:
        """See `TrayBackend.start`; raises what the first backend does."""
        self._on_action = on_action
        await self._first.start(on_action)
        self._task = asyncio.create_task(self._keep(on_action), name="tray-stand-in")

    def show(self, view: TrayView) -> None:
        """See `TrayBackend.show`."""
        self._view = view
        self._first.show(view)
        if self._second is not None:
            self._second.show(view)

    async def close(self) -> None:
        """See `TrayBackend.close`."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self._close_second()
        await self._first.close()

    async def _keep(self, on_action: ActionHandler) -> None:
        while True:
            self._changed.clear()
            if self._first_standing.shown:
                await self._close_second()
            elif self._second is None and self._make_second is not None:
                await self._find_use(self._make_second, on_action)
            await self._changed.wait()

    async def _find_use(self, make: Make, on_action: ActionHandler) -> None:
        """Start the second one once the desktop has use for it, unless something changes."""
        for pause in chain(self._looks, repeat(self._looks[-1])):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._changed.wait()
                return
            if await asyncio.to_thread(self._is_wanted):
                break
        self._second = make(self._on_second)
        if self._view is not None:
            self._second.show(self._view)
        try:
            await self._second.start(on_action)
        except BackendUnavailableError as error:
            _log.warning("%s", error.message)
            self._make_second = None  # what a process lacks to show it, it will lack later too
            await self._close_second()

    async def _close_second(self) -> None:
        second, self._second = self._second, None
        if second is not None:
            await second.close()
        self._second_standing = NOT_STARTED

    def _on_first(self, standing: Standing) -> None:
        self._first_standing = standing
        self._changed.set()
        self._stand()

    def _on_second(self, standing: Standing) -> None:
        self._second_standing = standing
        self._stand()

    def _stand(self) -> None:
        standing = self._first_standing
        if not standing.shown and self._second_standing.shown:
            standing = self._second_standing
        if standing != self.standing:
            self.standing = standing
            self._tell(standing)
