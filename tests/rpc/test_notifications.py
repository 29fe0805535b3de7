"""Who is told of a revision, how often, and what becomes of those who do not listen."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from amp_tray_rpc.backend import EncodedJson, Json
from amp_tray_rpc.errors import not_ready
from tests.rpc.fakes import Running
from tests.rpc.talk import (
    ASK_SUMMARY,
    HELLO,
    alive,
    revision_told,
    subscribed,
)

Start = Callable[..., Awaitable[Running]]


def buffered(running: Running) -> list[int]:
    """Return how many bytes wait in this process for each peer."""
    connections = running.server._connections.values()
    return [one._outgoing.waiting for one in connections]


class TestNotifications:
    async def test_every_subscriber_is_told_and_nobody_else(self, running: Running) -> None:
        first, second = await subscribed(running), await subscribed(running)
        other = await running.open()
        running.backend.publish()
        assert await revision_told(first) == 8
        assert await revision_told(second) == 8
        other.send(HELLO + b"\n")
        assert b'"result"' in await other.line()

    async def test_a_flood_is_one_notification_of_the_newest(self, start: Start) -> None:
        running = await start(notify_seconds=0.05)
        wire = await subscribed(running)
        running.backend.publish()
        assert await revision_told(wire) == 8
        for _ in range(50):
            running.backend.publish()
        assert await revision_told(wire) == 58
        # The first and the newest of the flood: two summaries served fifty-one revisions.
        assert running.backend.asked == [("summary", None)] * 2

    async def test_notifications_keep_their_distance(self, start: Start) -> None:
        running = await start(notify_seconds=0.05)
        wire = await subscribed(running)
        loop = asyncio.get_running_loop()
        began = loop.time()
        for _ in range(3):
            running.backend.publish()
            await revision_told(wire)
        assert loop.time() - began >= 0.1

    async def test_who_comes_later_is_not_told_of_before(self, start: Start) -> None:
        running = await start(notify_seconds=0.05)
        early = await subscribed(running)
        running.backend.publish()
        assert await revision_told(early) == 8
        running.backend.publish()  # waits for its turn
        late = await subscribed(running)
        assert await revision_told(early) == 9
        running.backend.publish()
        assert await revision_told(late) == 10

    @pytest.mark.parametrize(
        ("error", "logged"), [(ValueError("private"), "ValueError"), (not_ready(), "notReady")]
    )
    async def test_a_failing_summary_is_passed_over(
        self, running: Running, caplog: pytest.LogCaptureFixture, error: Exception, logged: str
    ) -> None:
        failed = asyncio.Event()

        async def fail() -> Json:
            failed.set()
            raise error

        wire = await subscribed(running)
        running.backend.instead = fail
        with caplog.at_level(logging.INFO, "amp_tray_rpc"):
            running.backend.publish()
            await failed.wait()
            running.backend.instead = None
            running.backend.publish()
            assert await revision_told(wire) == 9
        assert logged in caplog.text
        assert "private" not in caplog.text

    async def test_a_closed_subscriber_is_forgotten(self, running: Running) -> None:
        wire = await subscribed(running)
        wire.end()
        assert await wire.rest() == b""
        running.backend.publish()
        assert await alive(running)
        assert running.backend.asked == []


class TestSlowReaders:
    async def test_gets_the_newest_after_a_pause_and_not_all(self, start: Start) -> None:
        running = await start(notify_seconds=0.0)
        size = 1 << 20

        async def large() -> Json:
            return EncodedJson(
                b'{"revision":%d,"pad":"%b"}' % (running.backend.revision, b"x" * size)
            )

        running.backend.instead = large
        slow, quick = await subscribed(running), await subscribed(running)
        # `slow` is not read: its sockets fill up after a part of the first notification.
        slow_reader = slow._writer.transport
        slow_reader.pause_reading()  # type: ignore[attr-defined] # a read transport, too
        for revision in range(8, 28):
            running.backend.publish()
            assert await revision_told(quick) == revision
            assert max(buffered(running)) < 512 * 1024
        slow_reader.resume_reading()  # type: ignore[attr-defined]
        told = [await revision_told(slow)]
        while told[-1] != 27:
            told.append(await revision_told(slow))
        assert told == sorted(set(told))
        assert len(told) < 10

    async def test_is_cut_off_and_harms_nobody(self, start: Start) -> None:
        running = await start(write_seconds=0.05)

        async def large() -> Json:
            return EncodedJson(b'"' + b"x" * (4 << 20) + b'"')

        running.backend.instead = large
        slow = await running.open()
        slow._writer.transport.pause_reading()  # type: ignore[attr-defined] # it reads, too
        slow.send((ASK_SUMMARY + b"\n") * 200)
        other = await running.open()
        other.send(HELLO + b"\n")
        assert b'"result"' in await other.line()
        cut_off = next(iter(running.server._connections))
        done, _ = await asyncio.wait({cut_off}, timeout=10)
        assert done
        # The requests behind the limit were never begun.
        assert len(running.backend.asked) < 40
        other.send(HELLO + b"\n")
        assert b'"result"' in await other.line()
