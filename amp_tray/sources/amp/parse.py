"""Bytes to the wire structs: the strict decoder first, piece by piece where it refuses.

A typed decode of the whole file is several times faster than anything else and works for
every file that Amp writes whole. What it refuses (a lone surrogate in a title, a byte order
mark, one message of an odd shape) is decoded by the standard library and converted member by
member, so that one bad record costs that record alone.
"""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.sources.amp import wire

_Struct = TypeVar("_Struct", bound=msgspec.Struct)

_DECODER = msgspec.json.Decoder(wire.Thread)
_BOM = b"\xef\xbb\xbf"


def parse_thread(data: bytes, path: str) -> tuple[wire.Thread | None, list[Diagnostic]]:
    """Return the wire thread, or None when the bytes are none, and what could not be read."""
    data = data.removeprefix(_BOM)
    try:
        thread = _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _parse_leniently(data, path)
    return _checked(thread, path)


def _checked(thread: wire.Thread, path: str) -> tuple[wire.Thread | None, list[Diagnostic]]:
    if thread.id is None and thread.messages is None and thread.usage_ledger is None:
        return None, [Diagnostic(Code.NOT_A_THREAD, path, "the file is JSON but not a thread")]
    return thread, []


def _parse_leniently(data: bytes, path: str) -> tuple[wire.Thread | None, list[Diagnostic]]:
    try:
        document = json.loads(data.decode("utf-8", errors="replace"))
    except ValueError:
        return None, [Diagnostic(Code.TORN_FILE, path, "the file is not whole JSON")]
    except RecursionError:
        return None, [Diagnostic(Code.NOT_A_THREAD, path, "the file is nested too deeply")]
    if not isinstance(document, dict):
        return None, [Diagnostic(Code.NOT_A_THREAD, path, "the file is JSON but not a thread")]
    bad: list[str] = []
    messages = list(_convert_each(document.pop("messages", None), wire.Message, "messages", bad))
    ledger = document.pop("usageLedger", None)
    listed = ledger.get("events") if isinstance(ledger, dict) else None
    events = list(_convert_each(listed, wire.Event, "usageLedger.events", bad))
    members = {
        "env": _convert(document.pop("env", None), wire.Env),
        "meta": _convert(document.pop("meta", None), wire.ThreadMeta),
        "debug": _convert(document.pop("~debug", None), wire.ThreadDebug),
    }
    thread = msgspec.convert(document, wire.Thread)
    for name, value in members.items():
        setattr(thread, name, value)
    thread.messages = messages or None
    thread.usage_ledger = wire.UsageLedger(events) if isinstance(ledger, dict) else None
    checked, diagnostics = _checked(thread, path)
    if bad:
        sentence = f"{len(bad)} records could not be read: {', '.join(bad[:5])}"
        diagnostics.append(Diagnostic(Code.BAD_RECORD, path, sentence))
    return checked, diagnostics


def _convert_each(items: Any, kind: type[_Struct], where: str, bad: list[str]) -> Iterator[_Struct]:
    """Yield each item as a struct; one of an odd shape is tried again without that member."""
    for position, item in enumerate(items if isinstance(items, list) else ()):
        converted = _convert(item, kind) or _convert(_plain_members(item, kind), kind)
        if converted is None:
            bad.append(f"{where}[{position}]")
            converted = kind()  # keeps its place: forks count messages by position
        yield converted


def _plain_members(item: Any, kind: type[_Struct]) -> Any:
    """Return an object with only those members that convert one by one."""
    if not isinstance(item, dict):
        return item
    return {
        name: value
        for name, value in item.items()
        if isinstance(name, str) and _convert({name: value}, kind) is not None
    }


def _convert(value: Any, kind: type[_Struct]) -> _Struct | None:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None
