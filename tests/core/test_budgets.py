"""How budgets stand, and when they were crossed, from the usage alone."""

from datetime import UTC, date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.budgets import Budget, Budgets, Crossings, Span, budget_rows, crossing
from amp_tray.core.events import UsageEvent
from amp_tray.core.money import Credits
from amp_tray.core.periods import day_of, start_of_day
from amp_tray.core.rollup import PriceList
from amp_tray.core.snapshot import PricingInfo, Snapshot, session_usage
from tests.support.prices import at
from tests.support.usage import ZONES, flat_card

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
            PriceList(lambda _model, _at: flat_card(DOLLAR)),
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


def look(
    crossings: Crossings, usage: Snapshot, *budgets: Budget, now: int = NOW, zone: str = "UTC"
) -> list[tuple[str, str]]:
    """Return what a look tells: the budgets and their levels."""
    rows = budget_rows(usage, Budgets(budgets), now=now, zone=ZoneInfo(zone))
    told = [crossing(row) for row in crossings.new_in(rows, now)]
    return [(one["name"], one["level"]) for one in told]


def looks(*spent: int, limit: int = 10) -> list[str]:
    """Return what is told at each look, while so many dollars are used, of a limit of ten."""
    crossings = Crossings()
    budget = Budget("daily", "usd", limit * DOLLAR)
    told = [look(crossings, held((NOW, dollars, 0)), budget) for dollars in spent]
    return ["".join(level for _, level in each) for each in told]


def test_each_threshold_is_told_once_in_a_period() -> None:
    assert looks(7, 8, 9, 10, 11, 99) == ["", "near", "", "over", "", ""]
    assert looks(7, 10, 9, 10) == ["", "over", "", ""]


def test_what_was_crossed_before_the_first_look_is_not_told() -> None:
    assert looks(8, 9, 10) == ["", "", "over"]
    assert looks(10, 99) == ["", ""]


def test_prices_that_fall_and_rise_again_tell_nothing_twice() -> None:
    assert looks(0, 8, 7, 8, 10, 9, 5, 10) == ["", "near", "", "", "over", "", "", ""]


DAY = 24 * HOUR


def test_a_new_period_begins_anew() -> None:
    crossings = Crossings()
    assert look(crossings, held(), DAILY) == []
    usage = [(NOW, 10, 0.0)]
    assert look(crossings, held(*usage), DAILY) == [("budgets.daily.usd", "over")]
    assert look(crossings, held(*usage), DAILY, now=NOW + DAY) == []
    usage.append((NOW + DAY, 8, 0.0))
    assert look(crossings, held(*usage), DAILY, now=NOW + DAY) == [("budgets.daily.usd", "near")]
    # What was used since the last look of the day before, as after a sleep.
    usage.append((NOW + 2 * DAY, 10, 0.0))
    assert look(crossings, held(*usage), DAILY, now=NOW + 2 * DAY) == [
        ("budgets.daily.usd", "over")
    ]


def test_a_clock_or_a_zone_that_is_set_back_and_forth_tells_nothing_twice() -> None:
    crossings, usage = Crossings(), held((NOW - HOUR, 10, 0))
    assert look(crossings, held(), DAILY) == []
    assert look(crossings, usage, DAILY) == [("budgets.daily.usd", "over")]
    for moved in (-DAY, 0, -2 * DAY, 0):
        assert look(crossings, usage, DAILY, now=NOW + moved) == []
    assert look(crossings, usage, DAILY, zone="Pacific/Kiritimati") == []  # the next day there
    assert look(crossings, usage, DAILY) == []


def test_another_limit_is_another_budget() -> None:
    crossings, raised = Crossings(), Budget("daily", "usd", 20 * DOLLAR)
    look(crossings, held(), DAILY)
    assert look(crossings, held((NOW, 10, 0)), DAILY) == [("budgets.daily.usd", "over")]
    assert look(crossings, held((NOW, 10, 0)), raised) == []
    assert look(crossings, held((NOW, 16, 0)), raised) == [("budgets.daily.usd", "near")]
    # Set back, it is the one that was told already; set lower still, the user knows.
    assert look(crossings, held((NOW, 16, 0)), DAILY) == []
    assert look(crossings, held((NOW, 16, 0)), Budget("daily", "usd", DOLLAR)) == []
    assert look(crossings, held((NOW, 20, 0)), raised) == [("budgets.daily.usd", "over")]


def test_budgets_of_all_kinds_cross_by_themselves() -> None:
    budgets = (DAILY, Budget("weekly", "tokens", 30), Budget("monthly", "credits", 10**9))
    crossings = Crossings()
    look(crossings, held(), *budgets)
    usage = held((NOW - 2 * DAY, 20, 0.9), (NOW, 4, 0.0))
    assert look(crossings, usage, *budgets) == [
        ("budgets.weekly.tokens", "near"),
        ("budgets.monthly.credits", "near"),
    ]


def test_what_is_told_of_a_crossing() -> None:
    usage = held((NOW, 8, 2.5))
    assert crossing(one(usage, DAILY, NOW)) == {
        "name": "budgets.daily.usd",
        "level": "near",
        "period": "daily",
        "periodKey": "2026-11-18",
        "unit": "USD",
        "used": Decimal(8),
        "limit": Decimal(10),
    }
    monthly = crossing(one(usage, Budget("monthly", "tokens", 8), NOW))
    assert (monthly["level"], monthly["periodKey"], monthly["unit"]) == (
        *("over", "2026-11"),
        "tokens",
    )


@given(zone=ZONES, day=st.dates(date(2025, 1, 1), date(2027, 12, 31)), minutes=st.integers(0, 1439))
def test_a_budget_counts_what_the_days_of_its_period_hold(
    zone: str, day: date, minutes: int
) -> None:
    now = start_of_day(day, ZoneInfo(zone)) + minutes * 60_000
    instants = [now - back * 15 * 60_000 for back in range(24 * 4 * 9)]
    usage = held(*((when, 1, 0.0) for when in instants))
    today = day_of(now, ZoneInfo(zone))
    spans: tuple[Span, ...] = ("daily", "weekly")
    rows = [one(usage, Budget(span, "tokens", 10**6), now, zone) for span in spans]
    monday = today - timedelta(days=today.weekday())
    for row, first in zip(rows, (today, monday), strict=True):
        assert row["used"] == sum(day_of(when, ZoneInfo(zone)) >= first for when in instants)


def test_the_least_budget_is_not_near_before_it_is_used() -> None:
    assert one(held((NOW, 0, 0)), Budget("daily", "tokens", 1), NOW)["level"] == "ok"
    assert one(held((NOW, 1, 0)), Budget("daily", "tokens", 1), NOW)["level"] == "over"
