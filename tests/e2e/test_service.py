"""The real service: real processes, real files, a real socket."""

import json
import os
import signal
import stat

import pytest

from amp_tray_rpc.client import CallTimeoutError
from tests.support.samples import THREAD_ID, answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox
from tests.support.stopwatch import Stopwatch


def test_a_growing_file_changes_the_summary_and_notifies_once_within_a_second(
    user: Sandbox,
) -> None:
    user.write(thread(answer(now())))
    with user.serving(), user.client() as client:
        assert client.call("usage.summary")["today"]["totalTokens"] == 6110
        client.call("usage.subscribe")
        grown = thread(answer(now()), answer(now(), message_id=3))
        watch = Stopwatch()
        user.write(grown)
        notification = next(client.notifications(timeout=SECONDS))
        assert watch.seconds < 1.0
        assert notification.method == "usage.changed"
        assert notification.params["summary"]["today"]["totalTokens"] == 2 * 6110
        assert client.call("usage.summary")["today"]["totalTokens"] == 2 * 6110
        with pytest.raises(CallTimeoutError):  # one change, one notification
            next(client.notifications(timeout=0.7))


def test_a_root_that_appears_later_is_picked_up(user: Sandbox) -> None:
    with user.serving(), user.client() as client:
        assert client.call("usage.summary")["newestEventAt"] is None
        client.call("usage.subscribe")
        user.write(thread(answer(now())))
        notification = next(client.notifications(timeout=SECONDS))
        assert notification.params["summary"]["today"]["totalTokens"] == 6110


def test_a_deleted_file_keeps_its_usage_also_after_a_restart(user: Sandbox) -> None:
    path = user.write(thread(answer(now())))
    with user.serving():
        before = user.report("session")
    path.unlink()
    with user.serving():
        assert user.report("session")["totals"] == before["totals"]
    assert user.report("session")["totals"] == before["totals"]


def test_the_report_is_one_document_with_a_service_without_one_and_over_rpc(user: Sandbox) -> None:
    user.write(thread(answer(now()), title="Grüße \u202e\x1b[31m"))
    user.write_bytes("T-torn.json", b'{"id": "T-torn", "messages": [')
    for kind in ("daily", "monthly", "session"):
        alone = user.report(kind)
        with user.serving(), user.client() as client:
            served = user.report(kind)
            over_rpc = client.call(f"report.{kind}", {"timezone": "UTC"})
        for document in (alone, served, over_rpc):
            assert document["meta"].pop("generatedAt")
        assert alone == served == over_rpc
        assert [item["code"] for item in alone["meta"]["diagnostics"]] == ["torn-file"]


def test_the_wire_is_the_users_alone(user: Sandbox) -> None:
    with user.serving():
        socket = user.socket
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(user.program.ledger_path.stat().st_mode) == 0o600
        assert stat.S_IMODE(user.program.ledger_path.parent.stat().st_mode) == 0o700


def test_a_second_service_names_the_first_and_exits_1(user: Sandbox) -> None:
    with user.serving() as first:
        second = user.run("serve")
        assert second.returncode == 1
        assert f"process {first.pid}" in second.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service_cleanly(user: Sandbox, number: signal.Signals) -> None:
    with user.serving() as service:
        service.send_signal(number)
        assert service.wait(SECONDS) == 0
        assert not user.socket.exists()


def test_a_killed_service_leaves_nothing_that_stops_the_next(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    with user.serving() as service:
        before = user.report("session")["totals"]
        service.kill()
        service.wait(SECONDS)
        assert user.socket.exists()
    with user.serving():
        assert user.report("session")["totals"] == before


def test_stop_ends_the_service_and_says_which(user: Sandbox) -> None:
    with user.serving() as service:
        stopped = user.run("stop")
        assert stopped.returncode == 0
        assert f"pid {service.pid}" in stopped.stdout
        assert service.wait(SECONDS) == 0
    assert user.run("stop").stdout == "No service runs.\n"


def test_status_tells_roots_figures_and_what_could_not_be_read(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    user.write_bytes("T-torn.json", b"{")
    with user.serving() as service:
        shown = user.run("status")
        assert shown.returncode == 0
        assert f"pid {service.pid}" in shown.stdout
        assert str(user.threads) in shown.stdout
        assert "6.1k tokens" in shown.stdout
        assert "T-torn.json: the file is not whole JSON" in shown.stdout
        health = json.loads(user.run("status", "--json").stdout)
        assert health["state"] == "ready"
        assert health["files"] == 2
        assert health["ledger"] == str(user.program.ledger_path)
    assert user.run("status").returncode == 1


def test_pause_stops_reading_and_resuming_catches_up(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    with user.serving(), user.client() as client:
        assert client.call("service.pause", {"paused": True}) == {"paused": True}
        user.write(thread(answer(now()), answer(now(), message_id=3)))
        client.call("service.status")
        assert client.call("usage.summary")["today"]["totalTokens"] == 6110
        assert client.call("usage.summary")["paused"] is True
        client.call("service.pause", {"paused": False})
        assert client.call("usage.summary")["today"]["totalTokens"] == 2 * 6110


def test_rpc_command_prints_one_result(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    with user.serving():
        done = user.run("rpc", "report.session", "--params", '{"order": "asc"}')
        assert [row["sessionId"] for row in json.loads(done.stdout)["sessions"]] == [THREAD_ID]
        assert user.run("rpc", "no.such").returncode == 1
        refused = user.run("rpc", "report.daily", "--params", '{"since": "someday"}')
        assert refused.returncode == 2
        assert "someday" in refused.stderr


def test_another_directory_never_mixes_into_the_users_history(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    other = user.home / "other"
    (other / "threads").mkdir(parents=True)
    (other / "threads/T-x.json").write_text(json.dumps(thread(thread_id="T-x")), "utf-8")
    with user.serving():
        tried = user.run("report", "daily", "--json", env={"AMP_DATA_DIR": str(other)})
        assert json.loads(tried.stdout)["daily"] == []
        assert user.report("daily")["totals"]["totalTokens"] == 6110
    alone = user.run("report", "daily", "--json", env={"AMP_DATA_DIR": str(other)})
    assert json.loads(alone.stdout)["daily"] == []
    assert user.report("daily")["totals"]["totalTokens"] == 6110


def test_run_without_a_desktop_serves_says_so_and_prints_the_glance(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    with user.started("run") as process:
        assert process.stderr is not None
        said = [process.stderr.readline() for _ in range(6)]
        assert str(user.program.address) in said[0]
        assert "No network is used" in said[1]
        assert said[2].startswith("Today")
        assert "6.1k tokens" in said[2]
        assert "No tray" in said[5]
        again = user.run("run")
        assert again.returncode == 0
        assert "already runs" in again.stderr
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(SECONDS) == 0
