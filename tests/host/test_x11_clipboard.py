"""The clipboard of a real display: another program of it reads what was copied."""

import gc
from collections.abc import Iterator

import pytest

from amp_tray.host.desktop import Desktop, DesktopError
from tests.support.x11 import Reader
from tests.support.xvfb import display, needs_xvfb

pytestmark = needs_xvfb


@pytest.fixture
def screen() -> Iterator[str]:
    with display() as name:
        yield name


@pytest.fixture
def reader(screen: str) -> Iterator[Reader]:
    reader = Reader(screen)
    yield reader
    reader.close()


def test_what_is_copied_can_be_pasted_until_something_else_is(screen: str, reader: Reader) -> None:
    desktop = Desktop({"DISPLAY": screen, "PATH": ""}, "linux")
    desktop.copy_text("T-0199 ü")
    assert reader.paste() == "T-0199 ü".encode()
    assert reader.paste("STRING") == "T-0199 ü".encode()
    assert reader.paste("image/png") is None
    assert {"TARGETS", "UTF8_STRING", "STRING"} <= reader.targets()
    desktop.copy_text("another")
    assert reader.paste() == b"another"


# The library leaves open what it tried to connect with.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_display_that_is_not_there_is_told() -> None:
    with pytest.raises(DesktopError, match="the display :4242 cannot be used"):
        Desktop({"DISPLAY": ":4242", "PATH": ""}, "linux").copy_text("T-1")
    gc.collect()
