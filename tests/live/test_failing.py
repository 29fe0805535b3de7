"""A service whose scan fails says so, and is right again when it no longer does."""

import asyncio
from datetime import UTC
from pathlib import Path

import pytest

from amp_tray.host.clock import now_ms
from amp_tray.live.queries import Queries, Zone
from amp_tray.live.service import Service
from amp_tray.live.writer import Writer
from tests.support.scans import open_writer, put
from tests.support.threads import answer, thread

TITLE = "a title that nobody may see"


async def test_a_failing_first_scan_is_told_in_the_status_until_one_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, thread(answer()))
    failed_before = asyncio.Event()
    calls: list[Writer] = []
    loop = asyncio.get_running_loop()
    scan = Writer.scan

    def fail(writer: Writer, _progress: object = None) -> bool:
        if calls:
            loop.call_soon_threadsafe(failed_before.set)
        calls.append(writer)
        raise RuntimeError(TITLE)

    monkeypatch.setattr(Writer, "scan", fail)
    monkeypatch.setattr("amp_tray.live.tasks.RESTART_SECONDS", 0.01)
    queries = Queries(now_ms, lambda: Zone(UTC, "UTC"))
    service = Service(lambda: open_writer(None, tmp_path), queries)
    published = asyncio.Event()
    service.hub.subscribe(published.set)
    task = asyncio.create_task(service.run())
    async with asyncio.timeout(10):
        await failed_before.wait()
        assert service.status()["state"] == "degraded"
        assert TITLE not in service.status()["failure"]
        assert "RuntimeError" in caplog.text
        assert TITLE not in caplog.text
        monkeypatch.setattr(Writer, "scan", scan)
        await published.wait()
        assert service.status()["failure"] is None
        service.stop()
        await task
    service.close()
