"""When the next round is due: after the interval, later and later while rounds fail."""

from typing import Final

MINUTE_MS: Final = 60_000
LONGEST_MS: Final = 6 * 60 * MINUTE_MS
"""The longest that failures put the next round off, unless the interval itself is longer."""

_JITTER = 0.1
_MOST_DOUBLINGS = 12


def next_at(ended_at: int, *, failures: int, interval_minutes: int, chance: float) -> int:
    """Return when the next round is due, epoch milliseconds.

    Args:
        ended_at: when the last one ended.
        failures: how many failed, one after another; each doubles the time.
        chance: from 0 to 1; spreads the rounds of many users a tenth to both sides.
    """
    interval = interval_minutes * MINUTE_MS
    pause = min(interval * 2 ** min(failures, _MOST_DOUBLINGS), max(interval, LONGEST_MS))
    return ended_at + int(pause * (1 - _JITTER + 2 * _JITTER * chance))


def is_due(next_round_at: int | None, now: int, *, interval_minutes: int) -> bool:
    """Say whether a round is due; also where the clock or the interval was set back since."""
    if next_round_at is None or now >= next_round_at:
        return True
    furthest = max(interval_minutes * MINUTE_MS, LONGEST_MS) * (1 + _JITTER)
    return next_round_at - now > furthest
