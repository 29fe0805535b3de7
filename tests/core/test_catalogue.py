"""Which card a model has at an instant, and why."""

import pytest

from amp_tray.core.catalogue import Why, completed
from amp_tray.core.rates import Rates
from amp_tray.pricing.cards import card_line, parse_line
from tests.support.prices import at, card, catalogue

LISTS = {
    "claude-opus-4-5": "anthropic | 2025-12-07 5/25",
    "claude-opus-4-5-20251101": "anthropic | 2025-11-27 6/26",
    "claude-opus-4-20250514": "anthropic | 2025-05-28..2026-10-14 15/75",
    "eu.anthropic.claude-opus-4-5-20251101-v1:0": "bedrock_converse | 2025-11-27 5.5/27.5",
    "vertex_ai/claude-opus-4-5@20251101": "vertex_ai-anthropic_models | 2025-11-27 5/25",
    "openrouter/anthropic/claude-opus-4.5": "openrouter | 2025-11-27 5.1/25.1",
    "gpt-5.2": "openai | 2025-12-22 1.75/14",
    "azure/gpt-5.2": "azure | 2025-12-22 2/15",
    "xai/grok-code-fast-1": "xai | 2025-08-30 0.2/1.5 | 2026-08-22 1/2",
    "oci/xai.grok-code-fast-1": "oci | 2026-04-07 5/25",
    "fireworks_ai/accounts/fireworks/models/glm-4p6": "fireworks_ai | 2025-11-27 0.55/2.19",
    "zai/glm-4.6": "zai | 2025-12-07 0.6/2.2",
    "moonshot/kimi-k2-0905-preview": "moonshot | 2025-12-07..2026-10-14 0.6/2.5//0.15",
    "novita/moonshotai/kimi-k2-0905": "novita | 2026-01-21 0.7/2.6",
    "groq/llama-9": "groq | 2025-01-01 0.1/0.2",
    "nebius/meta/llama-9": "nebius | 2025-01-01 0.1/0.2//0.01",
    "groq/gpt-oss": "groq | 2025-01-01 0.1/0.2",
    "nebius/gpt-oss": "nebius | 2025-01-01 0.1/0.3",
    "old/llama-8": "old | 2025-01-01..2025-06-01 9/9",
    "new/llama-8": "new | 2025-05-01 1/1",
}


@pytest.mark.parametrize(
    ("model", "listed", "why"),
    [
        ("claude-opus-4-5-20251101", "claude-opus-4-5-20251101", Why.EXACT),
        ("Claude-Opus-4-5", "claude-opus-4-5", Why.EXACT),
        ("  claude-opus-4-5 ", "claude-opus-4-5", Why.EXACT),
        ("claude-opus-4.5", "claude-opus-4-5", Why.VENDOR),
        ("claude-opus-4-5-20260101", "claude-opus-4-5", Why.VENDOR),
        ("claude-opus-4-5@20251101", "claude-opus-4-5-20251101", Why.VENDOR),
        ("claude-opus-4", "claude-opus-4-20250514", Why.VENDOR),
        ("anthropic/claude-opus-4-5", "claude-opus-4-5", Why.PROVIDER),
        ("anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5-20251101", Why.VENDOR),
        (
            "eu.anthropic.claude-opus-4-5-20251101-v1:0",
            "eu.anthropic.claude-opus-4-5-20251101-v1:0",
            Why.EXACT,
        ),
        (
            "openrouter/anthropic/claude-opus-4.5",
            "openrouter/anthropic/claude-opus-4.5",
            Why.EXACT,
        ),
        ("GPT-5.2", "gpt-5.2", Why.EXACT),
        ("openai/gpt-5.2-2025-12-11", "gpt-5.2", Why.PROVIDER),
        ("azure/gpt-5.2", "azure/gpt-5.2", Why.EXACT),
        ("grok-code-fast-1", "xai/grok-code-fast-1", Why.VENDOR),
        ("x-ai/grok-code-fast-1", "xai/grok-code-fast-1", Why.PROVIDER),
        (
            "accounts/fireworks/models/glm-4p6",
            "fireworks_ai/accounts/fireworks/models/glm-4p6",
            Why.PROVIDER,
        ),
        ("glm-4.6", "zai/glm-4.6", Why.VENDOR),
        ("moonshotai/kimi-k2-0905", "moonshot/kimi-k2-0905-preview", Why.PROVIDER),
        ("kimi-k2-0905", "moonshot/kimi-k2-0905-preview", Why.VENDOR),
        ("llama-9", "nebius/meta/llama-9", Why.AGREED),
        ("llama-8", "new/llama-8", Why.AGREED),
        ("gpt-oss", None, Why.AMBIGUOUS),
        ("gpt-5", None, Why.UNKNOWN),
        ("gpt-5.20", None, Why.UNKNOWN),
        ("claude-opus-4-5-turbo", None, Why.UNKNOWN),
        ("unknown", None, Why.UNKNOWN),
        ("", None, Why.UNKNOWN),
        ("/", None, Why.UNKNOWN),
        ("日本", None, Why.UNKNOWN),
    ],
)
def test_a_model_is_found_by_its_spellings_and_never_guessed(
    model: str, listed: str | None, why: Why
) -> None:
    match = catalogue(LISTS).find(model, at("2026-03-01"))
    assert (None if match.card is None else match.card.model, match.why) == (listed, why)


def test_an_ambiguous_model_says_who_disagrees() -> None:
    match = catalogue(LISTS).find("gpt-oss", at("2026-03-01"))
    assert [rival.model for rival in match.rivals] == ["groq/gpt-oss", "nebius/gpt-oss"]


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        ("2024-01-01", 200_000),  # before the first card: the first
        ("2025-08-30", 200_000),
        ("2026-08-21", 200_000),
        ("2026-08-22", 1_000_000),
        ("2030-01-01", 1_000_000),
    ],
)
def test_a_price_is_the_one_of_the_event_s_own_day(day: str, rate: int) -> None:
    found = catalogue(LISTS).card_of("grok-code-fast-1", at(day))
    assert found is not None
    assert found.prices.rates.input == rate


def test_a_model_that_vanished_keeps_its_last_price() -> None:
    found = catalogue(LISTS).card_of("claude-opus-4-20250514", at("2027-01-01"))
    assert found is not None
    assert found.prices.rates == Rates(15_000_000, 75_000_000)


def test_what_a_list_left_out_at_first_counts_from_the_beginning() -> None:
    line = (
        "p | 2025-01-01 3/15 | 2025-02-01 3/15/3.75/0.3 | 2025-03-01 3/15/3.75/0.3/6 >200000 6/22"
    )
    (only,) = completed(parse_line("m", line, "bundled").cards)
    assert card_line("p", [only]) == "p | 2025-01-01 3/15/3.75/0.3/6 >200000 6/22"


@pytest.mark.parametrize(
    "line",
    [
        "p | 2025-01-01 3/15 | 2025-02-01 2/15/2.5/0.2",  # another price
        "p | 2025-01-01 3/15//0.3 | 2025-02-01 3/15//0.15",  # another cache price
        "p | 2025-01-01 3/15 >200000 6/22 | 2025-02-01 3/15",  # a tier that ended
    ],
)
def test_a_price_that_changed_is_not_completed(line: str) -> None:
    cards = parse_line("m", line, "bundled").cards
    assert completed(cards) == cards


def test_the_user_s_own_price_stands_above_all_from_its_day_on() -> None:
    own = {
        "claude-opus-4-5": "pricing.toml | 2026-02-01 1/2 | 2026-04-01 3/4",
        "mine": "x | 1970-01-01 0/0",
    }
    prices = catalogue(LISTS, **own)
    found = [
        prices.card_of("claude-opus-4-5", at(day))
        for day in ("2026-01-31", "2026-02-01", "2026-05-01")
    ]
    assert [card and card.prices.rates.input for card in found] == [5_000_000, 1_000_000, 3_000_000]
    assert prices.find("anthropic/claude-opus-4.5", at("2026-02-01")).why == Why.OVERLAY
    free = prices.card_of("Mine", at("2020-01-01"))
    assert free is not None
    assert free.prices.rates == Rates(0, 0)


def test_models_without_end_do_not_fill_the_memory() -> None:
    prices = catalogue(LISTS)
    for number in range(20_050):
        assert prices.card_of(f"model-{number}", at("2026-03-01")) is None
    assert len(prices._matches) <= 20_000


def test_a_card_is_shown_with_its_whole_timeline() -> None:
    prices = catalogue(LISTS, mine="pricing.toml | 2026-02-01 1/2")
    found = prices.card_of("grok-code-fast-1", at("2026-09-01"))
    assert found is not None
    assert [entry.since for entry in prices.timeline(found)] == [
        card("xai | 2025-08-30 0.2/1.5").since,
        found.since,
    ]
    own = prices.card_of("mine", at("2026-09-01"))
    assert own is not None
    assert prices.timeline(own) == (own,)


def test_quick_service_that_is_listed_later_was_there_all_along() -> None:
    line = "p | 2026-02-11 5/25 >200000 10/37 | 2026-02-24 5/25 >200000 11/38 fast 30/150"
    first, last = completed(parse_line("m", line, "bundled").cards)
    assert [(tier.above, tier.speed) for tier in first.prices.tiers] == [(200_000, ""), (0, "fast")]
    assert first.prices.tiers[0].rates.input == 10_000_000  # what it listed itself stays
    assert last.prices.tiers[1] == first.prices.tiers[1]
