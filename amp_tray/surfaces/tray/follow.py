"""Staying in touch with the service: connect, greet, subscribe, and again when it is lost.

In: a way to connect. Out: calls to a `Listener` for every change of the connection, every newer
summary and every crossed budget. Draws nothing and knows no backend.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from amp_tray.surfaces.tray.state import Connection
from amp_tray.surfaces.tray.summary import (
    Crossing,
    Summary,
    SummaryError,
    read_crossing,
    read_summary,
)
from amp_tray_rpc import PROTOCOL
from amp_tray_rpc.address import Address
from amp_tray_rpc.errors import Code
from amp_tray_rpc.remote import RemoteError, ServiceUnavailableError

CALL_SECONDS = 15.0
"""Bound of one call: a rescan on request may take a while."""

OnNotification = Callable[[str, dict[str, Any]], None]

_log = logging.getLogger(__name__)


class ServiceClient(Protocol):
    """The part of `amp_tray_rpc.aio.AsyncClient` that the tray uses."""

    closed: asyncio.Event

    async def call(self, method: str, params: Mapping[str, object] | None = None) -> Any:
        """Call a method and return its result."""

    async def close(self) -> None:
        """End the connection."""


Connect = Callable[[OnNotification], Awaitable[ServiceClient]]
"""Connects to the service, or raises `ServiceUnavailableError`."""


class Listener(Protocol):
    """Who wants to know."""

    def on_connection(self, connection: Connection, client: ServiceClient | None) -> None:
        """Take a change of the connection; `client` is None while there is none to call."""

    def on_summary(self, summary: Summary) -> None:
        """Take newer figures."""

    def on_crossing(self, crossing: Crossing) -> None:
        """Take that a budget is nearly or wholly used up; told once."""


def connect_to(address: Address) -> Connect:
    """Return a `Connect` for the service at an address."""

    async def connect(on_notification: OnNotification) -> ServiceClient:
        # asyncio's client is loaded when a tray runs, not when its modules are looked at.
        from amp_tray_rpc.aio import AsyncClient  # noqa: PLC0415

        return await AsyncClient.connect(
            address, call_seconds=CALL_SECONDS, on_notification=on_notification
        )

    return connect


class Follower:
    """One connection after another to the same service."""

    def __init__(
        self, connect: Connect, listener: Listener, *, not_ready: float, back_off: Sequence[float]
    ) -> None:
        self._connect = connect
        self._listener = listener
        self._not_ready = not_ready
        self._back_off = back_off
        self._failures = 0
        self._revision = -1

    async def run(self) -> None:
        """Follow the service until cancelled."""
        while True:
            # Fault boundary: whatever one connection dies of, the next is tried.
            lost = Connection.OFFLINE
            try:
                await self._follow_once()
            except (ServiceUnavailableError, RemoteError, SummaryError, OSError) as error:
                if isinstance(error, RemoteError | SummaryError):
                    lost = Connection.FAILED
                level = logging.DEBUG if self._failures else logging.WARNING
                _log.log(level, "no figures from the service: %s", error)
            except Exception:  # noqa: BLE001 - see above
                lost = Connection.FAILED
                _log.exception("following the service failed")
            self._listener.on_connection(lost, None)
            delay = self._back_off[min(self._failures, len(self._back_off) - 1)]
            self._failures += 1
            await asyncio.sleep(delay)

    async def _follow_once(self) -> None:
        # A restarted service counts its revisions from the start.
        self._revision = -1
        client = await self._connect(self._on_notification)
        try:
            hello = await client.call("session.hello", {"client": "tray", "protocol": PROTOCOL})
            _check_protocol(str(hello.get("protocol", "")))
            summary = await self._first_summary(client)
            self._take(summary)
            self._listener.on_connection(Connection.CONNECTED, client)
            self._failures = 0
            await client.closed.wait()
            _log.info("the service closed the connection")
        finally:
            await client.close()

    async def _first_summary(self, client: ServiceClient) -> Mapping[str, Any]:
        subscribed = False
        while True:
            try:
                # Subscribed first: what changes while the summary is on its way is not lost.
                if not subscribed:
                    await client.call("usage.subscribe")
                    subscribed = True
                summary: Mapping[str, Any] = await client.call("usage.summary")
            except RemoteError as error:
                if error.code != Code.NOT_READY:
                    raise
                self._listener.on_connection(Connection.STARTING, None)
                await asyncio.sleep(self._not_ready)
            else:
                return summary

    def _on_notification(self, method: str, params: dict[str, Any]) -> None:
        try:
            match method:
                case "usage.changed":
                    self._take(params.get("summary", {}))
                case "budget.crossed":
                    self._listener.on_crossing(read_crossing(params))
        except SummaryError as error:
            _log.warning("an update was left out: %s", error)

    def _take(self, document: Mapping[str, Any]) -> None:
        summary = read_summary(document)
        # An update may overtake the first summary: the older of the two is dropped.
        if summary.revision >= self._revision:
            self._revision = summary.revision
            self._listener.on_summary(summary)


def _check_protocol(protocol: str) -> None:
    if protocol.partition(".")[0] != PROTOCOL.partition(".")[0]:
        _log.warning("the service speaks protocol %s, the tray %s", protocol, PROTOCOL)
