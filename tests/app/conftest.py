"""Fixtures of the whole program's tests."""

from collections.abc import Iterator

import pytest

from tests.support.sandbox import Sandbox


@pytest.fixture
def user() -> Iterator[Sandbox]:
    """A user of this test's own."""
    with Sandbox() as sandbox:
        yield sandbox
