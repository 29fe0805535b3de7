"""LiteLLM's price file, as it is and as it must not be."""

import json
from typing import Any

import pytest

from amp_tray.core.rates import Prices, Rates, Tier
from amp_tray.pricing.litellm import NotAPriceListError, read_price_list


def entry(**rates: Any) -> dict[str, Any]:
    plain = {"input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05}
    return {"litellm_provider": "anthropic", "mode": "chat", **plain, **rates}


def prices_of(**rates: Any) -> Prices:
    read = read_price_list(json.dumps({"m": entry(**rates)}).encode())
    return read.offers["m"].prices


def test_rates_are_read_exactly() -> None:
    assert prices_of(
        cache_creation_input_token_cost=3.75e-06,
        cache_read_input_token_cost=3e-07,
        cache_creation_input_token_cost_above_1hr=6e-06,
    ) == Prices(Rates(3_000_000, 15_000_000, 3_750_000, 300_000, 6_000_000))


def test_context_tiers_and_quicker_service_are_read() -> None:
    prices = prices_of(
        input_cost_per_token_above_200k_tokens=6e-06,
        output_cost_per_token_above_200k_tokens=2.25e-05,
        cache_read_input_token_cost_above_200k_tokens=6e-07,
        input_cost_per_token_priority=6e-06,
        output_cost_per_token_priority=3e-05,
        input_cost_per_token_above_272k_tokens_priority=1.2e-05,
        output_cost_per_token_above_272k_tokens_priority=4.5e-05,
        input_cost_per_token_batches=1.5e-06,
        output_cost_per_token_batches=7.5e-06,
    )
    assert prices.tiers == (
        Tier(200_000, "", Rates(6_000_000, 22_500_000, None, 600_000)),
        Tier(0, "priority", Rates(6_000_000, 30_000_000)),
        Tier(272_000, "priority", Rates(12_000_000, 45_000_000)),
    )


def test_a_fast_mode_is_a_factor_on_every_rate() -> None:
    prices = prices_of(
        cache_read_input_token_cost=3e-07, provider_specific_entry={"us": 1.1, "fast": 2.5}
    )
    assert prices.tiers == (Tier(0, "fast", Rates(7_500_000, 37_500_000, None, 750_000)),)


def test_ranges_are_tiers() -> None:
    ranges = [
        {"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
        {"range": [32000.0, 1e6], "input_cost_per_token": 3e-06, "output_cost_per_token": 4e-06},
        {"range": "garbage"},
        7,
    ]
    listed = {"litellm_provider": "dashscope", "mode": "chat", "tiered_pricing": ranges}
    read = read_price_list(json.dumps({"qwen": listed}).encode())
    assert read.offers["qwen"].prices == Prices(
        Rates(1_000_000, 2_000_000), (Tier(32_000, "", Rates(3_000_000, 4_000_000)),)
    )


@pytest.mark.parametrize(
    "other",
    [
        entry(mode="embedding"),
        entry(mode=None),
        entry(litellm_provider=None),
        entry(litellm_provider="a | b"),
        entry(input_cost_per_token=None),
        entry(input_cost_per_token="cheap"),
        entry(input_cost_per_token=0, output_cost_per_token=0),
        [],
        None,
        "text",
    ],
)
def test_what_prices_no_text_is_left_out(other: object) -> None:
    read = read_price_list(json.dumps({"m": other, "good": entry()}).encode())
    assert (list(read.offers), read.refused) == (["good"], {})


@pytest.mark.parametrize("name", ["a | b", "line\nbreak", "\x1b[31mred", "x" * 201])
def test_names_that_could_break_a_line_are_left_out(name: str) -> None:
    assert list(read_price_list(json.dumps({name: entry(), "good": entry()}).encode()).offers) == [
        "good"
    ]


def test_names_are_lower_case_and_the_one_so_spelled_wins() -> None:
    both = {"MiniMax": entry(output_cost_per_token=1e-06), "minimax": entry()}
    for names in (both, dict(reversed(both.items()))):
        read = read_price_list(json.dumps(names).encode())
        assert read.offers["minimax"].prices.rates.output == 15_000_000


@pytest.mark.parametrize(
    ("rates", "why"),
    [
        ({"input_cost_per_token": -3e-06}, "below zero"),
        ({"cache_read_input_token_cost": -1}, "below zero"),
        ({"output_cost_per_token": 15}, "above 1,000 USD"),
        ({"input_cost_per_token_priority": 3, "output_cost_per_token_priority": 3}, "above 1,000"),
    ],
)
def test_rates_that_cannot_be_are_named(rates: dict[str, Any], why: str) -> None:
    read = read_price_list(json.dumps({"m": entry(**rates)}).encode())
    assert read.offers == {}
    assert why in read.refused["m"]


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b"[]", b"7", b"null", b"{}", b"<html>", b"\xff\xfe", b'{"m": {}}'),
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_price_list_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPriceListError):
        read_price_list(data)
