"""What the wire's tests share: a scripted backend, a server over it, peers that get closed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.limits import Limits
from amp_tray_rpc.methods.context import Context
from amp_tray_rpc.server import Server
from tests.rpc.fakes import Connections, Running, ScriptedBackend, Wire

Start = Callable[..., Awaitable[Running]]


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend()


@pytest.fixture
def context(backend: ScriptedBackend) -> Context:
    return Context(backend, Connections())


@pytest.fixture
def address(tmp_path: Path) -> UnixAddress:
    return UnixAddress(tmp_path / "amp-tray" / "rpc.sock")


@pytest.fixture
async def start(backend: ScriptedBackend, address: UnixAddress) -> AsyncIterator[Start]:
    """Start a server with the given limits; it and its peers are closed after the test."""
    async with AsyncExitStack() as stack:

        async def begin(**limits: float) -> Running:
            server = Server(backend, Limits(**limits))  # type: ignore[arg-type] # ints and floats
            await server.start(address)
            stack.push_async_callback(server.close)

            async def connect(**options: int) -> Wire:
                wire = await Wire.open(address.path, **options)
                stack.push_async_callback(wire.close)
                return wire

            return Running(address, backend, server, connect)

        yield begin


@pytest.fixture
async def running(start: Start) -> Running:
    return await start(notify_seconds=0.0)
