"""Days, weeks and months by hand: changes of the clock, odd offsets, the new year, the last ones.

Tokens are powers of ten, so that a sum says which usage is in it.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from amp_tray.core.choices import MOST_PERIODS, WEEKDAYS
from tests.support.usage import at, build, rows_of, tokens, used

TODAY = date(2026, 2, 13)  # of NOW, in UTC: a Friday


def test_a_day_of_23_hours_and_a_day_of_25_begin_and_end_with_the_clock() -> None:
    spring = [
        used("2026-03-28T22:59:59.999", 1),
        used("2026-03-28T23:00", 10),  # midnight in Berlin, still winter time
        used("2026-03-29T21:59:59.999", 100),  # the last instant of 23 hours
        used("2026-03-29T22:00", 1000),
    ]
    days = {"2026-03-28": 1, "2026-03-29": 110, "2026-03-30": 1000}
    assert tokens(rows_of(spring, "daily", "Europe/Berlin"), "date") == days
    first = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight in Berlin, still summer time
    hours = [first + timedelta(hours=hour) for hour in range(-1, 26)]
    autumn = [used(hour.replace(tzinfo=None).isoformat()) for hour in hours]
    days = {"2026-10-24": 1, "2026-10-25": 25, "2026-10-26": 1}
    assert tokens(rows_of(autumn, "daily", "Europe/Berlin"), "date") == days
    weeks = {"2026-10-19": 26, "2026-10-26": 1}
    assert tokens(rows_of(autumn, "weekly", "Europe/Berlin"), "week") == weeks


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Asia/Kathmandu", "2026-02-09T18:15"),  # +05:45
        ("Asia/Kolkata", "2026-02-09T18:30"),  # +05:30
        ("America/St_Johns", "2026-02-10T03:30"),  # -03:30
        ("Australia/Lord_Howe", "2026-02-09T13:00"),  # +11:00; its clock moves by half an hour
        ("Pacific/Kiritimati", "2026-02-09T10:00"),  # +14:00
        ("Pacific/Pago_Pago", "2026-02-10T11:00"),  # -11:00
    ],
)
def test_days_begin_at_midnight_where_offsets_are_odd(zone: str, midnight: str) -> None:
    last = datetime.fromisoformat(midnight) - timedelta(milliseconds=1)
    events = [used(last.isoformat(), 1), used(midnight, 10)]
    days = {"2026-02-09": 1, "2026-02-10": 10}
    assert tokens(rows_of(events, "daily", zone), "date") == days
    (row,) = rows_of(events, "daily", zone, since=date(2026, 2, 10))
    assert row["totalTokens"] == 10


def test_a_day_of_24_hours_and_a_half() -> None:
    events = [
        used("2026-04-04T12:59:59.999", 1),
        used("2026-04-04T13:00", 10),
        used("2026-04-05T13:29:59.999", 100),
        used("2026-04-05T13:30", 1000),
    ]
    days = {"2026-04-04": 1, "2026-04-05": 110, "2026-04-06": 1000}
    assert tokens(rows_of(events, "daily", "Australia/Lord_Howe"), "date") == days


def test_a_week_goes_on_over_the_new_year() -> None:
    events = [
        used("2025-12-28T23:59:59.999", 1),  # a Sunday
        used("2025-12-29T00:00", 10),
        used("2025-12-31T12:00", 100),
        used("2026-01-01T12:00", 1000),
        used("2026-01-02T00:00", 10_000),  # a Friday
        used("2026-01-05T00:00", 100_000),
    ]
    weeks = {"2025-12-22": 1, "2025-12-29": 11_110, "2026-01-05": 100_000}
    assert tokens(rows_of(events, "weekly"), "week") == weeks
    weeks = {"2025-12-28": 11_111, "2026-01-04": 100_000}
    assert tokens(rows_of(events, "weekly", start_of_week="sunday"), "week") == weeks
    weeks = {"2025-12-26": 1111, "2026-01-02": 110_000}
    assert tokens(rows_of(events, "weekly", start_of_week="friday"), "week") == weeks


def test_since_cuts_a_week_whose_row_keeps_its_first_day() -> None:
    events = [used("2026-02-10T12:00", 1), used("2026-02-12T12:00", 10)]
    rows = rows_of(events, "weekly", since=date(2026, 2, 11))
    assert tokens(rows, "week") == {"2026-02-09": 10}


def test_the_calendars_first_and_last_days_are_in_some_week() -> None:
    events = [used("2026-01-01")._replace(at=instant) for instant in (-(10**17), 10**17)]
    for start in WEEKDAYS:
        assert len(rows_of(events, "weekly", start_of_week=start)) == 2


@pytest.mark.parametrize(
    ("kind", "last", "first"),
    [
        ("daily", 1, TODAY),
        ("daily", 3, date(2026, 2, 11)),
        ("weekly", 1, date(2026, 2, 9)),
        ("weekly", 7, date(2025, 12, 29)),
        ("monthly", 1, date(2026, 2, 1)),
        ("monthly", 3, date(2025, 12, 1)),
        ("monthly", MOST_PERIODS, date(1192, 11, 1)),
    ],
)
def test_the_last_periods_end_with_todays(kind: str, last: int, first: date) -> None:
    before = first - timedelta(days=1)
    events = [
        used(f"{before}T23:59:59.999", 1),
        used(f"{first}T00:00", 10),
        used("2026-02-13T23:59", 100),  # later than now, but today
        used("2026-03-01T00:00", 1000),  # in no period of today's
    ]
    document = build(events, kind, last=last)
    assert document["totals"]["totalTokens"] == 110
    turned = build(events, kind, last=last, order="desc")
    assert turned[kind] == document[kind][::-1]
    assert build(events, kind, last=last, until=before)["totals"]["totalTokens"] == 0


def test_the_last_periods_are_those_of_the_reports_zone() -> None:
    events = [
        used("2026-02-12T11:00", 1),  # midnight in Pago Pago
        used("2026-02-13T00:00", 10),
        used("2026-02-13T10:00", 100),  # midnight on Kiritimati
    ]
    for zone, counted in (("UTC", 110), ("Pacific/Kiritimati", 100), ("Pacific/Pago_Pago", 111)):
        now = at("2026-02-13T10:30")
        document = build(events, "daily", zone, now, last=1)
        assert document["totals"]["totalTokens"] == counted


def test_the_last_weeks_follow_the_day_that_they_begin_with() -> None:
    events = [used("2026-02-12T23:59", 1), used("2026-02-13T00:00", 10)]
    rows = rows_of(events, "weekly", last=1, start_of_week="friday")
    assert tokens(rows, "week") == {"2026-02-13": 10}
