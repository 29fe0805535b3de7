"""Money is exact: what comes in as a decimal goes out as the same decimal."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.money import credits_decimal, credits_of, usd, usd_decimal

AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=12)


@given(AMOUNTS)
def test_usd_round_trips_to_the_last_digit(amount: Decimal) -> None:
    units = usd(amount)
    assert units is not None
    assert usd_decimal(units) == amount


@given(st.integers(-(10**18), 10**18))
def test_units_round_trip_through_decimals(units: int) -> None:
    assert credits_of(credits_decimal(units)) == units
    assert usd(usd_decimal(units)) == units


@given(st.integers(0, 10**15))
def test_a_float_read_from_a_file_is_the_decimal_that_the_file_said(units: int) -> None:
    said = credits_decimal(units)
    assert credits_of(float(said)) == units


@given(st.lists(AMOUNTS, max_size=20), st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_their_order(amounts: list[Decimal], order: random.Random) -> None:
    shuffled = list(amounts)
    order.shuffle(shuffled)
    assert sum(usd(a) or 0 for a in amounts) == sum(usd(a) or 0 for a in shuffled)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.5, 1_500_000_000),
        (0.1, 100_000_000),
        (3, 3_000_000_000),
        (Decimal("0.000000001"), 1),
        (-2, -2_000_000_000),
        (1e-30, 0),
        (None, None),
        (True, None),
        ("1.5", None),
        ([], None),
        (float("nan"), None),
        (float("inf"), None),
        (1e300, None),
        pytest.param(10**5000, None, id="thousands of digits"),
        (Decimal("1e999999999"), None),
        (Decimal("1e-999999999"), 0),
        (Decimal("sNaN"), None),
    ],
)
def test_what_is_no_amount_is_none(value: object, expected: int | None) -> None:
    assert credits_of(value) == expected


@pytest.mark.parametrize(
    ("units", "text"),
    [(0, "0"), (1, "1E-12"), (10**12, "1"), (1_500_000_000_000, "1.5"), (-5 * 10**11, "-0.5")],
)
def test_decimals_have_every_digit_and_no_trailing_zero(units: int, text: str) -> None:
    assert str(usd_decimal(units)) == text
