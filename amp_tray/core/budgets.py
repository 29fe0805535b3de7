"""Budgets: how much of a day's, a week's or a month's is used, and when it was crossed.

Everything follows from the usage itself, also the instants at which 80 % and 100 % were
passed, so nothing need be remembered, and an event is told once whoever asks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from typing import Final, Literal, NamedTuple, get_args

from amp_tray.core.document import Document, rounded
from amp_tray.core.money import credits_decimal, usd_decimal
from amp_tray.core.periods import day_of, iso_instant, month_of, start_of_day
from amp_tray.core.rollup import Rollup
from amp_tray.core.snapshot import SessionUsage, Snapshot

Span = Literal["daily", "weekly", "monthly"]
SPANS: Final[tuple[Span, ...]] = get_args(Span)

Unit = Literal["usd", "tokens", "credits"]
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)

NEAR = 80
"""Per cent of a budget from which it is nearly used."""
OVER = 100

_LEVELS = ("ok", "near", "over")
_WEEK_DAYS = 7


class Budget(NamedTuple):
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


class Budgets(NamedTuple):
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
    firsts: dict[Span, date] = {
        "daily": today,
        "weekly": today - timedelta(days=(today.weekday() - budgets.start_of_week) % _WEEK_DAYS),
        "monthly": today.replace(day=1),
    }
    starts = {budget.span: start_of_day(firsts[budget.span], zone) for budget in budgets.limits}
    earliest = min(starts.values())
    sessions = [one for one in snapshot.sessions.values() if one.last_at >= earliest]
    usage = {span: _usage_since(sessions, start) for span, start in starts.items()}
    return [
        _row(budget, firsts[budget.span], starts[budget.span], usage[budget.span])
        for budget in budgets.limits
    ]


def _row(budget: Budget, first: date, start: int, rollups: Sequence[Rollup]) -> Document:
    amount = _AMOUNTS[budget.unit]
    used = sum(map(amount, rollups))
    # The least whole amount that is not below the share.
    near_at, over_at = (
        _passed_at(rollups, amount, -(-budget.limit * share // 100)) for share in (NEAR, OVER)
    )
    return {
        "period": budget.span,
        "unit": budget.unit,
        "key": month_of(first) if budget.span == "monthly" else first.isoformat(),
        "limit": budget.shown_limit,
        "used": _SHOWN[budget.unit](used),
        "share": rounded(used / budget.limit, 4),
        "level": "over" if over_at else "near" if near_at else "ok",
        "since": iso_instant(start),
        "nearAt": near_at,
        "overAt": over_at,
    }


def _usage_since(sessions: Iterable[SessionUsage], start: int) -> list[Rollup]:
    """Return the usage from an instant on, oldest first."""
    found = [
        rollup
        for session in sessions
        if session.last_at >= start
        for rollup in session.rollups
        if rollup.first_at >= start
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
    """Tells when a budget comes near its end or is used up: once per budget, level and period.

    What was crossed before a budget was first looked at is not told, so that a restart repeats
    nothing and a limit that is set lower tells nothing; prices that fall and rise again tell
    nothing twice. Another limit is another budget.
    """

    def __init__(self) -> None:
        self._told: dict[tuple[Span, Unit, Decimal | int], tuple[str, int]] = {}
        self._looked_at = ""

    def new_in(self, rows: Iterable[Document], now: int) -> list[Document]:
        """Return the rows of `budget_rows` whose level rose since the last look.

        Args:
            rows: how all budgets stand.
            now: the instant for which they were asked.
        """
        risen = []
        for row in rows:
            budget, rank = (row["period"], row["unit"], row["limit"]), _LEVELS.index(row["level"])
            period, before = self._told.get(budget, ("", rank))
            if period and period != row["key"]:
                # A period that a look saw before under another name (the clock was set, the zone
                # or the start of the week is another) is no new one.
                before = 0 if row["since"] > self._looked_at else rank
            if rank > before:
                risen.append(row)
            self._told[budget] = (row["key"], max(rank, before))
        self._looked_at = max(self._looked_at, iso_instant(now))
        return risen


def crossing(row: Document) -> Document:
    """Return what is told of a budget that was crossed; `name` is the setting's."""
    return {
        "name": f"budgets.{row['period']}.{row['unit']}",
        "level": row["level"],
        "period": row["period"],
        "periodKey": row["key"],
        "unit": "USD" if row["unit"] == "usd" else row["unit"],
        "used": row["used"],
        "limit": row["limit"],
    }
