"""Which icon is shown for what is known."""

import asyncio
from typing import Any

import pytest

from amp_tray.surfaces.tray.follow import Follower, ServiceClient
from amp_tray.surfaces.tray.icon import IconLook, IconState
from amp_tray.surfaces.tray.state import Connection, TrayState
from amp_tray.surfaces.tray.summary import Crossing, Summary, read_summary
from amp_tray.surfaces.tray.view import build_view
from tests.surfaces.tray.fake_service import FakeService
from tests.surfaces.tray.summaries import NOW, empty_summary, summary


def budget(period: str, unit: str, share: float) -> dict[str, Any]:
    level = "over" if share >= 1 else "near" if share >= 0.8 else "ok"
    limit = 20
    return {
        "period": period, "unit": unit, "key": "2026-11-22", "limit": limit,
        "used": share * limit, "share": share, "level": level, "since": "2026-11-22T00:00:00Z",
        "nearAt": None, "overAt": None,
    }  # fmt: skip


def look(
    *budgets: dict[str, Any],
    connection: Connection = Connection.CONNECTED,
    paused: bool = False,
    **members: Any,
) -> IconLook:
    known = read_summary(summary(budgets=list(budgets), **members))
    return build_view(known, TrayState(connection, paused=paused), NOW).icon


def test_without_budgets_all_is_well_and_nothing_is_measured() -> None:
    assert look() == IconLook(IconState.OK)


@pytest.mark.parametrize(
    ("share", "state", "fill"),
    [
        (0, IconState.OK, 0),
        (0.001, IconState.OK, 1),
        (0.5, IconState.OK, 10),
        (0.7999, IconState.OK, 15),
        (0.8, IconState.NEAR, 16),
        (0.9999, IconState.NEAR, 19),
        (1, IconState.OVER, 20),
        (7.5, IconState.OVER, 20),
    ],
)
def test_the_daily_budget_fills_the_gauge(share: float, state: IconState, fill: int) -> None:
    assert look(budget("daily", "usd", share)) == IconLook(state, fill)


def test_dollars_come_before_other_daily_budgets() -> None:
    rows = (budget("daily", "tokens", 0.7), budget("daily", "usd", 0.25))
    assert look(*rows) == IconLook(IconState.OK, 5)


def test_without_dollars_the_daily_budget_most_used_counts() -> None:
    rows = (budget("daily", "tokens", 0.3), budget("daily", "credits", 0.5))
    assert look(*rows) == IconLook(IconState.OK, 10)


def test_any_budgets_level_is_told_and_the_worst_wins() -> None:
    assert look(budget("monthly", "usd", 0.9)) == IconLook(IconState.NEAR)
    rows = (budget("daily", "usd", 0.85), budget("weekly", "tokens", 1.2))
    assert look(*rows) == IconLook(IconState.OVER, 17)


def test_figures_that_may_be_old_are_told_before_budgets() -> None:
    over = budget("daily", "usd", 1.5)
    assert look(over, stale=True) == IconLook(IconState.STALE, 20)
    assert look(over, paused=True) == IconLook(IconState.STALE, 20)


def test_no_usage_because_files_cannot_be_read_is_an_error() -> None:
    unreadable = read_summary({**empty_summary(), "diagnostics": 2})
    connected = TrayState(Connection.CONNECTED)
    assert build_view(unreadable, connected, NOW).icon == IconLook(IconState.ERROR)
    none = read_summary(empty_summary())
    assert build_view(none, connected, NOW).icon == IconLook(IconState.NO_DATA)


def test_files_that_cannot_be_read_beside_others_are_not_the_icons_business() -> None:
    assert look(diagnostics=2) == IconLook(IconState.OK)


class Hears:
    """A listener that waits for the first connection that is lost, or not made."""

    def __init__(self) -> None:
        self.lost: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()

    def on_connection(self, connection: Connection, _client: ServiceClient | None) -> None:
        if connection in (Connection.OFFLINE, Connection.FAILED) and not self.lost.done():
            self.lost.set_result(connection)

    def on_summary(self, summary: Summary) -> None:
        """Figures are not what is waited for."""

    def on_crossing(self, crossing: Crossing) -> None:
        """Nor are budgets."""


async def icon_after(service: FakeService) -> IconState:
    hears = Hears()
    follower = Follower(service.connect, hears, not_ready=0.001, back_off=(60.0,))
    following = asyncio.create_task(follower.run())
    async with asyncio.timeout(10):
        connection = await hears.lost
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    known = read_summary(summary())
    return build_view(known, TrayState(connection), NOW).icon.state


async def test_a_service_that_is_not_there_is_offline() -> None:
    service = FakeService(summary())
    service.running = False
    assert await icon_after(service) is IconState.OFFLINE


async def test_a_service_that_refuses_is_an_error() -> None:
    service = FakeService(summary())
    service.refused.add("usage.summary")
    assert await icon_after(service) is IconState.ERROR


async def test_a_service_whose_figures_cannot_be_read_is_an_error() -> None:
    assert await icon_after(FakeService(summary(today="much"))) is IconState.ERROR


def test_figures_kept_through_an_error_are_told_to_be_old() -> None:
    view = build_view(read_summary(summary()), TrayState(Connection.FAILED), NOW)
    assert "cannot be used" in view.tooltip
    assert {row.id for row in view.menu.rows()} >= {"connection", "stale"}
