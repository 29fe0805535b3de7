"""The service on a port of this machine: found by every command, and by no other way."""

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from amp_tray import __version__
from amp_tray_rpc.address import TcpAddress
from tests.support.patched import patched
from tests.support.samples import THREAD_ID, answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox, wait_until_it_listens

Say = dict[str, Any]


@pytest.fixture
def user() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.write(thread(answer(now())))
        yield sandbox


@contextmanager
def served(user: Sandbox, *options: str) -> Iterator[int]:
    """Run the service with its first scan done; its pid."""
    with user.started("serve", *options) as process:
        wait_until_it_listens(process)
        assert status(user)["pid"] == process.pid
        yield process.pid


def status(user: Sandbox) -> Say:
    with user.client() as client:
        found: Say = client.call("service.status")
        return found


def discovery(user: Sandbox) -> Path:
    return user.socket.with_name("rpc.json")


def test_every_command_finds_it_by_itself(user: Sandbox) -> None:
    with user.started("serve", "--transport", "tcp") as process:
        wait_until_it_listens(process)
        told = json.loads(discovery(user).read_text())
        port = f"tcp://127.0.0.1:{told['port']}"
        assert told["pid"] == process.pid
        assert stat.S_IMODE(discovery(user).stat().st_mode) == 0o600
        assert stat.S_IMODE(discovery(user).parent.stat().st_mode) == 0o700
        assert not user.socket.exists()

        # The trace says that it did not read the files itself.
        report = user.run("report", "session", "--json", env={"LOG_LEVEL": "debug"})
        assert [row["sessionId"] for row in json.loads(report.stdout)["sessions"]] == [THREAD_ID]
        assert f"(pid {process.pid})" in report.stderr
        assert json.loads(user.run("status", "--json").stdout)["socket"] == port
        assert "6.1k" in user.run("statusline", "--format", "{todayTokens}").stdout
        assert port in user.run("doctor", "--json").stdout
        assert f"Stopped (pid {process.pid})" in user.run("stop").stdout
        assert process.wait(SECONDS) == 0
    assert not discovery(user).exists()
    assert user.run("stop").stdout == "No service runs.\n"


@pytest.mark.parametrize("transport", ["tcp", "unix"])
def test_the_wire_is_the_users_alone_whatever_the_umask(user: Sandbox, transport: str) -> None:
    with patched(user, "import os; os.umask(0)", "serve", "--transport", transport) as service:
        wait_until_it_listens(service)
        (file,) = user.socket.parent.iterdir()
        assert file == (user.socket if transport == "unix" else discovery(user))
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
@pytest.mark.parametrize("transport", ["tcp", "unix"])
def test_a_directory_of_another_user_is_refused(user: Sandbox, transport: str) -> None:
    user.socket.parent.mkdir()
    os.chown(user.socket.parent, 54321, 54321)
    refused = user.run("serve", "--transport", transport)
    assert refused.returncode == 1
    assert "belongs to another user" in refused.stderr
    assert list(user.socket.parent.iterdir()) == []


@pytest.mark.parametrize("first", ["tcp", "unix"])
@pytest.mark.parametrize("second", ["tcp", "unix"])
def test_a_second_service_is_refused_however_it_would_listen(
    user: Sandbox, first: str, second: str
) -> None:
    other = {"AMP_TRAY_DATA_DIR": str(user.home / "other")}  # so that no lock is in its way
    with served(user, "--transport", first) as pid:
        refused = user.run("serve", "--transport", second, env=other)
        assert refused.returncode == 1
        assert f"process {pid} is the service" in refused.stderr
        assert status(user)["pid"] == pid


def test_a_killed_one_is_replaced(user: Sandbox) -> None:
    with user.started("serve", "--transport", "tcp") as process:
        wait_until_it_listens(process)
        process.kill()
        process.wait(SECONDS)
    before = json.loads(discovery(user).read_text())
    with served(user, "--transport", "tcp"):
        assert json.loads(discovery(user).read_text())["token"] != before["token"]


def test_what_a_killed_one_left_keeps_nobody_from_the_socket(user: Sandbox) -> None:
    with user.started("serve", "--transport", "tcp") as process:
        wait_until_it_listens(process)
        process.kill()
        process.wait(SECONDS)
    assert "nothing listens" in user.run("status").stderr
    with served(user):
        assert status(user)["socket"] == str(user.socket)


def test_an_older_version_is_replaced(user: Sandbox) -> None:
    user.env["AMP_TRAY_TRANSPORT"] = "tcp"
    script = "import amp_tray\namp_tray.__version__ = '0.0.9'"
    with patched(user, script, "serve") as old:
        wait_until_it_listens(old)
        with user.started("run") as new:
            wait_until_it_listens(new)
            assert old.wait(SECONDS) == 0
            found = status(user)
            assert (found["pid"], found["version"]) == (new.pid, __version__)
            assert found["socket"].startswith("tcp://127.0.0.1:")


def test_restart_takes_the_transport_of_the_settings_or_the_option(user: Sandbox) -> None:
    user.configure('[service]\ntransport = "tcp"\n')
    try:
        assert user.run("restart").returncode == 0
        assert status(user)["socket"].startswith("tcp://")
        assert user.run("restart", "--transport", "unix").returncode == 0
        assert status(user)["socket"] == str(user.socket)
        assert not discovery(user).exists()
    finally:
        user.run("stop")


def test_a_variable_goes_over_the_file_and_an_option_over_the_variable(user: Sandbox) -> None:
    user.configure('[service]\ntransport = "tcp"\n')
    program = user.program
    assert isinstance(program.listening_address, TcpAddress)
    user.env["AMP_TRAY_TRANSPORT"] = "unix"
    assert user.program.listening_address == user.program.address
    with served(user, "--transport", "tcp"):
        assert status(user)["socket"].startswith("tcp://")


def test_a_port_can_be_named_and_the_token_is_found(user: Sandbox) -> None:
    with served(user, "--transport", "tcp"):
        port = status(user)["socket"]
    user.env["AMP_TRAY_SOCKET"] = port
    with served(user):
        assert status(user)["socket"] == port
        assert user.report("daily")["totals"]["totalTokens"] == 6110


@pytest.mark.parametrize(
    ("env", "options", "said"),
    [
        ({"AMP_TRAY_TRANSPORT": "pipe"}, (), "accepted: auto, unix, tcp"),
        ({"AMP_TRAY_SOCKET": "tcp://0.0.0.0:99"}, (), "tcp://127.0.0.1:PORT"),
        ({"AMP_TRAY_SOCKET": "tcp://127.0.0.1:99"}, ("--transport", "unix"), "leave one of them"),
        ({}, ("--transport", "pipe"), "'pipe' is not one of"),
    ],
)
def test_what_cannot_be_is_refused(
    user: Sandbox, env: dict[str, str], options: tuple[str, ...], said: str
) -> None:
    refused = user.run("serve", *options, env=env)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert not os.path.lexists(discovery(user))
