"""Any bytes in any pieces: the same frames, one kind of error, and no more kept than allowed."""

from hypothesis import given
from hypothesis import strategies as st

from amp_tray_rpc.framing import Frame, FrameParser, Framing, FramingError, encode
from amp_tray_rpc.limits import Limits
from tests.rpc.fuzz import fuzzed, no_hang, pieces

LIMITS = Limits(header_bytes=64, body_bytes=32)
CUTS = st.lists(st.integers(0, 400), max_size=20)

# Bytes that come near the grammar, so that faults deep inside it are found too.
NEARLY = st.lists(
    st.sampled_from(
        [
            b"Content-Length: ",
            b"Content-Length: 2\r\n\r\n{}",
            b"content-type: application/json\r\n",
            b"Content-Type: application/json; charset=utf-16\r\n",
            b"\r\n",
            b"\r",
            b"\n",
            b" \t",
            b"{}",
            b"[1]\n",
            b"3",
            b"0",
            b"999999999999",
            b"\r\n\r\n{}",
            b"GET /",
            b"\0",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"x" * 40,
        ]
    )
    | st.binary(max_size=6),
    max_size=30,
).map(b"".join)
BYTES = NEARLY | st.binary(max_size=200)


def parse(parts: list[bytes]) -> tuple[list[Frame], str | None]:
    """Return the frames and the reason the parser stopped for; it must keep to its bounds."""
    parser = FrameParser(LIMITS)
    frames: list[Frame] = []
    reason: str | None = None
    for part in parts:
        try:
            frames.extend(parser.feed(part))
        except FramingError as error:
            reason = error.reason  # fed on, it must not find another frame
        # A line's end may still be due, and so may its CR.
        assert parser.held <= max(LIMITS.header_bytes, LIMITS.body_bytes + len(b"\n"))
        assert len(parser._buffer) == parser.held, "what was consumed is kept"
    return frames, reason


@fuzzed(400)
@given(data=BYTES, cuts=CUTS)
def test_any_bytes_in_any_pieces_mean_the_same(data: bytes, cuts: list[int]) -> None:
    with no_hang():
        whole = parse([data])
        assert parse(pieces(data, cuts)) == whole
        assert parse([data[at : at + 1] for at in range(len(data))]) == whole
    frames, _ = whole
    assert all(0 < len(frame.body) <= LIMITS.body_bytes for frame in frames)
    assert len({frame.framing for frame in frames}) <= 1


@fuzzed(200)
@given(data=BYTES, cuts=CUTS, asked=st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_frames_wait_until_they_are_asked_for(
    data: bytes, cuts: list[int], asked: list[int]
) -> None:
    parser = FrameParser(LIMITS)
    frames: list[Frame] = []
    reason: str | None = None
    with no_hang():
        try:
            for number, part in enumerate(pieces(data, cuts)):
                coming = parser.feed(part)
                for _ in range(asked[number % len(asked)]):
                    frames.extend(frame for frame in [next(coming, None)] if frame)
            frames.extend(parser.feed(b""))
        except FramingError as error:
            reason = error.reason
    assert (frames, reason) == parse([data])


@fuzzed(200)
@given(
    messages=st.lists(st.binary(min_size=1, max_size=20).map(lambda raw: b'{"%x":1}' % len(raw))),
    framing=st.sampled_from(Framing),
    cuts=CUTS,
)
def test_what_is_encoded_is_parsed(
    messages: list[bytes], framing: Framing, cuts: list[int]
) -> None:
    data = b"".join(encode(framing, message) for message in messages)
    with no_hang():
        assert parse(pieces(data, cuts)) == ([Frame(framing, body) for body in messages], None)
