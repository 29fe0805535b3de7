"""The layers put together."""

from pathlib import Path

from amp_tray.core.diagnostics import Code
from amp_tray.pricing.book import PriceFiles, open_price_book
from amp_tray.pricing.downloads import Downloads, Layer, write_downloads
from tests.support.prices import at

CHECKED = at("2027-01-05")
OWN = '[[price]]\nmodel = "claude-haiku-4-5"\nfrom = 2026-06-01\ninput = 7\noutput = 8\n'


def files(tmp_path: Path) -> PriceFiles:
    return PriceFiles(tmp_path / "pricing.toml", tmp_path / "prices.json")


def inputs(given: PriceFiles, *days: str) -> list[int]:
    cards = [open_price_book(given).catalogue.card_of("claude-haiku-4-5", at(day)) for day in days]
    return [0 if card is None else card.prices.rates.input for card in cards]


def test_alone_the_bundled_catalogue_counts(tmp_path: Path) -> None:
    book = open_price_book(files(tmp_path))
    assert (book.catalogue.origin, book.troubles) == ("bundled", ())
    assert book.catalogue.as_of >= "2026-11-01"


def test_a_refresh_lies_above_it_and_the_user_s_prices_above_both(tmp_path: Path) -> None:
    given = files(tmp_path)
    layer = Layer("2027-01-05", {"claude-haiku-4-5": "anthropic | 2027-01-05 2/9"})
    write_downloads(given.downloads, Downloads(checked_at=CHECKED, layers=(layer,)))
    days = ("2026-05-31", "2026-06-01", "2027-01-05")
    assert inputs(given, *days) == [1_000_000, 1_000_000, 2_000_000]
    catalogue = open_price_book(given).catalogue
    assert (catalogue.origin, catalogue.as_of) == ("download", "2027-01-05")
    given.overlay.write_text(OWN)
    assert inputs(given, *days) == [1_000_000, 7_000_000, 7_000_000]
    assert open_price_book(given).catalogue.origin == "overlay"


def test_a_file_that_cannot_be_used_is_told_and_the_rest_counts(tmp_path: Path) -> None:
    given = files(tmp_path)
    given.downloads.write_text("{")
    given.overlay.write_text("[[price]]\n")
    book = open_price_book(given)
    assert [(trouble.code, trouble.path) for trouble in book.troubles] == [
        (Code.PRICES, str(given.downloads)),
        (Code.PRICES, str(given.overlay)),
    ]
    assert "line 1" in book.troubles[1].message
    assert inputs(given, "2026-05-31") == [1_000_000]
    assert given.downloads.read_text() == "{"


def test_any_change_to_either_file_changes_the_stamp(tmp_path: Path) -> None:
    given = files(tmp_path)
    seen = {given.stamp()}
    given.overlay.write_text(OWN)
    seen.add(given.stamp())
    given.downloads.write_text("{}")
    seen.add(given.stamp())
    given.downloads.unlink()
    given.overlay.unlink()
    assert len(seen) == 3
    assert given.stamp() in seen
