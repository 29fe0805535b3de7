"""Days and months in a zone: the one place where instants meet a calendar.

Instants are epoch milliseconds in UTC; the zone is always an argument.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from amp_tray.core.errors import UsageError

_T = TypeVar("_T")

QUARTER_MS = 15 * 60 * 1000
"""Every zone's offset since 1972 is a multiple of a quarter hour, so quarters fall in one day."""

_DAY_FORMATS = ("%Y%m%d", "%Y-%m-%d")
_SPAN = re.compile(r"(\d{1,4})([dwm])")
_DAY_HELP = "accepted: YYYYMMDD, YYYY-MM-DD, today, yesterday, or a span such as 7d, 2w, 3m"
_EPOCH = date(1970, 1, 1)
FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
LAST_INSTANT = 253402300799999
"""Epoch milliseconds: the end of year 9999."""
DAY_MS = 24 * 60 * 60 * 1000
"""Of a day in UTC; a zone's may have an hour more or less."""
_BLOCK_MS = 6 * 60 * 60 * 1000
_MILLISECOND = timedelta(milliseconds=1)
# What a calendar with years 1 to 9999 can hold, less a day for any zone's offset.
_EARLIEST, _LATEST = -62135500000000, 253402200000000


def instant(at: int) -> datetime:
    """Return an epoch-millisecond instant as an aware UTC datetime, clamped to years 1-9999."""
    seconds, milliseconds = divmod(min(max(at, _EARLIEST), _LATEST), 1000)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, milliseconds=milliseconds)


def millis(moment: datetime) -> int:
    """Return an aware datetime as epoch milliseconds, rounded down."""
    since = moment - FIRST_MOMENT
    return since.days * DAY_MS + since.seconds * 1000 + since.microseconds // 1000


def instant_of(text: str) -> int | None:
    """Return epoch milliseconds of an ISO 8601 text, UTC where it names no zone.

    None for what is no instant of the years 1970 to 9999.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    at = millis(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
    return at if 0 < at <= LAST_INSTANT else None


def iso_instant(at: int) -> str:
    """Return an instant as JSON shows it: `2026-11-22T00:12:33.000Z`."""
    return instant(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day_of(at: int, zone: tzinfo) -> date:
    """Return the calendar day of an instant in a zone."""
    day = _day_of_block(at // _BLOCK_MS, zone)
    if day is not None:
        return day
    offset = _steady_offset(at // _BLOCK_MS, zone)
    if offset is None:
        return _day_of_quarter(at // QUARTER_MS, zone)
    return _day_numbered((at + offset) // DAY_MS)


def by_day(items: Iterable[_T], at_of: Callable[[_T], int], zone: tzinfo) -> dict[date, list[_T]]:
    """Group things by the calendar day of their instants in a zone, in no order."""
    blocks: dict[int, list[_T]] = {}
    for item in items:  # a block of hours at a time: a report has tens of thousands of things
        number = at_of(item) // _BLOCK_MS
        block = blocks.get(number)
        if block is None:
            block = blocks[number] = []
        block.append(item)
    days: dict[date, list[_T]] = defaultdict(list)
    for number, block in blocks.items():
        day = _day_of_block(number, zone)
        if day is not None:
            days[day] += block
        else:
            for item in block:
                days[day_of(at_of(item), zone)].append(item)
    return days


@lru_cache(maxsize=16384)
def _day_of_block(block: int, zone: tzinfo) -> date | None:
    """Return the day that a whole block of hours lies in; None where it may lie in two."""
    offset = _steady_offset(block, zone)
    if offset is None:
        return None
    first, last = (
        (at + offset) // DAY_MS for at in (block * _BLOCK_MS, (block + 1) * _BLOCK_MS - 1)
    )
    return _day_numbered(first) if first == last else None


@lru_cache(maxsize=16384)
def _steady_offset(block: int, zone: tzinfo) -> int | None:
    """Return a zone's offset in a block of hours, in milliseconds; None where it changes there."""
    first, last = (
        instant(at).astimezone(zone).utcoffset()
        for at in (block * _BLOCK_MS, (block + 1) * _BLOCK_MS - 1)
    )
    return None if first is None or first != last else first // _MILLISECOND


@lru_cache(maxsize=4096)
def _day_numbered(number: int) -> date:
    ordinal = _EPOCH.toordinal() + number
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))


@lru_cache(maxsize=4096)
def _day_of_quarter(quarter: int, zone: tzinfo) -> date:
    return instant(quarter * QUARTER_MS).astimezone(zone).date()


def day_number(day: str) -> int:
    """Return an ISO day as the days since 1970-01-01; raises ValueError when it is none."""
    return (date.fromisoformat(day) - _EPOCH).days


def iso_day(number: int) -> str:
    """Return the ISO day of a count of days since 1970-01-01."""
    return (_EPOCH + timedelta(days=number)).isoformat()


def start_of_day(day: date, zone: tzinfo) -> int:
    """Return the first instant of a day in a zone."""
    return millis(datetime.combine(day, time(), tzinfo=zone))


def month_of(day: date) -> str:
    """Return a day's month as `2026-11`."""
    return f"{day:%Y-%m}"


def elapsed_share_of_month(now: int, zone: tzinfo) -> float:
    """Return how much of the current month has passed, above 0 and at most 1."""
    today = day_of(now, zone)
    first = today.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    start, end = start_of_day(first, zone), start_of_day(following, zone)
    return max((now - start) / (end - start), 1e-6)


def zone_named(name: str) -> tzinfo:
    """Return the zone of an IANA name; raises UsageError for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"unknown time zone {name!r}",
            hint="accepted: local, UTC, or an IANA name such as Europe/Berlin",
        ) from None


def parse_day(text: str, *, today: date, option: str) -> date:
    """Read a day as options spell it: absolute, `today`, `yesterday`, or a span back from today.

    `7d` is the first day of the last seven, today included; `2w` is fourteen days, `3m` the
    day after the same day three months ago.

    Args:
        text: what the user gave.
        today: the current day in the report's zone.
        option: the option's name, for the error.

    Raises:
        UsageError: for anything else.
    """
    word = text.strip().lower()
    if word == "today":
        return today
    try:
        if word == "yesterday":
            return today - timedelta(days=1)
        if span := _SPAN.fullmatch(word):
            return _span_back(int(span[1]), span[2], today)
    except (OverflowError, ValueError):
        pass
    for form in _DAY_FORMATS:
        try:
            parsed = datetime.strptime(word, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        if word == parsed.strftime(form):  # strptime also takes 2026-1-2, 2026112 and "202611 2"
            return parsed
    raise UsageError(f"{option}: {text!r} is no day", hint=_DAY_HELP)


def _span_back(count: int, unit: str, today: date) -> date:
    if count == 0:
        raise ValueError
    if unit == "m":
        months = today.year * 12 + today.month - 1 - count
        year, month = divmod(months, 12)
        first = date(year, month + 1, 1)
        last_day = ((first + timedelta(days=32)).replace(day=1) - timedelta(days=1)).day
        return first.replace(day=min(today.day, last_day)) + timedelta(days=1)
    return today - timedelta(days=count * (7 if unit == "w" else 1) - 1)
