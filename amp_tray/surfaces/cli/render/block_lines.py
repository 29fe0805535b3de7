"""What is told of a block of five hours: when it begins, how much of it is left, its pace."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from amp_tray.core.figures import money
from amp_tray.surfaces.cli.render.cells import Cell, Figure, Part, Words
from amp_tray.surfaces.cli.render.columns import COST, NAME, TOTAL

Row = Mapping[str, Any]

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


def block_name(row: Row, zone: str) -> Words:
    """Return when a block begins, in the report's zone."""
    start = datetime.fromisoformat(row["startTime"]).astimezone(_zone(zone))
    return Words(f"{start:%Y-%m-%d %H:%M}")


def block_state(row: Row, zone: str) -> Words:
    """Return how long a block or a gap is, and of the active block how much of it is left.

    Of one in which a limit was reached also until when that holds, in the report's zone.
    """
    limit = _limit(row, _zone(zone))
    if row["isActive"]:
        left = _duration(timedelta(minutes=row["projection"]["remainingMinutes"]))
        return Words(f"{left} left{limit}")
    length = datetime.fromisoformat(row["endTime"]) - datetime.fromisoformat(row["startTime"])
    return Words(f"gap {_duration(length)}" if row["isGap"] else f"{_duration(length)}{limit}")


def pace_lines(row: Row) -> Iterator[dict[str, Cell]]:
    """Return the cells of the two lines below the active block: its pace, what it comes to."""
    rate, projection = row["burnRate"], row["projection"]
    # To three digits: more would claim what an average does not know.
    pace: dict[str, Cell] = {
        NAME: Part("burn rate"),
        TOTAL: Figure(f"{round(Decimal(rate['tokensPerMinute'])):,}/min"),
    }
    projected: dict[str, Cell] = {
        NAME: Part("projected"),
        TOTAL: Figure(f"{projection['totalTokens']:,}"),
    }
    if "costPerHour" in rate:
        pace[COST] = Figure(f"{money(Decimal(rate['costPerHour']))}/h")
        projected[COST] = Figure(money(Decimal(projection["totalCost"])))
    yield pace
    yield projected


def _limit(row: Row, zone: tzinfo) -> str:
    if "limitResetsAt" not in row:
        return ""
    start = datetime.fromisoformat(row["startTime"]).astimezone(zone)
    end = datetime.fromisoformat(row["limitResetsAt"]).astimezone(zone)
    day = "" if end.date() == start.date() else f"{end:%Y-%m-%d} "
    return f" limit until {day}{end:%H:%M}"


def _duration(length: timedelta) -> str:
    """Return a length of time as `5h`, `2h 10m`, `45m`, `3d 4h`."""
    days, hours, minutes = length.days, length.seconds // 3600, length // _MINUTE % 60
    if days:
        return f"{days}d {hours}h" if hours else f"{days}d"
    if not hours:
        return f"{minutes}m"
    return f"{hours}h {minutes}m" if minutes else f"{hours}h"


@lru_cache(maxsize=8)
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)
