"""Rates and cost: what a usage event costs at list price, exactly.

A rate is picodollars per one token. Vendors bill a large request whole at the rates of its
context tier, so the tier is chosen by the request's own size, and only where the counts are
one request's.
"""

from collections.abc import Callable
from functools import lru_cache
from math import inf
from typing import NamedTuple

from amp_tray.core.events import UsageEvent
from amp_tray.core.money import Usd


class Rates(NamedTuple):
    """What one token of each kind costs, in picodollars; None where the vendor lists none.

    Attributes:
        cache_creation: written to the cache for five minutes.
        cache_creation_1h: written to the cache for an hour.
    """

    input: int
    output: int
    cache_creation: int | None = None
    cache_read: int | None = None
    cache_creation_1h: int | None = None

    @property
    def creation_rate(self) -> int:
        """Return what a token written to the cache costs: without a rate, as input."""
        return self.input if self.cache_creation is None else self.cache_creation

    @property
    def hour_rate(self) -> int:
        """Return what a token written to the cache for an hour costs.

        Source: Anthropic's price list, the only one with such writes: twice the input.
        """
        return 2 * self.input if self.cache_creation_1h is None else self.cache_creation_1h

    @property
    def read_rate(self) -> int:
        """Return what a token read from the cache costs: without a rate, as input."""
        return self.input if self.cache_read is None else self.cache_read

    def cost_of(
        self, inputs: int, outputs: int, creations: int, reads: int, hour_creations: int = 0
    ) -> Usd:
        """Return what so many tokens of each kind cost.

        Args:
            hour_creations: those of the creations that are kept for an hour.
        """
        creation = self.input if self.cache_creation is None else self.cache_creation
        read = self.input if self.cache_read is None else self.cache_read
        cost = inputs * self.input + outputs * self.output + creations * creation + reads * read
        if hour_creations:
            cost += hour_creations * (self.hour_rate - creation)
        return Usd(cost)

    def completed_by(self, other: "Rates") -> "Rates":
        """Return these rates with what they do not list taken from others."""
        pairs = zip(self[2:], other[2:], strict=True)
        return Rates(*self[:2], *(theirs if ours is None else ours for ours, theirs in pairs))


class Tier(NamedTuple):
    """Rates that stand in for the usual ones.

    Attributes:
        above: the tokens of input and cache that a request must exceed; 0 is any request.
        speed: empty, or the vendor's word for quicker service: `fast`, `priority`.
    """

    above: int
    speed: str
    rates: Rates

    def over(self, usual: Rates) -> Rates:
        """Return the tier's rates, with what it does not list as it is without the tier."""
        return _over(self, usual)


@lru_cache(maxsize=256)  # a handful, each asked for with every large or quick request
def _over(tier: Tier, usual: Rates) -> Rates:
    whole = tier.rates.completed_by(usual)
    if tier.rates.cache_creation is not None:
        # Dearer for five minutes than usually for an hour: then the hour is not known.
        whole = whole._replace(cache_creation_1h=tier.rates.cache_creation_1h)
    return whole


class Prices(NamedTuple):
    """All that a model's list price says: the usual rates and the tiers beside them."""

    rates: Rates
    tiers: tuple[Tier, ...] = ()

    @property
    def usual_up_to(self) -> float:
        """Return how many tokens of input and cache a request may have at the usual rates."""
        begins = (tier.above for tier in self.tiers if tier.above and not tier.speed)
        return min(begins, default=inf)

    def rates_for(self, request_tokens: int, speed: str = "") -> Rates:
        """Return the rates of a request by its tokens of input and cache together.

        Args:
            speed: of the service; one without rates of its own costs what is usual.
        """
        if speed:
            quick = [tier for tier in self.tiers if tier.speed == speed]
            passed = [tier for tier in quick if tier.above < request_tokens or not tier.above]
            if passed:
                return max(passed, key=lambda tier: tier.above).over(self.rates)
        highest: Tier | None = None
        for tier in self.tiers:
            if 0 < tier.above < request_tokens and not tier.speed:
                highest = tier if highest is None or tier.above > highest.above else highest
        return self.rates if highest is None else highest.over(self.rates)


class RateCard(NamedTuple):
    """A model's list price from a day on.

    Attributes:
        model: the name it is listed under, lower case.
        provider: whose list it stands on, in LiteLLM's word.
        since: the day it was first seen, counted from 1970-01-01 (UTC); 0 is always.
        until: the first day it was no longer seen, None while it is.
        origin: `bundled`, `download` or `overlay`.
    """

    model: str
    provider: str
    since: int
    until: int | None
    prices: Prices
    origin: str = "bundled"


CardOf = Callable[[str, int], RateCard | None]
"""Finds the card of a model at an instant; None where it is unpriced."""


def cost_of(event: UsageEvent, card: RateCard) -> Usd:
    """Return the list price of one usage event."""
    rates, terms = card.prices.rates, event.terms
    if event.single and card.prices.tiers:
        rates = card.prices.rates_for(
            event.input_tokens + event.cache_creation_tokens + event.cache_read_tokens,
            terms.speed if terms else "",
        )
    return rates.cost_of(*event.counts, terms.hour_creation_tokens if terms else 0)
