"""What systemd hears of a real service, on a real datagram socket."""

import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.patched import patched
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox, wait_until_it_listens

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")


class Manager:
    """systemd's end of the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.heard: list[str] = []

    def until(self, line: str) -> list[str]:
        """Wait for a line; those heard since the last time, with those of its message."""
        since = len(self.heard)
        while line not in self.heard[since:]:
            self.heard += self._sock.recv(4096).decode().split("\n")
        return self.heard[since:]

    def while_told(self, line: str, *, pause: float) -> None:
        """Listen as long as a line comes again and again; raises TimeoutError after a pause."""
        self._sock.settimeout(pause)
        try:
            while True:
                self.until(line)
        finally:
            self._sock.settimeout(SECONDS)


@pytest.fixture
def manager(user: Sandbox) -> Iterator[Manager]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(user.home / "notify"))
        sock.settimeout(SECONDS)
        user.env["NOTIFY_SOCKET"] = str(user.home / "notify")
        yield Manager(sock)


def test_ready_comes_when_the_socket_listens_and_the_first_scan_is_published(
    user: Sandbox, manager: Manager
) -> None:
    user.write(thread(answer(now())))
    hold = """
import os, threading
from amp_tray.live.writer import Writer
scan = Writer.scan
def held(*args, **options):
    while not os.path.exists(os.environ["HOME"] + "/go-on"):
        threading.Event().wait(0.01)
    return scan(*args, **options)
Writer.scan = held
"""
    with patched(user, hold, "serve") as service:
        before = manager.until("STATUS=scanning 0 of 0")
        assert "READY=1" not in before
        assert any(line.startswith("EXTEND_TIMEOUT_USEC=") for line in before)
        with user.client() as client:  # it listens, and is not ready
            assert client.call("service.status")["hostedBy"] == "systemd"
            assert client.call("service.status")["revision"] == 0
        (user.home / "go-on").touch()
        last = manager.until("READY=1")
        assert "STATUS=ready: 1 thread" in last
        with user.client() as client:
            assert client.call("service.status")["revision"] >= 1
        service.send_signal(signal.SIGTERM)
        assert "STATUS=stopping" in manager.until("STOPPING=1") + manager.heard
        assert service.wait(SECONDS) == 0
    assert manager.heard.count("READY=1") == 1


def test_how_far_the_first_scan_is(user: Sandbox, manager: Manager) -> None:
    for key in range(3):
        user.write(thread(answer(now()), thread_id=f"T-{key:02}"))
    hold = """
import os, threading
from amp_tray.live.writer import Writer
scan = Writer.scan
def held(self, progress=None):
    progress(1024, 3000)
    while not os.path.exists(os.environ["HOME"] + "/go-on"):
        threading.Event().wait(0.01)
    return scan(self, progress)
Writer.scan = held
"""
    with patched(user, hold, "serve"):
        manager.until("STATUS=scanning 1,024 of 3,000")
        (user.home / "go-on").touch()
        assert "STATUS=ready: 3 threads" in manager.until("READY=1")


def test_a_reload_is_told_from_its_beginning_to_its_end(user: Sandbox, manager: Manager) -> None:
    with user.started("serve") as service:
        manager.until("READY=1")
        service.send_signal(signal.SIGHUP)
        heard = manager.until("READY=1")
        assert heard[0] == "RELOADING=1"
        assert heard[1].startswith("MONOTONIC_USEC=")


def test_the_watchdog_is_fed_while_loop_and_writer_answer(user: Sandbox, manager: Manager) -> None:
    user.write(thread(answer(now())))
    user.env["WATCHDOG_USEC"] = "200000"
    hanging = """
import os, threading
from amp_tray.live import files
begin_log = files.begin_log
def hanging(*args, **options):
    while os.path.exists(os.environ["HOME"] + "/hang"):
        threading.Event().wait(0.01)
    return begin_log(*args, **options)
files.begin_log = hanging
"""
    with patched(user, hanging, "serve") as service:
        wait_until_it_listens(service)
        for _ in range(5):
            manager.until("WATCHDOG=1")
        (user.home / "hang").touch()
        user.write(thread(answer(now()), answer(now(), message_id=3)))
        with pytest.raises(TimeoutError):
            manager.while_told("WATCHDOG=1", pause=1.0)  # five times as long as it may be
        with user.client() as client:  # the loop still answers
            assert client.call("service.status")["state"] == "ready"
        (user.home / "hang").unlink()
        manager.until("WATCHDOG=1")


def test_a_watchdog_that_is_another_processs_is_left_alone(user: Sandbox, manager: Manager) -> None:
    user.env |= {"WATCHDOG_USEC": "20000", "WATCHDOG_PID": "1"}
    with user.started("serve") as service:
        manager.until("READY=1")
        service.send_signal(signal.SIGTERM)
        manager.until("STOPPING=1")
    assert "WATCHDOG=1" not in manager.heard


def test_without_a_manager_the_status_says_who_hosts_it(user: Sandbox) -> None:
    with user.serving(), user.client() as client:
        status: dict[str, Any] = client.call("service.status")
        assert status["hostedBy"] == "serve"
        assert status["log"] == str(user.program.log_path)
