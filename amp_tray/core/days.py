"""What all sessions together come to by calendar day and model, kept up as sessions change.

Reports by day, week and month need no more than this, however many sessions there are. Shares
are sums of whole numbers: what is added and taken away again leaves nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, tzinfo
from operator import add, attrgetter, neg
from typing import NamedTuple, Self, TypeAlias

from amp_tray.core.periods import by_day
from amp_tray.core.rollup import Rollup, model_groups

FIRST_AT = attrgetter("first_at")

_SUMS = slice(Rollup._fields.index("input_tokens"), None)
_MANY = 4096  # rollups are added up together, which is faster, but not all of them held for it


class Share(NamedTuple):
    """Some rollups of one day and model, added up.

    Attributes:
        number: how many they are.
        total: their sum, without instants.
    """

    number: int
    total: Rollup


Day: TypeAlias = Mapping[str, Share]
"""A day's shares by model."""

Days: TypeAlias = Mapping[date, Day]
"""Some calendar days, of one zone."""


class CalendarDays(NamedTuple):
    """All usage by the days of a zone.

    Attributes:
        newest_at: instant of the newest usage, None when there is none.
        sources: the log formats that there is usage of.
        rollups: by day, one or more a model.
    """

    zone: tzinfo
    newest_at: int | None
    sources: tuple[str, ...]
    rollups: Mapping[date, list[Rollup]]

    @classmethod
    def of(cls, parts: Mapping[str, "Days"], zone: tzinfo, newest_at: int | None) -> Self:
        """Return the days of several log formats together."""
        rollups: dict[date, list[Rollup]] = defaultdict(list)
        for days in parts.values():
            for day, shares in days.items():
                rollups[day] += [share.total for share in shares.values()]
        sources = tuple(source for source, days in parts.items() if days)
        return cls(zone, newest_at, sources, rollups)


Part: TypeAlias = tuple[int, str, tuple[int, ...]]
"""Some rollups added up: their day (its number in the calendar), model, and how many they are
with their sums."""


def days_of(rollups: Iterable[Rollup], zone: tzinfo) -> Days:
    """Return the days of a zone that rollups are of."""
    gathering = Gathering(zone)
    gathering.add(rollups)
    return gathering.days()


class Gathering:
    """The days of a zone while usage comes in and is exchanged for other.

    Attributes:
        zone: whose days they are.
        missing: how many rollups are to come whose sums others make.
    """

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.missing = 0
        self._parts: dict[tuple[int, str], tuple[int, ...]] = {}
        self._waiting: list[Rollup] = []

    def add(self, rollups: Iterable[Rollup]) -> None:
        """Add what came."""
        self._waiting += rollups
        if len(self._waiting) >= _MANY:
            self._add_waiting()

    def take(self, rollups: Iterable[Rollup]) -> None:
        """Take away what had come, and is no more."""
        for day, model, sums in _parts_of(rollups, self.zone):
            self._enter(day, model, map(neg, sums))

    def await_sums(self, number: int) -> None:
        """Note that the sums of so many rollups are yet to come."""
        self.missing += number

    def add_sums(self, parts: Iterable[Part]) -> None:
        """Add sums that were to come."""
        for day, model, sums in parts:
            self._enter(day, model, sums)
            self.missing -= sums[0]

    def parts(self) -> tuple[Part, ...]:
        """Return what there is now."""
        self._add_waiting()
        return tuple((day, model, sums) for (day, model), sums in self._parts.items())

    def days(self) -> Days:
        """Return what there is now, as days."""
        days: dict[date, dict[str, Share]] = defaultdict(dict)
        for day, model, (number, *sums) in self.parts():
            if number:
                days[date.fromordinal(day)][model] = Share(number, _total(model, sums))
        return days

    def _add_waiting(self) -> None:
        for day, model, sums in _parts_of(self._waiting, self.zone):
            self._enter(day, model, sums)
        self._waiting = []

    def _enter(self, day: int, model: str, sums: Iterable[int]) -> None:
        have = self._parts.get((day, model))
        self._parts[day, model] = tuple(sums if have is None else map(add, have, sums))


def _parts_of(rollups: Iterable[Rollup], zone: tzinfo) -> tuple[Part, ...]:
    """Add rollups up by their day in a zone, and by model."""
    return tuple(
        (day.toordinal(), model, (len(group), *map(sum, [*zip(*group, strict=True)][_SUMS])))
        for day, of_day in by_day(rollups, FIRST_AT, zone).items()
        for model, group in model_groups(of_day).items()
    )


def exchanged(day: Day, old: Day, new: Day) -> Day | None:
    """Return a day with a part of it exchanged for another; None if it cannot have had that part.

    Args:
        old: the part that goes; empty where one only comes.
        new: the part that comes.
    """
    changed = dict(day)
    for part, sign in ((new, 1), (old, -1)):
        for model, share in part.items():
            changed[model] = _plus(changed.get(model), share, sign)
    left = {model: share for model, share in changed.items() if share.number or any(_sums(share))}
    return left if all(share.number > 0 for share in left.values()) else None


def _plus(share: Share | None, other: Share, sign: int) -> Share:
    if share is None:
        share = Share(0, _total(other.total.model, [0] * len(_sums(other))))
    pairs = zip(_sums(share), _sums(other), strict=True)
    sums = (one + sign * more for one, more in pairs)
    return Share(share.number + sign * other.number, _total(other.total.model, sums))


def _sums(share: Share) -> tuple[int, ...]:
    _model, _first_at, _last_at, *sums = share.total
    return tuple(sums)


def _total(model: str, sums: Iterable[int]) -> Rollup:
    return Rollup(model, 0, 0, *sums)
