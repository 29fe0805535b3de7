"""How a service reads files that are rewritten again and again: seldom, and to the end."""

import asyncio
from pathlib import Path

import pytest

from amp_tray.live import settle
from amp_tray.live.writer import Writer
from tests.support.scans import put
from tests.support.services import running
from tests.support.threads import answer, thread


async def test_a_stream_is_read_at_a_bounded_rate_and_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty rewritings follow one another; how often that is read depends on time alone."""
    reads: list[float] = []
    read = Writer.read
    loop = asyncio.get_running_loop()

    def count(writer: Writer, paths: frozenset[Path]) -> bool:
        reads.append(loop.time())
        return read(writer, paths)

    monkeypatch.setattr(Writer, "read", count)
    put(tmp_path, thread(answer()))
    async with running(tmp_path) as (_, follower):
        for number in range(2, 62):
            put(tmp_path, thread(*map(answer, range(1, number + 1))))
            if number % 10 == 0:  # others' turn
                await follower.until(lambda: bool(reads))
        await follower.until(lambda: follower.tokens() == 6100)
    assert len(reads) <= (reads[-1] - reads[0]) / settle.SHORTEST_SECONDS + 2


async def test_a_change_whose_reading_fails_is_read_when_the_task_starts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, thread(answer()))
    failures = [RuntimeError("no")]
    read = Writer.read

    def fail_once(writer: Writer, paths: frozenset[Path]) -> bool:
        if failures:
            raise failures.pop()
        return read(writer, paths)

    monkeypatch.setattr("amp_tray.live.tasks.RESTART_SECONDS", 0.01)
    async with running(tmp_path) as (service, follower):
        monkeypatch.setattr(Writer, "read", fail_once)
        put(tmp_path, thread(answer(), answer(2)))
        await follower.until(lambda: follower.tokens() == 200)
        assert (service.status()["state"], service.status()["failure"]) == ("ready", None)
        assert not failures


async def test_what_changes_while_paused_is_read_when_it_goes_on(tmp_path: Path) -> None:
    path = put(tmp_path, thread(answer()))
    async with running(tmp_path) as (service, follower):
        await service.pause(True)
        put(tmp_path, thread(answer(), answer(2)))
        service._settling.note([path])  # as if the event came just before the pause
        await asyncio.sleep(0)
        await service.pause(False)
        assert follower.tokens() == 200
