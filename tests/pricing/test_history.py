"""What a new list changes, and what of it is not believed."""

import pytest

from amp_tray.core.catalogue import Listing
from amp_tray.core.periods import day_number
from amp_tray.pricing.cards import parse_line
from amp_tray.pricing.history import AbsurdPricesError, changes
from amp_tray.pricing.litellm import Offer, PriceList
from tests.support.prices import card

DAY = day_number("2026-12-01")
FILL = {f"model-{number}": "p | 2026-01-01 1/2" for number in range(300)}


def known(lines: dict[str, str]) -> dict[str, Listing]:
    return {name: parse_line(name, line, "bundled") for name, line in lines.items()}


def offered(lines: dict[str, str], refused: dict[str, str] | None = None) -> PriceList:
    offers = {name: Offer((it := card(line)).provider, it.prices) for name, line in lines.items()}
    return PriceList(offers, refused or {})


def test_a_list_as_before_changes_nothing() -> None:
    assert changes(known(FILL), offered(FILL), DAY) == ({}, (), {})


def test_new_rates_new_models_and_models_that_return_begin_a_card() -> None:
    before = {**FILL, "a": "p | 2026-01-01 1/2", "b": "p | 2026-01-01..2026-02-01 1/2"}
    now = {**FILL, "a": "p | 2026-01-01 1/3", "b": "p | 2026-01-01 1/2", "c": "q | 2026-01-01 4/5"}
    found = changes(known(before), offered(now), DAY)
    assert found.cards == {
        "a": "p | 2026-12-01 1/3",
        "b": "p | 2026-12-01 1/2",
        "c": "q | 2026-12-01 4/5",
    }
    assert (found.gone, found.refused) == ((), {})


def test_a_model_that_vanished_is_gone_once() -> None:
    before = {**FILL, "a": "p | 2026-01-01 1/2", "b": "p | 2026-01-01..2026-02-01 1/2"}
    assert changes(known(before), offered(FILL), DAY).gone == ("a",)


def test_a_part_of_a_list_ends_nothing() -> None:
    found = changes(known(FILL), offered({"model-1": "p | 2026-01-01 1/3"}), DAY)
    assert (list(found.cards), found.gone) == (["model-1"], ())


@pytest.mark.parametrize(
    "line",
    [
        "p | 2026-01-01 101/2",
        "p | 2026-01-01 0.009/2",
        "p | 2026-01-01 1/0",
        "p | 2026-01-01 0/2",
    ],
)
def test_a_rate_that_leaps_is_refused_and_the_rest_is_taken(line: str) -> None:
    found = changes(known(FILL), offered({**FILL, "model-1": line, "new": line}), DAY)
    assert list(found.refused) == ["model-1"]
    assert list(found.cards) == ["new"]
    assert found.gone == ()


def test_a_model_refused_by_itself_is_not_gone() -> None:
    rest = {name: line for name, line in FILL.items() if name != "model-1"}
    found = changes(known(FILL), offered(rest, {"model-1": "a rate below zero"}), DAY)
    assert (found.gone, found.refused) == ((), {"model-1": "a rate below zero"})


def test_a_swapped_unit_refuses_the_whole_list() -> None:
    million = dict.fromkeys(FILL, "p | 2026-01-01 1000000/2000000")
    with pytest.raises(AbsurdPricesError, match=r"300 of 300 .* model-0: a rate that moves"):
        changes(known(FILL), offered(million), DAY)


def test_more_than_one_in_a_hundred_refuses_the_whole_list() -> None:
    some = {**FILL, **{f"model-{number}": "p | 2026-01-01 0.001/2" for number in range(4)}}
    with pytest.raises(AbsurdPricesError, match="4 of 300"):
        changes(known(FILL), offered(some), DAY)
    some["model-0"] = FILL["model-0"]
    assert len(changes(known(FILL), offered(some), DAY).refused) == 3
