"""How budgets stand, and when they were crossed, from the usage alone."""

from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from amp_tray.core.budgets import Budget, Budgets, Crossings, budget_rows
from amp_tray.core.events import UsageEvent
from amp_tray.core.money import Credits, Usd
from amp_tray.core.snapshot import PricingInfo, Snapshot, session_usage
from tests.support.prices import at

DOLLAR = 10**12
HOUR = 60 * 60 * 1000


def held(*usage: tuple[int, int, float]) -> Snapshot:
    """Return a snapshot of events: instant, dollars (as tokens too), credits."""
    events = [
        UsageEvent(
            "s", "t", when, 0, "message", "m", dollars, 0, 0, 0, Credits(int(amount * 10**9))
        )
        for when, dollars, amount in usage
    ]
    sessions = {}
    if events:
        sessions["s"] = session_usage(
            events,
            lambda event: Usd(event.input_tokens * DOLLAR),
            session_id="s",
            source="amp",
            title=None,
            project=None,
            recent_since=0,
        )
    return Snapshot(1, sessions, (), PricingInfo("bundled", "2026-01-01"), ("amp",))


def one(
    snapshot: Snapshot, budget: Budget, now: int, zone: str = "UTC", week: int = 0
) -> dict[str, object]:
    (row,) = budget_rows(snapshot, Budgets((budget,), week), now=now, zone=ZoneInfo(zone))
    return row


NOW = at("2026-11-18")  # a Wednesday, noon
DAILY = Budget("daily", "usd", 10 * DOLLAR)


@pytest.mark.parametrize(
    ("spent", "level"),
    [([], "ok"), ([7], "ok"), ([8], "near"), ([5, 4], "near"), ([5, 5], "over"), ([99], "over")],
)
def test_a_budget_is_near_at_80_and_over_at_100_per_cent(spent: list[int], level: str) -> None:
    usage = [(NOW - HOUR * number, dollars, 0.0) for number, dollars in enumerate(spent)]
    row = one(held(*usage), DAILY, NOW)
    assert (row["level"], row["used"], row["limit"]) == (level, Decimal(sum(spent)), Decimal(10))
    assert row["share"] == Decimal(sum(spent)) / 10


def test_it_says_when_each_threshold_was_passed() -> None:
    row = one(held((NOW - 3 * HOUR, 5, 0), (NOW - 2 * HOUR, 3, 0), (NOW - HOUR, 4, 0)), DAILY, NOW)
    assert row["nearAt"] == "2026-11-18T10:00:00.000Z"
    assert row["overAt"] == "2026-11-18T11:00:00.000Z"
    again = one(held((NOW - 3 * HOUR, 5, 0)), DAILY, NOW)
    assert (again["nearAt"], again["overAt"]) == (None, None)


@pytest.mark.parametrize(
    ("span", "week", "key", "used"),
    [
        ("daily", 0, "2026-11-18", 1),
        ("weekly", 0, "2026-11-16", 3),  # from Monday
        ("weekly", 6, "2026-11-15", 7),  # from Sunday
        ("monthly", 0, "2026-11", 15),
    ],
)
def test_each_period_counts_from_its_first_day(span: str, week: int, key: str, used: int) -> None:
    days = ("2026-11-18", "2026-11-16", "2026-11-15", "2026-11-01", "2026-10-31")
    usage = held(*((at(day), 2**number, 0) for number, day in enumerate(days)))
    row = one(usage, Budget(span, "usd", 100 * DOLLAR), NOW, week=week)  # type: ignore[arg-type] # a parameter
    assert (row["key"], row["used"]) == (key, Decimal(used))


def test_tokens_and_credits_have_budgets_too() -> None:
    usage = held((NOW, 8, 2.5))
    tokens = one(usage, Budget("daily", "tokens", 10), NOW)
    amount = one(usage, Budget("daily", "credits", 2 * 10**9), NOW)
    assert (tokens["used"], tokens["limit"], tokens["level"]) == (8, 10, "near")
    assert (amount["used"], amount["limit"], amount["level"]) == (
        *(Decimal("2.5"), Decimal(2)),
        "over",
    )


def test_a_day_begins_in_the_user_s_zone() -> None:
    usage = held((at("2026-11-18") - 12 * HOUR, 9, 0))  # midnight UTC
    assert one(usage, DAILY, NOW)["used"] == 9
    assert one(usage, DAILY, NOW, "America/Los_Angeles")["used"] == 0
    assert one(usage, DAILY, NOW, "Asia/Kathmandu")["since"] == "2026-11-17T18:15:00.000Z"


def test_without_budgets_there_is_nothing_to_tell() -> None:
    assert budget_rows(held((NOW, 9, 0)), Budgets(), now=NOW, zone=UTC) == []


def looks(*levels: str, days: tuple[str, ...] = ()) -> list[list[str]]:
    """Return what is told at each look at one budget."""
    crossings = Crossings()
    keys = days or ("2026-11-18",) * len(levels)
    return [
        [
            row["level"]
            for row in crossings.new_in(
                [{"period": "daily", "unit": "usd", "key": key, "level": level}]
            )
        ]
        for level, key in zip(levels, keys, strict=True)
    ]


def test_each_threshold_is_told_once_in_a_period() -> None:
    assert looks("ok", "near", "near", "over", "over") == [[], ["near"], [], ["over"], []]
    assert looks("ok", "over", "near", "over") == [[], ["over"], [], []]
    assert looks("ok", "near", "ok", "near") == [[], ["near"], [], []]


def test_what_was_crossed_before_the_first_look_is_not_told() -> None:
    assert looks("near", "near", "over") == [[], [], ["over"]]
    assert looks("over", "over") == [[], []]


def test_a_new_period_begins_anew() -> None:
    days = ("2026-11-18", "2026-11-18", "2026-11-19", "2026-11-19")
    assert looks("ok", "over", "ok", "over", days=days) == [[], ["over"], [], ["over"]]
    assert looks("over", "over", days=days[1:3]) == [[], ["over"]]
