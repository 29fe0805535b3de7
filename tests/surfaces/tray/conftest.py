"""Fixtures of the tray's tests."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.dbus import private_bus
from tests.surfaces.tray.desk import Desk
from tests.surfaces.tray.fake_backend import FakeBackend
from tests.surfaces.tray.fake_service import FakeService
from tests.surfaces.tray.summaries import summary


@pytest.fixture
def bus_address() -> Iterator[str]:
    """The address of a session bus that this test has for itself."""
    with private_bus() as address:
        yield address


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A controller that is not yet running; it is ended after the test."""
    desk = Desk(FakeService(summary()), FakeBackend())
    yield desk
    if desk.task is not None:
        desk.task.cancel()
        await asyncio.gather(desk.task, return_exceptions=True)
        assert desk.backend.closed
