"""What usage costs by a rate card: exactly, and by the tier of its own size."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.events import Terms, UsageEvent
from amp_tray.core.money import usd_decimal
from amp_tray.core.rates import Prices, RateCard, Rates, Tier, cost_of
from amp_tray.core.rollup import PriceList, roll_up
from tests.support.prices import card

# Claude Sonnet 4 as listed: $3 and $15 per million tokens, $6 and $22.50 above 200,000.
TIERED = card("anthropic | 2025-09-24 3/15/3.75/0.3 >200000 6/22.5/7.5/0.6")


def usage(
    *, inputs: int = 0, output: int = 0, creation: int = 0, read: int = 0, single: bool = True
) -> UsageEvent:
    return UsageEvent("s", "t", 0, 0, "message", "m", inputs, output, creation, read, single=single)


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        (Rates(5_000_000, 25_000_000, 6_250_000, 500_000), "0.0113"),
        (Rates(5_000_000, 25_000_000), "0.03255"),
        (Rates(5_000_000, 25_000_000, 0, 0), "0.00255"),
        (Rates(0, 0, 0, 0), "0"),
    ],
)
def test_a_cost_is_exact_and_cache_without_a_rate_is_input(rates: Rates, expected: str) -> None:
    event = usage(inputs=10, output=100, creation=1000, read=5000)
    plain = RateCard("m", "p", 0, None, Prices(rates))
    assert usd_decimal(cost_of(event, plain)) == Decimal(expected)


def test_a_request_beyond_the_threshold_is_billed_whole_at_its_tier() -> None:
    event = usage(inputs=150_000, output=1_000, read=100_000)
    assert usd_decimal(cost_of(event, TIERED)) == Decimal("0.9825")  # 0.90 + 0.0225 + 0.06


def test_two_requests_below_the_threshold_are_not() -> None:
    event = usage(inputs=150_000, output=1_000)
    assert usd_decimal(cost_of(event, TIERED) * 2) == Decimal("0.93")


@pytest.mark.parametrize(
    ("event", "tiered"),
    [
        (usage(inputs=200_000), False),
        (usage(inputs=200_001), True),
        (usage(creation=200_001), True),
        (usage(read=200_001), True),
        (usage(output=900_000), False),
        (usage(inputs=100_000, creation=50_000, read=50_001), True),
        (usage(inputs=250_000, single=False), False),
    ],
)
def test_the_threshold_counts_input_and_cache_of_one_inference(
    event: UsageEvent, *, tiered: bool
) -> None:
    rates = TIERED.prices.tiers[0].rates if tiered else TIERED.prices.rates
    assert cost_of(event, TIERED) == cost_of(event, TIERED._replace(prices=Prices(rates)))


def test_the_highest_tier_passed_counts_and_speeds_are_not_chosen_by_size() -> None:
    steps = card("p | 2026-01-01 1/2 >32000 3/4 >128000 5/6 fast 70/70 >1000 90/90")
    assert [cost_of(usage(inputs=size), steps) // size for size in (32_000, 32_001, 128_001)] == [
        1_000_000,
        3_000_000,
        5_000_000,
    ]


def test_what_a_tier_does_not_list_is_as_without_it() -> None:
    partial = card("p | 2026-01-01 1/2/1.25/0.1 >200000 2/3")
    assert partial.prices.rates_for(200_001) == Rates(2_000_000, 3_000_000, 1_250_000, 100_000)
    hour = card("p | 2026-01-01 3/15/3.75/0.3/6 >200000 6/22.5/7.5").prices.rates_for(200_001)
    assert (hour.cache_read, hour.cache_creation_1h) == (300_000, None)
    bare = Prices(Rates(1, 2), (Tier(10, "", Rates(3, 4)),))
    assert bare.rates_for(11).read_rate == 3


@given(st.lists(st.integers(0, 10**9), min_size=4, max_size=4), st.booleans())
def test_a_cost_is_the_sum_of_its_kinds(counts: list[int], single: bool) -> None:
    inputs, output, creation, read = counts
    event = usage(inputs=inputs, output=output, creation=creation, read=read, single=single)
    big = single and inputs + creation + read > 200_000
    rates = TIERED.prices.tiers[0].rates if big else TIERED.prices.rates
    assert cost_of(event, TIERED) == sum(
        count * (rate or 0)
        for count, rate in zip(counts, (rates[0], rates[1], rates[2], rates[3]), strict=True)
    )


QUICK = card("anthropic | 2026-02-24 5/25/6.25/0.5/10 >200000 10/37.5/12.5/1 fast 30/150/37.5/3/60")


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        (Rates(5, 25, 6, 1, 11), 11 * 30 + 6 * 70),
        (Rates(5, 25, 6, 1), 10 * 30 + 6 * 70),  # not listed: twice the input
        (Rates(5, 25), 10 * 30 + 5 * 70),
    ],
)
def test_cache_that_is_kept_for_an_hour_has_a_rate_of_its_own(rates: Rates, expected: int) -> None:
    event = usage(creation=100)._replace(terms=Terms(hour_creation_tokens=30))
    assert cost_of(event, RateCard("m", "p", 0, None, Prices(rates))) == expected


@pytest.mark.parametrize(
    ("event", "speed", "dollars"),
    [
        (usage(inputs=1000), "", "0.005"),
        (usage(inputs=1000), "fast", "0.03"),
        (usage(inputs=1000), "priority", "0.005"),  # without rates of its own: as usual
        (usage(inputs=201_000), "", "2.01"),
        (usage(inputs=201_000), "fast", "6.03"),
        (usage(creation=1000), "fast", "0.0375"),
    ],
)
def test_a_quicker_service_costs_what_the_list_says_of_it(
    event: UsageEvent, speed: str, dollars: str
) -> None:
    quick = event._replace(terms=Terms(speed=speed)) if speed else event
    assert usd_decimal(cost_of(quick, QUICK)) == Decimal(dollars)


def test_a_roll_up_bills_each_event_on_its_own_terms() -> None:
    events = [
        usage(inputs=1000),
        usage(inputs=1000)._replace(terms=Terms(speed="fast")),
        usage(creation=1000)._replace(terms=Terms(1000)),
    ]
    (rollup,) = roll_up(events, PriceList(lambda _model, _at: QUICK))
    assert rollup.calculated_cost == rollup.cost == sum(cost_of(event, QUICK) for event in events)
    assert usd_decimal(rollup.cost) == Decimal("0.045")


EVENTS = st.builds(
    lambda input_, creation, hour, speed, single: usage(inputs=input_, creation=creation)._replace(
        terms=Terms(hour, speed) if hour or speed else None, single=single
    ),
    st.sampled_from([0, 1, 150_000, 200_001]),
    st.sampled_from([7, 60_000]),
    st.sampled_from([0, 0, 7]),
    st.sampled_from(["", "", "fast", "priority"]),
    st.booleans(),
)


@given(st.lists(EVENTS, min_size=1, max_size=5), st.sampled_from([QUICK, TIERED]))
def test_a_roll_up_costs_what_its_events_do(events: list[UsageEvent], card: RateCard) -> None:
    (rollup,) = roll_up(events, PriceList(lambda _model, _at: card))
    assert rollup.calculated_cost == sum(cost_of(event, card) for event in events)
