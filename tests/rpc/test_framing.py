"""The parser: both framings and every refusal. `test_fuzz_framing` gives it anything else."""

from collections.abc import Iterable

import pytest

from amp_tray_rpc.framing import Frame, FrameParser, Framing, FramingError, encode
from amp_tray_rpc.limits import Limits

LIMITS = Limits(header_bytes=64, body_bytes=32)
HEADERS = (b"Content-Length: 2\r\n\r\n", b"content-length:2\r\n\r\n")


def parse(pieces: Iterable[bytes], limits: Limits = LIMITS) -> tuple[list[Frame], str | None]:
    """Return the frames and the reason the parser stopped for, if it did."""
    parser = FrameParser(limits)
    frames: list[Frame] = []
    for piece in pieces:
        try:
            frames.extend(parser.feed(piece))
        except FramingError as error:
            return frames, error.reason
    return frames, None


def bodies(data: bytes) -> list[bytes]:
    frames, fault = parse([data])
    assert fault is None, fault
    return [frame.body for frame in frames]


def fault(data: bytes) -> str | None:
    """Return the refusal, which must be the same for the whole and for single bytes."""
    whole = parse([data])
    assert parse(data[at : at + 1] for at in range(len(data))) == whole
    return whole[1]


def counted(body: bytes) -> bytes:
    return encode(Framing.HEADER, body)


class TestCounted:
    @pytest.mark.parametrize("header", HEADERS)
    def test_yields_the_body(self, header: bytes) -> None:
        assert bodies(header + b"{}") == [b"{}"]

    def test_yields_several_from_one_piece_and_keeps_the_rest(self) -> None:
        parser = FrameParser(LIMITS)
        frames = parser.feed(counted(b"[1]") + counted(b"[2]") + b"Content-L")
        assert [frame.body for frame in frames] == [b"[1]", b"[2]"]
        assert parser.pending
        rest = parser.feed(b"ength: 3\r\n\r\n[3]")
        assert list(rest) == [Frame(Framing.HEADER, b"[3]")]
        assert not parser.pending

    def test_a_body_may_hold_line_feeds(self) -> None:
        assert bodies(counted(b"{\n}\r\n")) == [b"{\n}\r\n"]

    @pytest.mark.parametrize(
        "value",
        [
            b"application/json",
            b"application/vscode-jsonrpc; charset=utf-8",
            b"Application/Json;charset=UTF8",
        ],
    )
    def test_takes_the_types_of_json(self, value: bytes) -> None:
        data = b"Content-Type: %b\r\nContent-Length: 2\r\n\r\n{}" % value
        limits = Limits(header_bytes=128)
        assert parse([data], limits) == ([Frame(Framing.HEADER, b"{}")], None)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"Content-Length: 2\n\n{}", "CR LF"),
            (b"Content-Length: 2\r\n\n{}", "CR LF"),
            (b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "once"),
            (b"Content-Length: 2\r\nHost: x\r\n\r\n{}", "Content-Length or Content-Type"),
            (b"Content-Length : 2\r\n\r\n{}", "Content-Length or Content-Type"),
            (b"Content-Length:\r\n\r\n{}", "Content-Length or Content-Type"),
            (b"Content-Length: 2\r\n X: y\r\n\r\n{}", "Content-Length or Content-Type"),
            (b"Content-Length: 2\rX\r\n\r\n{}", "Content-Length or Content-Type"),
            (b"Content-Length: +2\r\n\r\n{}", "positive decimal"),
            (b"Content-Length: 0x2\r\n\r\n{}", "positive decimal"),
            (b"Content-Length: 02\r\n\r\n{}", "positive decimal"),
            (b"Content-Length: 0\r\n\r\n", "positive decimal"),
            (b"Content-Length: -1\r\n\r\n", "positive decimal"),
            (b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", "positive decimal"),
            (b"Content-Length: 33\r\n\r\n", "longer than the limit"),
            (b"Content-Type: application/json\r\n\r\n{}", "without Content-Length"),
            (b"Content-Type: application/json;charset=latin1\r\n\r\n", "UTF-8"),
            (b"Content-Type: text/plain\r\n\r\n", "UTF-8"),
            (b"Content-Length: 2" + b" " * 64, "header is longer"),
            (b"Content-Length: 2\r\n" + b"C" * 64, "header is longer"),
            (b"Content-Length: 5\r\n\r\n\xef\xbb\xbf{}", "byte order mark"),
            (b"Content-Length: 3\r\n\r\n{\0}", "NUL"),
        ],
    )
    def test_refuses(self, data: bytes, reason: str) -> None:
        assert reason in (fault(data) or "")


class TestLines:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            (b"{}\n", [b"{}"]),
            (b"[]\r\n{}\n", [b"[]", b"{}"]),
            (b"{}\n\n  \r\n{}\n", [b"{}", b"{}"]),
            (b"{}\nno json\n", [b"{}", b"no json"]),
            (b"{}\n{", [b"{}"]),
        ],
    )
    def test_yields_each_line_with_content(self, data: bytes, expected: list[bytes]) -> None:
        assert bodies(data) == expected

    def test_takes_a_line_as_long_as_the_limit(self) -> None:
        line = b"{" + b" " * 30 + b"}"
        assert bodies(line + b"\n") == [line]

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"{" + b" " * 31 + b"}\n", "longer than the limit"),
            (b"{" + b"x" * 99, "longer than the limit"),
            (b"{\0}\n", "NUL"),
            (b"{}\n\xef\xbb\xbf{}\n", "byte order mark"),
        ],
    )
    def test_refuses(self, data: bytes, reason: str) -> None:
        assert reason in (fault(data) or "")


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b'POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{"jsonrpc":"2.0"}\n',
        b"CONNECT x:1 HTTP/1.1\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"\xef\xbb\xbf{}\n",
        b"\xff\xfe{\0}\0",
        b"\0",
        b"\n{}\n",
        b" {}\n",
        b'"text"\n',
    ],
)
def test_refuses_what_begins_otherwise(data: bytes) -> None:
    assert fault(data) is not None
    assert parse([data])[0] == []


def test_refuses_everything_after_a_fault() -> None:
    parser = FrameParser(LIMITS)
    with pytest.raises(FramingError):
        list(parser.feed(b"GET /"))
    with pytest.raises(FramingError, match="begins with"):
        list(parser.feed(counted(b"{}")))
    assert parser.held == 0


def test_a_fault_comes_after_the_frames_before_it() -> None:
    frames = FrameParser(LIMITS).feed(counted(b"[1]") + b"nonsense\r\n")
    assert next(frames) == Frame(Framing.HEADER, b"[1]")
    with pytest.raises(FramingError, match="Content-Length or Content-Type"):
        next(frames)


def test_a_frame_is_looked_for_when_it_is_asked_for() -> None:
    parser = FrameParser(LIMITS)
    assert next(parser.feed(b"[1]\n[2]\nno JSON but a line\n")) == Frame(Framing.LINE, b"[1]")
    assert next(parser.feed(b"[4]\n")) == Frame(Framing.LINE, b"[2]")
    assert [frame.body for frame in parser.feed(b"")] == [b"no JSON but a line", b"[4]"]


def test_blank_lines_are_passed_over_and_not_kept() -> None:
    parser = FrameParser(LIMITS)
    assert list(parser.feed(b"[1]\n")) == [Frame(Framing.LINE, b"[1]")]
    assert list(parser.feed(b" \r\n\n" * 100_000)) == []
    assert not parser.pending
    assert list(parser.feed(b"  [2]\n")) == [Frame(Framing.LINE, b"[2]")]


def test_a_line_shows_line_feeds_as_blanks_and_a_count_keeps_them() -> None:
    assert encode(Framing.LINE, b'{\n"a": 1}') == b'{ "a": 1}\n'
    assert encode(Framing.HEADER, b"{\n}") == b"Content-Length: 3\r\n\r\n{\n}"
