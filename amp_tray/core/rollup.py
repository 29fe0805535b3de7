"""Rollups: a session's usage by quarter hour and model, and what they add up to.

A quarter hour never spans two days in any zone, so rollups answer every question about days,
months, models and sessions in every zone, at a fraction of the events' size.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, assert_never

from amp_tray.core.choices import Mode
from amp_tray.core.events import UsageEvent, Use, use_of
from amp_tray.core.modes import USD_PER_CREDIT, auto_cost, recorded_cost
from amp_tray.core.money import Credits, Usd
from amp_tray.core.periods import QUARTER_MS
from amp_tray.core.rates import CardOf, RateCard, cost_of
from amp_tray.core.tokens import Totals

ROLLUPS_VERSION = 1
"""Raise it when what a rollup holds or an event costs changes: stored ones are then made anew."""


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


_QUARTERS_A_DAY = 96
_new = tuple.__new__  # in a third of the time of a call by name


class Tally:
    """A running sum of events or rollups; `totals` is what it came to."""

    __slots__ = Totals._fields

    def __init__(self) -> None:
        self.input_tokens = 0
        self.output_tokens = 0
        self.cache_creation_tokens = 0
        self.cache_read_tokens = 0
        self.credits = 0
        self.cost = 0
        self.unpriced_tokens = 0

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


class Price(NamedTuple):
    """A model's card on a day, and how large a request has its usual rates."""

    card: RateCard | None
    usual_up_to: float


class PriceList(dict[tuple[str, int], Price]):
    """Prices by model and day, counted from 1970-01-01 (UTC), each looked for once."""

    def __init__(self, card_of: CardOf) -> None:
        super().__init__()
        self.card_of = card_of

    def __missing__(self, key: tuple[str, int]) -> Price:
        model, day = key
        card = self.card_of(model, day * _QUARTERS_A_DAY * QUARTER_MS)
        price = self[key] = Price(card, 0 if card is None else card.prices.usual_up_to)
        return price


def roll_up(events: Iterable[UsageEvent], prices: PriceList) -> tuple[Rollup, ...]:
    """Price a session's events and sum them by quarter hour and model, oldest first."""
    return roll_up_uses(map(use_of, events), prices)


def roll_up_uses(uses: Iterable[Use], prices: PriceList) -> tuple[Rollup, ...]:
    """Price what a session used and sum it by quarter hour and model, oldest first."""
    groups: dict[tuple[int, str], list[Use]] = {}
    for use in uses:
        key = (use[0] // QUARTER_MS, use[1])
        group = groups.get(key)
        if group is None:
            groups[key] = [use]
        else:
            group.append(use)
    return tuple(
        [  # prices change from day to day, so all of a quarter hour has one
            _roll_up_one(model, groups[quarter, model], prices[model, quarter // _QUARTERS_A_DAY])
            for quarter, model in sorted(groups)
        ]
    )


def _roll_up_one(model: str, uses: Sequence[Use], price: Price) -> Rollup:
    # One loop over local names, priced as a whole: this runs for every event of a ledger.
    first_at = last_at = uses[0][0]
    inputs = outputs = creations = reads = amounts = bare = largest = 0
    hours = 0
    given = quick = False
    for at, _, input_, output, creation, read, amount, told, single, terms in uses:
        if at < first_at:
            first_at = at
        elif at > last_at:
            last_at = at
        prompt = input_ + creation + read
        inputs += input_
        outputs += output
        creations += creation
        reads += read
        if amount:
            amounts += amount
        else:
            bare += prompt + output
        if prompt > largest and single:
            largest = prompt
        given = given or told is not None
        if terms is not None:
            hours += terms.hour_creation_tokens
            quick = quick or terms.speed != ""
    card, usual_up_to = price
    calculated, uncalculated = 0, inputs + outputs + creations + reads
    if card is not None:
        uncalculated = 0
        if quick or largest > usual_up_to:
            calculated = sum(cost_of(event, card) for event in map(_event_of, uses))
        else:
            calculated = card.prices.rates.cost_of(inputs, outputs, creations, reads, hours)
    auto, unknown = calculated, uncalculated
    recorded, unrecorded = amounts * USD_PER_CREDIT, bare
    if given:  # a log that tells its costs: event by event, for not all of them may have one
        auto, unknown = _sum_costs(uses, lambda event: _auto_cost(event, card))
        recorded, unrecorded = _sum_costs(uses, recorded_cost)
    return _new(
        Rollup,
        (
            model,
            first_at,
            last_at,
            inputs,
            outputs,
            creations,
            reads,
            amounts,
            auto,
            unknown,
            calculated,
            uncalculated,
            recorded,
            unrecorded,
        ),
    )


def _event_of(use: Use) -> UsageEvent:
    at, model, input_, output, creation, read, amount, told, single, terms = use
    event = UsageEvent("", "", at, 0, "", model, input_, output, creation, read, amount)
    return event._replace(
        recorded_cost=None if told is None else Usd(told), single=single, terms=terms
    )


def _sum_costs(
    uses: Iterable[Use], cost_of_one: Callable[[UsageEvent], Usd | None]
) -> tuple[int, int]:
    """Return what was used costs, and the tokens of what has no known cost."""
    total = unknown = 0
    for event in map(_event_of, uses):
        cost = cost_of_one(event)
        if cost is None:
            unknown += event.total_tokens
        else:
            total += cost
    return total, unknown


def _auto_cost(event: UsageEvent, card: RateCard | None) -> Usd | None:
    known = event.recorded_cost is not None  # then the list does not matter
    return auto_cost(event, None if known or card is None else cost_of(event, card))


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
    return sorted(
        ((model, _total(group)) for model, group in model_groups(rollups).items()),
        key=lambda item: (-item[1].cost, item[0]),
    )


def model_groups(rollups: Iterable[Rollup]) -> dict[str, list[Rollup]]:
    """Return rollups by their model, in no order."""
    groups: dict[str, list[Rollup]] = {}
    for rollup in rollups:
        group = groups.get(rollup.model)
        if group is None:
            group = groups[rollup.model] = []
        group.append(rollup)
    return groups


def _total(rollups: Sequence[Rollup]) -> Totals:
    # Column by column: a report adds up tens of thousands, and a `Tally` takes three times as long.
    columns = tuple(zip(*rollups, strict=True))
    sums = [sum(column) for column in columns[_SUMMED]]
    inputs, outputs, creations, reads, amounts, cost, unpriced = sums
    return Totals(inputs, outputs, creations, reads, Credits(amounts), Usd(cost), unpriced)


def recent_costs(
    events: Iterable[UsageEvent], card_of: CardOf, since: int
) -> tuple[tuple[int, int], ...]:
    """Return (instant, picodollars) of the events at or after `since` that `auto` prices."""
    found = []
    for event in events:
        if event.at >= since:
            cost = _auto_cost(event, card_of(event.model, event.at))
            if cost is not None:
                found.append((event.at, int(cost)))
    return tuple(sorted(found))
