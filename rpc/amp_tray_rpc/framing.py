"""Bytes in, messages out: the two framings, told apart by a connection's first byte.

- `Content-Length: N`, CR LF, CR LF, then N bytes of JSON, as editors' clients speak it.
- One JSON value a line (the first byte is `{` or `[`), for shells.

The parser does no I/O and knows no JSON. It is strict because whatever else reaches the
socket must not run a method: a page that makes a browser send HTTP, a confused client, a
port scan. Feeding it any bytes in any pieces yields the same frames, and `FramingError` at
the same place; nothing else is raised.

Source: Language Server Protocol, base protocol (header part, content part).
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from amp_tray_rpc.limits import DEFAULT_LIMITS, Limits

_MOST_CONSUMED = 64 * 1024  # bytes, and no long frame is kept twice while it is answered
_NUL = b"\0"
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r"
_BLANKS = re.compile(rb"[ \t\r\n]*")
_HEADER = re.compile(
    rb"(content-length|content-type):[ \t]*([\x21-\x7e][\x20-\x7e]*)", re.IGNORECASE
)
_LENGTH = re.compile(rb"[1-9][0-9]{0,11}")
_TYPE = re.compile(
    rb"application/(?:vscode-jsonrpc|json|json-rpc)(?: *; *charset=\"?utf-?8\"?)?", re.IGNORECASE
)


class Framing(Enum):
    """How one message is told from the next on a connection."""

    HEADER = "header"
    LINE = "line"


class Frame(NamedTuple):
    """One message's bytes, without header or line end."""

    framing: Framing
    body: bytes


class FramingError(Exception):
    """The bytes are no frame. The connection cannot be read any further.

    Attributes:
        reason: what is wrong, without any of the bytes.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def encode(framing: Framing, body: bytes) -> bytes:
    """Return `body`, one JSON text, as a frame.

    A line cannot hold line feeds. In JSON they stand between tokens only (inside strings
    they are escaped), so blanks take their place there; a header frame keeps every byte.
    """
    return b"".join(encode_in_parts(framing, body))


def encode_in_parts(framing: Framing, body: bytes) -> tuple[bytes, bytes]:
    """Return what `encode` returns without copying a long body, to be sent one after the other."""
    if framing is Framing.HEADER:
        return b"Content-Length: %d\r\n\r\n" % len(body), body
    return body.replace(b"\n", b" ") if b"\n" in body else body, b"\n"


class FrameParser:
    """The state of one connection's incoming bytes.

    Attributes:
        framing: how this connection frames; None until its first byte.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.framing: Framing | None = None
        self._limits = limits
        self._buffer = bytearray()
        self._at = 0  # start of the first byte not consumed yet
        self._seen = 0  # bytes before this hold no line end of the line that begins at _at
        self._fields: dict[bytes, bytes] = {}  # header fields of the unfinished frame
        self._header_size = 0
        self._body_size: int | None = None  # None while in a header, or between frames
        self._fault: str | None = None

    @property
    def pending(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self.held > 0 or self._header_size > 0

    @property
    def held(self) -> int:
        """How many bytes of an unfinished frame are kept."""
        return len(self._buffer) - self._at

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take the next bytes and yield the frames they complete, oldest first.

        Each is looked for when it is asked for, so that a flood of tiny ones is never a long
        list, nor a long time spent on one peer.

        Raises:
            FramingError: at the first byte that fits no frame, and ever after.
        """
        if self._fault is None:
            self._buffer += data
        return self._frames()

    def _frames(self) -> Iterator[Frame]:
        if self._fault is not None:
            raise FramingError(self._fault)
        try:
            while (body := self._next_body()) is not None:
                assert self.framing is not None, "a body has a framing"
                if self._at >= _MOST_CONSUMED:
                    self._forget_consumed()
                yield Frame(self.framing, body)
        except FramingError as error:
            self._fault = error.reason
            self._at = len(self._buffer)
            raise
        finally:
            self._forget_consumed()

    def _forget_consumed(self) -> None:
        del self._buffer[: self._at]
        self._seen = max(0, self._seen - self._at)
        self._at = 0

    def _next_body(self) -> bytes | None:
        if self.framing is None:
            if not self._buffer:
                return None
            self.framing = _framing_of(self._buffer[0])
        if self.framing is Framing.LINE:
            return self._next_line()
        return self._next_counted()

    def _next_line(self) -> bytes | None:
        # Blank lines, and blanks before a line, are passed over at once however many they are.
        blanks = _BLANKS.match(self._buffer, self._at)
        self._at = blanks.end() if blanks else self._at
        limit = self._limits.body_bytes + len(b"\n")
        line = self._take_line(limit, "a line is longer than the limit")
        return None if line is None else _checked(line.rstrip(_BLANK))

    def _next_counted(self) -> bytes | None:
        while self._body_size is None:
            room = self._limits.header_bytes - self._header_size
            line = self._take_line(room, "a header is longer than the limit")
            if line is None:
                return None
            self._header_size += len(line) + 1
            if not line.endswith(b"\r"):
                raise FramingError("a header line ends in CR LF")
            self._take_header(line[:-1])
        end = self._at + self._body_size
        if len(self._buffer) < end:
            return None
        body = self._cut(end)
        self._at = self._seen = end
        self._body_size = None
        self._header_size = 0
        return _checked(body)

    def _take_header(self, line: bytes) -> None:
        if not line:
            self._end_header()
            return
        match = _HEADER.fullmatch(line)
        if match is None:
            raise FramingError("a header is Content-Length or Content-Type and a value")
        name, value = match[1].lower(), match[2].rstrip()
        if name in self._fields:
            raise FramingError("a header stands once in a frame")
        if name == b"content-type" and not _TYPE.fullmatch(value):
            raise FramingError("the content is JSON in UTF-8")
        if name == b"content-length":
            self._check_length(value)
        self._fields[name] = value

    def _check_length(self, value: bytes) -> None:
        if not _LENGTH.fullmatch(value):
            raise FramingError("Content-Length is a positive decimal number")
        if int(value) > self._limits.body_bytes:
            raise FramingError("a body is longer than the limit")

    def _end_header(self) -> None:
        length = self._fields.get(b"content-length")
        if length is None:
            raise FramingError("a header without Content-Length")
        self._body_size = int(length)
        self._fields = {}

    def _take_line(self, limit: int, too_long: str) -> bytes | None:
        """Return the bytes up to the next LF, without it, or None if it is not here yet."""
        end = self._buffer.find(b"\n", max(self._seen, self._at))
        size = (len(self._buffer) if end < 0 else end + 1) - self._at
        if size > limit:
            raise FramingError(too_long)
        if end < 0:
            self._seen = len(self._buffer)
            return None
        line = self._cut(end)
        self._at = self._seen = end + 1
        return line

    def _cut(self, end: int) -> bytes:
        with memoryview(self._buffer) as view:  # a slice of the buffer would be a second copy
            return bytes(view[self._at : end])


def _framing_of(first: int) -> Framing:
    if first in b"{[":
        return Framing.LINE
    if first in b"Cc":
        return Framing.HEADER
    raise FramingError("a connection begins with Content-Length, or with { or [ for lines")


def _checked(body: bytes) -> bytes:
    if body.startswith(_BOM):
        raise FramingError("a message begins without byte order mark")
    if _NUL in body:
        raise FramingError("a message holds no NUL")
    return body
