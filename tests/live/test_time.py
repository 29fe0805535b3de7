"""A service whose clocks the test turns: days, zones, jumps and sleep, without any file event."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from amp_tray.core.periods import instant
from amp_tray.live import timekeeper
from amp_tray.live.queries import Queries, Zone
from tests.support.scans import put
from tests.support.services import Follower, running
from tests.support.threads import answer, thread

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Clock:
    """The wall clock, the clock that goes on in sleep, and the zone."""

    wall: int
    zone: tzinfo
    boot: float = 5000.0

    @property
    def queries(self) -> Queries:
        return Queries(lambda: self.wall, lambda: Zone(self.zone, str(self.zone)))


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timekeeper, "LOOK_SECONDS", 0.02)


@pytest.fixture
def clock() -> Clock:
    """A second before the end of a day of 23 hours."""
    return Clock(round(datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC).timestamp() * 1000), BERLIN)


@pytest.fixture
def root(tmp_path: Path, clock: Clock) -> Path:
    put(tmp_path / "amp", thread(answer(timestamp=instant(clock.wall - 1000).isoformat())))
    return tmp_path / "amp"


def today(follower: Follower) -> tuple[str, int]:
    """Return what the summary calls today, and its tokens."""
    return period(follower, "today")


def month(follower: Follower) -> tuple[str, int]:
    """Return what the summary calls this month, and its tokens."""
    return period(follower, "month")


def period(follower: Follower, name: str) -> tuple[str, int]:
    snapshot = follower.service.hub.current
    assert snapshot is not None
    found = json.loads(follower.service.queries.summary(snapshot))[name]
    return found["key"], found["totalTokens"]


async def test_a_day_turns_without_a_file_event_or_a_scan(root: Path, clock: Clock) -> None:
    async with running(root, queries=clock.queries) as (service, follower):
        assert today(follower) == ("2026-03-29", 100)
        scanned = service.status()["scannedAt"]
        clock.wall += 1000
        await follower.until(lambda: follower.revisions == [1, 2])
        assert today(follower) == ("2026-03-30", 0)
        assert service.status()["scannedAt"] == scanned


async def test_a_month_turns_with_its_last_day(tmp_path: Path, clock: Clock) -> None:
    clock.wall = round(datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC).timestamp() * 1000)
    put(tmp_path, thread(answer(timestamp=instant(clock.wall - 1000).isoformat())))
    async with running(tmp_path, queries=clock.queries) as (_, follower):
        assert month(follower) == ("2026-10", 100)
        clock.wall += 1000
        await follower.until(lambda: follower.revisions == [1, 2])
        assert month(follower) == ("2026-11", 0)


async def test_another_zone_is_published(root: Path, clock: Clock) -> None:
    async with running(root, queries=clock.queries) as (_, follower):
        clock.zone = ZoneInfo("Asia/Kathmandu")
        await follower.until(lambda: follower.revisions == [1, 2])
        assert today(follower) == ("2026-03-30", 100)


@pytest.mark.parametrize("hours", [-24, 48])
async def test_a_clock_that_is_set_anew_rescans_and_publishes(
    root: Path, clock: Clock, hours: int
) -> None:
    async with running(root, queries=clock.queries) as (service, follower):
        scanned = service.status()["scannedAt"]
        clock.wall += hours * 3600_000
        await follower.until(lambda: follower.revisions == [1, 2])
        assert today(follower) == ({-24: "2026-03-28", 48: "2026-03-31"}[hours], 0)
        assert service.status()["scannedAt"] != scanned


async def test_a_system_that_slept_reads_what_no_event_told(
    root: Path, clock: Clock, tmp_path: Path
) -> None:
    queries = clock.queries
    async with running(root, queries=queries, boot_clock=lambda: clock.boot) as (service, follower):
        scanned = service.status()["scannedAt"]
        clock.boot += 8 * 3600
        clock.wall += 1  # so that the scan's time is another
        await follower.until(lambda: follower.revisions == [1, 2])
        assert service.status()["scannedAt"] != scanned


async def test_a_paused_service_publishes_the_day_and_reads_nothing(
    root: Path, clock: Clock
) -> None:
    async with running(root, queries=clock.queries) as (service, follower):
        await service.pause(True)
        scanned = service.status()["scannedAt"]
        clock.wall += 48 * 3600_000
        await follower.until(lambda: follower.revisions == [1, 2, 3])
        assert today(follower) == ("2026-03-31", 0)
        assert service.status()["scannedAt"] == scanned
