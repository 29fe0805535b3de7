"""Single values of a thread file, judged."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.periods import millis
from amp_tray.sources.amp.values import (
    MAX_COUNT,
    Judge,
    nanocredits,
    read_instant,
    read_position,
    read_text,
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)


@pytest.mark.parametrize(
    ("value", "count", "implausible"),
    [
        (0, 0, 0),
        (7, 7, 0),
        (7.0, 7, 0),
        (1e5, 100_000, 0),
        (MAX_COUNT, MAX_COUNT, 0),
        (MAX_COUNT + 1, 0, 1),
        (10**30, 0, 1),
        (1e30, 0, 1),
        (None, 0, 0),
        (-1, 0, 0),
        (-1.0, 0, 0),
        (1.5, 0, 0),
        ("7", 0, 0),
        (True, 0, 0),
        ([7], 0, 0),
        ({}, 0, 0),
        (float("nan"), 0, 0),
        (float("inf"), 0, 0),
    ],
)
def test_counts(value: object, count: int, implausible: int) -> None:
    judge = Judge()
    assert (judge.count(value) or 0) == count
    assert judge.implausible == implausible


@pytest.mark.parametrize(
    ("value", "amount", "implausible"),
    [
        (1.5, 1_500_000_000, 0),
        (0, 0, 0),
        (10**9, 10**18, 0),
        (10**9 + 1, None, 1),
        (1e12, None, 1),
        (10**400, None, 1),
        (float("inf"), None, 1),
        (float("nan"), None, 0),
        (-1, None, 0),
        (None, None, 0),
        ("1.5", None, 0),
        (True, None, 0),
    ],
)
def test_credits(value: object, amount: int | None, implausible: int) -> None:
    judge = Judge()
    assert nanocredits(judge.credits(value)) == amount
    assert judge.implausible == implausible


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("M-1", "M-1"),
        (1, "1"),
        (0, "0"),
        ("", None),
        (None, None),
        (True, None),
        (1.5, None),
        ([], None),
        ("a\ud800b", "a?b"),
        ("ü" * 2000, "ü" * 1000),
        ("x" * 2000, "x" * 1000),
    ],
)
def test_texts(value: object, text: str | None) -> None:
    assert read_text(value) == text


@pytest.mark.parametrize(
    ("value", "position"),
    [(0, 0), (3, 3), (3.0, 3), (-1, None), (1.5, None), ("1", None), (True, None), (10**20, None)],
)
def test_positions(value: object, position: int | None) -> None:
    assert read_position(value) == position


NOON = millis(datetime(2026, 2, 10, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (NOON, NOON),
        (float(NOON), NOON),
        ("2026-02-10T12:00:00.000Z", NOON),
        ("2026-02-10T12:00:00", NOON),
        ("2026-02-10T13:00:00+01:00", NOON),
        (" 2026-02-10 12:00 ", NOON),
        ("2026-02-10T12:00:00.123456789Z", NOON + 123),
        (0, None),
        (-5, None),
        (None, None),
        (True, None),
        ("", None),
        ("soon", None),
        ("1969-12-31T00:00:00Z", None),
        (10**20, None),
        (float("nan"), None),
        (float("inf"), None),
        ([NOON], None),
        ("0001-01-01T00:00:00+23:59", None),
    ],
)
def test_instants(value: object, at: int | None) -> None:
    assert read_instant(value) == at


@given(ANYTHING)
def test_nothing_that_json_holds_raises(value: object) -> None:
    judge = Judge()
    assert 0 <= (judge.count(value) or 0) <= MAX_COUNT
    amount = nanocredits(judge.credits(value))
    at, text = read_instant(value), read_text(value)
    assert amount is None or amount >= 0
    assert at is None or 0 <= at < 2**53
    assert text is None or text.encode()
    assert read_position(value) is None or isinstance(value, int | float)
