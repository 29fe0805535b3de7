"""The price book: every layer of prices put together, and what of them could not be used.

Bundled catalogue, below what refreshes found since, below the user's own prices.
"""

from pathlib import Path
from typing import NamedTuple

from amp_tray.core.catalogue import Catalogue
from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.core.errors import AmpTrayError
from amp_tray.core.periods import instant
from amp_tray.pricing.bundled import bundle, bundle_stamp
from amp_tray.pricing.downloads import Downloads, read_downloads
from amp_tray.pricing.listings import Listings


class PriceFiles(NamedTuple):
    """Where this user's prices lie; neither file need exist.

    Attributes:
        overlay: the user's `pricing.toml`.
        downloads: `prices.json`, what refreshes found.
    """

    overlay: Path
    downloads: Path

    def stamp(self) -> tuple[tuple[int, int, int] | None, ...]:
        """Return what tells one state of the files from another."""
        return (_stamp(self.overlay), _stamp(self.downloads))


class PriceBook(NamedTuple):
    """The prices in force.

    Attributes:
        downloads: what refreshes found, and how the last one went.
        troubles: files that could not be used; their layer is missing from the catalogue.
        stamp: tells these prices from others, so that costs can be kept; empty: they cannot.
    """

    catalogue: Catalogue
    downloads: Downloads = Downloads()
    troubles: tuple[Diagnostic, ...] = ()
    stamp: str = ""


def open_price_book(files: PriceFiles) -> PriceBook:
    """Put the layers together; it reads no rate before one is asked for."""
    troubles: list[Diagnostic] = []
    stamp = f"{bundle_stamp()} {files.stamp()}"  # before they are read: never newer than they
    downloads = Downloads()
    try:
        downloads = read_downloads(files.downloads)
    except AmpTrayError as error:
        troubles.append(Diagnostic(Code.PRICES, str(files.downloads), error.message))
    overlay = None
    if files.overlay.exists():
        from amp_tray.pricing.overlay import read_overlay  # noqa: PLC0415 - slow to load

        try:
            overlay = read_overlay(files.overlay)
        except AmpTrayError as error:
            troubles.append(Diagnostic(Code.PRICES, str(files.overlay), error.message))
    origin, as_of = "bundled", bundle().as_of
    if downloads.checked_at is not None:
        checked = instant(downloads.checked_at).date().isoformat()
        origin, as_of = ("download", checked) if checked >= as_of else (origin, as_of)
    catalogue = Catalogue(
        Listings(bundle().cards, downloads.layers),
        origin="overlay" if overlay else origin,
        as_of=as_of,
        overlay=overlay,
    )
    return PriceBook(catalogue, downloads, tuple(troubles), stamp)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino
