"""What a new price list changes: cards that begin, cards that end, and what is not believed.

History is only ever added to. A list that moves a rate a hundredfold has a mistaken unit, and
a list that is much shorter than the one before is a part of one.
"""

from collections.abc import Mapping
from typing import NamedTuple

from amp_tray.core.catalogue import Listing
from amp_tray.core.errors import AmpTrayError
from amp_tray.core.rates import RateCard, Rates
from amp_tray.pricing.cards import card_line
from amp_tray.pricing.litellm import Offer, PriceList

_MOST_FACTOR = 100
_MOST_REFUSED_SHARE = 0.01
_LEAST_WHOLE_SHARE = 0.5


class AbsurdPricesError(AmpTrayError):
    """A price list says what cannot be, of too many models to believe the rest."""

    title = "the new prices were refused"


class Changes(NamedTuple):
    """What a list changes.

    Attributes:
        cards: by name, the text of the card that begins (`pricing.cards`).
        gone: names that are no longer listed.
        refused: names whose new rates are not believed, and why; they keep the rates they had.
    """

    cards: Mapping[str, str]
    gone: tuple[str, ...]
    refused: Mapping[str, str]


def changes(known: Mapping[str, Listing], prices: PriceList, day: int) -> Changes:
    """Return what a list of a day (counted from 1970-01-01) changes in what is known.

    Raises:
        AbsurdPricesError: more than one rate in a hundred cannot be.
    """
    refused = dict(prices.refused)
    begun: dict[str, str] = {}
    for name, offer in prices.offers.items():
        listing = known.get(name)
        last = listing.cards[-1] if listing is not None else None
        if last is not None and has_leapt(last.prices.rates, offer.prices.rates):
            refused[name] = f"a rate that moves by more than {_MOST_FACTOR} times"
        elif last is None or not still_holds(last, offer):
            card = RateCard(name, offer.provider, day, None, offer.prices, "download")
            begun[name] = card_line(offer.provider, [card])
    if len(refused) > _MOST_REFUSED_SHARE * (len(prices.offers) + len(prices.refused)):
        name, why = next(iter(sorted(refused.items())))
        raise AbsurdPricesError(
            f"{len(refused):,} of {len(prices.offers) + len(prices.refused):,} models have rates"
            f" that cannot be, such as {name}: {why}",
            hint="the rates that were there stay in force; another try follows tomorrow",
        )
    live = [name for name, listing in known.items() if listing.cards[-1].until is None]
    whole = len(prices.offers) >= _LEAST_WHOLE_SHARE * len(live)
    gone = (name for name in live if name not in prices.offers and name not in refused)
    return Changes(begun, tuple(sorted(gone)) if whole else (), refused)


def still_holds(card: RateCard, offer: Offer) -> bool:
    """Say whether an offer is what a card says already."""
    return card.until is None and (card.provider, card.prices) == (offer.provider, offer.prices)


def has_leapt(before: Rates, after: Rates) -> bool:
    """Say whether a rate moved further than any price does: a hundredfold, or to nothing."""
    if any(old and not new for old, new in zip(before[:2], after[:2], strict=True)):
        return True
    return any(
        old and new and max(old, new) > _MOST_FACTOR * min(old, new)
        for old, new in zip(before, after, strict=True)
    )
