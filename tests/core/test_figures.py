"""Figures as people read them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from amp_tray.core import figures


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        ("0", "$0.00"),
        ("0.000000000001", "<$0.01"),
        ("0.0099", "<$0.01"),
        ("0.01", "$0.01"),
        ("0.995", "$1.00"),
        ("1234.565", "$1,234.57"),
        ("1000000", "$1,000,000.00"),
    ],
)
def test_money(usd: str, text: str) -> None:
    assert figures.money(Decimal(usd)) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.0k"),
        (45_149, "45.1k"),
        (999_949, "999.9k"),
        (999_950, "1.0M"),
        (3_200_000, "3.2M"),
        (999_960_000, "1.0B"),
        (2 * 10**12, "2.0T"),
        (10**15, "1,000T"),
    ],
)
def test_short_numbers_never_round_to_a_thousand_of_a_unit(count: int, text: str) -> None:
    assert figures.short_number(count) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.0 credits"),
        ("0.04", "<0.1 credits"),
        ("1.25", "1.3 credits"),
        ("1234", "1,234.0 credits"),
    ],
)
def test_credits(amount: str, text: str) -> None:
    assert figures.credits_text(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("unpriced", "text"),
    [
        (0, "$1.00"),
        (1, "$1.00 + 1 unpriced token"),
        (1200, "$1.00 + 1.2k unpriced tokens"),
    ],
)
def test_a_cost_names_what_has_no_price(unpriced: int, text: str) -> None:
    assert figures.cost(Decimal(1), unpriced) == text


def test_a_line_of_figures() -> None:
    assert figures.usage(Decimal(1), 0, 1, Decimal(0)) == "$1.00 · 1 token"
    assert figures.usage(Decimal(1), 0, 2, Decimal(3)) == "$1.00 · 2 tokens · 3.0 credits"


NOON = datetime(2026, 2, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_ages(age: timedelta, text: str) -> None:
    assert figures.ago(NOON - age, NOON) == text


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("2026-01", "January"),
        ("2026-12", "December"),
        ("2026-13", None),
        ("2026-00", None),
        ("x", None),
    ],
)
def test_month_names(key: str, name: str | None) -> None:
    assert figures.month_name(key) == name


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([], ""),
        ([0, 0, 0], "▁▁▁"),
        ([0, 7, 14], "▁▅█"),
        ([0, 0.001, 100], "▁▂█"),
    ],
)
def test_only_values_of_zero_get_the_lowest_bar(values: list[float], shown: str) -> None:
    assert figures.sparkline([Decimal(str(value)) for value in values]) == shown


@pytest.mark.parametrize(("unpriced", "text"), [(0, "$1.20"), (7, "$1.20*")])
def test_a_short_cost_marks_tokens_without_a_price(unpriced: int, text: str) -> None:
    assert figures.short_cost(Decimal("1.2"), unpriced) == text
