"""More clients than the system queues: those that come later wait, and then are let in."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.aio import AsyncClient
from amp_tray_rpc.client import Client, ServiceUnavailableError


@pytest.fixture
def busy(address: UnixAddress) -> Iterator[socket.socket]:
    """A socket that listens, with as many waiting as its queue takes."""
    address.path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as waiting:
        listening.bind(str(address.path))
        listening.listen(0)
        waiting.connect(str(address.path))
        yield listening


def let_one_in(listening: socket.socket) -> None:
    listening.accept()[0].close()


def test_a_client_waits_for_its_turn(busy: socket.socket, address: UnixAddress) -> None:
    later = threading.Timer(0.05, let_one_in, [busy])
    later.start()
    with Client.connect(address, timeout=10):
        later.join()


def test_a_client_does_not_wait_for_ever(busy: socket.socket, address: UnixAddress) -> None:
    with pytest.raises(ServiceUnavailableError):
        Client.connect(address, timeout=0.05)
    assert busy.fileno() >= 0


async def test_an_asynchronous_client_waits(busy: socket.socket, address: UnixAddress) -> None:
    asyncio.get_running_loop().call_later(0.05, let_one_in, busy)
    async with await AsyncClient.connect(address, call_seconds=10) as client:
        assert not client.closed.is_set()


async def test_nor_does_that_one_for_ever(busy: socket.socket, address: UnixAddress) -> None:
    with pytest.raises(ServiceUnavailableError):
        await AsyncClient.connect(address, call_seconds=0.05)
    assert busy.fileno() >= 0
