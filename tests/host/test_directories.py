"""Where the program keeps its own things, and how much memory it holds."""

import sys
from pathlib import Path

import pytest

from amp_tray.core.errors import UsageError
from amp_tray.host.directories import data_directory, listening_address, socket_address

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


@pytest.mark.skipif(sys.platform != "linux", reason="where the runtime directory is asked for")
@pytest.mark.parametrize(
    ("transport", "platform", "expected"),
    [
        ("", "linux", "rpc.sock"),
        ("auto", "darwin", "rpc.sock"),
        ("tcp", "linux", "rpc.json"),
        (" TCP ", "linux", "rpc.json"),
        ("", "win32", "rpc.json"),
        ("auto", "win32", "rpc.json"),
        ("unix", "win32", "rpc.sock"),
    ],
)
def test_a_service_listens_as_it_is_told_or_as_the_system_can(
    transport: str, platform: str, expected: str
) -> None:
    env = {"XDG_RUNTIME_DIR": "/run/user/7", "AMP_TRAY_TRANSPORT": transport}
    assert str(listening_address(env, HOME, platform)) == f"/run/user/7/amp-tray/{expected}"


def test_a_named_port_is_listened_at_whatever_the_system() -> None:
    env = {"AMP_TRAY_SOCKET": "tcp://127.0.0.1:4242"}
    assert str(listening_address(env, HOME, "linux")) == env["AMP_TRAY_SOCKET"]


@pytest.mark.parametrize(
    "env",
    [
        {"AMP_TRAY_TRANSPORT": "pipe"},
        {"AMP_TRAY_TRANSPORT": "unix", "AMP_TRAY_SOCKET": "tcp://127.0.0.1:4242"},
        {"AMP_TRAY_SOCKET": "tcp://10.0.0.1:4242"},
    ],
)
def test_what_is_no_way_or_no_place_is_wrong_usage(env: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        listening_address(env, HOME)
