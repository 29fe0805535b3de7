"""One refresh: ask for the price list, judge it, and add what it changes as a dated layer.

Nothing that was there before is ever changed: a list that cannot be believed is refused and
told of, and the rates in force stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from amp_tray.core.errors import AmpTrayError
from amp_tray.core.periods import day_number, instant
from amp_tray.pricing.book import PriceFiles
from amp_tray.pricing.bundled import bundle
from amp_tray.pricing.downloads import (
    DamagedDownloadsError,
    Downloads,
    Layer,
    read_downloads,
    set_aside,
    write_downloads,
)
from amp_tray.pricing.fetch import FetchError, Limits, fetch
from amp_tray.pricing.history import changes
from amp_tray.pricing.listings import Listings
from amp_tray.pricing.litellm import read_price_list

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh came to.

    Attributes:
        changed: whether the answer was a list, and not that nothing changed.
        begun: how many rate cards began.
        gone: how many models are no longer listed.
        refused: models that keep their rates since the new ones cannot be, and why.
    """

    changed: bool = False
    begun: int = 0
    gone: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)


def is_due(downloads: Downloads, url: str, now: int) -> bool:
    """Say whether it is time to ask again: a day after an answer, an hour after none."""
    if downloads.tried_at is None or downloads.url != url:
        return True
    wait = HOUR_MS if downloads.retry_soon else DAY_MS
    return not 0 <= now - downloads.tried_at < wait  # a clock set back counts as due


def refresh(
    files: PriceFiles, url: str, *, now: int, user_agent: str, limits: Limits | None = None
) -> Refreshed:
    """Refresh the prices once, and remember how it went.

    Args:
        now: the current instant, epoch milliseconds.

    Raises:
        FetchError: no answer could be had.
        NotAPriceListError, AbsurdPricesError: the answer was refused.
        DownloadsError: what was found before cannot be read, or what was found now not written.
    """
    try:
        before = read_downloads(files.downloads)
    except DamagedDownloadsError:
        set_aside(files.downloads, now)
        before = Downloads()
    etag = before.etag if before.url == url else None
    tried = before._replace(url=url, etag=etag, tried_at=now, failure=None, retry_soon=False)
    try:
        fetched = fetch(url, etag=etag, user_agent=user_agent, limits=limits or Limits())
        if fetched is None:
            write_downloads(files.downloads, tried._replace(checked_at=now))
            return Refreshed()
        day = instant(now).date().isoformat()
        known = Listings(bundle().cards, before.layers)
        found = changes(known, read_price_list(fetched.body), day_number(day))
    except AmpTrayError as error:
        soon = isinstance(error, FetchError) and error.of_network
        failed = tried._replace(failure=f"{error.title}: {error.message}", retry_soon=soon)
        write_downloads(files.downloads, failed)
        raise
    refused = {name: why for name, why in found.refused.items() if name in known}
    layers = before.layers
    if found.cards or found.gone:
        layers = (*layers, Layer(day, found.cards, found.gone))
    accepted = tried._replace(etag=fetched.etag, checked_at=now, refused=refused, layers=layers)
    write_downloads(files.downloads, accepted)
    return Refreshed(True, len(found.cards), len(found.gone), refused)
