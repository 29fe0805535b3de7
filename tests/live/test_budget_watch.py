"""Budgets that are crossed while a service runs: told once, whatever moves the figures."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from amp_tray.core.budgets import Budget, Budgets
from amp_tray.core.catalogue import Catalogue, Listing
from amp_tray.core.document import Document
from amp_tray.core.periods import instant
from amp_tray.core.rates import Prices, Rates
from amp_tray.live import timekeeper
from amp_tray.live.queries import Queries, Zone
from amp_tray.live.service import Service
from tests.support.prices import at
from tests.support.scans import CARD, PRICES, put
from tests.support.services import Follower, running
from tests.support.threads import CLAUDE, answer, thread

DAY = 24 * 3600_000
TOKENS = Budget("daily", "tokens", 1000)  # ten answers


@dataclass
class Desk:
    """A user who works, and what the service tells of the budgets."""

    root: Path
    wall: int = at("2026-02-10")
    budgets: Sequence[Budget] = (TOKENS,)
    answers: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)

    @property
    def queries(self) -> Queries:
        return Queries(lambda: self.wall, lambda: Zone(UTC, "UTC"), Budgets(tuple(self.budgets)))

    @asynccontextmanager
    async def served(self, ledger: Path | None = None) -> AsyncIterator[tuple[Service, Follower]]:
        async with running(self.root, ledger=ledger, queries=self.queries) as (service, follower):
            leave = service.budgets.subscribe(self._hear)
            yield service, follower
            leave()

    async def work(self, follower: Follower, answers: int) -> list[tuple[str, str]]:
        """Use a hundred tokens so often; return what was told since this was last asked."""
        for _ in range(answers):
            key = len(self.answers)
            self.answers.append(answer(key, timestamp=instant(self.wall).isoformat()))
        put(self.root, thread(*self.answers, v=len(self.answers)))
        await follower.until(lambda: follower.tokens() == 100 * len(self.answers))
        return self.heard()

    def heard(self) -> list[tuple[str, str]]:
        told, self.told = self.told, []
        return told

    def _hear(self, crossed: Document) -> None:
        self.told.append((crossed["level"], crossed["periodKey"]))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "amp")


async def test_each_level_is_told_once_while_a_thread_grows(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "amp_tray.live.budget_watch"):
        async with desk.served() as (_, follower):
            assert await desk.work(follower, 7) == []
            assert await desk.work(follower, 1) == [("near", "2026-02-10")]
            assert await desk.work(follower, 1) == []
            assert await desk.work(follower, 1) == [("over", "2026-02-10")]
            assert await desk.work(follower, 5) == []
    assert [record.message for record in caplog.records] == [
        "budgets.daily.tokens is nearly used up in 2026-02-10",
        "budgets.daily.tokens is used up in 2026-02-10",
    ]


async def test_a_restart_repeats_nothing_and_goes_on(desk: Desk, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.db"
    async with desk.served(ledger) as (_, follower):
        assert await desk.work(follower, 9) == [("near", "2026-02-10")]
    async with desk.served(ledger) as (service, follower):
        await service.refresh()
        await service.pause(True)
        await service.pause(False)
        assert desk.heard() == []
        assert await desk.work(follower, 1) == [("over", "2026-02-10")]


async def test_a_new_day_begins_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timekeeper, "LOOK_SECONDS", 0.02)
    async with desk.served() as (_, follower):
        assert await desk.work(follower, 10) == [("over", "2026-02-10")]
        before = len(follower.revisions)
        desk.wall += DAY
        await follower.until(lambda: len(follower.revisions) > before)
        assert desk.heard() == []
        assert await desk.work(follower, 8) == [("near", "2026-02-11")]
        desk.wall -= DAY
        before = len(follower.revisions)
        await follower.until(lambda: len(follower.revisions) > before)
        desk.wall += DAY
        await follower.until(lambda: len(follower.revisions) > before + 1)
        assert desk.heard() == []


async def test_prices_that_change_back_and_forth_tell_each_level_once(desk: Desk) -> None:
    desk.budgets = (Budget("daily", "usd", 2800),)  # picodollars; an answer costs 770
    dear = CARD._replace(prices=Prices(Rates(*(3 * rate for rate in (5, 25, 6, 1)))))
    listings = {CLAUDE: Listing(CLAUDE, "anthropic", (dear,))}
    catalogue = Catalogue(listings, origin="overlay", as_of="2026-01-01")
    tripled = PRICES._replace(catalogue=catalogue, stamp="tripled")
    async with desk.served() as (service, follower):
        assert await desk.work(follower, 1) == []
        await service._reprice(tripled)
        assert desk.heard() == [("near", "2026-02-10")]
        for prices in (PRICES, tripled, PRICES):
            await service._reprice(prices)
            assert desk.heard() == []
        assert await desk.work(follower, 2) == []  # as near as it was told before
        assert await desk.work(follower, 1) == [("over", "2026-02-10")]
        await service._reprice(tripled)
        assert desk.heard() == []


async def test_a_raised_budget_is_told_by_its_own_limit(desk: Desk) -> None:
    async with desk.served() as (service, follower):
        assert await desk.work(follower, 10) == [("over", "2026-02-10")]
        desk.budgets = (Budget("daily", "tokens", 2000),)
        service.queries = desk.queries
        await service.reconfigure(lambda _writer: None)
        assert desk.heard() == []
        assert await desk.work(follower, 6) == [("near", "2026-02-10")]
        assert await desk.work(follower, 4) == [("over", "2026-02-10")]


async def test_a_listener_that_fails_harms_nobody(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_crossed: Document) -> None:
        raise RuntimeError

    async with desk.served() as (service, follower):
        service.budgets.subscribe(fail)
        assert await desk.work(follower, 8) == [("near", "2026-02-10")]
    assert "a budget listener failed" in caplog.text
