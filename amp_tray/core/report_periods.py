"""Rows of a report by the calendar: days, weeks and months of its zone."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from amp_tray.core.choices import WEEKDAYS
from amp_tray.core.days import FIRST_AT
from amp_tray.core.filters import sessions_of
from amp_tray.core.periods import by_day as by_calendar_day
from amp_tray.core.periods import day_of, month_of
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.report_rows import Row, usage_row
from amp_tray.core.rollup import Rollup
from amp_tray.core.snapshot import Snapshot


class _Period(NamedTuple):
    """A kind of period.

    Attributes:
        key: what rows call it.
        first_day: a day to the first day of its period.
        name: that first day to what rows show.
        shifted: (a first day, n) to the first day of the n-th period after it, or before.
    """

    key: str
    first_day: Callable[[date], date]
    name: Callable[[date], str]
    shifted: Callable[[date, int], date]


def by_day(snapshot: Snapshot, options: ReportOptions, now: int) -> list[Row]:
    """Return a row a day, oldest first."""
    return _by_period(snapshot, options, now, _DAY)


def by_week(snapshot: Snapshot, options: ReportOptions, now: int) -> list[Row]:
    """Return a row a week, named by its first day, oldest first."""
    start = WEEKDAYS.index(options.start_of_week or "monday")
    week = _Period(
        "week",
        lambda day: first_of_week(day, start),
        date.isoformat,
        lambda first, count: first + timedelta(weeks=count),
    )
    return _by_period(snapshot, options, now, week)


def by_month(snapshot: Snapshot, options: ReportOptions, now: int) -> list[Row]:
    """Return a row a month, oldest first."""
    return _by_period(snapshot, options, now, _MONTH)


def first_of_week(day: date, start: int) -> date:
    """Return the first day of a day's week.

    Args:
        day: any day; the calendar's first one stands in for a week that begins before it.
        start: what weeks begin with, Monday is 0.
    """
    return date.fromordinal(max(1, day.toordinal() - (day.weekday() - start) % 7))


def _by_period(snapshot: Snapshot, options: ReportOptions, now: int, period: _Period) -> list[Row]:
    oldest, newest = _newest(options, period, now)
    periods: dict[date, list[Rollup]] = defaultdict(list)
    if snapshot.days is not None:
        days = snapshot.days.rollups
    else:
        days = by_calendar_day(_rollups(snapshot, options), FIRST_AT, options.zone)
    for day, rollups in days.items():
        if oldest <= day <= newest and options.covers(day):
            periods[period.first_day(day)] += rollups
    return [
        usage_row({period.key: period.name(first)}, rollups)
        for first, rollups in sorted(periods.items())
    ]


def _rollups(snapshot: Snapshot, options: ReportOptions) -> Iterable[Rollup]:
    return chain.from_iterable(session.rollups for session in sessions_of(snapshot, options))


def _newest(options: ReportOptions, period: _Period, now: int) -> tuple[date, date]:
    """Return the first and last day of `last` periods that end with today's; all without it."""
    if options.last is None:
        return date.min, date.max
    current = period.first_day(day_of(now, options.zone))
    following = period.shifted(current, 1)
    return period.shifted(current, 1 - options.last), following - timedelta(days=1)


def _months_on(first: date, count: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, 1)


_DAY = _Period(
    "date", lambda day: day, date.isoformat, lambda day, count: day + timedelta(days=count)
)
_MONTH = _Period("month", lambda day: day.replace(day=1), month_of, _months_on)
