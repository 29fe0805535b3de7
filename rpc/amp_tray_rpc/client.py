"""The synchronous client: connect, call, listen. Standard library only, quick to import.

    with Client.connect(address) as client:
        print(client.call("usage.summary")["today"]["totalCost"])

A client belongs to one thread. The asynchronous one is in `aio`.
"""

import json
import socket
import time
from collections import deque
from collections.abc import Iterator, Mapping
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
    "CallTimeoutError",
    "Client",
    "Notification",
    "RemoteError",
    "ServiceUnavailableError",
]

_READ_BYTES = 64 * 1024  # for much more the C library maps memory anew at each read


class Client:
    """A connection to the service; make one with `connect`."""

    def __init__(self, sock: socket.socket, *, timeout: float = 5.0) -> None:
        self._sock = sock
        self._timeout = timeout
        self._parser = FrameParser(ANSWER_LIMITS)
        self._arrived: deque[Result | Refusal] = deque()
        # Notifications that came while an answer was waited for: the oldest give way.
        self._kept: deque[Notification] = deque()
        self._last_id = 0

    @classmethod
    def connect(cls, address: Address, *, timeout: float = 5.0) -> Self:
        """Connect to the service at `address`.

        Where it listens on TCP, the token that opens it is shown first.

        Args:
            address: where it listens (`address.default_address`).
            timeout: seconds that connecting, and then each call, may take.

        Raises:
            ServiceUnavailableError: nobody answers there, or another user does.
        """
        sock, token = _connected(address, timeout)
        check_peer(sock, address)
        client = cls(sock, timeout=timeout)
        if token is not None:
            try:
                client.call_raw("session.authenticate", {"token": token})
            except RemoteError as error:
                client.close()
                raise not_taken(address) from error
            except BaseException:
                client.close()
                raise
        return client

    def call(self, method: str, params: Mapping[str, object] | None = None) -> Any:
        """Call a method and return its result, decoded.

        Raises:
            RemoteError: the service refused.
            CallTimeoutError: it did not answer in time.
            ServiceUnavailableError: the connection ended.
        """
        return json.loads(self.call_raw(method, params))

    def call_raw(self, method: str, params: Mapping[str, object] | None = None) -> bytes:
        """Call a method and return its result's JSON text, byte for byte as it was sent.

        Raises:
            RemoteError, CallTimeoutError, ServiceUnavailableError: as `call`.
        """
        self._last_id += 1
        deadline = time.monotonic() + self._timeout
        self._send(encode_request(self._last_id, method, params), deadline)
        while True:
            while self._arrived:
                match self._arrived.popleft():
                    case Result(request_id, text) if request_id == self._last_id:
                        return text
                    case Refusal(request_id, error) if request_id in {self._last_id, None}:
                        raise error
                    case _:
                        pass  # the late answer to a call that had timed out
            self._receive(deadline)

    def notifications(self, *, timeout: float | None = None) -> Iterator[Notification]:
        """Yield notifications as they come, until the service closes the connection.

        Between two of them the client may call methods.

        Args:
            timeout: seconds of silence after which to give up; None waits for ever.

        Raises:
            CallTimeoutError: the silence lasted too long.
        """
        while True:
            while self._kept:
                yield self._kept.popleft()
            deadline = None if timeout is None else time.monotonic() + timeout
            try:
                self._receive(deadline)
            except CallTimeoutError:
                raise
            except ServiceUnavailableError:
                return

    def close(self) -> None:
        """End the connection; again does nothing."""
        self._sock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _send(self, frame: bytes, deadline: float) -> None:
        try:
            self._wait_until(deadline)
            self._sock.sendall(frame)
        except OSError as error:
            self.close()  # half a frame may be out: nothing can follow it
            raise _lost() from error

    def _receive(self, deadline: float | None) -> None:
        """Read once and sort what came.

        Raises:
            CallTimeoutError: nothing came until `deadline`.
            ServiceUnavailableError: the connection ended, or carries something else.
        """
        try:
            self._wait_until(deadline)
            data = self._sock.recv(_READ_BYTES)
        except TimeoutError as error:
            raise CallTimeoutError("the service does not answer") from error
        except OSError as error:
            self.close()
            raise _lost() from error
        if not data:
            self.close()
            raise _lost()
        for body in self._bodies(data):
            match read_message(body):
                case Notification() as notification:
                    keep(self._kept, notification)
                case reply:
                    self._arrived.append(reply)

    def _bodies(self, data: bytes) -> list[bytes]:
        try:
            return [frame.body for frame in self._parser.feed(data)]
        except FramingError as error:
            self.close()
            raise ServiceUnavailableError("what answers is no amp-tray service") from error

    def _wait_until(self, deadline: float | None) -> None:
        if deadline is None:
            self._sock.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)


def _connected(address: Address, timeout: float) -> tuple[socket.socket, str | None]:
    """Return a connection by the first way that leads anywhere, and the token to show there."""
    refusal: OSError | None = None
    for endpoint in endpoints(address):
        try:
            return _connected_to(endpoint, timeout), endpoint.token
        except OSError as error:
            refusal = error
    raise nobody_at(address) from refusal


def _connected_to(endpoint: Endpoint, timeout: float) -> socket.socket:
    sock = connecting_socket(endpoint)
    deadline = time.monotonic() + timeout
    try:
        sock.settimeout(timeout)
        while True:
            try:
                sock.connect(endpoint.target)
                break
            except BlockingIOError:
                # A Unix socket's queue is full: somebody listens, and many others come.
                if time.monotonic() > deadline:
                    raise
                time.sleep(FULL_QUEUE_SECONDS)
    except OSError:
        sock.close()
        raise
    return sock


def _lost() -> ServiceUnavailableError:
    return ServiceUnavailableError("the service closed the connection", hint=START_HINT)
