"""Bytes to the wire structs: the strict decoder first, piece by piece where it refuses.

A typed decode of the whole file is several times faster than anything else and works for
every file that Amp writes whole. What it refuses (a lone surrogate in a title, a negative count,
one message of an odd shape) is decoded by the standard library and converted member by member,
so that one bad record costs that record alone, and an odd number not even that.
"""

from types import NoneType, UnionType
from typing import Any, get_args, get_origin

import msgspec

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.sources.amp import wire
from amp_tray.sources.amp.values import Judge

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
    import json  # noqa: PLC0415 - the files of most users never need it

    try:
        document = json.loads(data.decode("utf-8", errors="replace"))
    except ValueError:
        return None, [Diagnostic(Code.TORN_FILE, path, "the file is not whole JSON")]
    except RecursionError:
        return None, [Diagnostic(Code.NOT_A_THREAD, path, "the file is nested too deeply")]
    if not isinstance(document, dict):
        return None, [Diagnostic(Code.NOT_A_THREAD, path, "the file is JSON but not a thread")]
    salvage = _Salvage()
    checked, diagnostics = _checked(salvage.read(document, wire.Thread, ""), path)
    if salvage.bad:
        noun = "member" if len(salvage.bad) == 1 else "members"
        sentence = f"{len(salvage.bad)} {noun} could not be read: {', '.join(salvage.bad[:5])}"
        diagnostics.append(Diagnostic(Code.BAD_RECORD, path, sentence))
    if salvage.judge.implausible:
        count = salvage.judge.implausible
        sentence = f"{count} counts are too large to be true and were taken as 0"
        diagnostics.append(Diagnostic(Code.IMPLAUSIBLE_COUNT, path, sentence))
    return checked, diagnostics


class _Salvage:
    """Reads a document without those members that cannot be read.

    Attributes:
        bad: the places of what could not be read.
    """

    def __init__(self) -> None:
        self.bad: list[str] = []
        self.judge = Judge()
        self._judged = {wire.Count: self.judge.count, wire.Credits: self.judge.credits}

    def read(self, value: Any, kind: Any, where: str) -> Any:
        """Return a value as `kind`, None where it cannot be read at all.

        Args:
            kind: a type that a member of `wire` is declared to have.
            where: the value's place in the file, by the names that `wire` gives.
        """
        try:
            return msgspec.convert(value, kind)
        except (msgspec.ValidationError, UnicodeEncodeError, RecursionError):
            pass  # the wrong type somewhere below, or a member's name with a lone surrogate
        if kind in self._judged:
            return self._judged[kind](value)
        shape = kind
        if isinstance(kind, UnionType):  # every other union of `wire` is of one type and None
            shape = next(part for part in get_args(kind) if part is not NoneType)
        if get_origin(shape) is list and isinstance(value, list):
            (item_kind,) = get_args(shape)
            items = (
                self.read(item, item_kind, f"{where}[{position}]")
                for position, item in enumerate(value)
            )
            # A bad item keeps its place: forks count messages by position.
            return [item_kind() if item is None else item for item in items]
        if (
            isinstance(shape, type)
            and issubclass(shape, msgspec.Struct)
            and isinstance(value, dict)
        ):
            members = {
                field.name: self.read(
                    value.get(field.encode_name),
                    field.type,
                    f"{where}.{field.encode_name}".lstrip("."),
                )
                for field in msgspec.structs.fields(shape)
            }
            return shape(**members)
        self.bad.append(where)
        return None
