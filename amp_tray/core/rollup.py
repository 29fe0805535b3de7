"""Rollups: a session's usage by quarter hour and model, and what they add up to.

A quarter hour never spans two days in any zone, so rollups answer every question about days,
months, models and sessions in every zone, at a fraction of the events' size.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, assert_never

from amp_tray.core.choices import Mode
from amp_tray.core.events import UsageEvent
from amp_tray.core.modes import auto_cost, recorded_cost
from amp_tray.core.money import Credits, Usd
from amp_tray.core.periods import QUARTER_MS
from amp_tray.core.tokens import Totals

ROLLUPS_VERSION = 1
"""Raise it when what a rollup holds or an event costs changes: stored ones are then made anew."""

Price = Callable[[UsageEvent], Usd | None]
"""What an event costs at list price; None when its model has none."""


class Rollup(NamedTuple):
    """One session's usage of one model in one quarter hour.

    Attributes:
        first_at, last_at: instants of the first and last event in it, epoch milliseconds.
        cost: of the priced part in the mode `auto`; `unpriced_tokens` is the size of the rest.
        calculated_cost, calculated_unpriced: the same two in the mode `calculate`.
        recorded_cost, recorded_unpriced: the same two in the mode `display`.
    """

    model: str
    first_at: int
    last_at: int
    input_tokens: int
    output_tokens: int
    cache_creation_tokens: int
    cache_read_tokens: int
    credits: int
    cost: int
    unpriced_tokens: int
    calculated_cost: int
    calculated_unpriced: int
    recorded_cost: int
    recorded_unpriced: int


# The columns that totals have, in their order.
_SUMMED = slice(Rollup._fields.index("input_tokens"), Rollup._fields.index("unpriced_tokens") + 1)


@dataclass(slots=True)
class Tally:
    """A running sum of events or rollups; `totals` is what it came to."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_tokens: int = 0
    cache_read_tokens: int = 0
    credits: int = 0
    cost: int = 0
    unpriced_tokens: int = 0

    def add(self, part: Rollup | Totals) -> None:
        """Add one part to the sum."""
        self.input_tokens += part.input_tokens
        self.output_tokens += part.output_tokens
        self.cache_creation_tokens += part.cache_creation_tokens
        self.cache_read_tokens += part.cache_read_tokens
        self.credits += part.credits
        self.cost += part.cost
        self.unpriced_tokens += part.unpriced_tokens

    def count(self, event: UsageEvent, cost: Usd | None) -> None:
        """Add one event; without a cost its tokens are unpriced."""
        self.input_tokens += event.input_tokens
        self.output_tokens += event.output_tokens
        self.cache_creation_tokens += event.cache_creation_tokens
        self.cache_read_tokens += event.cache_read_tokens
        self.credits += event.credits or 0
        if cost is None:
            self.unpriced_tokens += event.total_tokens
        else:
            self.cost += cost

    @property
    def totals(self) -> Totals:
        """Return the sum as a value."""
        return Totals(
            self.input_tokens,
            self.output_tokens,
            self.cache_creation_tokens,
            self.cache_read_tokens,
            Credits(self.credits),
            Usd(self.cost),
            self.unpriced_tokens,
        )


def roll_up(events: Iterable[UsageEvent], price: Price) -> tuple[Rollup, ...]:
    """Price a session's events and sum them by quarter hour and model, oldest first."""
    groups: dict[tuple[int, str], list[UsageEvent]] = {}
    for event in events:
        groups.setdefault((event.at // QUARTER_MS, event.model), []).append(event)
    return tuple(_roll_up_one(model, group, price) for (_, model), group in sorted(groups.items()))


def _roll_up_one(model: str, events: Sequence[UsageEvent], price: Price) -> Rollup:
    # One loop over local names: this runs for every event of a ledger, and a `Tally` for each
    # mode would take twice as long.
    inputs = outputs = creations = reads = amounts = 0
    auto = calculated = recorded = 0
    no_auto = no_calculated = no_recorded = 0
    for event in events:
        inputs += event.input_tokens
        outputs += event.output_tokens
        creations += event.cache_creation_tokens
        reads += event.cache_read_tokens
        amounts += event.credits or 0
        listed = price(event)
        if listed is None:
            no_calculated += event.total_tokens
        else:
            calculated += listed
        cost = auto_cost(event, listed)
        if cost is None:
            no_auto += event.total_tokens
        else:
            auto += cost
        given = recorded_cost(event)
        if given is None:
            no_recorded += event.total_tokens
        else:
            recorded += given
    instants = [event.at for event in events]
    return Rollup(
        model=model,
        first_at=min(instants),
        last_at=max(instants),
        input_tokens=inputs,
        output_tokens=outputs,
        cache_creation_tokens=creations,
        cache_read_tokens=reads,
        credits=amounts,
        cost=auto,
        unpriced_tokens=no_auto,
        calculated_cost=calculated,
        calculated_unpriced=no_calculated,
        recorded_cost=recorded,
        recorded_unpriced=no_recorded,
    )


def in_mode(rollup: Rollup, mode: Mode) -> Rollup:
    """Return a rollup whose cost and unpriced tokens are those of a cost mode.

    Args:
        rollup: as `roll_up` made it, so itself in the mode `auto`.
    """
    match mode:
        case "auto":
            return rollup
        case "calculate":
            cost, unpriced = rollup.calculated_cost, rollup.calculated_unpriced
        case "display":
            cost, unpriced = rollup.recorded_cost, rollup.recorded_unpriced
        case _:
            assert_never(mode)
    return rollup._replace(cost=cost, unpriced_tokens=unpriced)


def sum_of(parts: Iterable[Rollup | Totals]) -> Totals:
    """Return what some parts add up to."""
    tally = Tally()
    for part in parts:
        tally.add(part)
    return tally.totals


def by_model(rollups: Iterable[Rollup]) -> list[tuple[str, Totals]]:
    """Return totals per model, the dearest first, then by name."""
    groups: dict[str, list[Rollup]] = {}
    for rollup in rollups:
        group = groups.get(rollup.model)
        if group is None:
            group = groups[rollup.model] = []
        group.append(rollup)
    return sorted(
        ((model, _total(group)) for model, group in groups.items()),
        key=lambda item: (-item[1].cost, item[0]),
    )


def _total(rollups: Sequence[Rollup]) -> Totals:
    # Column by column: a report adds up tens of thousands, and a `Tally` takes three times as long.
    sums = [sum(column) for column in zip(*(rollup[_SUMMED] for rollup in rollups), strict=True)]
    inputs, outputs, creations, reads, amounts, cost, unpriced = sums
    return Totals(inputs, outputs, creations, reads, Credits(amounts), Usd(cost), unpriced)


def recent_costs(
    events: Iterable[UsageEvent], price: Price, since: int
) -> Iterator[tuple[int, int]]:
    """Yield (instant, picodollars) of the events at or after `since` that `auto` prices."""
    for event in events:
        if event.at >= since and (cost := auto_cost(event, price(event))) is not None:
            yield event.at, cost
