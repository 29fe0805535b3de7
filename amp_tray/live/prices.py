"""Keeping prices fresh while the service runs: a refresh a day, and edits noticed.

The refresh runs in a process of its own: what an HTTP library holds is gone when it is done,
and whatever a server answers cannot harm the service. It writes `prices.json`; that this file
or the user's `pricing.toml` changed is noticed here, whoever changed it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence

from amp_tray.core.document import Document
from amp_tray.core.errors import AmpTrayError
from amp_tray.core.periods import iso_instant
from amp_tray.core.text import clean
from amp_tray.live.pace import until_next
from amp_tray.pricing.book import PriceBook, PriceFiles, open_price_book
from amp_tray.pricing.refresh import HOUR_MS, is_due

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often the price files are looked at."""

_FIRST_REFRESH_SECONDS = 30.0  # the first scan goes first
_REFRESH_SECONDS = 120.0


OnChange = Callable[[PriceBook], Awaitable[None]]
"""Takes the prices in force after a file changed."""


class NotRefreshedError(AmpTrayError):
    """The prices could not be asked for, or came to nothing.

    Attributes:
        offline: whether the network is not to be used.
    """

    title = "the prices were not refreshed"

    def __init__(self, message: str, *, offline: bool = False) -> None:
        super().__init__(message)
        self.offline = offline


class PriceWatch:
    """Tells when the prices changed, and has them refreshed when it is time.

    Attributes:
        url: where prices are asked for; None where the network is not to be used.
    """

    def __init__(
        self,
        files: PriceFiles,
        clock: Callable[[], int],
        *,
        url: str | None = None,
        refresh_command: Sequence[str] = (),
        look_seconds: float = LOOK_SECONDS,
        first_refresh_seconds: float = _FIRST_REFRESH_SECONDS,
    ) -> None:
        """Prepare; nothing starts before `run`.

        Args:
            clock: the current instant, epoch milliseconds.
            refresh_command: the words that refresh the prices once, in a process of its own.
        """
        self.url = url
        self._files = files
        self._clock = clock
        self._refresh_command = refresh_command
        self._look_seconds = look_seconds
        self._first_refresh_seconds = first_refresh_seconds
        self._stamp = files.stamp()
        self._book = open_price_book(files)
        self._refreshing = asyncio.Lock()
        self._looking = asyncio.Lock()

    async def run(self, on_change: OnChange) -> None:
        """Look after the prices until cancelled.

        Args:
            on_change: called with the prices in force each time a file changed.
        """
        loop = asyncio.get_running_loop()
        refresh_from = loop.time() + self._first_refresh_seconds
        while True:
            await until_next(self._look_seconds)
            if self.url is not None and loop.time() >= refresh_from and self._is_due(self.url):
                await self._refresh()
                # Also where it could not even be written down that this was tried.
                refresh_from = loop.time() + HOUR_MS / 1000
            await self._look(on_change)

    async def refresh(self, on_change: OnChange) -> None:
        """Ask for today's prices now, and have them in force when this returns.

        Raises:
            NotRefreshedError: the network is not to be used, or no prices could be had.
        """
        if self.url is None:
            raise NotRefreshedError("`offline` is set, so no network is used", offline=True)
        refreshed = await self._refresh()
        await self._look(on_change)
        if not refreshed:
            failure = self._book.downloads.failure or "see `amp-tray pricing status`"
            raise NotRefreshedError(clean(failure, 1000))

    def status(self) -> Document:
        """Return how fresh the prices are: `checkedAt`, `failure`, `offline`, `url`."""
        checked_at = self._book.downloads.checked_at
        return {
            "checkedAt": None if checked_at is None else iso_instant(checked_at),
            "failure": self._book.downloads.failure,
            "offline": self.url is None,
            "url": self.url,
        }

    def _is_due(self, url: str) -> bool:
        return is_due(self._book.downloads, url, self._clock())

    async def _look(self, on_change: OnChange) -> None:
        """Have changed files in force."""
        async with self._looking:
            stamp = self._files.stamp()
            if stamp != self._stamp:
                self._stamp = stamp
                self._book = await asyncio.to_thread(open_price_book, self._files)
                await on_change(self._book)

    async def _refresh(self) -> bool:
        """Ask once, and tell whether that went well."""
        async with self._refreshing:  # two at once would be in each other's way
            code = await self._run_command()
        if code != 0:
            log.warning("the prices were not refreshed (exit code %s)", code)
        return code == 0

    async def _run_command(self) -> int | None:
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *self._refresh_command, stdin=quiet, stdout=quiet, stderr=quiet
        )
        try:
            async with asyncio.timeout(_REFRESH_SECONDS):
                return await process.wait()
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
