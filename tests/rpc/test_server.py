"""The server on a real socket: conversations, and how it ends."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from amp_tray_rpc.backend import EncodedJson, Json
from amp_tray_rpc.listener import AddressInUseError
from amp_tray_rpc.server import Server
from tests.rpc.fakes import Running, ScriptedBackend
from tests.rpc.talk import (
    ASK_SUMMARY,
    HELLO,
    Gate,
    alive,
    counted,
    subscribed,
)

Start = Callable[..., Awaitable[Running]]


class TestConversation:
    async def test_pretty_results_stay_one_line(self, running: Running) -> None:
        async def pretty() -> Json:
            return EncodedJson(b'{\n  "a": 1\n}')

        running.backend.instead = pretty
        wire = await running.open()
        wire.send(ASK_SUMMARY + b"\n")
        assert await wire.line() == b'{"jsonrpc":"2.0","id":2,"result":{   "a": 1 }}'
        other = await running.open()
        other.send(counted(ASK_SUMMARY))
        assert await other.counted() == b'{"jsonrpc":"2.0","id":2,"result":{\n  "a": 1\n}}'

    async def test_a_slow_answer_holds_up_no_other(self, running: Running) -> None:
        gate = Gate()
        running.backend.instead = gate.summary
        wire = await running.open()
        wire.send(ASK_SUMMARY + b"\n" + HELLO + b"\n")
        assert b'"id":1' in await wire.line()
        gate.open.set()
        assert b'"id":2' in await wire.line()

    async def test_a_peer_that_ends_its_side_gets_its_answers(self, running: Running) -> None:
        gate = Gate()
        running.backend.instead = gate.summary
        wire = await running.open()
        wire.send(ASK_SUMMARY + b"\n" + HELLO + b"\n")
        wire.end()
        await gate.entered.wait()
        gate.open.set()
        assert (await wire.rest()).count(b'"result"') == 2

    async def test_a_peer_that_vanishes_harms_nobody(self, running: Running) -> None:
        gate = Gate()
        running.backend.instead = gate.summary
        wire = await subscribed(running)
        wire.send(ASK_SUMMARY + b"\n")
        await gate.entered.wait()
        await wire.close()
        gate.open.set()
        running.backend.publish()
        assert await alive(running)

    async def test_a_large_answer_arrives_whole(self, running: Running) -> None:
        text = b'"' + b"x" * (8 << 20) + b'"'

        async def large() -> Json:
            return EncodedJson(text)

        running.backend.instead = large
        wire = await running.open()
        wire.send(counted(ASK_SUMMARY))
        assert await wire.counted() == b'{"jsonrpc":"2.0","id":2,"result":' + text + b"}"


class TestLife:
    async def test_two_servers_do_not_share_an_address(self, running: Running) -> None:
        second = Server(ScriptedBackend())
        with pytest.raises(AddressInUseError):
            await second.start(running.address)
        await second.close()
        assert await alive(running)

    async def test_closing_removes_the_socket_and_the_listener(self, running: Running) -> None:
        await running.server.close()
        await running.server.close()
        assert not running.address.path.exists()
        assert running.backend.listeners == []

    async def test_closing_ends_idle_connections(self, running: Running) -> None:
        wire = await subscribed(running)
        await running.server.close()
        assert await wire.rest() == b""

    async def test_closing_does_not_wait_for_who_just_came(self, start: Start) -> None:
        running = await start(close_seconds=60.0)
        wire = await running.open()
        async with asyncio.timeout(5):
            # What is tried lies between two turns of the loop: accepted, and not begun.
            while not running.server._connections:  # noqa: ASYNC110 - no event marks it
                await asyncio.sleep(0)
            await running.server.close()
        assert await wire.rest() == b""

    async def test_closing_sends_the_answer_under_way(self, running: Running) -> None:
        gate = Gate()
        running.backend.instead = gate.summary
        wire = await running.open()
        wire.send(ASK_SUMMARY + b"\n")
        await gate.entered.wait()
        closing = asyncio.create_task(running.server.close())
        gate.open.set()
        assert b'"result"' in await wire.rest()
        await closing

    async def test_closing_does_not_wait_for_ever(self, start: Start) -> None:
        running = await start(close_seconds=0.02)
        gate = Gate()
        running.backend.instead = gate.summary
        wire = await running.open()
        wire.send(ASK_SUMMARY + b"\n")
        await gate.entered.wait()
        async with asyncio.timeout(5):
            await running.server.close()
        assert await wire.rest() == b""

    async def test_shutdown_is_answered_before_the_service_stops(self, running: Running) -> None:
        closing: list[asyncio.Task[None]] = []

        async def stop() -> Json:
            closing.append(asyncio.create_task(running.server.close()))
            return {"stopping": True}

        running.backend.instead = stop
        wire = await running.open()
        wire.send(ASK_SUMMARY + b"\n")
        assert b'{"stopping":true}' in await wire.rest()
        await closing[0]
