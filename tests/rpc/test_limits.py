"""How much one peer may have under way, how many may, and who makes room for another."""

import asyncio
import gc
import json
import weakref
from collections.abc import Awaitable, Callable

import pytest

from tests.rpc.fakes import Running, Wire
from tests.rpc.talk import ASK_SUMMARY, HELLO, SUBSCRIBE, Gate, alive, counted, subscribed

Start = Callable[..., Awaitable[Running]]


async def greeted(running: Running) -> Wire:
    wire = await running.open()
    await greet(wire)
    return wire


async def greet(wire: Wire) -> None:
    wire.send(HELLO + b"\n")
    assert b'"result"' in await wire.line()


async def test_requests_before_a_fault_are_answered(start: Start) -> None:
    running = await start()
    wire = await running.open()
    wire.send(counted(HELLO) + b"nonsense\r\n")
    said = await wire.rest()
    assert b'"result":{"server":"amp-tray"' in said
    assert b'"kind":"framing"' in said


async def test_subscriptions_are_bounded(start: Start) -> None:
    running = await start(subscriptions=1)
    await subscribed(running)
    wire = await running.open()
    wire.send(SUBSCRIBE + b"\n")
    assert json.loads(await wire.line())["error"]["code"] == -32004


async def test_requests_under_way_are_bounded(start: Start) -> None:
    running = await start(requests_in_flight=2)
    gate = Gate()
    running.backend.instead = gate.summary
    wire = await running.open()
    wire.send((ASK_SUMMARY + b"\n") * 5)
    await gate.entered.wait()
    assert await alive(running)
    assert running.backend.asked == [("summary", None)] * 2
    gate.open.set()
    for _ in range(5):
        assert b'"id":2' in await wire.line()


async def test_a_connection_leaves_nothing_for_the_garbage_collector(start: Start) -> None:
    running = await start()
    subscriber, asker, begun, refused = [await running.open() for _ in range(4)]
    subscriber.send(SUBSCRIBE + b"\n")
    asker.send(HELLO + b"\n")
    refused.send(b"nonsense")
    await asyncio.gather(subscriber.line(), asker.line(), refused.line())
    begun.send(b'{"jsonrpc":')
    alone = [weakref.ref(one) for one in running.server._connections.values()]
    assert len(alone) == 4
    gc.disable()
    try:
        for wire in (subscriber, asker, begun, refused):
            await wire.close()
        async with asyncio.timeout(10):
            while running.server._connections:
                await asyncio.wait(running.server._connections)
        await asyncio.sleep(0)
        assert [one() for one in alone] == [None] * 4
    finally:
        gc.enable()


class TestConnections:
    async def test_the_one_unused_the_longest_makes_room(self, start: Start) -> None:
        running = await start(connections=3)
        first, second, third = [await greeted(running) for _ in range(3)]
        await greet(first)
        fourth = await greeted(running)
        assert await second.rest() == b""
        for wire in (first, third, fourth):
            await greet(wire)

    async def test_the_silent_make_room_first(self, start: Start) -> None:
        running = await start(connections=3)
        old = await greeted(running)
        silent = [await running.open() for _ in range(2)]
        new = await greeted(running)
        assert await silent[0].rest() == b""
        for wire in (old, silent[1], new):
            await greet(wire)

    async def test_who_just_came_is_not_the_silent_one(self, start: Start) -> None:
        running = await start(connections=4)
        first = await greeted(running)
        others = [await greeted(running) for _ in range(2)]
        new = await running.open()
        await greeted(running)
        assert await first.rest() == b""
        for wire in (*others, new):
            await greet(wire)

    async def test_who_waits_for_an_answer_makes_room_last(self, start: Start) -> None:
        running = await start(connections=2)
        gate = Gate()
        running.backend.instead = gate.summary
        waiting = await running.open()
        waiting.send(ASK_SUMMARY + b"\n")
        await gate.entered.wait()
        idle = await greeted(running)
        await greeted(running)
        assert await idle.rest() == b""
        gate.open.set()
        assert b'"id":2' in await waiting.line()

    async def test_subscribers_never_do(self, start: Start) -> None:
        running = await start(connections=2)
        first = await subscribed(running)
        await subscribed(running)
        third = await running.open()
        assert await third.rest() == b""
        await first.close()
        await asyncio.wait(
            running.server._connections, timeout=10, return_when=asyncio.FIRST_COMPLETED
        )
        assert await alive(running)

    async def test_another_user_takes_no_room(self, start: Start) -> None:
        running = await start(connections=1)
        wire = await greeted(running)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("amp_tray_rpc.peer.own_uid", lambda: 54321)
            other = await Wire.open(running.address)
            assert await other.rest() == b""
            await other.close()
        await greet(wire)
