"""The asynchronous client."""

import asyncio
from typing import Any

import pytest

from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.aio import (
    AsyncClient,
    CallTimeoutError,
    RemoteError,
    ServiceUnavailableError,
)
from amp_tray_rpc.backend import EncodedJson, Json
from tests.rpc.fakes import Running


async def test_calls_overlap(running: Running) -> None:
    release = asyncio.Event()

    async def slow() -> Json:
        await release.wait()
        return EncodedJson(b'{ "slow": 1.10 }')

    running.backend.instead = slow
    async with await AsyncClient.connect(running.address) as client:
        waiting = asyncio.create_task(client.call_raw("usage.summary"))
        assert (await client.call("session.hello"))["server"] == "amp-tray"
        assert not waiting.done()
        release.set()
        assert await waiting == b'{ "slow": 1.10 }'


async def test_a_refusal_is_a_remote_error(running: Running) -> None:
    async with await AsyncClient.connect(running.address) as client:
        with pytest.raises(RemoteError) as caught:
            await client.call("service.pause", {"paused": "yes"})
        assert caught.value.kind == "invalidParams"
        assert (await client.call("service.pause", {"paused": True}))["paused"] is True


async def test_notifications_are_iterated_until_the_service_ends(running: Running) -> None:
    async with await AsyncClient.connect(running.address) as client:
        await client.call("usage.subscribe")
        await client.call("service.refresh")
        told = []
        async with asyncio.timeout(10):
            async for notification in client.notifications():
                told.append(notification)
                await running.server.close()
        assert [(one.method, one.params["revision"]) for one in told] == [("usage.changed", 8)]
        assert client.closed.is_set()


async def test_a_callback_takes_notifications_and_may_fail(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    told: asyncio.Queue[int] = asyncio.Queue()

    def take(method: str, params: dict[str, Any]) -> None:
        assert method == "usage.changed"
        told.put_nowait(params["revision"])
        raise ValueError("private")

    async with await AsyncClient.connect(running.address, on_notification=take) as client:
        await client.call("usage.subscribe")
        async with asyncio.timeout(10):
            for revision in (8, 9):
                await client.call("service.refresh")
                assert await told.get() == revision
    assert "ValueError" in caplog.text
    assert "private" not in caplog.text


async def test_calls_under_way_fail_when_the_service_ends(running: Running) -> None:
    entered = asyncio.Event()

    async def never() -> Json:
        entered.set()
        await asyncio.Event().wait()
        return {}

    running.backend.instead = never
    async with await AsyncClient.connect(running.address) as client:
        waiting = asyncio.create_task(client.call("usage.summary"))
        await entered.wait()
        for connection in running.server._connections.values():
            connection.cut_off()
        with pytest.raises(ServiceUnavailableError):
            await waiting
        async with asyncio.timeout(10):
            await client.closed.wait()
        with pytest.raises(ServiceUnavailableError):
            await client.call("session.hello")


async def test_a_call_that_timed_out_leaves_the_client_usable(running: Running) -> None:
    release = asyncio.Event()

    async def slow() -> Json:
        await release.wait()
        return {}

    running.backend.instead = slow
    async with await AsyncClient.connect(running.address) as client:
        client._call_seconds = 0.01
        with pytest.raises(CallTimeoutError):
            await client.call("usage.summary")
        release.set()
        client._call_seconds = 10.0
        assert (await client.call("session.hello"))["server"] == "amp-tray"


async def test_closing_at_once_and_again(running: Running) -> None:
    client = await AsyncClient.connect(running.address)
    await client.close()
    await client.close()
    assert client.closed.is_set()
    with pytest.raises(ServiceUnavailableError):
        await client.call("session.hello")


async def test_nobody_listens(address: UnixAddress) -> None:
    with pytest.raises(ServiceUnavailableError):
        await AsyncClient.connect(address)


async def test_another_users_service_is_not_talked_to(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amp_tray_rpc.peer.own_uid", lambda: 54321)
    with pytest.raises(ServiceUnavailableError, match="another user"):
        await AsyncClient.connect(running.address)


async def test_something_else_at_the_address_is_no_service(address: UnixAddress) -> None:
    async def shout(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    address.path.parent.mkdir()
    server = await asyncio.start_unix_server(shout, str(address.path))
    async with server, await AsyncClient.connect(address) as client:
        with pytest.raises(ServiceUnavailableError):
            await client.call("session.hello")
        assert client.closed.is_set()
