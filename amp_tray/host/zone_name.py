"""The name of the zone in force, found without loading what computes with zones."""

import os
from collections.abc import Mapping

ZONEINFO = "/usr/share/zoneinfo"
LOCALTIME = "/etc/localtime"


def quick_zone_name(
    env: Mapping[str, str], localtime: str = LOCALTIME, zoneinfo: str = ZONEINFO
) -> str | None:
    """Return the name of `host.clock.local_zone`'s zone; None where only that can tell."""
    if env.get("AMP_TRAY_TIMEZONE", "") not in {"", "local"}:
        return None  # it may be no zone, which has to be said
    name = env.get("TZ", "").removeprefix(":") or linked_zone(localtime)
    parts = name.split("/")
    if not all(part.strip(".") for part in parts):  # empty, absolute, or a way out
        return None
    return name if os.path.isfile("/".join((zoneinfo, *parts))) else None  # noqa: PTH113 - quicker


def linked_zone(localtime: str = LOCALTIME) -> str:
    """Return the zone that the system's link names, empty where it names none."""
    try:
        target = os.path.realpath(localtime)
    except OSError:
        return ""
    return target.partition("/zoneinfo/")[2]
