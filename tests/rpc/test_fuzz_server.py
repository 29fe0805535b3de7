"""Any bytes sent to a live server, over its real socket: valid answers, an end, and no harm."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray_rpc.framing import FrameParser, Framing
from amp_tray_rpc.limits import Limits
from tests.rpc.fakes import Running
from tests.rpc.fuzz import MESSAGES, as_json, check_answer, fuzzed, mutated, no_hang, pieces
from tests.rpc.talk import alive, counted

FRAMES = MESSAGES.map(as_json).flatmap(
    lambda body: st.sampled_from([body + b"\n", counted(body), body])
)
STREAMS = st.lists(FRAMES | mutated(FRAMES) | st.binary(max_size=50), max_size=5).map(b"".join)


@pytest.mark.parametrize("transport", ["unix", "tcp"])
@fuzzed(80)
@given(data=STREAMS, cuts=st.lists(st.integers(0, 2000), max_size=6), shows=st.booleans())
async def test_any_stream_gets_valid_answers_and_an_end(
    running: Running, transport: str, data: bytes, cuts: list[int], shows: bool
) -> None:
    running.backend.asked.clear()
    with no_hang():
        wire = await running.open(shows=shows)
        for piece in pieces(data, cuts):
            wire.send(piece)
            await asyncio.sleep(0)
        wire.end()
        said = await wire.rest()
        await wire.close()
        assert await alive(running)
    framing = Framing.HEADER if said.startswith(b"C") else Framing.LINE
    parser = FrameParser(Limits(body_bytes=1 << 30))
    for frame in parser.feed(said):
        assert frame.framing is framing
        check_answer(frame.body)
    assert not parser.pending, "half an answer"
    assert not running.backend.stopping
    if transport == "tcp" and not shows:
        assert running.backend.asked == []
