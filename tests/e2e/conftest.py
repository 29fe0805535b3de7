"""Fixtures of the tests that run the whole program."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.peers import install_ccusage
from tests.support.sandbox import Sandbox


@pytest.fixture
def user() -> Iterator[Sandbox]:
    """A user of this test's own."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def peer() -> Path:
    """The native ccusage's command, whose figures stand beside this program's."""
    return install_ccusage()
