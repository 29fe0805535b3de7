"""A small builder of thread files: dicts as Amp writes them, their bytes, and what is read.

Everything has a default, so that a test names only what it is about.
"""

import json
from typing import Any

from amp_tray.core.events import UsageEvent
from amp_tray.core.records import ThreadRecord
from amp_tray.core.resolve import resolve_thread
from amp_tray.sources.amp.decode import decode_thread
from amp_tray.sources.reading import Reading

Json = dict[str, Any]

ID = "T-0199aaaa-bbbb-7ccc-8ddd-000000000001"
PATH = f"/amp/threads/{ID}.json"
CLAUDE = "claude-opus-4-5-20251101"
GPT = "gpt-5.2"
CREATED = 1_770_000_000_000  # 2026-02-02T02:40:00Z
MTIME = 1_780_000_000_000


def usage(*counts: object, **members: Any) -> Json:
    """Return a usage with up to four counts (input, output, creation, read) and other members."""
    names = ("inputTokens", "outputTokens", "cacheCreationInputTokens", "cacheReadInputTokens")
    return dict(zip(names, counts, strict=False)) | members


def answer(message_id: object = 1, *counts: object, **members: Any) -> Json:
    """Return an assistant message of Claude's; members of `usage` go by their name in it."""
    said = usage(*(counts or (10, 20, 30, 40)), **{"model": CLAUDE, **members})
    return {"role": "assistant", "messageId": message_id, "usage": said}


def asked(sent_at: object = None, message_id: object = 0) -> Json:
    """Return a user's message."""
    return {"role": "user", "messageId": message_id, "meta": {"sentAt": sent_at}}


def event(event_id: object = "e1", *counts: object, **members: Any) -> Json:
    """Return a ledger event: an inference of 10 input and 20 output tokens by default."""
    tokens = dict(zip(("input", "output"), counts or (10, 20), strict=True))
    given = {"id": event_id, "tokens": tokens, "operationType": "inference", **members}
    return {name: value for name, value in given.items() if value is not None}


def thread(*messages: Any, events: object = None, **members: Any) -> Json:
    """Return a thread; `events` become its usage ledger."""
    ledger = {} if events is None else {"usageLedger": {"events": events}}
    head = {"v": 1, "id": ID, "created": CREATED}
    return {**head, "messages": list(messages), **ledger, **members}


def encode(document: object) -> bytes:
    """Return the bytes of a file; lone surrogates become escapes, as JavaScript writes them."""
    return json.dumps(document, indent=2).encode()


def reading(document: object, *, path: str = PATH, mtime: int = MTIME) -> Reading:
    """Return what a file with this document (or these bytes) is read as."""
    data = document if isinstance(document, bytes) else encode(document)
    return decode_thread(data, path, mtime)


def record(document: object, *, path: str = PATH, mtime: int = MTIME) -> ThreadRecord:
    """Return the record of a file that must be a thread."""
    read = reading(document, path=path, mtime=mtime).record
    assert read is not None
    return read


def resolved(document: object, *, mtime: int = MTIME) -> tuple[UsageEvent, ...]:
    """Return the usage events of a file."""
    return resolve_thread(record(document, mtime=mtime)).events
