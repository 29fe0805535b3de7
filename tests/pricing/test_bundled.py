"""The catalogue that ships with the program."""

import subprocess
import sys
from decimal import Decimal

import pytest

from amp_tray.core.card_document import card_document
from amp_tray.core.catalogue import Catalogue, Why
from amp_tray.pricing.bundled import bundle, bundled_prices
from amp_tray.pricing.cards import card_line
from tests.support.prices import at


@pytest.fixture(scope="module")
def bundled() -> Catalogue:
    return Catalogue(bundled_prices(), origin="bundled", as_of=bundle().as_of)


@pytest.mark.parametrize(
    ("model", "day", "rates"),
    [
        ("claude-sonnet-4-20250514", "2025-07-01", "3/15/3.75/0.3"),
        ("claude-opus-4-20250514", "2025-07-01", "15/75/18.75/1.5"),
        ("claude-opus-4-1-20250805", "2025-09-01", "15/75/18.75/1.5"),
        ("claude-3-7-sonnet-20250219", "2025-06-01", "3/15/3.75/0.3"),
        ("claude-haiku-4-5-20251001", "2025-11-01", "1/5/1.25/0.1"),
        ("claude-opus-4-5-20251101", "2025-12-01", "5/25/6.25/0.5"),
        ("gemini-3-pro-preview", "2025-12-01", "2/12/2/0.2"),
        ("gemini-2.5-pro", "2025-07-01", "1.25/10/1.25/0.3125"),
        ("gemini-2.5-pro", "2026-07-01", "1.25/10/1.25/0.125"),
        ("gpt-5", "2025-09-01", "1.25/10/1.25/0.125"),
        ("gpt-5-codex", "2025-10-10", "1.25/10/1.25/0.125"),
        ("gpt-5.2", "2026-01-01", "1.75/14/1.75/0.175"),
        ("gpt-5.2-codex", "2026-02-01", "1.75/14/1.75/0.175"),
        ("o3", "2025-05-01", "10/40/10/2.5"),
        ("o3", "2025-07-01", "2/8/2/0.5"),
        ("accounts/fireworks/models/glm-4p6", "2025-12-01", "0.55/2.19/0.55/0.55"),
        ("moonshotai/kimi-k2-0905", "2025-12-01", "0.6/2.5/0.6/0.15"),
        ("grok-code-fast-1", "2025-10-01", "0.2/1.5/0.2/0.02"),
        ("grok-code-fast-1", "2026-10-01", "1/2/1/0.2"),
        ("anthropic.claude-haiku-4-5-20251001-v1:0", "2025-11-01", "1/5/1.25/0.1"),
        ("eu.anthropic.claude-haiku-4-5-20251001-v1:0", "2025-11-01", "1.1/5.5/1.375/0.11"),
        ("claude-opus-4.5", "2025-12-10", "5/25/6.25/0.5"),
    ],
)
def test_models_that_agents_use_are_priced_at_their_time(
    bundled: Catalogue, model: str, day: str, rates: str
) -> None:
    card = bundled.card_of(model, at(day))
    assert card is not None
    shown = card_document(card)
    kinds = ("input", "output", "cacheCreation", "cacheRead")
    assert [shown[f"{kind}PerMillion"] for kind in kinds] == list(map(Decimal, rates.split("/")))
    assert card.origin == "bundled"


def test_retired_models_have_their_last_price_for_ever(bundled: Catalogue) -> None:
    card = bundled.card_of("claude-sonnet-4-20250514", at("2027-06-01"))
    assert card is not None
    assert card.until is not None


def test_a_model_there_is_not_has_no_price(bundled: Catalogue) -> None:
    for model in ("unknown", "claude-nonsense-9", "model-x"):
        assert bundled.find(model, at("2026-01-01")).why == Why.UNKNOWN


def test_every_line_is_whole_and_found_by_its_own_name(bundled: Catalogue) -> None:
    assert len(bundled.listings) > 3_000
    for name, line in bundle().cards.items():
        listing = bundled.listings[name]
        assert card_line(listing.provider, listing.cards) == line
        days = [card.since for card in listing.cards]
        assert days == sorted(set(days))
        assert all(
            rate is None or rate >= 0 for card in listing.cards for rate in card.prices.rates
        )
        match = bundled.find(name, at("2026-01-01"))
        assert (match.why, match.card and match.card.model) == (Why.EXACT, name)


def test_a_program_that_asks_no_price_reads_none() -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from amp_tray.pricing.book import PriceFiles, open_price_book;"
        "open_price_book(PriceFiles(Path('none'), Path('none')));"
        "print(sorted({'httpx', 'pydantic', 'tomllib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=20
    )
    assert done.stdout.strip() == "[]"
