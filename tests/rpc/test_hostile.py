"""Hostile peers, each by name: what they are told, and that nothing of theirs is done.

What others notice of them meanwhile is measured at a real service, in `tests/e2e`.
"""

import asyncio
import json
import os
import sys
import tracemalloc
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from amp_tray_rpc.backend import EncodedJson, Json
from amp_tray_rpc.discovery import connecting_socket, endpoints
from amp_tray_rpc.framing import FrameParser
from amp_tray_rpc.limits import Limits
from tests.rpc.fakes import Running, Wire
from tests.rpc.hostile import INPUTS, MIB, Input
from tests.rpc.talk import (
    ASK_SUMMARY,
    HELLO,
    SUBSCRIBE,
    Gate,
    alive,
    counted,
    revision_told,
    subscribed,
)

Start = Callable[..., Awaitable[Running]]

only_unix = pytest.mark.parametrize("transport", ["unix"])  # where the kernel tells who connects
only_tcp = pytest.mark.parametrize("transport", ["tcp"])  # where a token does


@pytest.fixture(params=["unix", "tcp"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def answers(said: bytes) -> list[dict[str, Any]]:
    parser = FrameParser(Limits(body_bytes=1 << 30))
    found = [json.loads(frame.body) for frame in parser.feed(said)]
    assert not parser.pending
    return found


async def send_for_ever(wire: Wire, data: bytes) -> None:
    async with asyncio.timeout(10):
        while True:
            wire.send(data)
            await wire.sent()


@pytest.mark.parametrize("name", INPUTS)
async def test_input_is_refused(running: Running, name: str) -> None:
    case: Input = INPUTS[name]
    wire = await running.open()
    wire.send(case.data)
    if not case.ends:
        wire.send(counted(HELLO) if case.data.startswith(b"C") else HELLO + b"\n")
        wire.end()
    first, *others = answers(await wire.rest())
    if case.kind:
        assert first["error"]["data"]["kind"] == case.kind
        assert case.hint in first["error"]["data"]["hint"]
    assert ["result" in other for other in others] == ([] if case.ends else [True])
    assert not running.backend.stopping
    assert running.backend.asked == []
    assert await alive(running)


async def test_endless_header(start: Start) -> None:
    running = await start(close_seconds=0.05)
    wire = await running.open()
    wire.send(b"Content-Length: 2\r\nContent-Type: application/json")
    with pytest.raises(ConnectionError):
        await send_for_ever(wire, b" " * 65_536)
    assert await alive(running)


async def test_who_is_refused_may_finish_and_learns_why(running: Running) -> None:
    def speak() -> bytes:
        endpoint = next(endpoints(running.server.address))
        with connecting_socket(endpoint) as sock:
            sock.settimeout(10)
            sock.connect(endpoint.target)
            sock.sendall(b"GET " + b"x" * MIB)  # closed on, it would fail here
            return sock.recv(4096)

    assert b'"kind":"framing"' in await asyncio.to_thread(speak)


@pytest.mark.parametrize("begun", [b"{", b"Content-Le", b"Content-Length: 9\r\n\r\n{"])
async def test_body_never_finished(start: Start, begun: bytes) -> None:
    running = await start(frame_seconds=0.05)
    wire = await running.open()
    wire.send(HELLO + b"\n" if begun == b"{" else counted(HELLO))
    wire.send(begun)
    greeted, refused = answers(await wire.rest())
    assert "result" in greeted
    assert "unfinished for too long" in refused["error"]["data"]["hint"]


async def test_body_that_drips_has_one_deadline(start: Start) -> None:
    running = await start(frame_seconds=0.1)
    wire = await running.open()
    wire.send(b"Content-Length: 1000000\r\n\r\n")
    ended = asyncio.create_task(wire.rest())
    while not ended.done():
        wire.send(b" ")
        await asyncio.wait({ended}, timeout=0.005)
    assert b"unfinished for too long" in ended.result()


async def test_silent_peer_may_stay(start: Start) -> None:
    running = await start(frame_seconds=0.0)
    wire = await running.open()
    for _ in range(3):
        wire.send(HELLO + b"\n\n \r\n")
        assert b'"result"' in await wire.line()


async def test_many_long_bodies_never_finished(start: Start) -> None:
    running = await start(frame_seconds=0.5, requests_in_flight=2)
    tracemalloc.start()
    try:
        wires = [await running.open() for _ in range(30)]
        for wire in wires:
            wire.send(b"Content-Length: %d\r\n\r\n" % (4 * MIB))
            wire.send(b" " * MIB)
        assert await alive(running)
        said = await asyncio.gather(*(wire.rest() for wire in wires))
        own = tracemalloc.take_snapshot().filter_traces(
            [tracemalloc.Filter(True, "*/amp_tray_rpc/*")]
        )
        held = sum(trace.size for trace in own.traces)
    finally:
        tracemalloc.stop()
    assert all(b"unfinished for too long" in text for text in said)
    assert held < 3 * MIB


async def test_long_bodies_are_read_one_after_the_other(start: Start) -> None:
    running = await start()
    slow, quick = await running.open(), await running.open()
    padded = b"%b%b%b" % (HELLO[:-1], b" " * MIB, HELLO[-1:])
    slow.send(b"Content-Length: %d\r\n\r\n" % len(padded))
    slow.send(padded[:-1])
    async with asyncio.timeout(10):
        while not running.server._shared.turns.long_frames.locked():  # noqa: ASYNC110 - no event marks it
            await asyncio.sleep(0)
    quick.send(counted(padded))
    assert await alive(running)
    waiting = asyncio.create_task(quick.counted())
    assert not waiting.done()
    slow.send(padded[-1:])
    assert b'"result"' in await slow.counted()
    assert b'"result"' in await waiting


async def test_nothing_is_kept_of_what_was_answered(running: Running) -> None:
    padded = b"%b%b%b\n" % (HELLO[:-1], b" " * MIB, HELLO[-1:])
    tracemalloc.start()
    try:
        for _ in range(20):
            wire = await running.open()
            wire.send(padded)
            assert b'"result"' in await wire.line()
        now, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert now < 4 * MIB


async def test_pipelined_flood(running: Running) -> None:
    wire = await running.open()
    wire.send((HELLO + b"\n") * 2_000)
    for _ in range(5):
        assert await alive(running)
    wire.end()
    assert len(answers(await wire.rest())) == 2_000


async def test_flood_of_notifications(running: Running) -> None:
    wire = await running.open()
    wire.send(b'{"jsonrpc":"2.0","method":"usage.summary"}\n' * 2_000)
    assert await alive(running)
    wire.send(HELLO + b"\n")
    wire.end()
    assert len(answers(await wire.rest())) == 1
    assert len(running.backend.asked) == 2_000


async def test_batch_leaves_room_for_others(running: Running) -> None:
    other = await running.open()
    other.send(HELLO + b"\n")
    await other.line()

    async def summary() -> Json:
        if len(running.backend.asked) == 1:
            other.send(HELLO + b"\n")
        return EncodedJson(b"{}")

    running.backend.instead = summary
    wire = await running.open()
    wire.send(b"[" + b",".join([ASK_SUMMARY] * 100) + b"]\n")
    await other.line()
    assert len(running.backend.asked) < 100
    assert len(json.loads(await wire.line())) == 100


async def test_five_hundred_connections(running: Running) -> None:
    tray = await subscribed(running)
    client = await running.open()
    client.send(HELLO + b"\n")
    await client.line()
    idle = [await running.open() for _ in range(500)]
    # Who comes now is let in, and who was of use before is still there.
    assert await alive(running)
    client.send(HELLO + b"\n")
    assert b'"result"' in await client.line()
    running.backend.publish()
    assert await revision_told(tray) == 8
    assert len(running.server._connections) <= Limits().connections + 1
    await asyncio.gather(*(wire.close() for wire in idle))


async def test_half_closed(running: Running) -> None:
    gate = Gate()
    running.backend.instead = gate.summary
    wires = [await running.open() for _ in range(20)]
    for wire in wires:
        wire.send(ASK_SUMMARY + b"\n" + HELLO + b"\n")
        wire.end()
    await gate.entered.wait()
    assert await alive(running)
    gate.open.set()
    for wire in wires:
        assert len(answers(await wire.rest())) == 2


async def test_subscriber_that_never_reads(start: Start) -> None:
    running = await start(notify_seconds=0.0, write_seconds=0.1)

    async def large() -> Json:
        return EncodedJson(b'{"pad":"%b"}' % (b"x" * (8 * MIB)))

    running.backend.instead = large
    deaf, other = await subscribed(running), await running.open()
    deaf.read_no_more()
    cut_off = next(iter(running.server._connections))
    running.backend.publish()
    other.send(HELLO + b"\n")
    assert b'"result"' in await other.line()
    done, _ = await asyncio.wait({cut_off}, timeout=10)
    assert done
    assert await alive(running)


@only_tcp
async def test_wrong_token(start: Start) -> None:
    running = await start()
    for framed in (SUBSCRIBE + b"\n", counted(ASK_SUMMARY)):
        wire = await running.open(shows=False)
        wire.send(framed)
        wire.end()
        (refused,) = answers(await wire.rest())
        assert refused["error"]["code"] == -32003
    wire = await running.open(shows=False)
    shown = {"jsonrpc": "2.0", "id": 1, "method": "session.authenticate"}
    wire.send(json.dumps({**shown, "params": {"token": "wrong"}}).encode() + b"\n")
    wire.send(b'{"jsonrpc":"2.0","id":2,"method":"usage.summary"}\n')
    assert [one["error"]["code"] for one in answers(await wire.rest())] == [-32003]
    assert running.backend.asked == []
    assert await alive(running)


@only_unix
async def test_another_uid(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    wire = await running.open()
    wire.send(HELLO + b"\n")
    await wire.line()
    monkeypatch.setattr("amp_tray_rpc.peer.own_uid", lambda: 54321)
    other = await Wire.open(running.address)
    other.send(HELLO + b"\n")
    assert await other.rest() == b""
    await other.close()
    wire.send(HELLO + b"\n")
    assert b'"result"' in await wire.line()


@only_unix
@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0,
    reason="only root can become another user",
)
async def test_another_uid_for_real(running: Running) -> None:
    # Modes loosened by hand let the other user reach the socket: the credentials do not.
    path = running.address.path
    path.chmod(0o666)
    path.parent.chmod(0o777)
    script = (
        "import os, socket, sys; os.chdir(sys.argv[1]); os.setuid(65534);"
        "s = socket.socket(socket.AF_UNIX); s.settimeout(10);"
        "s.connect('rpc.sock'); print(s.recv(100))"
    )
    peer = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", script, str(path.parent), stdout=PIPE, stderr=PIPE
    )
    async with asyncio.timeout(20):
        out, err = await peer.communicate()
    # Closed before a word, or reset.
    assert out == b"b''\n" or b"ConnectionReset" in err
