"""What the charts draw, worked out of report documents: stretches of time, and ranked shares.

In: rows as parsed from a document, numbers as `int` or `Decimal`. Out: plain values. Nothing
is drawn or escaped here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from amp_tray.core.figures import (
    cost,
    credits_text,
    money,
    month_name,
    short_cost,
    short_number,
    tokens,
)

Row = Mapping[str, Any]

OTHERS = "other models"
MODELS_SHOWN = 6
"""Models with a colour of their own; those below them are drawn as one."""

Step = Literal["day", "week", "month"]
_LONG = Decimal(10_000)
_MOST_DAYS, _MOST_WEEKS, _MOST_MONTHS = 100, 105, 240


@dataclass(frozen=True, slots=True)
class Measure:
    """What the charts measure: the cost, or tokens where a report was asked for without it."""

    key: Literal["totalCost", "totalTokens"]
    noun: str

    def of(self, row: Row) -> Decimal:
        """Return a row's amount."""
        return Decimal(row[self.key])

    def text(self, row: Row) -> str:
        """Return a row's amount in words; what has no known price is told, never 0."""
        if self.key == "totalTokens":
            return tokens(row["totalTokens"])
        return cost(Decimal(row["totalCost"]), row["unpricedTokens"])

    def figure(self, row: Row) -> str:
        """Return a row's amount where there is little room: `$1.20*` is without some tokens."""
        if self.key == "totalTokens":
            return short_number(row["totalTokens"])
        if row["unpricedTokens"] and not row["totalCost"]:
            return "no known price"
        return short_cost(Decimal(row["totalCost"]), row["unpricedTokens"])

    def amount(self, value: Decimal) -> str:
        """Return a bare amount."""
        return money(value) if self.key == "totalCost" else short_number(int(value))

    def tick(self, value: Decimal) -> str:
        """Return an amount as an axis has it: short, as long as nothing is lost by it."""
        if self.key == "totalTokens" or value >= _LONG:
            return self.sign + short_number(int(value)).replace(".0", "")
        return f"{self.sign}{int(value):,}" if value == int(value) else money(value)

    @property
    def sign(self) -> str:
        """The currency's sign, nothing for tokens."""
        return "$" if self.key == "totalCost" else ""


def measure_of(totals: Row) -> Measure:
    """Return what a document can be measured by."""
    if "totalCost" in totals:
        return Measure("totalCost", "Cost")
    return Measure("totalTokens", "Tokens")


@dataclass(frozen=True, slots=True)
class Share:
    """One bar of a ranking: a name, its amount, and the amount as it is shown."""

    name: str
    amount: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """One stretch of time.

    Attributes:
        tick: its name on the axis; `name` in full.
        parts: amounts by series, in the order of the series' names.
        detail: lines for whoever points at it.
    """

    tick: str
    name: str
    parts: tuple[Decimal, ...]
    detail: tuple[str, ...]

    @property
    def total(self) -> Decimal:
        """The whole column's amount."""
        return sum(self.parts, Decimal(0))


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every stretch of time from the first usage to the last, those without usage too."""

    step: Step
    series: tuple[str, ...]
    columns: tuple[Column, ...]


def ranked_models(rows: Sequence[Row], measure: Measure) -> list[Share]:
    """Return every model's share of the rows, the largest first, then by name."""
    sums: dict[str, dict[str, Any]] = {}
    for row in rows:
        for part in row["modelBreakdowns"]:
            held = sums.setdefault(part["model"], defaultdict(Decimal))
            for key in ("totalCost", "totalTokens", "unpricedTokens"):
                held[key] += part.get(key, 0)
    shares = [
        Share(name, measure.of(held), measure.figure({key: _whole(held, key) for key in held}))
        for name, held in sums.items()
    ]
    return sorted(shares, key=lambda share: (-share.amount, share.name))


def ranked_projects(rows: Sequence[Row], measure: Measure) -> list[Share]:
    """Return every project's share, the largest first, then by name."""
    shares = [
        Share(row["project"] or "no project", measure.of(row), measure.figure(row)) for row in rows
    ]
    return sorted(shares, key=lambda share: (-share.amount, share.name))


def timeline(rows: Sequence[Row], measure: Measure) -> Timeline:
    """Return the rows of a daily report as columns, oldest first, gaps filled.

    Days are drawn one by one as long as they have room, else weeks (from Monday), else months.
    """
    by_day = {date.fromisoformat(row["date"]): row for row in rows}
    ranked = [share.name for share in ranked_models(rows, measure)]
    named = ranked[:MODELS_SHOWN] if len(ranked) > MODELS_SHOWN + 1 else ranked
    series = (*named, OTHERS) if len(named) < len(ranked) else tuple(named)
    if not by_day:
        return Timeline("day", series, ())
    step = _step_of(min(by_day), max(by_day))
    groups: dict[date, list[Row]] = {start: [] for start in _starts(by_day, step)}
    for day, row in by_day.items():
        groups[_start_of(day, step)].append(row)
    columns = tuple(_column(start, step, held, series, measure) for start, held in groups.items())
    return Timeline(step, series, columns)


def day_text(day: date) -> str:
    """Return a day as `18 Nov 2026`, the same in every locale."""
    return f"{day.day} {_short_month(day)} {day.year}"


def _column(
    start: date, step: Step, rows: Sequence[Row], series: tuple[str, ...], measure: Measure
) -> Column:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for share in ranked_models(rows, measure):
        sums[share.name if share.name in series else OTHERS] += share.amount
    whole = {
        key: sum(row.get(key, 0) for row in rows)
        for key in ("totalCost", "totalTokens", "unpricedTokens", "credits")
    }
    head = [measure.text(whole) if rows else "no usage"]
    if rows and measure.key == "totalCost":
        head.append(tokens(whole["totalTokens"]))
    if whole["credits"]:
        head.append(credits_text(Decimal(whole["credits"])))
    listed = [f"{name}: {measure.amount(sums[name])}" for name in series if sums[name]]
    return Column(
        _tick(start, step),
        _name(start, step),
        tuple(sums[name] for name in series),
        (" · ".join(head), *listed),
    )


def _whole(held: Mapping[str, Decimal], key: str) -> int | Decimal:
    return held[key] if key == "totalCost" else int(held[key])


def _step_of(first: date, last: date) -> Step:
    days = (last - first).days + 1
    if days <= _MOST_DAYS:
        return "day"
    return "week" if days <= _MOST_WEEKS * 7 else "month"


def _start_of(day: date, step: Step) -> date:
    match step:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def _starts(days: Mapping[date, Row], step: Step) -> Sequence[date]:
    """Return where each stretch begins; over ages without end, where those with usage do."""
    first, last = _start_of(min(days), step), max(days)
    match step:
        case "day" | "week":
            stride = 1 if step == "day" else 7
            every = range(first.toordinal(), last.toordinal() + 1, stride)
            return [date.fromordinal(number) for number in every]
        case "month":
            months = range(_month_number(first), _month_number(last) + 1)
            if len(months) > _MOST_MONTHS:
                return sorted({_start_of(day, step) for day in days})
            return [date(number // 12, number % 12 + 1, 1) for number in months]


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _tick(start: date, step: Step) -> str:
    if step == "month":
        return f"{_short_month(start)} {start.year}"
    return f"{start.day} {_short_month(start)}"


def _name(start: date, step: Step) -> str:
    match step:
        case "day":
            return f"{_WEEKDAYS[start.weekday()]} {day_text(start)}"
        case "week":
            return f"week of {day_text(start)}"
        case "month":
            return f"{month_name(f'{start:%Y-%m}')} {start.year}"


def _short_month(day: date) -> str:
    return (month_name(f"{day:%Y-%m}") or "")[:3]


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
