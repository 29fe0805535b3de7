"""Rate cards and catalogues for tests, by the text that files hold them in."""

from collections.abc import Mapping

from amp_tray.core.catalogue import Catalogue
from amp_tray.core.periods import day_number
from amp_tray.core.rates import RateCard
from amp_tray.pricing.cards import parse_line
from amp_tray.pricing.listings import Listings

DAY_MS = 24 * 60 * 60 * 1000


def card(line: str, name: str = "m") -> RateCard:
    """Return the one card of a line such as `anthropic | 2025-05-28 3/15/3.75/0.3`."""
    (only,) = parse_line(name, line, "bundled").cards
    return only


def catalogue(lines: Mapping[str, str], **overlay: str) -> Catalogue:
    """Return a catalogue of lines by name; an overlay's names are given as keywords."""
    own = {name: parse_line(name, line, "overlay").cards for name, line in overlay.items()}
    return Catalogue(Listings(lines), origin="bundled", as_of="2026-11-16", overlay=own)


def at(day: str) -> int:
    """Return noon of a day as epoch milliseconds."""
    return day_number(day) * DAY_MS + DAY_MS // 2
