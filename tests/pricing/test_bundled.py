"""The catalogue that ships with the program."""

from datetime import date

import pytest

from amp_tray.core.rates import RateCard, spellings
from amp_tray.pricing.bundled import bundled_catalogue


@pytest.mark.parametrize(
    ("model", "rates"),
    [
        ("claude-opus-4-5-20251101", (5_000_000, 25_000_000, 6_250_000, 500_000)),
        ("anthropic/claude-haiku-4-5-20251001", (1_000_000, 5_000_000, 1_250_000, 100_000)),
        ("gpt-5.2", (1_750_000, 14_000_000, None, 175_000)),
    ],
)
def test_models_that_amp_uses_are_priced(model: str, rates: tuple[int | None, ...]) -> None:
    card = bundled_catalogue().card_of(model)
    assert card is not None
    assert card[1:] == rates


def test_a_model_there_is_not_has_no_price() -> None:
    assert bundled_catalogue().card_of("unknown") is None
    assert bundled_catalogue().card_of("claude-nonsense-9") is None


def test_every_card_is_found_by_its_own_name_and_has_whole_rates() -> None:
    catalogue = bundled_catalogue()
    assert (catalogue.origin, date.fromisoformat(catalogue.as_of).year >= 2026) == ("bundled", True)
    for name, card in catalogue.cards.items():
        assert catalogue.card_of(name) == card == RateCard(name, *card[1:])
        assert spellings(name)[0] == name
        assert all(rate is None or rate >= 0 for rate in card[1:])
        assert isinstance(card.input, int)
        assert isinstance(card.output, int)


def test_it_is_loaded_once() -> None:
    assert bundled_catalogue() is bundled_catalogue()
