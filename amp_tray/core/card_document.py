"""Rate cards as JSON documents show them: USD per million tokens."""

from amp_tray.core.document import Document
from amp_tray.core.money import usd_decimal
from amp_tray.core.periods import iso_day
from amp_tray.core.rates import RateCard, Rates

_MILLION = 10**6


def card_document(card: RateCard) -> Document:
    """Return a rate card: its list, the days it was seen on, its rates and tiers."""
    prices = card.prices
    return {
        "card": card.model,
        "provider": card.provider,
        "origin": card.origin,
        "since": iso_day(card.since) if card.since else None,
        "until": None if card.until is None else iso_day(card.until),
        **_rates(prices.rates),
        "tiers": [
            {
                "above": tier.above,
                "speed": tier.speed or None,
                **_rates(tier.over(prices.rates)),
            }
            for tier in prices.tiers
        ],
    }


def _rates(rates: Rates) -> Document:
    hour = rates.cache_creation_1h
    return {
        "inputPerMillion": usd_decimal(rates.input * _MILLION),
        "outputPerMillion": usd_decimal(rates.output * _MILLION),
        "cacheCreationPerMillion": usd_decimal(rates.creation_rate * _MILLION),
        "cacheCreation1hPerMillion": None if hour is None else usd_decimal(hour * _MILLION),
        "cacheReadPerMillion": usd_decimal(rates.read_rate * _MILLION),
    }
