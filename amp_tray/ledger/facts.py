"""A record's facts as the ledger and its exports spell them: one JSON array.

Decoding checks the shape; `implausible` checks what a hand or a flipped bit may have put into
it, with the bounds that reading a log file keeps to.
"""

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from amp_tray.core.records import (
    Call,
    LedgerEvent,
    MessageUsage,
    Rung,
    ThreadRecord,
    ToolInference,
)

Fact: TypeAlias = ThreadRecord | MessageUsage | LedgerEvent | ToolInference | Call

MAX_COUNT = 10**12
"""The highest count, position or ordinal."""

_MAX_TEXT = 1_000_000  # bytes; a source keeps texts far shorter
_INSTANT = (0, 253402300799999)  # to the end of year 9999
_ANY = (-(10**18), 10**18)
_BOUNDS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("at", "created", "sent_at", "stamp"), _INSTANT),
    "credits": (0, 10**18),  # nanocredits
    "cost": (0, 4 * 10**18),  # picodollars
    "rung": (min(Rung), max(Rung)),
    "version": _ANY,
    "mtime": _ANY,
}

_DECODER = msgspec.json.Decoder(ThreadRecord)


def encode_facts(record: ThreadRecord) -> str:
    """Return a record as JSON text."""
    return msgspec.json.encode(record).decode()


def decode_facts(text: str | bytes) -> ThreadRecord:
    """Return the record of a JSON text; raises ValueError when it is none."""
    try:
        return _DECODER.decode(text)
    except RecursionError as error:  # brackets without end
        raise ValueError("nested too deep") from error


def implausible(record: ThreadRecord) -> str | None:
    """Return what in a record no log file could have said, None when there is nothing."""
    if not record.thread_id:
        return "it names no thread"
    facts: tuple[Fact, ...] = (
        record,
        *record.messages,
        *record.events,
        *record.tools,
        *record.calls,
    )
    for fact in facts:
        for name, value in zip(fact._fields, fact, strict=True):
            if isinstance(value, int):
                least, most = _BOUNDS.get(name, (0, MAX_COUNT))
                if not least <= value <= most:
                    return f"{name} is out of bounds"
            elif isinstance(value, str) and not _is_usable(value):
                return f"{name} is no usable text"
    names = (name for message in record.messages for name in message.aliases)
    return None if all(map(_is_usable, names)) else "aliases are no usable texts"


def _is_usable(text: str) -> bool:
    try:
        return len(text.encode()) <= _MAX_TEXT
    except UnicodeEncodeError:  # a lone surrogate
        return False
