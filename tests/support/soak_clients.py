"""Clients of a soaked service: polite ones that must be served, rude ones that must not matter."""

import asyncio
import contextlib
import random
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from amp_tray_rpc.aio import AsyncClient, RemoteError
from tests.support.soak_world import SECONDS, World, pace

_REPORTS = ("daily", "weekly", "monthly", "session", "blocks", "project")
_FLOOD = b'{"jsonrpc":"2.0","id":1,"method":"report.session"}\n' * 14
_SUBSCRIBE = b'{"jsonrpc":"2.0","id":1,"method":"usage.subscribe"}\n'
_HALVES = (
    b"Content-Len",
    b"Content-Length: 500\r\n\r\n",
    b'Content-Length: 500\r\n\r\n{"jsonrpc":"2.0","id":1,',
    b'{"jsonrpc":"2.0","id":1,"method":"usage.summ',
    _SUBSCRIBE + b'{"jsonrpc"',
)
_NONSENSE = (b"GET / HTTP/1.1\r\n\r\n", b"\x00\x01", b"hello\n", b"{}\n" * 50, b"[[[[[[\n")

Visit = Callable[[], Awaitable[None]]


class Clients:
    """Comes and goes in many ways, some at once; `visits` counts them."""

    def __init__(self, world: World, seed: str) -> None:
        self.visits: dict[str, int] = {}
        self._world = world
        self._chance = random.Random(f"{seed}/clients")

    async def come_and_go(self) -> None:
        """Visit in one way after the other until cancelled."""
        kinds: tuple[Visit, ...] = (
            *(self._follow, self._follow, self._ask, self._ask, self._ask, self._report),
            *(self._never_read, self._die_in_a_frame, self._talk_nonsense, self._say_nothing),
        )
        while True:
            visit = self._chance.choice(kinds)
            name = visit.__name__.strip("_")
            self.visits[name] = self.visits.get(name, 0) + 1
            await visit()

    async def _follow(self) -> None:
        """Subscribe for a while: revisions rise."""
        revisions: list[int] = []

        def take(method: str, params: dict[str, Any]) -> None:
            if method == "usage.changed":
                revisions.append(params["revision"])

        async with await self._connected() as client:
            client.on_notification = take
            await client.call("usage.subscribe")
            await pace(self._chance.uniform(0.5, 5))
            assert not client.closed.is_set(), "a subscriber that reads was cut off"
        assert revisions == sorted(set(revisions))

    async def _ask(self) -> None:
        """Ask this and that; what was counted once is never lost, and nothing is made up."""
        async with await self._connected() as client:
            for _ in range(self._chance.randrange(1, 6)):
                await client.call(f"report.{self._chance.choice(_REPORTS)}", {"since": "3d"})
                with contextlib.suppress(RemoteError):
                    await client.call("report.session", {"sessionId": "T-0000"})
                await client.call("usage.summary")
            floor, usual = self._world.floor, self._world.usual()
            told = (await client.call("report.daily"))["totals"]["totalTokens"]
            if usual():
                assert floor <= told <= self._world.library.tokens()

    async def _report(self) -> None:
        """Run the command line's report, as a script does."""
        usual = self._world.usual()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "amp_tray", "report", "--json"),
            env=self._world.user.env,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(SECONDS):
                _, said = await process.communicate()
            assert process.returncode == 0 or not usual(), said
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        await pace(self._chance.uniform(1, 3))

    async def _never_read(self) -> None:
        """Ask for a lot, take nothing of it, and be gone."""
        with self._rude() as sock, contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(self._chance.uniform(0.5, 4)):
                while True:
                    await asyncio.get_running_loop().sock_sendall(sock, _SUBSCRIBE + _FLOOD)

    async def _die_in_a_frame(self) -> None:
        with self._rude() as sock:
            await asyncio.get_running_loop().sock_sendall(sock, self._chance.choice(_HALVES))
            await pace(self._chance.uniform(0, 0.5))

    async def _talk_nonsense(self) -> None:
        loop = asyncio.get_running_loop()
        with self._rude() as sock, contextlib.suppress(OSError):
            await loop.sock_sendall(sock, self._chance.choice(_NONSENSE))
            sock.shutdown(socket.SHUT_WR)
            async with asyncio.timeout(SECONDS):
                while await loop.sock_recv(sock, 65536):
                    pass

    async def _say_nothing(self) -> None:
        with self._rude():
            await pace(self._chance.uniform(0, 2))

    async def _connected(self) -> AsyncClient:
        return await AsyncClient.connect(self._world.user.program.address, call_seconds=SECONDS)

    @contextlib.contextmanager
    def _rude(self) -> Iterator[socket.socket]:
        """Connect, and vanish without a word."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.connect(str(self._world.user.socket))
            sock.setblocking(False)
            yield sock
