"""Rates and cost: what a usage event costs at list price, exactly.

A rate is picodollars per one token. A model without a rate card is unpriced: its cost is
None, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from amp_tray.core.events import UsageEvent
from amp_tray.core.models import without_date, without_provider
from amp_tray.core.money import Usd


class RateCard(NamedTuple):
    """All rates of one model, in picodollars per token.

    Attributes:
        model: the catalogue's own spelling.
        cache_creation, cache_read: None where the vendor lists none; then the input rate.
    """

    model: str
    input: int
    output: int
    cache_creation: int | None = None
    cache_read: int | None = None

    @property
    def creation_rate(self) -> int:
        """Return what a token written to the cache costs."""
        return self.input if self.cache_creation is None else self.cache_creation

    @property
    def read_rate(self) -> int:
        """Return what a token read from the cache costs."""
        return self.input if self.cache_read is None else self.cache_read


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rate cards by lower-case model name, and where they came from.

    Attributes:
        origin: `bundled`, `download` or `overlay`.
        as_of: ISO date of the rates.
    """

    cards: Mapping[str, RateCard]
    origin: str
    as_of: str

    def card_of(self, model: str) -> RateCard | None:
        """Find a model's card: as spelled, then without provider, then without date."""
        for name in spellings(model):
            card = self.cards.get(name)
            if card is not None:
                return card
        return None


def spellings(model: str) -> tuple[str, ...]:
    """Return the names a model may be listed under, the most exact first, without repeats."""
    exact = model.strip().lower()
    bare = without_provider(exact)
    return tuple(dict.fromkeys((exact, bare, without_date(exact), without_date(bare))))


def cost_of(event: UsageEvent, card: RateCard) -> Usd:
    """Return the list price of one usage event."""
    return Usd(
        event.input_tokens * card.input
        + event.output_tokens * card.output
        + event.cache_creation_tokens * card.creation_rate
        + event.cache_read_tokens * card.read_rate
    )
