"""Listings of several layers, read from their text only when one is asked for.

The bundled catalogue has thousands of models and a user a handful: reading them all would
cost each start what the few do not.
"""

from collections.abc import Iterator, Mapping, Sequence

from amp_tray.core.catalogue import Listing
from amp_tray.core.periods import day_number
from amp_tray.pricing.cards import parse_line
from amp_tray.pricing.downloads import Layer


class Listings(Mapping[str, Listing]):
    """The bundled listings with what refreshes found since, by name."""

    def __init__(self, bundled: Mapping[str, str], layers: Sequence[Layer] = ()) -> None:
        self._bundled = bundled
        self._layers = layers
        self._names = dict.fromkeys(bundled)
        for layer in layers:
            self._names.update(dict.fromkeys(layer.cards))
        self._read: dict[str, Listing] = {}

    def __getitem__(self, name: str) -> Listing:
        """Return a listing; raises KeyError where no layer has it."""
        if name not in self._names:
            raise KeyError(name)
        listing = self._read.get(name)
        if listing is None:
            listing = self._read[name] = self._merge(name)
        return listing

    def __contains__(self, name: object) -> bool:
        """Say whether a layer lists the name, without reading what it says."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self._names)

    def _merge(self, name: str) -> Listing:
        line = self._bundled.get(name)
        listing = None if line is None else parse_line(name, line, "bundled")
        for layer in self._layers:
            line = layer.cards.get(name)
            if line is not None:
                added = parse_line(name, line, "download")
                listing = added if listing is None else _joined(listing, added)
            elif listing is not None and name in layer.gone:
                listing = _ended(listing, day_number(layer.as_of))
        assert listing is not None
        return listing


def _joined(listing: Listing, added: Listing) -> Listing:
    """Put a later layer's cards in by their days; of one day the later layer's stands."""
    by_day = {card.since: card for card in (*listing.cards, *added.cards)}
    cards = tuple(card for _, card in sorted(by_day.items()))
    return Listing(listing.name, added.provider, cards)


def _ended(listing: Listing, day: int) -> Listing:
    last = listing.cards[-1]
    if last.until is not None or last.since > day:
        return listing
    return listing._replace(cards=(*listing.cards[:-1], last._replace(until=day)))
