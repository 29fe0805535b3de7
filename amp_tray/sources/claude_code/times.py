"""Instants of a session log."""

from datetime import UTC, datetime

from amp_tray.core.periods import millis

_LAST_INSTANT = 253402300799999  # the end of year 9999


def read_instant(text: str | None) -> int | None:
    """Return epoch milliseconds of an ISO 8601 text, UTC where it names no zone.

    None for what is no instant of the years 1970 to 9999.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    at = millis(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
    return at if 0 < at <= _LAST_INSTANT else None
