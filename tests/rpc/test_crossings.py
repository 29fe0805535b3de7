"""`budget.crossed`: who is told, what it looks like, and that no newer state pushes it out."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from amp_tray_rpc.aio import AsyncClient
from amp_tray_rpc.backend import EncodedJson, Json
from amp_tray_rpc.client import Client
from amp_tray_rpc.mailbox import Mailbox
from amp_tray_rpc.remote import Notification, keep
from tests.rpc.fakes import Running, Wire
from tests.rpc.talk import HELLO, subscribed

Start = Callable[..., Awaitable[Running]]

CROSSED: Json = {
    "name": "budgets.daily.usd",
    "level": "near",
    "period": "daily",
    "periodKey": "2026-11-22",
    "unit": "USD",
    "used": Decimal("16.10"),
    "limit": Decimal(20),
}
NOTIFICATION = (
    b'{"jsonrpc":"2.0","method":"budget.crossed","params":{"name":"budgets.daily.usd",'
    b'"level":"near","period":"daily","periodKey":"2026-11-22","unit":"USD",'
    b'"used":16.10,"limit":20}}'
)


def crossed(number: int) -> Json:
    return {"name": f"budgets.{number}"}


async def told(wire: Wire) -> tuple[str, Any]:
    """Return the next notification: what it is of, and its number."""
    message = json.loads(await wire.line())
    params = message["params"]
    return message["method"], params.get("revision", params.get("name"))


async def test_every_subscriber_is_told_and_nobody_else(running: Running) -> None:
    first, second = await subscribed(running), await subscribed(running)
    other = await running.open()
    running.backend.cross(CROSSED)
    assert await first.line() == NOTIFICATION
    assert await second.line() == NOTIFICATION
    other.send(HELLO + b"\n")
    assert b'"result"' in await other.line()


async def test_it_waits_for_no_revision_and_takes_no_place_from_one(start: Start) -> None:
    running = await start(notify_seconds=60.0)
    wire = await subscribed(running)
    running.backend.publish()
    assert await told(wire) == ("usage.changed", 8)
    running.backend.publish()  # not to be told for a minute
    running.backend.cross(CROSSED)
    assert await wire.line() == NOTIFICATION


async def test_no_flood_of_revisions_pushes_it_out_where_nobody_reads(start: Start) -> None:
    running = await start(notify_seconds=0.0)
    size = 1 << 20

    async def large() -> Json:
        return EncodedJson(b'{"pad":"%b"}' % (b"x" * size))

    running.backend.instead = large
    slow, quick = await subscribed(running), await subscribed(running)
    reading = slow._writer.transport
    reading.pause_reading()  # type: ignore[attr-defined] # a read transport, too
    for revision in range(8, 20):
        running.backend.publish()
        assert await told(quick) == ("usage.changed", revision)
        if revision in (12, 15):
            running.backend.cross(crossed(revision))
            assert await told(quick) == ("budget.crossed", f"budgets.{revision}")
    reading.resume_reading()  # type: ignore[attr-defined]
    heard = [await told(slow)]
    while heard[-1] != ("usage.changed", 19):
        heard.append(await told(slow))
    events = [name for method, name in heard if method == "budget.crossed"]
    assert events == ["budgets.12", "budgets.15"]
    assert len(heard) < 8


async def test_of_too_many_that_wait_the_oldest_give_way() -> None:
    box = Mailbox(most_events=2)
    for body in (b"1", b"2", b"3"):
        box.put_event(body)
        box.put_newest(b"revision " + body)
    assert [box.take() for _ in range(4)] == [b"2", b"3", b"revision 3", None]


async def test_a_mailbox_that_was_emptied_waits_on() -> None:
    box = Mailbox(most_events=2)
    box.put_event(b"1")
    box.put_newest(b"2")
    box.clear()
    filled = asyncio.create_task(box.filled())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not filled.done()
    box.put_event(b"3")
    async with asyncio.timeout(10):
        await filled
    assert box.take() == b"3"


async def test_who_unsubscribed_is_not_told(running: Running) -> None:
    wire, other = await subscribed(running), await subscribed(running)
    wire.send(b'{"jsonrpc":"2.0","id":4,"method":"usage.unsubscribe"}\n')
    assert b'"subscribed":false' in await wire.line()
    running.backend.cross(CROSSED)
    assert await other.line() == NOTIFICATION
    wire.send(HELLO + b"\n")
    assert b'"result"' in await wire.line()


async def test_both_clients_hear_of_it(running: Running) -> None:
    def use() -> Notification:
        with Client.connect(running.address) as client:
            client.call("usage.subscribe")
            loop.call_soon_threadsafe(listening.set)
            return next(client.notifications(timeout=10))

    loop, listening = asyncio.get_running_loop(), asyncio.Event()
    async with asyncio.timeout(20), await AsyncClient.connect(running.address) as client:
        await client.call("usage.subscribe")
        waiting = asyncio.create_task(asyncio.to_thread(use))
        await listening.wait()
        running.backend.cross(CROSSED)
        expected = Notification("budget.crossed", json.loads(NOTIFICATION)["params"])
        assert await anext(client.notifications()) == expected
        assert await waiting == expected


def test_a_client_that_does_not_look_keeps_crossings_longest() -> None:
    kept: deque[Notification] = deque()
    for revision in range(100):
        keep(kept, Notification("usage.changed", {"revision": revision}))
        if revision in (3, 50):
            keep(kept, Notification("budget.crossed", {"name": revision}))
    assert len(kept) == 64
    assert [one.params["name"] for one in kept if one.method == "budget.crossed"] == [3, 50]
    assert kept[-1].params == {"revision": 99}
    for number in range(100):
        keep(kept, Notification("budget.crossed", {"name": number}))
    assert [one.params["name"] for one in kept] == list(range(36, 100))
