"""The synchronous client, in a thread beside the server's loop."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.backend import EncodedJson, Json
from amp_tray_rpc.client import (
    CallTimeoutError,
    Client,
    Notification,
    RemoteError,
    ServiceUnavailableError,
)
from tests.rpc.fakes import Running

T = TypeVar("T")


async def in_thread(address: UnixAddress, use: Callable[[Client], T]) -> T:
    """Run `use` with a connected client off the loop, which goes on serving."""

    def run() -> T:
        with Client.connect(address) as client:
            return use(client)

    async with asyncio.timeout(20):
        return await asyncio.to_thread(run)


@contextmanager
def impostor(path: Path, *replies: bytes) -> Iterator[UnixAddress]:
    """Listen at `path`; send the replies, one for each read, and close."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        peer, _ = listener.accept()
        with peer:
            for reply in replies:
                peer.recv(1 << 16)
                peer.sendall(reply)
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(1 << 16):
                pass

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield UnixAddress(path)
    finally:
        thread.join(10)
        listener.close()


def counted(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


async def test_calls_one_after_the_other(running: Running) -> None:
    def use(client: Client) -> tuple[str, int, bool]:
        hello = client.call("session.hello", {"client": "test"})
        summary = client.call("usage.summary")
        paused = client.call("service.pause", {"paused": True})
        return hello["server"], summary["revision"], paused["paused"]

    assert await in_thread(running.address, use) == ("amp-tray", 7, True)


async def test_a_raw_result_is_the_programs_own_text(running: Running) -> None:
    text = b'{\n "cost": 1.10, "title": "\xc3\xa4 }" }'

    async def pretty() -> Json:
        return EncodedJson(text)

    running.backend.instead = pretty
    assert await in_thread(running.address, lambda c: c.call_raw("usage.summary")) == text


async def test_a_large_result_arrives_whole(running: Running) -> None:
    text = b'"' + b"x" * (8 << 20) + b'"'

    async def large() -> Json:
        return EncodedJson(text)

    running.backend.instead = large
    assert await in_thread(running.address, lambda c: c.call_raw("usage.summary")) == text


async def test_a_refusal_is_a_remote_error(running: Running) -> None:
    def use(client: Client) -> RemoteError:
        with pytest.raises(RemoteError) as caught:
            client.call("report.session", {"sessionId": "T-none"})
        return caught.value

    error = await in_thread(running.address, use)
    assert (error.code, error.kind) == (-32002, "unknownSession")
    assert error.message == "Unknown session"
    assert error.hint in str(error)


async def test_notifications_come_between_calls(running: Running) -> None:
    def use(client: Client) -> list[Notification]:
        client.call("usage.subscribe")
        client.call("service.refresh")
        told = []
        for notification in client.notifications(timeout=10):
            told.append(notification)
            if len(told) == 3:
                break
            client.call("service.refresh")
        return told

    told = await in_thread(running.address, use)
    assert [one.method for one in told] == ["usage.changed"] * 3
    assert [one.params["revision"] for one in told] == [8, 9, 10]
    assert told[0].params["summary"]["revision"] == 8


async def test_silence_ends_waiting_for_notifications(running: Running) -> None:
    def use(client: Client) -> int:
        client.call("usage.subscribe")
        with pytest.raises(CallTimeoutError):
            next(client.notifications(timeout=0.01))
        revision: int = client.call("service.status")["revision"]
        return revision

    assert await in_thread(running.address, use) == 7


async def test_notifications_end_with_the_service(running: Running) -> None:
    loop, subscribed = asyncio.get_running_loop(), asyncio.Event()

    def use(client: Client) -> list[Notification]:
        client.call("usage.subscribe")
        loop.call_soon_threadsafe(subscribed.set)
        return list(client.notifications(timeout=10))

    task = asyncio.create_task(in_thread(running.address, use))
    await subscribed.wait()
    await running.server.close()
    assert await task == []


async def test_a_call_that_timed_out_leaves_the_client_usable(running: Running) -> None:
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def slow() -> Json:
        await release.wait()
        return EncodedJson(b'"late"')

    running.backend.instead = slow

    def run() -> str:
        with Client.connect(running.address) as client:
            client._timeout = 0.01
            with pytest.raises(CallTimeoutError):
                client.call("usage.summary")
            client._timeout = 10.0  # the service is quick again
            loop.call_soon_threadsafe(release.set)
            server: str = client.call("session.hello")["server"]
            return server

    async with asyncio.timeout(20):
        assert await asyncio.to_thread(run) == "amp-tray"


def test_nobody_listens(address: UnixAddress) -> None:
    with pytest.raises(ServiceUnavailableError) as caught:
        Client.connect(address)
    assert str(address) in caught.value.message
    assert "amp-tray serve" in caught.value.hint


def test_a_dead_socket_is_nobody(address: UnixAddress) -> None:
    address.path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(address.path))
    with pytest.raises(ServiceUnavailableError):
        Client.connect(address)


def test_a_path_too_long_is_nobody(tmp_path: Path) -> None:
    with pytest.raises(ServiceUnavailableError):
        Client.connect(UnixAddress(tmp_path / ("x" * 200)))


async def test_another_users_service_is_not_talked_to(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amp_tray_rpc.peer.own_uid", lambda: 54321)
    with pytest.raises(ServiceUnavailableError, match="another user"):
        await asyncio.to_thread(Client.connect, running.address)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        counted(b"no json"),
        counted(b"[]"),
        counted(b'{"jsonrpc":"2.0","id":1,"result":'),
        b"",
    ],
)
def test_something_else_at_the_address_is_no_service(tmp_path: Path, reply: bytes) -> None:
    with (
        impostor(tmp_path / "s", reply) as address,
        Client.connect(address) as client,
        pytest.raises(ServiceUnavailableError),
    ):
        client.call("session.hello")


def test_an_unreadable_request_is_the_callers_error(tmp_path: Path) -> None:
    refusal = b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}'
    with (
        impostor(tmp_path / "s", counted(refusal)) as address,
        Client.connect(address) as client,
        pytest.raises(RemoteError, match="Parse error") as caught,
    ):
        client.call("session.hello")
    assert (caught.value.kind, caught.value.hint) == ("", "")


def test_nan_does_not_leave_the_client(tmp_path: Path) -> None:
    with (
        impostor(tmp_path / "s") as address,
        Client.connect(address) as client,
        pytest.raises(ValueError, match="JSON"),
    ):
        client.call("service.pause", {"paused": float("nan")})
