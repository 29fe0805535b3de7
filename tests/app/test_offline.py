"""With `offline` set nothing connects, and without a network every command works.

Each command runs as a real process in which every way to the network is written down and
denied; the Unix socket of the service is no network.
"""

from pathlib import Path

import pytest

from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox

DENIED = """
import os, socket

def deny(name):
    with open(os.environ["DENIED"], "a") as log:
        log.write(name + "\\n")
    raise OSError(101, "Network is unreachable")

class Socket(socket.socket):
    def connect(self, address):
        if self.family != socket.AF_UNIX:
            deny("connect")
        super().connect(address)

    def connect_ex(self, address):
        if self.family != socket.AF_UNIX:
            deny("connect_ex")
        return super().connect_ex(address)

socket.socket = Socket
socket.getaddrinfo = lambda *_, **__: deny("getaddrinfo")
"""

COMMANDS = (
    ("report",),
    ("report", "daily", "--json"),
    ("report", "monthly", "--offline"),
    ("report", "session", "--mode", "display"),
    ("explain", "T-"),
    ("doctor",),
    ("pricing", "status"),
    ("pricing", "show", "claude-haiku-4-5"),
    ("ledger", "info"),
)


@pytest.fixture
def denied(user: Sandbox) -> Path:
    """Deny the user's programs the network; where they try, it is written down."""
    site = user.home / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(DENIED)
    user.env |= {"PYTHONPATH": str(site), "DENIED": str(user.home / "denied")}
    user.write(thread(answer(now())))
    user.report("daily")  # makes the ledger
    return user.home / "denied"


@pytest.fixture
def without_network(user: Sandbox) -> None:
    """Leave the network as it is by default: used where it is there."""
    del user.env["AMP_TRAY_OFFLINE"]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_works_and_connects_to_nothing(
    user: Sandbox, denied: Path, without_network: None, command: tuple[str, ...]
) -> None:
    done = user.run(*command)
    assert done.returncode == 0, done.stderr
    assert not denied.exists()


def test_through_a_service_too(user: Sandbox, denied: Path) -> None:
    with user.serving():
        for command in (*COMMANDS, ("status",)):
            done = user.run(*command)
            assert done.returncode == 0, (command, done.stderr)
    assert not denied.exists()


def test_a_refresh_without_a_network_says_so_and_changes_nothing(
    user: Sandbox, denied: Path, without_network: None
) -> None:
    before = user.report("daily")["daily"]
    done = user.run("pricing", "refresh")
    assert done.returncode == 1
    assert "raw.githubusercontent.com" in done.stderr
    assert denied.read_text()
    assert user.report("daily")["daily"] == before
    shown = user.run("doctor")
    assert "refresh-fails" in shown.stdout


def test_a_setting_turns_the_network_off(
    user: Sandbox, denied: Path, without_network: None
) -> None:
    folder = user.home / ".config/amp-tray"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("offline = true\n")
    assert user.run("pricing", "refresh").returncode == 1
    assert not denied.exists()
    assert "`offline` is set" in user.run("doctor").stdout
