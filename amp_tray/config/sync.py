"""How threads are to be fetched, as the environment says it (`config.toml` lies below it)."""

from collections.abc import Mapping
from typing import NamedTuple

from amp_tray.config.environment import is_on
from amp_tray.core.errors import UsageError

SYNC_VARIABLE = "AMP_TRAY_SYNC"
PROGRAM_VARIABLE = "AMP_TRAY_SYNC_PROGRAM"
INTERVAL_VARIABLE = "AMP_TRAY_SYNC_INTERVAL_MINUTES"
MOST_VARIABLE = "AMP_TRAY_SYNC_MAX_THREADS"
SECONDS_VARIABLE = "AMP_TRAY_SYNC_CALL_SECONDS"


class Bounds(NamedTuple):
    """A whole number's default, and the least and the most it may be."""

    default: int
    least: int
    most: int


INTERVAL_MINUTES = Bounds(15, 5, 1440)
MAX_THREADS = Bounds(100, 1, 1000)
CALL_SECONDS = Bounds(60, 5, 600)


class SyncOptions(NamedTuple):
    """What the user set.

    Attributes:
        enabled: whether the service fetches threads by itself.
        program: the `amp` program's path, None to look for it.
        interval_minutes: between two rounds.
        max_threads: the most that one round exports.
        call_seconds: how long one run of the program may take.
    """

    enabled: bool = False
    program: str | None = None
    interval_minutes: int = INTERVAL_MINUTES.default
    max_threads: int = MAX_THREADS.default
    call_seconds: int = CALL_SECONDS.default


def sync_options(env: Mapping[str, str]) -> SyncOptions:
    """Return the options; raises UsageError for one that cannot be."""
    return SyncOptions(
        is_on(env, SYNC_VARIABLE),
        env.get(PROGRAM_VARIABLE, "").strip() or None,
        _whole(env, INTERVAL_VARIABLE, INTERVAL_MINUTES),
        _whole(env, MOST_VARIABLE, MAX_THREADS),
        _whole(env, SECONDS_VARIABLE, CALL_SECONDS),
    )


def _whole(env: Mapping[str, str], variable: str, bounds: Bounds) -> int:
    text = env.get(variable, "").strip()
    if not text:
        return bounds.default
    if not (text.isascii() and text.isdecimal()) or not bounds.least <= int(text) <= bounds.most:
        raise UsageError(
            f"{variable} is {text!r}",
            hint=f"set it to a whole number from {bounds.least:,} to {bounds.most:,}, or unset it",
        )
    return int(text)
