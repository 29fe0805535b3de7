"""The wall clock and the system's time zone."""

import os
import time
from collections.abc import Mapping
from datetime import tzinfo
from zoneinfo import ZoneInfo

_ZONEINFO = "/zoneinfo/"


def now_ms() -> int:
    """Return the current instant in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def local_zone(env: Mapping[str, str], localtime: str = "/etc/localtime") -> tuple[tzinfo, str]:
    """Return the system's zone and its IANA name.

    `TZ` and the usual link are looked at first, since asking tzlocal costs as much as starting
    Python; whatever they do not answer, it does.
    """
    for name in (env.get("TZ", "").removeprefix(":"), _linked_zone(localtime)):
        if name:
            try:
                return ZoneInfo(name), name
            except (ValueError, OSError, KeyError):
                continue
    import tzlocal  # noqa: PLC0415 - see above

    zone = tzlocal.get_localzone()
    return zone, getattr(zone, "key", None) or str(zone)


def _linked_zone(localtime: str) -> str:
    try:
        target = os.path.realpath(localtime)
    except OSError:
        return ""
    return target.partition(_ZONEINFO)[2]
