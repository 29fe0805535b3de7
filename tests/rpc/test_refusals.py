"""What a peer may not do, and how many may do what they may."""

import asyncio
import json
import os
import random
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable

import pytest

from tests.rpc.fakes import Running
from tests.rpc.talk import (
    ASK_SUMMARY,
    HELLO,
    SUBSCRIBE,
    Gate,
    alive,
    counted,
    subscribed,
)

Start = Callable[..., Awaitable[Running]]


class TestRefusals:
    @pytest.mark.parametrize(
        "data",
        [
            b"GET /?method=service.shutdown HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b'POST / HTTP/1.1\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"service.shutdown"}\n',
            b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"method":"service.shutdown"}\n',
        ],
    )
    async def test_what_is_no_frame_runs_nothing(self, running: Running, data: bytes) -> None:
        wire = await running.open()
        wire.send(data)
        error = json.loads(await wire.rest())["error"]
        assert error["data"]["kind"] == "framing"
        assert not running.backend.stopping
        assert await alive(running)

    @pytest.mark.parametrize("seed", range(20))
    async def test_garbage_ends_only_its_own_connection(self, running: Running, seed: int) -> None:
        noise = random.Random(seed)
        wire = await running.open()
        wire.send(noise.choice([b"", b"{", b"Content-Length: "]) + noise.randbytes(5000))
        wire.end()
        await wire.rest()
        assert await alive(running)
        assert not running.backend.stopping

    async def test_requests_before_a_fault_are_answered(self, running: Running) -> None:
        wire = await running.open()
        wire.send(counted(HELLO) + b"nonsense\r\n")
        said = await wire.rest()
        assert b'"result":{"server":"amp-tray"' in said
        assert b'"kind":"framing"' in said

    async def test_a_body_over_the_limit_is_refused_unread(self, start: Start) -> None:
        running = await start(body_bytes=1000)
        wire = await running.open()
        wire.send(b"Content-Length: 1001\r\n\r\n")
        assert b"longer than the limit" in await wire.rest()

    @pytest.mark.parametrize("begun", [b"{", b"Content-Le", b"Content-Length: 9\r\n\r\n{"])
    async def test_an_unfinished_frame_has_a_deadline(self, start: Start, begun: bytes) -> None:
        running = await start(frame_seconds=0.02)
        wire = await running.open()
        wire.send(begun)
        assert b"unfinished for too long" in await wire.rest()

    async def test_a_silent_peer_has_none(self, start: Start) -> None:
        running = await start(frame_seconds=0.0)
        wire = await running.open()
        for _ in range(3):
            wire.send(HELLO + b"\n")
            assert b'"result"' in await wire.line()

    async def test_connections_are_bounded(self, start: Start) -> None:
        running = await start(connections=2)
        first = await subscribed(running)
        await subscribed(running)
        third = await running.open()
        assert await third.rest() == b""
        await first.close()
        await asyncio.wait(
            running.server._connections, timeout=10, return_when=asyncio.FIRST_COMPLETED
        )
        assert await alive(running)

    async def test_subscriptions_are_bounded(self, start: Start) -> None:
        running = await start(subscriptions=1)
        await subscribed(running)
        wire = await running.open()
        wire.send(SUBSCRIBE + b"\n")
        assert json.loads(await wire.line())["error"]["code"] == -32004

    async def test_requests_under_way_are_bounded(self, start: Start) -> None:
        running = await start(requests_in_flight=2)
        gate = Gate()
        running.backend.instead = gate.summary
        wire = await running.open()
        wire.send((ASK_SUMMARY + b"\n") * 5)
        await gate.entered.wait()
        assert await alive(running)
        assert running.backend.asked == [("summary", None)] * 2
        gate.open.set()
        for _ in range(5):
            assert b'"id":2' in await wire.line()

    async def test_another_user_is_refused(
        self, running: Running, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("amp_tray_rpc.peer.own_uid", lambda: 54321)
        wire = await running.open()
        wire.send(HELLO + b"\n")
        assert await wire.rest() == b""

    @pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0,
        reason="only root can become another user",
    )
    async def test_the_kernel_tells_another_user(self, running: Running) -> None:
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
