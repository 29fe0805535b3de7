"""Fixtures of the tests of prices."""

from collections.abc import Iterator

import pytest

from tests.support.http_server import Server, http_server


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of this test's own."""
    with http_server() as running:
        yield running
