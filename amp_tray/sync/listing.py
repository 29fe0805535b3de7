"""What `amp threads list --json` says: which threads there are, and when each last changed.

Source: published Amp builds print an array of objects with `id`, `title`, `updated`, `tree` and
`messageCount`, the last changed first.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from amp_tray.core.periods import millis
from amp_tray.sync.errors import BadAnswerError

# An id becomes a file's name and a word of a command line: nothing else may be in it.
_ID = re.compile(r"T-[0-9A-Za-z][0-9A-Za-z-]{0,98}", re.ASCII)
_MOST_ROWS = 100_000
_MOST_STAMP = 64
_LEAST_MS = 1_000_000_000_000  # smaller epochs are seconds


class Listed(NamedTuple):
    """A thread of the list.

    Attributes:
        updated: when it changed, as spelled; what differs from it means a change.
        updated_at: the same as epoch milliseconds, None where it cannot be read.
    """

    thread_id: str
    updated: str
    updated_at: int | None


class Listing(NamedTuple):
    """A list, and how many rows of it could not be used."""

    threads: tuple[Listed, ...]
    refused: int


def is_thread_id(text: object) -> bool:
    """Say whether this is a thread's id and nothing more, such as a path."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def parse_listing(data: bytes) -> Listing:
    """Return the threads of a list, each once; raises BadAnswerError for what is no list."""
    try:
        rows = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadAnswerError("`amp threads list --json` printed no JSON") from error
    if not isinstance(rows, list):
        raise BadAnswerError("`amp threads list --json` printed something else than a list")
    found: dict[str, Listed] = {}
    refused = max(0, len(rows) - _MOST_ROWS)
    for row in rows[:_MOST_ROWS]:
        thread_id = row.get("id") if isinstance(row, dict) else None
        if not is_thread_id(thread_id):
            refused += 1
            continue
        said = row.get("updated")
        found.setdefault(
            str(thread_id), Listed(str(thread_id), str(said)[:_MOST_STAMP], _instant(said))
        )
    if rows and not found:
        raise BadAnswerError("`amp threads list --json` named no thread that can be asked for")
    return Listing(tuple(found.values()), refused)


def newest_first(threads: Iterable[Listed]) -> list[Listed]:
    """Return threads by their change, newest first; those of unknown time go first, in order."""
    return sorted(threads, key=lambda one: (one.updated_at is not None, -(one.updated_at or 0)))


def _instant(said: Any) -> int | None:
    try:
        match said:
            case bool():
                return None
            case int() | float():
                return int(said if said >= _LEAST_MS else said * 1000)
            case str():
                moment = datetime.fromisoformat(said)
                return millis(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
    return None
