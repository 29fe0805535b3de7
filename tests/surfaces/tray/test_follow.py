"""What the tray hears of the service between its connections: figures, and crossed budgets."""

import asyncio
import logging
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from amp_tray.surfaces.tray.follow import Follower, ServiceClient
from amp_tray.surfaces.tray.state import Connection
from amp_tray.surfaces.tray.summary import Crossing, Summary
from tests.surfaces.tray.fake_service import FakeService
from tests.surfaces.tray.summaries import summary

CROSSED: dict[str, Any] = {
    "name": "budgets.daily.usd",
    "level": "near",
    "period": "daily",
    "periodKey": "2026-11-22",
    "unit": "USD",
    "used": 16.5,
    "limit": 20,
}


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.connected = asyncio.Event()
        self.revisions: list[int] = []
        self.crossings: list[Crossing] = []

    def on_connection(self, connection: Connection, _client: ServiceClient | None) -> None:
        if connection is Connection.CONNECTED:
            self.connected.set()

    def on_summary(self, summary: Summary) -> None:
        self.revisions.append(summary.revision)

    def on_crossing(self, crossing: Crossing) -> None:
        self.crossings.append(crossing)


@pytest.fixture
def service() -> FakeService:
    return FakeService(summary(revision=1))


@pytest.fixture
async def heard(service: FakeService) -> AsyncIterator[Heard]:
    heard = Heard()
    follower = Follower(service.connect, heard, not_ready=0.001, back_off=(0.001,))
    following = asyncio.create_task(follower.run())
    async with asyncio.timeout(10):
        await heard.connected.wait()
    yield heard
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def test_a_crossed_budget_is_heard_of_beside_the_figures(
    service: FakeService, heard: Heard
) -> None:
    service.tell("budget.crossed", CROSSED)
    service.notify(summary(revision=2))
    (crossing,) = heard.crossings
    assert (crossing.name, crossing.level) == ("budgets.daily.usd", "near")
    assert (crossing.used, crossing.limit, crossing.unit) == (Decimal("16.5"), Decimal(20), "USD")
    assert (crossing.period, crossing.period_key) == ("daily", "2026-11-22")
    assert heard.revisions == [1, 2]


@pytest.mark.parametrize("wrong", [{"level": "far"}, {"limit": "much"}, {"unit": None}])
async def test_what_is_no_crossing_is_left_out_without_its_words(
    service: FakeService, heard: Heard, caplog: pytest.LogCaptureFixture, wrong: dict[str, Any]
) -> None:
    with caplog.at_level(logging.WARNING):
        service.tell("budget.crossed", CROSSED | wrong)
        service.tell("budget.crossed", CROSSED | {"aNewerOnesMember": 1})
    assert len(heard.crossings) == 1
    (name,) = wrong
    assert f"budget.crossed has missing or wrong members: {name}" in caplog.text
    assert "far" not in caplog.text
    assert "much" not in caplog.text


async def test_what_a_newer_service_tells_besides_is_passed_over(
    service: FakeService, heard: Heard
) -> None:
    service.tell("moon.risen", {"revision": 9})
    assert (heard.revisions, heard.crossings) == ([1], [])
