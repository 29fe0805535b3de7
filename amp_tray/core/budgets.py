"""Budgets: how much of a day's, a week's or a month's is used, and when it was crossed.

Everything follows from the usage itself, also the instants at which 80 % and 100 % were
passed, so nothing need be remembered, and an event is told once whoever asks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from typing import Final, Literal, get_args

from amp_tray.core.document import Document, rounded
from amp_tray.core.money import credits_decimal, usd_decimal
from amp_tray.core.periods import day_of, iso_instant, month_of, start_of_day
from amp_tray.core.rollup import Rollup
from amp_tray.core.snapshot import Snapshot

Span = Literal["daily", "weekly", "monthly"]
SPANS: Final[tuple[Span, ...]] = get_args(Span)

Unit = Literal["usd", "tokens", "credits"]
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)

NEAR = 80
"""Per cent of a budget from which it is nearly used."""
OVER = 100

_LEVELS = ("ok", "near", "over")
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be used in a period.

    Attributes:
        limit: above 0: picodollars, tokens or nanocredits, as the unit says.
    """

    span: Span
    unit: Unit
    limit: int

    @property
    def shown_limit(self) -> Decimal | int:
        """The limit as documents show it: USD, tokens or credits."""
        return _SHOWN[self.unit](self.limit)


@dataclass(frozen=True, slots=True)
class Budgets:
    """All budgets.

    Attributes:
        start_of_week: the day a week begins with, 0 is Monday.
    """

    limits: tuple[Budget, ...] = ()
    start_of_week: int = 0


NO_BUDGETS = Budgets()


def budget_rows(snapshot: Snapshot, budgets: Budgets, *, now: int, zone: tzinfo) -> list[Document]:
    """Return how each budget stands in the period of an instant."""
    if not budgets.limits:
        return []
    today = day_of(now, zone)
    firsts = {
        "daily": today,
        "weekly": today - timedelta(days=(today.weekday() - budgets.start_of_week) % _WEEK_DAYS),
        "monthly": today.replace(day=1),
    }
    usage = {span: _usage_since(snapshot, first, zone) for span, first in firsts.items()}
    return [
        _row(budget, firsts[budget.span], usage[budget.span], zone) for budget in budgets.limits
    ]


def _row(budget: Budget, first: date, rollups: Sequence[Rollup], zone: tzinfo) -> Document:
    amount = _AMOUNTS[budget.unit]
    used = sum(map(amount, rollups))
    near_at, over_at = (
        _passed_at(rollups, amount, budget.limit * share // 100) for share in (NEAR, OVER)
    )
    return {
        "period": budget.span,
        "unit": budget.unit,
        "key": month_of(first) if budget.span == "monthly" else first.isoformat(),
        "limit": budget.shown_limit,
        "used": _SHOWN[budget.unit](used),
        "share": rounded(used / budget.limit, 4),
        "level": "over" if over_at else "near" if near_at else "ok",
        "since": iso_instant(start_of_day(first, zone)),
        "nearAt": near_at,
        "overAt": over_at,
    }


def _usage_since(snapshot: Snapshot, first: date, zone: tzinfo) -> list[Rollup]:
    """Return the usage from a day on, oldest first."""
    found = [
        rollup
        for session in snapshot.sessions.values()
        if day_of(session.last_at, zone) >= first
        for rollup in session.rollups
        if day_of(rollup.first_at, zone) >= first
    ]
    return sorted(found, key=lambda rollup: (rollup.last_at, rollup.model))


def _passed_at(
    rollups: Iterable[Rollup], amount: Callable[[Rollup], int], threshold: int
) -> str | None:
    used = 0
    for rollup in rollups:
        used += amount(rollup)
        if used >= threshold:
            return iso_instant(rollup.last_at)
    return None


def _tokens(rollup: Rollup) -> int:
    return (
        rollup.input_tokens
        + rollup.output_tokens
        + rollup.cache_creation_tokens
        + rollup.cache_read_tokens
    )


def _count(amount: int) -> int:
    return amount


_AMOUNTS: Mapping[Unit, Callable[[Rollup], int]] = {
    "usd": lambda rollup: rollup.cost,
    "tokens": _tokens,
    "credits": lambda rollup: rollup.credits,
}
_SHOWN: Mapping[Unit, Callable[[int], Decimal | int]] = {
    "usd": usd_decimal,
    "tokens": _count,
    "credits": credits_decimal,
}


class Crossings:
    """Tells when a budget comes near its end or is used up: once per threshold and period.

    What was crossed before the first look is not told, so a restart repeats nothing; a price
    that falls and rises again tells nothing twice.
    """

    def __init__(self) -> None:
        self._told: dict[tuple[Span, Unit], tuple[str, int]] | None = None

    def new_in(self, rows: Sequence[Document]) -> list[Document]:
        """Return the rows of `budget_rows` whose level rose since the last look."""
        first, told = self._told is None, dict(self._told or {})
        risen = []
        for row in rows:
            key, rank = (row["period"], row["unit"]), _LEVELS.index(row["level"])
            period, before = told.get(key, (row["key"], 0))
            if period != row["key"]:
                before = 0
            if rank > before and not first:
                risen.append(row)
            told[key] = (row["key"], max(rank, before))
        self._told = told
        return risen
