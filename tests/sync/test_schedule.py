"""When the next round is due."""

import pytest

from amp_tray.sync.schedule import LONGEST_MS, MINUTE_MS, is_due, next_at


def minutes(failures: int, chance: float = 0.5, interval: int = 15) -> float:
    due = next_at(1000, failures=failures, interval_minutes=interval, chance=chance)
    return (due - 1000) / MINUTE_MS


def test_a_failure_doubles_the_pause_up_to_hours() -> None:
    assert [minutes(failures) for failures in range(7)] == [15, 30, 60, 120, 240, 360, 360]
    assert minutes(10**6) == 360


def test_a_long_interval_is_no_longer_for_failures() -> None:
    assert minutes(5, interval=1440) == 1440


def test_chance_spreads_it_a_tenth_to_both_sides() -> None:
    assert minutes(0, 0.0) == pytest.approx(13.5)
    assert minutes(0, 1.0) == pytest.approx(16.5)


def test_due_when_it_is_time_or_was_never_set_or_the_clock_was_set_back() -> None:
    assert is_due(None, 5, interval_minutes=15)
    assert is_due(5, 5, interval_minutes=15)
    assert not is_due(6, 5, interval_minutes=15)
    assert is_due(5 + 2 * LONGEST_MS, 5, interval_minutes=15)
    assert not is_due(5 + 20 * 60 * MINUTE_MS, 5, interval_minutes=1440)
