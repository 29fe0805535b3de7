"""Figures and sentences as the user reads them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core import figures
from amp_tray.surfaces.tray import text
from tests.surfaces.tray.summaries import NOW


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        ("0", "$0.00"),
        ("0.000001", "<$0.01"),
        ("0.0099", "<$0.01"),
        ("0.01", "$0.01"),
        ("12.345", "$12.35"),
        ("1234567.891", "$1,234,567.89"),
        ("1e3", "$1,000.00"),
    ],
)
def test_money(usd: str, shown: str) -> None:
    assert figures.money(Decimal(usd)) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (45_100, "45.1k"),
        (999_949, "999.9k"),
        (999_950, "1.0M"),
        (3_200_000, "3.2M"),
        (61_400_000, "61.4M"),
        (2_500_000_000, "2.5B"),
        (7 * 10**12, "7.0T"),
        (1_234 * 10**12, "1,234T"),
    ],
)
def test_short_numbers(count: int, shown: str) -> None:
    assert figures.short_number(count) == shown


@given(st.integers(min_value=0, max_value=10**15))
def test_a_short_number_is_never_wider_than_six_characters(count: int) -> None:
    assert len(figures.short_number(count)) <= len("1,000T")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0.0 credits"),
        ("0.04", "<0.1 credits"),
        ("45.1", "45.1 credits"),
        ("812", "812.0 credits"),
        ("12345.66", "12,345.7 credits"),
    ],
)
def test_credits(amount: str, shown: str) -> None:
    assert figures.credits_text(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("usd", "unpriced", "shown"),
    [
        ("4.2", 0, "$4.20"),
        ("0", 77, "$0.00 + 77 unpriced tokens"),
        ("4.2", 1, "$4.20 + 1 unpriced token"),
        ("0", 3_200_000, "$0.00 + 3.2M unpriced tokens"),
    ],
)
def test_unpriced_tokens_never_look_free(usd: str, unpriced: int, shown: str) -> None:
    assert figures.cost(Decimal(usd), unpriced) == shown


def test_usage_shows_no_credits_where_none_were_recorded() -> None:
    assert figures.usage(Decimal(1), 0, 1, Decimal(0)) == "$1.00 · 1 token"
    assert figures.usage(Decimal(1), 0, 2, Decimal("4.51")) == "$1.00 · 2 tokens · 4.5 credits"


@pytest.mark.parametrize(
    ("key", "shown"),
    [("2026-11", "November"), ("2026-01", "January"), ("2026-13", "2026-13"), ("\x1b[31m?", "?")],
)
def test_month_names(key: str, shown: str) -> None:
    assert text.month(key) == shown


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=3), "3 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_ages(age: timedelta, shown: str) -> None:
    assert figures.ago(NOW - age, NOW) == shown


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([], "Model: not recorded"),
        (["a"], "Model: a"),
        (["a", "b"], "Models: a, b"),
        (["a", "b", "c", "d"], "Models: a, b and 2 more"),
        (["\x1b[2J"], "Model: ?"),
    ],
)
def test_models_are_named_up_to_two(values: list[str], shown: str) -> None:
    assert text.models(values) == shown


def test_unpriced_models_are_named_up_to_two() -> None:
    values = [("model-x", 77), ("model-y", 1), ("model-z", 5)]
    assert text.unpriced_models(values[:1]) == "Unpriced: model-x (77 tokens)"
    assert text.unpriced_models(values) == (
        "Unpriced: model-x (77 tokens), model-y (1 token) and 1 more"
    )


def test_one_file_and_many_files() -> None:
    assert text.unreadable(1) == "1 file could not be read"
    assert text.unreadable(2) == "2 files could not be read"
