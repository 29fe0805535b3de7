"""Turns: a few parts of work in each turn of the event loop, in the order of asking."""

import asyncio
from itertools import pairwise

from amp_tray_rpc.turns import Turns


async def test_who_asks_alone_does_not_wait() -> None:
    turns = Turns()
    later = asyncio.create_task(asyncio.sleep(0))
    await turns.next()
    assert not later.done()


async def test_each_turn_has_a_few_places_in_the_order_of_asking() -> None:
    turns = Turns()
    order: list[int] = []

    async def work(number: int) -> None:
        await turns.next()
        order.append(number)

    working = [asyncio.create_task(work(number)) for number in range(10)]
    done = [0]
    while not all(task.done() for task in working):
        await asyncio.sleep(0)
        done.append(len(order))
    assert order == list(range(10))
    assert all(after - before <= 4 for before, after in pairwise(done))


async def test_who_is_cancelled_holds_nobody_up() -> None:
    turns = Turns()
    waiting = [asyncio.create_task(turns.next()) for _ in range(8)]
    await asyncio.sleep(0)
    for task in waiting[4:7]:
        task.cancel()
    async with asyncio.timeout(10):
        await waiting[7]
        await turns.next()
