"""The wall clock and the system's time zone."""

import os
import time
from collections.abc import Mapping
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ZONEINFO = "/zoneinfo/"


def now_ms() -> int:
    """Return the current instant in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def local_zone(env: Mapping[str, str], localtime: str = "/etc/localtime") -> tuple[tzinfo, str]:
    """Return the system's zone and its IANA name.

    `TZ` and the usual link are looked at first, since asking tzlocal costs as much as starting
    Python; whatever they do not answer, it does. A zone that has no name, such as the rule
    `TZ=CET-1CEST`, is the nearest whole hour of its standard time: every name returned here is
    one that another process can look up.
    """
    name = env.get("TZ", "").removeprefix(":") or _linked_zone(localtime)
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
    import tzlocal  # noqa: PLC0415 - see `local_zone`

    try:
        return tzlocal.get_localzone_name() or ""
    except ZoneInfoNotFoundError:
        return ""


def _fixed_zone(offset_seconds: int) -> str:
    """Return the name of a fixed offset east of UTC; these names count west as positive."""
    hours = round(offset_seconds / 3600)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC"


def _linked_zone(localtime: str) -> str:
    try:
        target = os.path.realpath(localtime)
    except OSError:
        return ""
    return target.partition(_ZONEINFO)[2]
