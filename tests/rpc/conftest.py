"""What the wire's tests share: a scripted backend, a server over it, peers that get closed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

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
def transport() -> str:
    """How the server is reached; a module that means `tcp` too has a fixture of its own."""
    return "unix"


@pytest.fixture
async def start(
    backend: ScriptedBackend, address: UnixAddress, transport: str
) -> AsyncIterator[Start]:
    """Start a server with the given limits; it and its peers are closed after the test."""
    async with AsyncExitStack() as stack:

        async def begin(**limits: float) -> Running:
            server = Server(backend, Limits(**limits))  # type: ignore[arg-type] # ints and floats
            found = await server.start(address if transport == "unix" else address.tcp)
            stack.push_async_callback(server.close)

            async def connect(**options: Any) -> Wire:
                wire = await Wire.open(found, **options)
                stack.push_async_callback(wire.close)
                return wire

            return Running(address, backend, server, connect)

        yield begin


@pytest.fixture
async def running(start: Start) -> Running:
    return await start(notify_seconds=0.0)
