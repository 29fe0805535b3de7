"""A program behind the wire whose every answer is written down, and a peer that talks bytes."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from amp_tray_rpc.address import Address, UnixAddress
from amp_tray_rpc.backend import EncodedJson, Json
from amp_tray_rpc.discovery import connecting_socket, endpoints
from amp_tray_rpc.encoding import encode_value
from amp_tray_rpc.errors import invalid_params, prices_not_refreshed, unknown_session
from amp_tray_rpc.framing import Framing, encode
from amp_tray_rpc.messages import ReportParams, SessionReportParams
from tests.rpc import details, documents


@dataclass
class ScriptedBackend:
    """Answers from constants; `publish` makes the next revision."""

    version: str = "0.1.0"
    revision: int = 7
    ready: bool = True
    paused: bool = False
    stopping: bool = False
    offline: bool = False
    crosses: bool = False  # whether a refresh finds a budget crossed
    asked: list[tuple[str, object]] = field(default_factory=list)
    instead: Callable[[], Awaitable[Json]] | None = None  # what `summary` does, if not the usual
    listeners: list[Callable[[], None]] = field(default_factory=list)
    crossing_listeners: list[Callable[[Json], None]] = field(default_factory=list)

    async def summary(self) -> Json:
        self.asked.append(("summary", None))
        if self.instead is not None:
            return await self.instead()
        return EncodedJson(encode_value(details.summary(self.revision)))

    async def report(self, kind: str, params: ReportParams) -> Json:
        self.asked.append((kind, params))
        if params.since == "someday":
            raise invalid_params("since takes a day")
        if isinstance(params, SessionReportParams) and params.session_id == "T-none":
            raise unknown_session()
        return documents.report(kind, params)

    async def thread(self, session_id: str) -> Json:
        self.asked.append(("thread", session_id))
        if not details.THREAD_ID.startswith(session_id):
            raise unknown_session()
        return details.thread(self.revision)

    async def status(self) -> Json:
        return details.status(self.version, self.revision, ready=self.ready, paused=self.paused)

    async def refresh(self) -> Json:
        self.publish()
        if self.crosses:
            self.cross(details.CROSSING)
        return {"revision": self.revision}

    async def refresh_prices(self) -> Json:
        if self.offline:
            raise prices_not_refreshed("`offline` is set, so no network is used", kind="offline")
        return {"origin": "download", "asOf": "2026-11-22"}

    async def pause(self, paused: bool) -> Json:
        self.paused = paused
        return {"paused": paused}

    async def shutdown(self) -> Json:
        self.stopping = True
        return {"stopping": True, "uptimeSeconds": Decimal("0.10")}

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(on_change)
        return lambda: self.listeners.remove(on_change)

    def subscribe_crossings(self, on_crossed: Callable[[Json], None]) -> Callable[[], None]:
        self.crossing_listeners.append(on_crossed)
        return lambda: self.crossing_listeners.remove(on_crossed)

    def cross(self, params: Json) -> None:
        for listener in self.crossing_listeners:
            listener(params)

    def publish(self) -> None:
        self.revision += 1
        for listener in self.listeners:
            listener()


@dataclass
class Connections:
    """The connection a dispatched message claims to come from."""

    subscribed: bool = False

    def subscribe(self) -> None:
        self.subscribed = True

    def unsubscribe(self) -> None:
        self.subscribed = False


class Wire:
    """A peer that sends any bytes and reads what comes, within a bound of time.

    Where a token is asked for, it is shown first, in the framing that the first bytes begin:
    as a notification, so that nothing comes back.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str | None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._token = token

    @classmethod
    async def open(
        cls, address: Address, *, receive_buffer: int | None = None, shows: bool = True
    ) -> "Wire":
        endpoint = next(endpoints(address))
        sock = connecting_socket(endpoint)
        sock.setblocking(False)
        if receive_buffer is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        await asyncio.get_running_loop().sock_connect(sock, endpoint.target)
        token = endpoint.token if shows else None
        return cls(*await asyncio.open_connection(sock=sock, limit=1 << 26), token)

    def send(self, data: bytes) -> None:
        if self._token and data[:1] in {b"{", b"[", b"C"}:
            shown = b'{"jsonrpc":"2.0","method":"session.authenticate","params":{"token":"%b"}}'
            framing = Framing.HEADER if data.startswith(b"C") else Framing.LINE
            self._writer.write(encode(framing, shown % self._token.encode()))
            self._token = None
        self._writer.write(data)

    async def sent(self) -> None:
        """Wait until the other end takes what was sent.

        Raises:
            ConnectionError: it takes nothing any more.
        """
        await self._writer.drain()

    def read_no_more(self) -> None:
        """Leave what comes where it is."""
        self._writer.transport.pause_reading()  # type: ignore[attr-defined] # it reads, too

    def end(self) -> None:
        """Send nothing more; go on reading."""
        self._writer.write_eof()

    async def line(self) -> bytes:
        async with asyncio.timeout(10):
            return (await self._reader.readline()).removesuffix(b"\n")

    async def counted(self) -> bytes:
        async with asyncio.timeout(10):
            header = await self._reader.readuntil(b"\r\n\r\n")
            size = int(header.removeprefix(b"Content-Length: "))
            return await self._reader.readexactly(size)

    async def rest(self) -> bytes:
        """Read until the other end closes; a reset counts as that."""
        data = b""
        async with asyncio.timeout(10):
            try:
                while piece := await self._reader.read(1 << 16):
                    data += piece
            except ConnectionError:
                pass
        return data

    async def close(self) -> None:
        self._writer.close()
        await asyncio.gather(self._writer.wait_closed(), return_exceptions=True)


Opener = Callable[..., Awaitable[Wire]]


@dataclass(frozen=True)
class Running:
    """A server that runs, and what is behind it.

    Attributes:
        address: its socket; of a server on TCP the place where that would be.
    """

    address: UnixAddress
    backend: ScriptedBackend
    server: Any
    open: Opener
