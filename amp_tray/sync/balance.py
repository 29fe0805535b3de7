"""The balance with Amp as it was last told, kept in a small file for every surface."""

import logging
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from amp_tray.core.document import Document
from amp_tray.core.figures import money
from amp_tray.core.periods import iso_instant
from amp_tray.sync.amp import Amp
from amp_tray.sync.errors import StoppedError, SyncError
from amp_tray.sync.places import Places
from amp_tray.sync.stored import read_stored, write_stored
from amp_tray.sync.usage_text import Entry, parse_usage

log = logging.getLogger(__name__)

FRESH_MS = 3 * 60 * 1000
"""So long a balance is not asked for again."""

KNOWN_MS = 24 * 60 * 60 * 1000
"""An older one is not shown: it may be anything by now."""


class Balance(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was told.

    Attributes:
        at: when it was asked for, epoch milliseconds; None where it never was.
        entries: what is left.
        told_at: when the entries were told, which failures leave as it was.
        error: why the last question had no answer.
    """

    at: int | None = None
    entries: tuple[Entry, ...] = ()
    told_at: int | None = None
    error: str | None = None


def read_balance(places: Places) -> Balance:
    """Return the balance as last told."""
    return read_stored(places.balance, Balance, Balance())


def note_balance(
    places: Places, amp: Amp, clock: Callable[[], int], *, fresh_ms: int = FRESH_MS
) -> Balance:
    """Ask for the balance, unless that was done just now, and remember the answer.

    What fails is in the balance that is returned, with what was told before.

    Raises:
        StoppedError: this program ends.
        OSError: it cannot be written down.
    """
    before, now = read_balance(places), clock()
    if before.at is not None and 0 <= now - before.at < fresh_ms:
        return before
    try:
        entries = parse_usage(amp.usage())
    except StoppedError:
        raise
    except SyncError as error:
        log.warning("the balance is not known: %s", error.message)
        after = Balance(now, before.entries, before.told_at, error.message)
    else:
        said = None if entries else "`amp usage` said nothing of a balance"
        after = Balance(now, entries, now, said)
    write_stored(places.balance, after)
    return after


def balance_document(balance: Balance, now: int) -> Document | None:
    """Return the balance as documents have it; None where it is not known now."""
    told_at = balance.told_at
    if told_at is None or not balance.entries or not -FRESH_MS <= now - told_at < KNOWN_MS:
        return None
    return {
        "asOf": iso_instant(told_at),
        "text": balance_text(balance.entries),
        "entries": [_row(entry) for entry in balance.entries],
    }


def balance_text(entries: Sequence[Entry]) -> str:
    """Return the entries in a few words: `Free $4.20 of $10.00 · Individual $12.00`."""
    return " · ".join(_short(entry) for entry in entries)


def _short(entry: Entry) -> str:
    name = entry.name or {"free": "Free", "individual": "Individual"}.get(entry.kind, "")
    if entry.remaining is not None:
        of = "" if entry.limit is None else f" of {money(entry.limit)}"
        return f"{name} {_signed(entry.remaining)}{of}".strip()
    if entry.percent is not None:
        return f"{name} {entry.percent.normalize():f}%".strip()
    return entry.text


def _signed(amount: Decimal) -> str:
    return f"-{money(-amount)}" if amount < 0 else money(amount)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "name": entry.name,
        "text": entry.text,
        "remaining": entry.remaining,
        "limit": entry.limit,
        "percent": entry.percent,
        "orbPercent": entry.orb_percent,
        "orbHours": entry.orb_hours,
        "orbHoursLimit": entry.orb_hours_limit,
        "hourly": entry.hourly,
        "resets": entry.resets,
    }
