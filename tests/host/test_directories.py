"""Where the program keeps its own things, and how much memory it holds."""

import sys
from pathlib import Path

import pytest

from amp_tray.host.directories import data_directory, socket_address
from amp_tray.host.memory import resident_bytes

HOME = Path("/home/u")


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, "/home/u/.local/share/amp-tray"),
        ({"XDG_DATA_HOME": "/data"}, "/data/amp-tray"),
        ({"XDG_DATA_HOME": "relative"}, "/home/u/.local/share/amp-tray"),
        ({"AMP_TRAY_DATA_DIR": "/mine", "XDG_DATA_HOME": "/data"}, "/mine"),
        ({"AMP_TRAY_DATA_DIR": ""}, "/home/u/.local/share/amp-tray"),
    ],
)
def test_the_data_directory(env: dict[str, str], expected: str) -> None:
    assert str(data_directory(env, HOME, "linux")) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="sockets have paths on POSIX")
def test_the_socket_lies_in_the_runtime_directory() -> None:
    assert str(socket_address({"XDG_RUNTIME_DIR": "/run/user/7"}, HOME)).endswith(
        "/run/user/7/amp-tray/rpc.sock"
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="told cheaply on Linux alone")
def test_this_process_holds_some_memory() -> None:
    held = resident_bytes()
    assert held is not None
    assert 2**20 < held < 2**34
