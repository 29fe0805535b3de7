"""`amp-tray sync` and `amp-tray balance`: what they say, print and refuse."""

import json
import os
import signal

import pytest

from tests.support.amp_program import AmpProgram
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox
from tests.support.terminal import terminal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a POSIX script")


@pytest.fixture
def amp(user: Sandbox) -> AmpProgram:
    amp = AmpProgram(user.home / "tools")
    user.env |= {"AMP_TRAY_OFFLINE": "", "AMP_TRAY_SYNC_PROGRAM": str(amp.path)}
    return amp


def test_it_says_in_two_lines_what_it_runs(user: Sandbox, amp: AmpProgram) -> None:
    amp.has(thread(answer(now())))
    done = user.run("sync", "--once")
    assert (done.returncode, done.stdout) == (0, "1 thread exported.\n")
    runs, keeps = done.stderr.splitlines()
    assert "amp threads list --json" in runs
    assert "amp threads export ID" in runs
    assert str(user.program.data_directory / "archive/amp") in keeps
    assert "reads no key" in keeps


def test_whoever_can_be_asked_is_asked_before_the_first_round(
    user: Sandbox, amp: AmpProgram
) -> None:
    with terminal(("sync", "--once"), user.env) as shown:
        shown.wait_for(lambda: b"Go on? [y/N]" in shown.raw)
        shown.type(b"n\n")
        assert shown.end() == 1
    assert amp.calls() == []
    with terminal(("sync", "--once"), user.env) as shown:
        shown.wait_for(lambda: b"Go on? [y/N]" in shown.raw)
        shown.type(b"y\n")
        assert shown.end() == 0
    assert len(amp.calls()) == 2
    with terminal(("sync", "--once"), user.env) as shown:
        assert shown.end() == 0
    assert b"Go on?" not in shown.raw
    assert b"amp threads export ID" in shown.raw


def test_without_once_rounds_follow_one_another_until_it_is_interrupted(
    user: Sandbox, amp: AmpProgram
) -> None:
    amp.has(thread(answer(now())))
    with user.started("sync", "--yes") as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "1 thread exported.\n"
        command.send_signal(signal.SIGINT)
        assert command.wait(SECONDS) == 130


def test_the_status_tells_all(user: Sandbox, amp: AmpProgram) -> None:
    assert user.run("sync", "--status").stdout.startswith("Sync       off (")
    amp.has(thread(answer(now())))
    amp.lists({"id": "../x"}, {"id": "T-gone", "updated": "2026-11-22T00:00:00Z"})
    user.run("sync", "--once")
    lines = user.run("sync", "--status").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [
        *("Sync", "Program", "Archive", "Unusable", "Lacking")
    ]
    assert "1 exported" in lines[0]
    assert "1 not exported, 1 without a usable id" in lines[3]
    assert "1 without credits" in lines[4]
    status = json.loads(user.run("sync", "--status", "--json").stdout)
    assert (status["enabled"], status["exported"], status["nextRunAt"]) == (False, 1, None)
    assert status == json.loads(user.run("doctor", "--json").stdout)["sync"]


def test_a_failure_exits_with_1_and_says_what_to_do(user: Sandbox, amp: AmpProgram) -> None:
    amp.set(signed_in=False)
    done = user.run("sync", "--once")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not signed in" in done.stderr
    assert "amp login" in done.stderr


@pytest.mark.parametrize("since", ["soon", "2999-01-01"])
def test_a_since_that_is_none_is_wrong_usage(user: Sandbox, amp: AmpProgram, since: str) -> None:
    done = user.run("sync", "--once", "--since", since)
    assert done.returncode == 2
    assert since in done.stderr
    assert amp.calls() == []


def test_since_takes_a_span(user: Sandbox, amp: AmpProgram) -> None:
    amp.has(thread(answer(now()), thread_id="T-old"), updated="2020-01-01T00:00:00Z")
    amp.has(thread(answer(now()), thread_id="T-new"), updated=now().isoformat())
    assert user.run("sync", "--once", "--since", "7d").returncode == 0
    assert amp.exports() == ["T-new"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AMP_TRAY_SYNC", "perhaps"),
        ("AMP_TRAY_SYNC_INTERVAL_MINUTES", "4"),
        ("AMP_TRAY_SYNC_MAX_THREADS", "0"),
        ("AMP_TRAY_SYNC_MAX_THREADS", "1001"),
        ("AMP_TRAY_SYNC_CALL_SECONDS", "1e3"),
    ],
)
def test_options_out_of_bounds_are_wrong_usage(
    user: Sandbox, amp: AmpProgram, variable: str, value: str
) -> None:
    user.env[variable] = value
    done = user.run("sync", "--once")
    assert done.returncode == 2
    assert variable in done.stderr
    assert amp.calls() == []


def test_settings_out_of_bounds_are_refused(user: Sandbox) -> None:
    for key, value in (("interval_minutes", "1"), ("max_threads", "0"), ("call_seconds", "9999")):
        assert user.run("config", "set", f"sync.{key}", value).returncode == 1
    assert user.run("config", "set", "sync.enabled", "true").returncode == 0
    assert user.program.sync_options.enabled


def test_the_balance_is_asked_for_and_shown(user: Sandbox, amp: AmpProgram) -> None:
    done = user.run("balance")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [
        "Amp Free: $4.20/$10 remaining (replenishes +$0.42/hour)",
        "Individual credits: $12.50 remaining",
    ]
    document = json.loads(user.run("balance", "--json").stdout)
    assert [(row["kind"], row["remaining"]) for row in document["entries"]] == [
        ("free", 4.2),
        ("individual", 12.5),
    ]
    assert amp.calls() == [["usage"]], "not twice within minutes"
    line = user.run("statusline", "--format", "{balance}").stdout
    assert line == "Free $4.20 of $10.00 · Individual $12.50\n"


def test_a_line_that_is_not_understood_is_shown_as_it_stands(
    user: Sandbox, amp: AmpProgram
) -> None:
    amp.set(usage="\x1b[1mAmp Free:\x1b[0m **plenty** remaining until tea")
    assert user.run("balance").stdout.startswith("Amp Free: plenty remaining until tea\n")
    (row,) = json.loads(user.run("balance", "--json").stdout)["entries"]
    assert (row["kind"], row["remaining"]) == ("other", None)


def test_a_balance_that_cannot_be_had_is_told(user: Sandbox, amp: AmpProgram) -> None:
    amp.set(signed_in=False)
    done = user.run("balance", "--json")
    assert (done.returncode, done.stdout) == (1, "null\n")
    assert "is not signed in" in done.stderr


def test_a_report_looks_for_no_amp_and_no_balance(user: Sandbox, amp: AmpProgram) -> None:
    user.write(thread(answer(now())))
    user.env["PYTHONPROFILEIMPORTTIME"] = "1"
    done = user.run("report", "daily", "--json")
    assert "amp_tray.live.queries" in done.stderr
    assert "amp_tray.sync" not in done.stderr
    assert "amp_tray.config.sync" not in done.stderr
    assert amp.calls() == []
