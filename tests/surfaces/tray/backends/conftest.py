"""Fixtures of the backends' tests."""

from collections.abc import AsyncIterator

import pytest

from amp_tray.surfaces.tray.backends.status_notifier import StatusNotifierBackend


@pytest.fixture
async def backend(bus_address: str) -> AsyncIterator[StatusNotifierBackend]:
    backend = StatusNotifierBackend(bus_address, pid=4711, reconnect=(0.01,))
    yield backend
    await backend.close()
