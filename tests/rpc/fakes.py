"""A program behind the wire whose every answer is written down, and a peer that talks bytes."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.backend import EncodedJson, Json
from amp_tray_rpc.errors import invalid_params, unknown_session
from amp_tray_rpc.messages import ReportParams, SessionReportParams
from tests.rpc import documents

SUMMARY = b'{"today":{"key":"2026-11-22","totalCost":1.10},"revision":%d}'


@dataclass
class ScriptedBackend:
    """Answers from constants; `publish` makes the next revision."""

    version: str = "0.1.0"
    revision: int = 7
    ready: bool = True
    paused: bool = False
    stopping: bool = False
    asked: list[tuple[str, object]] = field(default_factory=list)
    instead: Callable[[], Awaitable[Json]] | None = None  # what `summary` does, if not the usual
    listeners: list[Callable[[], None]] = field(default_factory=list)

    async def summary(self) -> Json:
        self.asked.append(("summary", None))
        if self.instead is not None:
            return await self.instead()
        return EncodedJson(SUMMARY % self.revision)

    async def report(self, kind: str, params: ReportParams) -> Json:
        self.asked.append((kind, params))
        if params.since == "someday":
            raise invalid_params("since takes a day")
        if isinstance(params, SessionReportParams) and params.session_id == "T-none":
            raise unknown_session()
        return documents.report(kind, params)

    async def status(self) -> Json:
        state = "ready" if self.ready else "scanning"
        return {"state": state, "version": self.version, "revision": self.revision}

    async def refresh(self) -> Json:
        self.publish()
        return {"revision": self.revision}

    async def pause(self, paused: bool) -> Json:
        self.paused = paused
        return {"paused": paused}

    async def shutdown(self) -> Json:
        self.stopping = True
        return {"stopping": True, "uptimeSeconds": Decimal("0.10")}

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(on_change)
        return lambda: self.listeners.remove(on_change)

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
    """A peer that sends any bytes and reads what comes, within a bound of time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, path: Path, *, receive_buffer: int | None = None) -> "Wire":
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.setblocking(False)
        if receive_buffer is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        await asyncio.get_running_loop().sock_connect(sock, str(path))
        return cls(*await asyncio.open_unix_connection(sock=sock, limit=1 << 26))

    def send(self, data: bytes) -> None:
        self._writer.write(data)

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
    """A server that runs, and what is behind it."""

    address: UnixAddress
    backend: ScriptedBackend
    server: Any
    open: Opener
