"""Names to rate cards, and what usage costs by them."""

from decimal import Decimal

import pytest

from amp_tray.core.events import UsageEvent
from amp_tray.core.models import is_claude, short_model
from amp_tray.core.money import usd_decimal
from amp_tray.core.rates import Catalogue, RateCard, cost_of

CARDS = {
    name: RateCard(name, rate, 5 * rate)
    for rate, name in enumerate(
        ("claude-opus-4-5", "claude-opus-4-5-20251101", "gpt-5.2", "glm-4p6", "vendor/exact"), 1
    )
}
CATALOGUE = Catalogue(CARDS, "bundled", "2026-01-01")


@pytest.mark.parametrize(
    ("model", "card"),
    [
        ("claude-opus-4-5-20251101", "claude-opus-4-5-20251101"),
        ("claude-opus-4-5", "claude-opus-4-5"),
        ("Claude-Opus-4-5", "claude-opus-4-5"),
        ("  claude-opus-4-5 ", "claude-opus-4-5"),
        ("claude-opus-4-5-20260101", "claude-opus-4-5"),
        ("claude-opus-4-5@20260101", "claude-opus-4-5"),
        ("claude-opus-4-5-20260101-v1:0", "claude-opus-4-5"),
        ("anthropic/claude-opus-4-5", "claude-opus-4-5"),
        ("anthropic.claude-opus-4-5-20251101", "claude-opus-4-5-20251101"),
        ("anthropic.claude-opus-4-5-20260101-v1:0", "claude-opus-4-5"),
        ("GPT-5.2", "gpt-5.2"),
        ("openai/gpt-5.2-2025-12-11", "gpt-5.2"),
        ("accounts/fireworks/models/glm-4p6", "glm-4p6"),
        ("vendor/exact", "vendor/exact"),
        ("gpt-5", None),
        ("gpt-5.20", None),
        ("unknown", None),
        ("", None),
        ("/", None),
        ("claude-opus-4", None),
        ("claude-opus-4-5-turbo", None),
    ],
)
def test_a_model_is_found_as_spelled_then_bare(model: str, card: str | None) -> None:
    found = CATALOGUE.card_of(model)
    assert (None if found is None else found.model) == card


def test_the_most_exact_spelling_wins() -> None:
    assert CATALOGUE.card_of("claude-opus-4-5-20251101") is CARDS["claude-opus-4-5-20251101"]


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (RateCard("m", 5_000_000, 25_000_000, 6_250_000, 500_000), "0.0113"),
        (RateCard("m", 5_000_000, 25_000_000), "0.03255"),
        (RateCard("m", 5_000_000, 25_000_000, 0, 0), "0.00255"),
        (RateCard("m", 0, 0, 0, 0), "0"),
    ],
)
def test_a_cost_is_exact_and_cache_without_a_rate_is_input(card: RateCard, expected: str) -> None:
    event = UsageEvent("s", "t", 0, 0, "message", "m", 10, 100, 1000, 5000)
    assert usd_decimal(cost_of(event, card)) == Decimal(expected)


@pytest.mark.parametrize(
    ("model", "short"),
    [
        ("claude-opus-4-5-20251101", "opus-4-5"),
        ("anthropic/claude-haiku-4-5", "haiku-4-5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "sonnet-4-5"),
        ("gpt-5.2-2025-12-11", "gpt-5.2"),
        ("unknown", "unknown"),
        ("claude-", "claude-"),
    ],
)
def test_short_names_lose_provider_and_date(model: str, short: str) -> None:
    assert short_model(model) == short


def test_claude_is_claude_wherever_it_is_hosted() -> None:
    assert is_claude("us.anthropic.Claude-opus")
    assert not is_claude("gpt-5.2")
