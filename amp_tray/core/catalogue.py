"""The catalogue: which rate card a model has at an instant, and why that one.

It holds what price lists say, by the names they use. A log spells models in its own ways, so
a lookup goes from the most exact reading of a name to looser ones, and never guesses: where
providers disagree and none is the vendor, the model stays unpriced.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from amp_tray.core.models import Spelling, spelling_of
from amp_tray.core.rates import Prices, RateCard, Rates
from amp_tray.core.vendors import provider_named, vendors_of

DAY_MS = 24 * 60 * 60 * 1000

# Hostile logs can name models without end.
_MOST_REMEMBERED = 20_000
_PARTS = re.compile(r"[a-z]+|\d+")


class Listing(NamedTuple):
    """One model on one provider's list.

    Attributes:
        cards: oldest first, at least one.
    """

    name: str
    provider: str
    cards: tuple[RateCard, ...]


class Why(StrEnum):
    """Why a model has the card it has, or none."""

    OVERLAY = "the user's pricing.toml"
    EXACT = "listed under this very name"
    PROVIDER = "the list of the provider that the name says"
    VENDOR = "the vendor's own list"
    AGREED = "every provider that lists it agrees"
    AMBIGUOUS = "providers disagree, and none of them is the vendor"
    UNKNOWN = "no list has it"


class Match(NamedTuple):
    """What a lookup found.

    Attributes:
        card: None where the model is unpriced.
        rivals: where providers disagree, what each of them lists.
    """

    card: RateCard | None
    why: Why
    rivals: tuple[RateCard, ...] = ()


class Catalogue:
    """Price lists in force, asked by model and instant.

    Attributes:
        listings: by name, lower case.
        overlay: the user's own cards by model name as they spelled it, lower case; they apply
            from their day on and never before it.
        origin: `bundled`, `download` or `overlay`: the topmost layer.
        as_of: ISO day when the price list was last known to be current.
    """

    def __init__(
        self,
        listings: Mapping[str, Listing],
        *,
        origin: str,
        as_of: str,
        overlay: Mapping[str, tuple[RateCard, ...]] | None = None,
    ) -> None:
        self.listings = listings
        self.origin = origin
        self.as_of = as_of
        self.overlay = overlay or {}
        self._bare_overlay = {spelling_of(name).bare: name for name in self.overlay}
        self._matches: dict[tuple[str, int], Match] = {}
        self._groups: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._completed: dict[str, tuple[RateCard, ...]] = {}

    def card_of(self, model: str, at: int) -> RateCard | None:
        """Return the card of a model at an instant (epoch milliseconds), None when unpriced."""
        return self.find(model, at).card

    def find(self, model: str, at: int) -> Match:
        """Return the card of a model at an instant, and why it is that one."""
        key = (model, at // DAY_MS)
        match = self._matches.get(key)
        if match is None:
            if len(self._matches) >= _MOST_REMEMBERED:
                self._matches.clear()
                self._groups.clear()
            match = self._matches[key] = self._find(model.strip().lower(), at // DAY_MS)
        return match

    def timeline(self, card: RateCard) -> tuple[RateCard, ...]:
        """Return all cards of the list that a card stands on, oldest first."""
        if card.origin == "overlay":
            return self.overlay[card.model]
        return self._cards(card.model)

    def _find(self, name: str, day: int) -> Match:
        own = self._overlay_card(name, day)
        if own is not None:
            return Match(own, Why.OVERLAY)
        if name in self.listings:
            return Match(self._card(name, day), Why.EXACT)
        groups = [[self._entry(key, day) for key in group] for group in self._similar(name)]
        for why, providers in (
            (Why.PROVIDER, (provider_named(name),)),
            (Why.VENDOR, vendors_of(spelling_of(name).bare)),
        ):
            for provider in filter(None, providers):
                for group in groups:
                    card = _settled([entry for entry in group if entry.card.provider == provider])
                    if card is not None:
                        return Match(card, why)
        for group in filter(None, groups):
            card = _agreed(group)
            if card is not None:
                return Match(card, Why.AGREED)
            return Match(None, Why.AMBIGUOUS, tuple(entry.card for entry in group))
        return Match(None, Why.UNKNOWN)

    def _overlay_card(self, name: str, day: int) -> RateCard | None:
        if not self.overlay:
            return None
        spelled = name if name in self.overlay else self._bare_overlay.get(spelling_of(name).bare)
        begun = [card for card in self.overlay.get(spelled or "", ()) if card.since <= day]
        return begun[-1] if begun else None

    def _card(self, name: str, day: int) -> RateCard:
        cards = self._cards(name)
        begun = [card for card in cards if card.since <= day]
        return begun[-1] if begun else cards[0]

    def _cards(self, name: str) -> tuple[RateCard, ...]:
        """Return a listing's cards, completed."""
        cards = self._completed.get(name)
        if cards is None:
            cards = self._completed[name] = completed(self.listings[name].cards)
        return cards

    def _entry(self, name: str, day: int) -> "_Entry":
        cards = self.listings[name].cards
        until = cards[-1].until
        live = cards[0].since <= day and (until is None or day < until)
        return _Entry(self._card(name, day), live, spelling_of(name))

    def _similar(self, model: str) -> tuple[tuple[str, ...], ...]:
        """Return the listed names that spell the same model, by how loosely they do."""
        found = self._groups.get(model)
        if found is None:
            wanted = spelling_of(model)
            near = [(name, spelling_of(name)) for name in self._near(wanted)]
            found = self._groups[model] = tuple(
                tuple(sorted(name for name, spelled in near if spelled[level] == wanted[level]))
                for level in range(len(Spelling._fields))
            )
        return found

    def _near(self, wanted: Spelling) -> Iterator[str]:
        """Yield the names that hold every part of a model's name: few, and quickly found."""
        parts = sorted(set(_PARTS.findall(wanted.stageless)), key=len, reverse=True)
        if parts:
            yield from (name for name in self.listings if all(part in name for part in parts))


class _Entry(NamedTuple):
    """A listing on a day: its card, whether it was listed then, how its name is spelled."""

    card: RateCard
    live: bool
    spelling: Spelling


def completed(cards: Sequence[RateCard]) -> tuple[RateCard, ...]:
    """Return a listing's cards with what a later one only added, and no card twice in a row.

    A list that gains a cache rate or a tier while input and output stay as they were was
    incomplete before: the vendor's price had them all along.
    """
    result: list[RateCard] = []
    for card in reversed(cards):
        prices = _completed_by(card.prices, result[-1].prices) if result else card.prices
        if result and prices == result[-1].prices:
            result[-1] = result[-1]._replace(since=card.since)
        else:
            result.append(card._replace(prices=prices))
    return tuple(reversed(result))


def _completed_by(prices: Prices, later: Prices) -> Prices:
    if prices.rates[:2] != later.rates[:2]:
        return prices
    speeds = {tier.speed for tier in prices.tiers}
    added = tuple(tier for tier in later.tiers if tier.speed not in speeds)
    return Prices(prices.rates.completed_by(later.rates), (*prices.tiers, *added))


def _settled(entries: Sequence[_Entry]) -> RateCard | None:
    """Return the card of one provider's entries: of the one without a date, else the agreed."""
    if len(entries) > 1:
        entries = _undated(entries) or entries
    return _agreed(entries)


def _undated(entries: Sequence[_Entry]) -> list[_Entry]:
    return [entry for entry in entries if entry.spelling.bare == entry.spelling.undated]


def _agreed(entries: Sequence[_Entry]) -> RateCard | None:
    """Return the fullest of some cards that agree; those listed on the day count, if any was."""
    cards = [entry.card for entry in entries if entry.live] or [entry.card for entry in entries]
    if not cards:
        return None
    fullest = max(cards, key=_fullness)
    return (
        fullest if all(_agree(fullest.prices.rates, card.prices.rates) for card in cards) else None
    )


def _agree(ours: Rates, theirs: Rates) -> bool:
    pairs = zip(ours, theirs, strict=True)
    return all(one == other or one is None or other is None for one, other in pairs)


def _fullness(card: RateCard) -> tuple[int, int]:
    return (sum(rate is not None for rate in card.prices.rates), len(card.prices.tiers))
