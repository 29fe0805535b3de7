"""Where the program keeps its own things, and the system's zone, clock and memory."""

import os
import sys
import time
from pathlib import Path

import pytest

from amp_tray.host.clock import local_zone, now_ms
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


@pytest.mark.parametrize("value", ["Europe/Berlin", ":Europe/Berlin"])
def test_the_zone_is_that_of_the_environment(value: str) -> None:
    zone, name = local_zone({"TZ": value})
    assert (str(zone), name) == ("Europe/Berlin", "Europe/Berlin")


@pytest.mark.skipif(os.name != "posix", reason="the link is POSIX's")
@pytest.mark.parametrize("env", [{}, {"TZ": ""}, {"TZ": "No/Where"}, {"TZ": "/etc/x"}])
def test_else_that_of_the_usual_link(tmp_path: Path, env: dict[str, str]) -> None:
    target = tmp_path / "zoneinfo/Asia/Kathmandu"
    target.parent.mkdir(parents=True)
    target.touch()
    link = tmp_path / "localtime"
    link.symlink_to(target)
    assert local_zone(env, str(link))[1] == "Asia/Kathmandu"


def test_else_what_the_system_says(tmp_path: Path) -> None:
    zone, name = local_zone({}, str(tmp_path / "missing"))
    assert name
    assert zone is not None


def test_the_clock_counts_milliseconds() -> None:
    before = time.time() * 1000 - 1
    assert before <= now_ms() <= time.time() * 1000 + 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="told cheaply on Linux alone")
def test_this_process_holds_some_memory() -> None:
    held = resident_bytes()
    assert held is not None
    assert 2**20 < held < 2**34
