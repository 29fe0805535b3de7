"""Rate cards as text, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.rates import Prices, RateCard, Rates, Tier
from amp_tray.pricing.cards import card_line, parse_line
from tests.support.prices import card

RATE = st.integers(0, 10**9)
RATES = st.builds(Rates, RATE, RATE, *[st.none() | RATE] * 3)
TIERS = st.dictionaries(
    st.tuples(st.sampled_from(["", "fast", "priority"]), st.integers(0, 10**7)), RATES
).map(lambda tiers: {key: rates for key, rates in tiers.items() if key != ("", 0)})
PRICES = st.builds(
    lambda rates, tiers: Prices(
        rates, tuple(Tier(above, speed, each) for (speed, above), each in sorted(tiers.items()))
    ),
    RATES,
    TIERS,
)
CARDS = st.builds(
    RateCard,
    st.just("m"),
    st.just("anthropic"),
    st.integers(0, 40_000),
    st.none() | st.integers(0, 40_000),
    PRICES,
    st.just("bundled"),
)


@given(st.lists(CARDS, min_size=1, max_size=4))
def test_cards_come_back_as_they_were_written(cards: list[RateCard]) -> None:
    assert parse_line("m", card_line("anthropic", cards), "bundled").cards == tuple(cards)


def test_a_line_reads_as_prices_are_quoted() -> None:
    line = "anthropic | 2025-05-28 3/15 | 2025-09-24..2026-10-27 3/15/3.75/0.3/6 >200000 6/22.5"
    listing = parse_line("claude-x", line, "download")
    assert card_line("anthropic", listing.cards) == line
    first, last = listing.cards
    assert (first.until, first.prices.rates) == (None, Rates(3_000_000, 15_000_000))
    assert (last.model, last.origin) == ("claude-x", "download")
    assert last.prices.rates.cache_creation_1h == 6_000_000
    assert last.prices.tiers == (Tier(200_000, "", Rates(6_000_000, 22_500_000)),)


def test_speeds_and_their_tiers_are_told_apart() -> None:
    prices = card("openai | 2026-01-01 1/2 >1000 3/4 fast 5/6 priority 7/8 >1000 9/10").prices
    assert [(tier.above, tier.speed) for tier in prices.tiers] == [
        (1000, ""),
        (0, "fast"),
        (0, "priority"),
        (1000, "priority"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        *("", "anthropic", "anthropic | ", "anthropic | 2025-05-28", "p | 2025-05-28 3"),
        *("p | 2025-13-01 3/15", "p | 2025-05-28 a/b", "p | 2025-05-28 1/2/3/4/5/6"),
        *("p | 2025-05-28 /15", "p | 2025-05-28 1/2 >x 3/4"),
    ],
)
def test_other_text_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_line("m", line, "bundled")
