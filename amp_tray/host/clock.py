"""The wall clock and the system's time zone."""

import time
from collections.abc import Mapping
from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from amp_tray.core.periods import zone_named
from amp_tray.host.zone_name import LOCALTIME, linked_zone

_ASKED_SECONDS = 10


def now_ms() -> int:
    """Return the current instant in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def boot_seconds() -> float:
    """Return seconds that go on while the system sleeps, where the system counts them."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def local_zone(env: Mapping[str, str], localtime: str = LOCALTIME) -> tuple[tzinfo, str]:
    """Return the zone that the user chose (`AMP_TRAY_TIMEZONE`) or the system's, and its name.

    `TZ` and the usual link are looked at first, since asking tzlocal costs as much as starting
    Python; whatever they do not answer, it does. A zone that has no name, such as the rule
    `TZ=CET-1CEST`, is the nearest whole hour of its standard time: every name returned here is
    one that another process can look up.
    """
    chosen = env.get("AMP_TRAY_TIMEZONE", "")
    if chosen not in {"", "local"}:
        return zone_named(chosen), chosen
    name = env.get("TZ", "").removeprefix(":") or linked_zone(localtime)
    try:
        return ZoneInfo(name), name
    except (ValueError, OSError, KeyError):
        name = _asked_zone()
    try:
        return ZoneInfo(name), name
    except (ValueError, OSError, KeyError):
        fixed = _fixed_zone(-time.timezone)
        return ZoneInfo(fixed), fixed


def _asked_zone() -> str:
    return _asked_zone_in(int(time.monotonic() // _ASKED_SECONDS))


@lru_cache(maxsize=1)
def _asked_zone_in(_span: int) -> str:
    """Ask once in a span of time: tzlocal itself would never look again, or at every request."""
    import tzlocal  # noqa: PLC0415 - see `local_zone`

    try:
        tzlocal.reload_localzone()
        return tzlocal.get_localzone_name() or ""
    except ZoneInfoNotFoundError:
        return ""


def _fixed_zone(offset_seconds: int) -> str:
    """Return the name of a fixed offset east of UTC; these names count west as positive."""
    hours = round(offset_seconds / 3600)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC"
