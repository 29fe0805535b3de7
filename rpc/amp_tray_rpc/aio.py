"""The asynchronous client, for programs that run an event loop already.

    client = await AsyncClient.connect(address)
    await client.call("usage.subscribe")
    async for notification in client.notifications():
        ...

Notifications go to `on_notification` if that is set, and else wait for `notifications`.
"""

import asyncio
import json
import logging
import socket
from asyncio import StreamReader, StreamWriter
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Self

from amp_tray_rpc.address import Address
from amp_tray_rpc.discovery import (
    FULL_QUEUE_SECONDS,
    START_HINT,
    Endpoint,
    check_peer,
    connecting_socket,
    endpoints,
    nobody_at,
    not_taken,
)
from amp_tray_rpc.framing import FrameParser, FramingError
from amp_tray_rpc.remote import (
    ANSWER_LIMITS,
    CallTimeoutError,
    Notification,
    Refusal,
    RemoteError,
    Result,
    ServiceUnavailableError,
    encode_request,
    keep,
    read_message,
)

__all__ = [
    "AsyncClient",
    "CallTimeoutError",
    "Notification",
    "RemoteError",
    "ServiceUnavailableError",
]

_LOG = logging.getLogger("amp_tray_rpc")
_READ_BYTES = 64 * 1024  # for much more the C library maps memory anew at each read

OnNotification = Callable[[str, dict[str, Any]], None]
"""Takes a notification's method and params, on the event loop."""


class AsyncClient:
    """A connection to the service; make one with `connect`, on the loop that uses it.

    Attributes:
        on_notification: what is called for each notification, or None to keep them for
            `notifications`.
        closed: set as soon as the connection has ended, by either side.
    """

    def __init__(
        self,
        reader: StreamReader,
        writer: StreamWriter,
        *,
        call_seconds: float = 5.0,
        on_notification: OnNotification | None = None,
    ) -> None:
        self.on_notification = on_notification
        self.closed = asyncio.Event()
        self._reader = reader
        self._writer = writer
        self._call_seconds = call_seconds
        self._calls: dict[int, asyncio.Future[bytes]] = {}
        self._last_id = 0
        self._kept: deque[Notification] = deque()
        self._came = asyncio.Event()
        self._reading = asyncio.create_task(self._read(), name="amp-tray-rpc-client")

    @classmethod
    async def connect(
        cls,
        address: Address,
        *,
        call_seconds: float = 5.0,
        on_notification: OnNotification | None = None,
    ) -> Self:
        """Connect to the service at `address`.

        Where it listens on TCP, the token that opens it is shown first.

        Args:
            address: where it listens (`address.default_address`).
            call_seconds: how long connecting, and then each call, may take.
            on_notification: see the class.

        Raises:
            ServiceUnavailableError: nobody answers there, or another user does.
        """
        sock, token = await _connected(address, call_seconds)
        check_peer(sock, address)
        reader, writer = await asyncio.open_connection(sock=sock)
        client = cls(reader, writer, call_seconds=call_seconds, on_notification=on_notification)
        if token is not None:
            try:
                await client.call_raw("session.authenticate", {"token": token})
            except RemoteError as error:
                await client.close()
                raise not_taken(address) from error
            except BaseException:
                await client.close()
                raise
        return client

    async def call(self, method: str, params: Mapping[str, object] | None = None) -> Any:
        """Call a method and return its result, decoded; calls may overlap.

        Raises:
            RemoteError: the service refused.
            CallTimeoutError: it did not answer in time.
            ServiceUnavailableError: the connection ended.
        """
        return json.loads(await self.call_raw(method, params))

    async def call_raw(self, method: str, params: Mapping[str, object] | None = None) -> bytes:
        """Call a method and return its result's JSON text, byte for byte as it was sent.

        Raises:
            RemoteError, CallTimeoutError, ServiceUnavailableError: as `call`.
        """
        if self.closed.is_set():
            raise _lost()
        self._last_id += 1
        request_id = self._last_id
        future = asyncio.get_running_loop().create_future()
        self._calls[request_id] = future
        try:
            async with asyncio.timeout(self._call_seconds):
                # One write is one whole frame, so overlapping calls never mix.
                self._writer.write(encode_request(request_id, method, params))
                await self._writer.drain()
                return bytes(await future)
        except TimeoutError as error:
            raise CallTimeoutError("the service does not answer") from error
        except OSError as error:
            raise _lost() from error
        finally:
            del self._calls[request_id]

    async def notifications(self) -> AsyncIterator[Notification]:
        """Yield notifications as they come, until the connection ends; for one reader."""
        while True:
            while self._kept:
                yield self._kept.popleft()
            if self.closed.is_set():
                return
            self._came.clear()
            await self._came.wait()

    async def close(self) -> None:
        """End the connection; calls under way fail. Again does nothing."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self._end()  # a task that is cancelled before its first step runs no `finally`

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def _read(self) -> None:
        parser = FrameParser(ANSWER_LIMITS)
        try:
            while data := await self._reader.read(_READ_BYTES):
                for frame in parser.feed(data):
                    self._take(frame.body)
        except (FramingError, ServiceUnavailableError):
            _LOG.warning("connection closed: what answers is no amp-tray service")
        except OSError:
            _LOG.debug("connection lost")
        finally:
            self._end()

    def _take(self, body: bytes) -> None:
        match read_message(body):
            case Notification() as notification:
                self._notify(notification)
            case Result(request_id, text):
                future = self._calls.get(request_id)
                if future is not None and not future.done():
                    future.set_result(text)
            case Refusal(request_id, error):
                # Without an id the service could not even read it: nothing will be answered.
                failed = list(self._calls) if request_id is None else [request_id]
                self._fail(failed, error)

    def _notify(self, notification: Notification) -> None:
        if self.on_notification is None:
            keep(self._kept, notification)
            self._came.set()
            return
        try:
            self.on_notification(notification.method, notification.params)
        except Exception as error:  # noqa: BLE001 - fault boundary: one notification may fail
            _LOG.error("what takes notifications failed: %s", type(error).__name__)

    def _fail(self, request_ids: list[int], error: Exception) -> None:
        for request_id in request_ids:
            future = self._calls.get(request_id)
            if future is not None and not future.done():
                future.set_exception(error)

    def _end(self) -> None:
        self._writer.transport.abort()
        self.closed.set()
        self._came.set()
        self._fail(list(self._calls), _lost())


async def _connected(address: Address, seconds: float) -> tuple[socket.socket, str | None]:
    """Return a connection by the first way that leads anywhere, and the token to show there."""
    refusal: OSError | None = None
    for endpoint in endpoints(address):
        try:
            return await _connected_to(endpoint, seconds), endpoint.token
        except OSError as error:  # too late is one of them
            refusal = error
    raise nobody_at(address) from refusal


async def _connected_to(endpoint: Endpoint, seconds: float) -> socket.socket:
    sock = connecting_socket(endpoint)
    try:
        sock.setblocking(False)
        async with asyncio.timeout(seconds):
            if endpoint.family == socket.AF_INET:
                await asyncio.get_running_loop().sock_connect(sock, endpoint.target)
            else:
                await _queue(sock, endpoint)
    except BaseException:
        sock.close()
        raise
    return sock


async def _queue(sock: socket.socket, endpoint: Endpoint) -> None:
    # A Unix socket connects at once, or its queue is full: what asyncio takes for connected.
    while True:
        try:
            sock.connect(endpoint.target)
        except BlockingIOError:
            await asyncio.sleep(FULL_QUEUE_SECONDS)
        else:
            return


def _lost() -> ServiceUnavailableError:
    return ServiceUnavailableError("the service closed the connection", hint=START_HINT)
