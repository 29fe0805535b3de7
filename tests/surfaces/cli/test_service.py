"""`serve`, `stop`, `restart` and `status` as a user meets them."""

import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox


@pytest.fixture
def user() -> Iterator[Sandbox]:
    """A user whose service, wherever it runs, ends with the test."""
    with Sandbox() as sandbox:
        yield sandbox
        sandbox.run("stop")


def pid_of(user: Sandbox) -> int:
    with user.client() as client:
        pid: int = client.call("session.hello")["pid"]
        return pid


def test_restart_starts_a_service_where_none_ran(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    done = user.run("restart")
    assert done.returncode == 0, done.stderr
    pid = pid_of(user)
    assert done.stdout.splitlines() == [
        "No service ran.",
        f"Started (pid {pid}). Its log: {user.program.log_path}",
    ]
    assert f"begins (pid {pid})" in user.program.log_path.read_text("utf-8")
    assert user.report("daily")["totals"]["totalTokens"] == 6110


def test_restart_ends_the_one_that_runs_and_starts_another(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    with user.serving() as first:
        done = user.run("restart")
        assert first.wait(SECONDS) == 0
        second = pid_of(user)
        assert second != first.pid
        assert done.stdout.splitlines()[0] == f"Stopped (pid {first.pid})."
        again = user.run("restart")
        assert again.returncode == 0, (again.stderr, user.program.log_path.read_text("utf-8"))
        assert f"Stopped (pid {second})." in again.stdout
        assert pid_of(user) not in {first.pid, second}


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what a process holds")
def test_what_restart_starts_is_on_its_own(user: Sandbox) -> None:
    user.run("restart")
    pid = pid_of(user)
    with user.client() as client:  # it lets go of the output when the ledger is open
        while client.call("service.status")["revision"] == 0:
            pass
    assert os.getsid(pid) == pid
    output = [Path(f"/proc/{pid}/fd/{number}").readlink() for number in range(3)]
    assert output == [Path(os.devnull)] * 3


def test_restart_passes_its_option_on(user: Sandbox) -> None:
    user.env["AMP_TRAY_OFFLINE"] = "0"
    user.run("restart", "--offline")
    with user.client() as client:
        while (pricing := client.call("service.status")["pricing"]) is None:
            pass
    assert pricing["offline"] is True


def test_restart_says_why_the_service_does_not_begin(user: Sandbox) -> None:
    done = user.run("restart", env={"AMP_TRAY_MAX_FILE_MB": "many"})
    assert done.returncode == 1
    assert "AMP_TRAY_MAX_FILE_MB is 'many'" in done.stderr
    user.program.data_directory.mkdir(parents=True)
    with sqlite3.connect(user.program.ledger_path) as ledger:
        ledger.execute("PRAGMA user_version = 99")
    ledger.close()
    done = user.run("restart")
    assert done.returncode == 1
    assert "schema version 99" in done.stderr
    assert "Started" not in done.stdout


def test_a_service_in_the_trays_process_is_left_to_it(user: Sandbox) -> None:
    with user.started("run") as process:
        assert process.stderr is not None
        while "No tray" not in process.stderr.readline():
            assert process.poll() is None
        done = user.run("restart")
        assert done.returncode == 1
        assert f"in the tray's process (pid {process.pid})" in done.stderr
        assert "amp-tray run" in done.stderr
        assert pid_of(user) == process.pid


def test_a_service_of_systemds_is_left_to_it(user: Sandbox) -> None:
    user.env["NOTIFY_SOCKET"] = "/nowhere/notify"
    with user.serving() as service:
        done = user.run("restart")
        assert done.returncode == 1
        assert "systemctl --user restart" in done.stderr
        assert pid_of(user) == service.pid


def test_stop_waits_for_the_end(user: Sandbox) -> None:
    with user.serving() as service:
        assert user.run("stop").stdout == f"Stopped (pid {service.pid}).\n"
        assert not user.socket.exists()
        assert service.wait(SECONDS) == 0
    assert user.run("stop").stdout == "No service runs.\n"


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_the_status_tells_of_settings_that_are_not_in_force(user: Sandbox) -> None:
    path = user.program.config_path
    with user.serving() as service, user.client() as client:
        path.parent.mkdir(parents=True)
        path.write_text("offline = 7\n")
        service.send_signal(signal.SIGHUP)
        give_up_at = time.monotonic() + SECONDS
        while client.call("service.status")["settings"]["failure"] is None:
            assert time.monotonic() < give_up_at
        other = user.home / "fine"
        other.mkdir()
        shown = user.run("status", env={"AMP_TRAY_CONFIG_DIR": str(other)})
        assert "line 1: offline" in shown.stdout
        assert "those before are in force" in shown.stdout
        document = user.run("status", "--json", env={"AMP_TRAY_CONFIG_DIR": str(other)}).stdout
        assert json.loads(document)["settings"]["path"] == str(path)
