"""What a service manager hears, on real datagram sockets."""

import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from amp_tray.host.systemd import Notifier, notifier, watchdog_seconds

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "n"))
        sock.settimeout(5)
        yield sock


def test_each_message_is_one_datagram_of_lines(manager: socket.socket) -> None:
    told = notifier({"NOTIFY_SOCKET": manager.getsockname()})
    assert told.there
    told.tell("READY=1", "STATUS=ready: 3 threads")
    told.tell("STOPPING=1")
    assert manager.recv(4096) == b"READY=1\nSTATUS=ready: 3 threads"
    assert manager.recv(4096) == b"STOPPING=1"


def test_an_abstract_socket_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("")  # the kernel gives it an abstract name
        manager.settimeout(5)
        name = manager.getsockname()[1:].decode()
        notifier({"NOTIFY_SOCKET": f"@{name}"}).tell("READY=1")
        assert manager.recv(4096) == b"READY=1"


def test_a_line_feed_in_a_status_is_no_further_message(manager: socket.socket) -> None:
    notifier({"NOTIFY_SOCKET": manager.getsockname()}).tell("STATUS=bad\nREADY=1\x1b[31m")
    assert manager.recv(4096) == b"STATUS=bad READY=1"


def test_reloading_says_when(manager: socket.socket) -> None:
    before = time.monotonic_ns() // 1000
    notifier({"NOTIFY_SOCKET": manager.getsockname()}).tell_reloading()
    first, second = manager.recv(4096).decode().splitlines()
    assert first == "RELOADING=1"
    name, _, instant = second.partition("=")
    assert name == "MONOTONIC_USEC"
    assert before <= int(instant) <= time.monotonic_ns() // 1000


@pytest.mark.parametrize("address", ["", "relative", "vsock:2:1234"])
def test_without_a_manager_nothing_is_told(address: str) -> None:
    told = notifier({"NOTIFY_SOCKET": address})
    assert not told.there
    told.tell("READY=1")


def test_a_manager_that_is_gone_is_no_failure(tmp_path: Path) -> None:
    Notifier(str(tmp_path / "gone")).tell("READY=1")
    Notifier("/" + "x" * 200).tell("READY=1")


def test_a_manager_that_reads_nothing_holds_nothing_up(manager: socket.socket) -> None:
    told = notifier({"NOTIFY_SOCKET": manager.getsockname()})
    queue = int(Path("/proc/sys/net/unix/max_dgram_qlen").read_text("ascii"))
    for _ in range(queue + 1):
        told.tell("STATUS=x")
    began = time.monotonic()
    told.tell("WATCHDOG=1")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": "7"}, 0.5),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "-1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_how_long_the_service_may_be_silent(env: dict[str, str], expected: float | None) -> None:
    assert watchdog_seconds(env, 7) == expected
