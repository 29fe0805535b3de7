"""Layers of prices put together."""

import pytest

from amp_tray.pricing.cards import card_line
from amp_tray.pricing.downloads import Layer
from amp_tray.pricing.listings import Listings

BUNDLED = {"a": "p | 2026-01-01 1/2", "b": "p | 2026-01-01 3/4", "c": "p | 2026-01-01 5/6"}
LAYERS = (
    Layer("2026-12-01", {"a": "p | 2026-12-01 1/3", "new": "q | 2026-12-01 7/8"}, ("b",)),
    Layer("2026-12-02", {"a": "p | 2026-12-02 1/4"}, ("new",)),
)


def lines(listings: Listings) -> dict[str, str]:
    return {name: card_line(listings[name].provider, listings[name].cards) for name in listings}


def test_what_refreshes_found_is_added_by_its_day() -> None:
    assert lines(Listings(BUNDLED, LAYERS)) == {
        "a": "p | 2026-01-01 1/2 | 2026-12-01 1/3 | 2026-12-02 1/4",
        "b": "p | 2026-01-01..2026-12-01 3/4",
        "c": "p | 2026-01-01 5/6",
        "new": "q | 2026-12-01..2026-12-02 7/8",
    }


def test_a_newer_bundled_catalogue_keeps_what_refreshes_saw_before_it() -> None:
    newer = {"a": "p | 2026-01-01 1/2 | 2026-12-20 1/5", "b": "p | 2026-01-01..2026-12-20 3/4"}
    merged = lines(Listings(newer, LAYERS))
    assert merged["a"] == "p | 2026-01-01 1/2 | 2026-12-01 1/3 | 2026-12-02 1/4 | 2026-12-20 1/5"
    assert merged["b"] == "p | 2026-01-01..2026-12-20 3/4"


def test_of_one_day_the_later_refresh_stands() -> None:
    again = (*LAYERS, Layer("2026-12-02", {"a": "p | 2026-12-02 1/9"}))
    assert lines(Listings(BUNDLED, again))["a"].endswith("| 2026-12-02 1/9")


def test_each_card_says_which_layer_it_is_from() -> None:
    cards = Listings(BUNDLED, LAYERS)["a"].cards
    assert [card.origin for card in cards] == ["bundled", "download", "download"]


def test_names_are_known_without_reading_them() -> None:
    listings = Listings({"broken": "no card at all"})
    assert "broken" in listings
    assert len(listings) == 1
    with pytest.raises(ValueError, match="a card"):
        listings["broken"]
    with pytest.raises(KeyError):
        listings["other"]
