"""The service fetches threads by itself: turned on, off, and ended with the `amp` that it runs."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from amp_tray_rpc.client import Client
from tests.support.amp_program import AmpProgram, is_alive
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox

ONE = 6110

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a POSIX script")


@pytest.fixture
def amp(user: Sandbox) -> AmpProgram:
    """A stand-in on the user's path; what asks for prices finds nobody."""
    amp = AmpProgram(user.home / "tools")
    user.env |= {
        "AMP_TRAY_OFFLINE": "",
        "PATH": f"{amp.folder}:{user.env['PATH']}",
        "AMP_TRAY_PRICES_URL": "http://127.0.0.1:9/",
    }
    return amp


@pytest.fixture
def served(user: Sandbox, amp: AmpProgram) -> Iterator[Client]:
    """A subscriber of a service that fetches nothing yet."""
    user.configure("")
    with user.serving(), user.client() as client:
        client.call("usage.subscribe")
        yield client


def turn_on(user: Sandbox) -> None:
    user.configure("[sync]\nenabled = true\n")


def until(client: Client, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Wait for a summary that is told to subscribers."""
    for told in client.notifications(timeout=SECONDS):
        summary: dict[str, Any] = told.params["summary"]
        if is_so(summary):
            return summary
    raise AssertionError("the service ended")


def wait(is_so: Callable[[], object]) -> None:
    waiting = threading.Event()
    for _ in range(int(SECONDS * 20)):
        if is_so():
            return
        waiting.wait(0.05)
    raise AssertionError


def test_turned_on_while_it_runs_a_new_export_shows_up_without_a_restart(
    user: Sandbox, amp: AmpProgram, served: Client
) -> None:
    user.write(thread(answer(now())))
    until(served, lambda summary: summary["today"]["totalTokens"] == ONE)
    amp.has(thread(answer(now()), thread_id="T-server"))
    assert amp.calls() == []
    assert served.call("service.status")["sync"]["enabled"] is False

    turn_on(user)
    summary = until(served, lambda summary: summary["today"]["totalTokens"] == 2 * ONE)
    assert "T-server" in [row["sessionId"] for row in summary["today"]["threads"]]
    if summary["balance"] is None:  # not told together
        until(served, lambda summary: summary["balance"] is not None)
    summary = served.call("usage.summary")
    assert summary["balance"]["text"] == "Free $4.20 of $10.00 · Individual $12.50"

    status = served.call("service.status")
    sync = status["sync"]
    assert (sync["enabled"], sync["lastError"], sync["exported"]) == (True, None, 1)
    assert sync["lastRunAt"] < sync["nextRunAt"]
    roots = [root["path"] for root in status["roots"] if root["source"] == "amp"]
    assert roots == [
        str(user.threads.parent),
        str(user.program.data_directory / "archive/amp"),
    ]

    # A round that a command makes shows up, too.
    amp.has(thread(answer(now()), thread_id="T-newer"))
    done = user.run("sync", "--once", "--yes")
    assert (done.returncode, done.stdout) == (0, "1 thread exported.\n")
    until(served, lambda summary: summary["today"]["totalTokens"] == 3 * ONE)
    shown = user.run("status").stdout
    assert "Balance    Free $4.20 of $10.00 · Individual $12.50\n" in shown
    assert "Sync       on, every 15 min; last run just now; 1 exported; next run in" in shown
    # A report without the service, too, and after it was turned off.
    user.configure("")
    assert user.report("daily")["totals"]["totalTokens"] == 3 * ONE


def test_the_service_takes_the_amp_that_it_runs_with_it(user: Sandbox, amp: AmpProgram) -> None:
    amp.does("threads list", "hang")
    turn_on(user)
    with user.serving() as service:
        wait(lambda: len(amp.processes()) == 2)
        assert all(map(is_alive, amp.processes()))
        with user.client() as client:
            assert client.call("service.status")["sync"]["running"] is True
        service.terminate()
        assert service.wait(SECONDS) == 0
    assert not any(map(is_alive, amp.processes()))


@pytest.mark.parametrize("text", ["offline = true\n[sync]\nenabled = true\n", ""])
def test_turned_off_in_the_midst_the_round_ends(user: Sandbox, amp: AmpProgram, text: str) -> None:
    del user.env["AMP_TRAY_OFFLINE"]
    amp.does("threads list", "hang")
    turn_on(user)
    with user.serving() as service:
        wait(lambda: len(amp.processes()) == 2)
        user.configure(text)
        wait(lambda: not any(map(is_alive, amp.processes())))
        assert service.poll() is None
    assert len(amp.calls()) == 1


def test_a_failure_is_told_and_the_service_is_well(user: Sandbox, amp: AmpProgram) -> None:
    amp.set(signed_in=False)
    turn_on(user)
    with user.serving(), user.client() as client:
        wait(lambda: client.call("service.status")["sync"]["lastError"] is not None)
        status = client.call("service.status")
        assert status["sync"]["lastError"] == "`amp` is not signed in"
        assert (status["state"], status["failure"]) == ("ready", None)
        shown = user.run("doctor")
        assert shown.returncode == 1
        assert "sync-fails" in shown.stdout
        assert "sign in with `amp login`" in shown.stdout

        # Turned on anew, nobody waits until failures are forgiven.
        amp.set(signed_in=True)
        user.configure("[sync]\nenabled = true\nmax_threads = 7\n")
        wait(lambda: client.call("service.status")["sync"]["lastError"] is None)


def test_a_tried_directory_has_nothing_of_the_archive(user: Sandbox, amp: AmpProgram) -> None:
    amp.has(thread(answer(now())))
    assert user.run("sync", "--once").returncode == 0
    other = {"AMP_DATA_DIR": str(user.home / "other")}
    assert user.report("daily")["totals"]["totalTokens"] == ONE
    tried = user.run("report", "--json", env=other)
    assert '"daily":[]' in tried.stdout
    both = user.run("report", "--json", env={**other, "AMP_TRAY_SYNC": "1"})
    assert f'"totalTokens":{ONE}' in both.stdout


def test_a_killed_command_takes_its_amp_with_it(user: Sandbox, amp: AmpProgram) -> None:
    amp.does("threads list", "hang")
    with user.started("sync", "--once") as command:
        wait(lambda: len(amp.processes()) == 2)
        command.send_signal(signal.SIGTERM)
        command.wait(SECONDS)
    assert not any(map(is_alive, amp.processes()))


def test_offline_runs_nothing(user: Sandbox, amp: AmpProgram) -> None:
    user.env["AMP_TRAY_OFFLINE"] = "1"
    user.env["AMP_TRAY_SYNC"] = "1"
    done = user.run("sync", "--once")
    assert done.returncode == 1
    assert "`offline` is set" in done.stderr
    assert "nothing is fetched while `offline` is set" in user.run("sync", "--status").stdout
    assert user.run("balance").returncode == 1
    assert amp.calls() == []
