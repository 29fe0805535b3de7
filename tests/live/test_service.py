"""The service end to end in one process: scan, watch, publish, pause, stop."""

import asyncio
import json
from pathlib import Path

import pytest

from amp_tray.ledger.errors import LedgerError
from amp_tray.live.query import ReportQuery
from amp_tray.live.service import Service
from amp_tray.live.writer import Writer
from tests.support.scans import open_writer, put
from tests.support.services import QUERIES, SECONDS, Follower, running
from tests.support.threads import ID, answer, thread


async def test_the_first_scan_is_published(tmp_path: Path) -> None:
    root = tmp_path / "amp"
    put(root, thread(answer()))
    async with running(root) as (service, follower):
        assert (follower.revisions, follower.tokens()) == ([1], 100)
        status = service.status()
        assert (status["state"], status["files"], status["sessions"]) == ("ready", 1, 1)
        assert status["roots"] == [
            {"source": "amp", "path": str(root), "folder": str(root / "threads"), "exists": True}
        ]


async def test_nothing_to_read_is_published_too(tmp_path: Path) -> None:
    async with running(tmp_path / "amp") as (service, follower):
        assert follower.tokens() == 0
        assert service.status()["roots"][0]["exists"] is False


async def test_a_change_is_a_new_revision(tmp_path: Path) -> None:
    root = tmp_path / "amp"
    put(root, thread(answer()))
    async with running(root) as (_, follower):
        put(root, thread(answer(), answer(2)))
        await follower.until(lambda: follower.tokens() == 200)
        put(root, thread(answer(), id="T-2"), "T-2")
        await follower.until(lambda: follower.tokens() == 300)
        assert follower.revisions == sorted(set(follower.revisions))


async def test_a_root_that_appears_is_read(tmp_path: Path) -> None:
    root = tmp_path / "share/amp"
    async with running(root) as (_, follower):
        put(root, thread(answer()))
        await follower.until(lambda: follower.tokens() == 100)


async def test_a_scan_without_a_change_publishes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "amp"
    put(root, thread(answer()))
    async with running(root) as (service, follower):
        assert await service.refresh() == 1
        assert await service.refresh() == 1
        assert follower.revisions == [1]
        put(root, thread(answer(), answer(2)))
        assert await service.refresh() >= 2
        assert follower.tokens() == 200


async def test_revisions_rise_one_by_one_whoever_asks(tmp_path: Path) -> None:
    root = tmp_path / "amp"
    async with running(root) as (service, follower):
        for number in range(3):
            put(root, thread(answer(), id=f"T-{number}"), f"T-{number}")
            await asyncio.gather(
                service.refresh(), service.pause(True), service.refresh(), service.pause(False)
            )
        assert follower.revisions == list(range(1, len(follower.revisions) + 1))


async def test_a_paused_service_reads_nothing_until_it_goes_on(tmp_path: Path) -> None:
    root = tmp_path / "amp"
    put(root, thread(answer()))
    async with running(root) as (service, follower):
        await service.pause(True)
        await service.pause(True)
        assert service.hub.current is not None
        assert service.hub.current.paused
        paused_at = service.hub.revision
        put(root, thread(answer(), answer(2)))
        assert follower.tokens() == 100
        await service.pause(False)
        assert follower.tokens() == 200
        assert service.status()["paused"] is False
        assert service.hub.revision == paused_at + 1


async def test_reports_and_summary_come_from_the_snapshot(tmp_path: Path) -> None:
    root = tmp_path / "amp"
    put(root, thread(answer(1, timestamp="2026-02-13T16:00:00Z")))
    async with running(root) as (service, _):
        snapshot = service.hub.current
        assert snapshot is not None
        summary = json.loads(service.queries.summary(snapshot))
        assert (summary["today"]["totalTokens"], summary["stale"]) == (100, False)
        document = json.loads(service.queries.report(snapshot, ReportQuery("session")))
        assert document["sessions"][0]["sessionId"] == ID


async def test_before_the_first_scan_there_is_a_status_and_no_snapshot() -> None:
    service = Service(lambda: open_writer(None), QUERIES)
    assert service.hub.current is None
    assert service.status()["state"] == "starting"
    service.close()


async def test_a_ledger_that_cannot_be_opened_ends_the_service() -> None:
    def refuse() -> Writer:
        raise LedgerError("no")

    service = Service(refuse, QUERIES)
    with pytest.raises(LedgerError):
        await service.run()
    service.close()


async def test_a_service_that_is_cancelled_ends_its_tasks(tmp_path: Path) -> None:
    service = Service(lambda: open_writer(None, tmp_path), QUERIES)
    follower = Follower(service)
    async with asyncio.timeout(SECONDS):
        running = asyncio.create_task(service.run())
        await follower.until(lambda: bool(follower.revisions))
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not [name for name in names if name.startswith("amp-tray")]
    service.close()


async def test_a_task_that_fails_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    root = tmp_path / "amp"
    put(root, thread(answer()))
    scan, failures = Writer.scan, [LedgerError("the disk is full")]

    def fail_once(self: Writer, *arguments: object) -> bool:
        if failures:
            raise failures.pop()
        return scan(self, *arguments)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(Writer, "scan", fail_once)
    monkeypatch.setattr("amp_tray.live.tasks.RESTART_SECONDS", 0)
    async with running(root) as (_, follower):
        assert follower.tokens() == 100
    assert "starts again" in caplog.text
