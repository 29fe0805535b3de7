"""Following the service for a live view: connect, subscribe, ask again at each change.

In: where the service listens. Out: a newer `View` each time something is known. When the
connection ends it says so, and connects again as soon as somebody listens.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from amp_tray.surfaces.cli.watch_words import Document, View, instant
from amp_tray_rpc.address import Address
from amp_tray_rpc.aio import AsyncClient
from amp_tray_rpc.errors import Code
from amp_tray_rpc.remote import RemoteError, ServiceUnavailableError

CONNECTING: Final = "Asking the service…"
READING: Final = "The service reads the threads…"
STOPPED: Final = "The service stopped; waiting for it to come back"

_CALL_SECONDS = 15.0
_RETRY_SECONDS = 0.3
# Between two rounds of questions: changes come in bursts.
_PAUSE_SECONDS = 0.4
# The burn rate falls and the day turns without a change of any file.
_ASK_AGAIN_SECONDS = 15.0
_DAYS_BACK = timedelta(days=7)


class Follower:
    """One connection after another to the same service.

    Attributes:
        view: the newest there is.
    """

    def __init__(self, address: Address, on_change: Callable[[], None]) -> None:
        """Prepare.

        Args:
            address: where the service listens.
            on_change: called on the event loop after each newer view.
        """
        self.view = View(trouble=CONNECTING)
        self._address = address
        self._on_change = on_change

    async def run(self) -> None:
        """Follow the service until cancelled."""
        while True:
            # What a connection ends of is told by the view.
            with contextlib.suppress(ServiceUnavailableError, RemoteError, OSError):
                await self._follow_once()
            self._show(replace(self.view, trouble=STOPPED))
            await asyncio.sleep(_RETRY_SECONDS)

    async def _follow_once(self) -> None:
        news = asyncio.Event()
        client = await AsyncClient.connect(
            self._address,
            call_seconds=_CALL_SECONDS,
            on_notification=lambda _method, _params: news.set(),
        )
        closed = asyncio.create_task(client.closed.wait(), name="amp-tray-watch-closed")
        closed.add_done_callback(lambda _task: news.set())
        try:
            await self._subscribe(client)
            while not client.closed.is_set():
                news.clear()
                await self._ask(client)
                await _either(news, _ASK_AGAIN_SECONDS)
                await asyncio.sleep(_PAUSE_SECONDS)
        finally:
            closed.cancel()
            await client.close()

    async def _subscribe(self, client: AsyncClient) -> None:
        while True:
            try:
                await client.call("usage.subscribe")
            except RemoteError as error:
                if error.code != Code.NOT_READY:
                    raise
                self._show(replace(self.view, trouble=READING))
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return

    async def _ask(self, client: AsyncClient) -> None:
        summary = decoded(await client.call_raw("usage.summary"))
        params = last_threads(summary)
        threads: Sequence[Document] = ()
        if params is not None:
            threads = newest_first(decoded(await client.call_raw("report.session", params)))
        self._show(View(summary, threads))

    def _show(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self._on_change()


def last_threads(summary: Document) -> dict[str, object] | None:
    """Return the parameters of the report that has the last threads; None where there are none."""
    newest = summary["newestEventAt"]
    if newest is None:
        return None
    return {"since": (instant(newest) - _DAYS_BACK).date().isoformat()}


def newest_first(report: Document) -> Sequence[Document]:
    """Return a session report's rows, the latest activity first."""
    rows: Sequence[Document] = report["sessions"]
    return sorted(rows, key=lambda row: str(row["lastActivityAt"]), reverse=True)


def decoded(data: bytes) -> Mapping[str, Any]:
    """Return a document with its amounts as exact decimals."""
    document: Mapping[str, Any] = json.loads(data, parse_float=Decimal)
    return document


async def _either(event: asyncio.Event, seconds: float) -> None:
    """Return when the event is set, or the time is over."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
