"""Fixtures of the tray's tests."""

from collections.abc import Iterator

import pytest

from tests.support.dbus import private_bus


@pytest.fixture
def bus_address() -> Iterator[str]:
    """The address of a session bus that this test has for itself."""
    with private_bus() as address:
        yield address
