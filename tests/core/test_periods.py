"""Days and months in zones, and days as options spell them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.errors import UsageError
from amp_tray.core.periods import (
    QUARTER_MS,
    by_day,
    day_of,
    elapsed_share_of_month,
    instant,
    iso_instant,
    millis,
    month_of,
    parse_day,
    start_of_day,
    zone_named,
)

ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Africa/Cairo", "America/St_Johns"),
)
HOUR = 3_600_000
# Whole days either side of the years that thread files can come from.
INSTANTS = st.integers(63_072_000_000, 4_102_444_800_000)


@given(INSTANTS, st.sampled_from(ZONES))
def test_the_day_is_the_calendars(at: int, name: str) -> None:
    zone = ZoneInfo(name)
    expected = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).date()
    assert day_of(at, zone) == expected


@given(
    st.lists(INSTANTS | st.integers(1_774_600_000_000, 1_774_800_000_000)), st.sampled_from(ZONES)
)
def test_many_are_grouped_by_the_day_of_each(instants: list[int], name: str) -> None:
    zone = ZoneInfo(name)
    days = by_day(instants, lambda at: at, zone)
    assert sorted(at for group in days.values() for at in group) == sorted(instants)
    assert all(day_of(at, zone) == day for day, group in days.items() for at in group)


@given(INSTANTS, st.sampled_from(ZONES))
def test_a_quarter_hour_lies_in_one_day(at: int, name: str) -> None:
    zone = ZoneInfo(name)
    first = at // QUARTER_MS * QUARTER_MS
    last = first + QUARTER_MS - 1
    days = {instant(one).astimezone(zone).date() for one in (first, at, last)}
    assert days == {day_of(at, zone)}


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 6, 1), 24),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # midnight itself is skipped
        ("America/Sao_Paulo", date(2018, 2, 17), 25),  # midnight comes twice
        ("Africa/Cairo", date(2026, 4, 24), 23),
        ("UTC", date(2026, 3, 29), 24),
    ],
)
def test_days_have_the_hours_that_their_zone_gives_them(zone: str, day: date, hours: float) -> None:
    info = ZoneInfo(zone)
    start, end = start_of_day(day, info), start_of_day(day + timedelta(days=1), info)
    assert (end - start) / HOUR == hours
    assert day_of(start, info) == day_of(end - 1, info) == day
    assert day_of(start - 1, info) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "zone", "share"),
    [
        ("2026-02-15T00:00:00+00:00", "UTC", 0.5),
        ("2026-02-28T23:59:59.999+00:00", "UTC", 1.0),
        ("2026-03-15T23:00:00+00:00", "Europe/Berlin", 15 * 24 / (31 * 24 - 1)),
        ("2026-12-16T12:00:00+00:00", "UTC", 0.5),
    ],
)
def test_the_share_of_the_month_counts_real_hours(now: str, zone: str, share: float) -> None:
    at = millis(datetime.fromisoformat(now))
    assert elapsed_share_of_month(at, ZoneInfo(zone)) == pytest.approx(share, abs=1e-6)


def test_the_share_of_the_month_is_never_nothing() -> None:
    first = millis(datetime(2026, 2, 1, tzinfo=UTC))
    assert 0 < elapsed_share_of_month(first, UTC) < 0.001


TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20260210", date(2026, 2, 10)),
        ("2026-02-10", date(2026, 2, 10)),
        (" 2026-02-10 ", date(2026, 2, 10)),
        ("2024-02-29", date(2024, 2, 29)),
        ("today", TODAY),
        ("Today", TODAY),
        ("yesterday", date(2026, 3, 30)),
        ("1d", TODAY),
        ("7d", date(2026, 3, 25)),
        ("2w", date(2026, 3, 18)),
        ("1m", date(2026, 3, 1)),
        ("3m", date(2026, 1, 1)),
        ("12m", date(2025, 4, 1)),
    ],
)
def test_days_as_options_spell_them(text: str, expected: date) -> None:
    assert parse_day(text, today=TODAY, option="since") == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "tomorrow",
            "2026-13-01",
            "2026-02-30",
            "20260230",
            "2026-2-1",
            "2026211",
            "0d",
            "-1d",
        ),
        *("99999d", "7", "d", "7y", "2026-02-10T00:00", "202611 2", "2026-11- 2"),
        *(
            "".join(chr(0xFF10 + int(digit)) for digit in "20260210"),
            "x" * 10_000,
            "0999-01-01",
            "\x00",
        ),
    ],
)
def test_what_is_no_day_is_refused_with_the_options_name(text: str) -> None:
    with pytest.raises(UsageError, match=r"^since: ") as refusal:
        parse_day(text, today=TODAY, option="since")
    assert "YYYY-MM-DD" in refusal.value.hint


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "../etc/passwd", "/etc/localtime", "Europe", "\x00"]
)
def test_a_zone_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="unknown time zone"):
        zone_named(name)


def test_a_zone_by_its_name() -> None:
    assert zone_named("Asia/Kathmandu") == ZoneInfo("Asia/Kathmandu")


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_771_000_000_123, "2026-02-13T16:26:40.123Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (10**20, "9999-12-30T20:00:00.000Z"),
    ],
)
def test_instants_as_json_shows_them(at: int, text: str) -> None:
    assert iso_instant(at) == text


@given(st.integers(-(10**20), 10**20), st.sampled_from(ZONES))
def test_no_instant_is_without_a_day(at: int, name: str) -> None:
    assert isinstance(day_of(at, ZoneInfo(name)), date)


def test_months() -> None:
    assert month_of(date(2026, 2, 1)) == "2026-02"
