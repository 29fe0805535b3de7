"""What the service leaves on the disk about itself: a log, and a crash file when it crashes."""

import json
import os
import signal
import sys
import time
from contextlib import ExitStack

import pytest

from amp_tray.surfaces.cli.ask import wait_until_ready
from tests.support.patched import patched
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox, wait_until_it_listens

TITLE, PROMPT, TORN = "a title of theirs", "a prompt of theirs", "a torn text of theirs"

# The task that looks after the settings fails, as often as the file says.
FAILING_TASK = """
import os
from amp_tray.app.reloading import Configuration
from amp_tray.live import tasks
tasks.RESTART_SECONDS = 0.05
follow = Configuration.follow
async def failing(self, *args):
    path = os.environ["HOME"] + "/failures"
    left = int(open(path).read())
    if left:
        open(path, "w").write(str(left - 1))
        # In two parts: Python 3.13 shows this very line where it was raised.
        raise ValueError("a title" + " of theirs")
    await follow(self, *args)
Configuration.follow = failing
"""


def test_begin_and_end_are_logged_and_the_status_says_where(user: Sandbox) -> None:
    with user.serving() as service:
        path = user.program.log_path
        assert f"Log        {path}" in user.run("status").stdout
        assert service.pid
    said = path.read_text("utf-8")
    assert f"begins (pid {service.pid})" in said
    assert said.rstrip().endswith(f"ends (pid {service.pid})")
    assert path == user.home / ".local/state/amp-tray/log.txt"


def test_with_a_directory_of_ones_own_it_lies_there(user: Sandbox) -> None:
    user.env["AMP_TRAY_DATA_DIR"] = str(user.home / "mine")
    with user.serving():
        pass
    assert (user.home / "mine/log.txt").exists()
    assert not (user.home / ".local/state").exists()


def test_other_commands_write_no_log(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    user.report("daily")
    user.run("doctor", env={"LOG_LEVEL": "trace"})
    assert not user.program.log_path.exists()


def test_no_level_brings_user_content_into_the_log(user: Sandbox) -> None:
    user.env["LOG_LEVEL"] = "trace"
    document = thread(answer(now()), title=TITLE)
    document["messages"].insert(0, {"role": "user", "content": [{"type": "text", "text": PROMPT}]})
    user.write(document)
    user.write_bytes(
        "T-torn.json", f'{{"id": "T-torn", "title": "{TORN}", "messages": [{{'.encode()
    )
    with user.started("serve") as service, ExitStack() as stack:
        wait_until_it_listens(service)
        client = stack.enter_context(user.client())
        wait_until_ready(client, lambda _done, _total: None)
        assert TITLE in json.dumps(client.call("report.session"))
        user.write(document | {"title": TITLE + " again"})
        client.call("service.refresh")
        client.call("report.daily", {"since": "7d"})
    for path in user.program.log_path.parent.iterdir():
        said = path.read_text("utf-8")
        assert not [text for text in (TITLE, PROMPT, TORN) if text in said]


def test_a_log_that_cannot_be_written_does_not_stop_the_service(user: Sandbox) -> None:
    state = user.home / ".local"
    state.mkdir()
    (state / "state").write_text("no directory")
    with user.started("serve") as service:
        wait_until_it_listens(service)
        with user.client() as client:
            assert client.call("session.hello")["pid"] == service.pid


def test_a_task_that_fails_is_logged_shown_and_started_again(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    (user.home / "failures").write_text("3")
    with patched(user, FAILING_TASK, "serve") as service:
        wait_until_it_listens(service)
        with user.client() as client:
            give_up_at = time.monotonic() + SECONDS
            while (user.home / "failures").read_text() != "0":
                assert time.monotonic() < give_up_at
            # It is told until the next scan finds all well, and the service answers all along.
            shown = client.call("service.status")
            assert shown["state"] == "degraded"
            assert "failed unexpectedly" in shown["failure"]
            client.call("service.refresh")
            assert client.call("service.status")["state"] == "ready"
            assert client.call("usage.summary")["today"]["totalTokens"] == 6110
            # And the task does its work.
            folder = user.program.config_path.parent
            folder.mkdir(parents=True)
            (folder / "config.toml").write_text('timezone = "Asia/Tokyo"\n')
            while client.call("usage.summary")["timezone"] != "Asia/Tokyo":
                assert time.monotonic() < give_up_at
    said = user.program.log_path.read_text("utf-8")
    pauses = [
        line.split(" starts again in ")[1] for line in said.splitlines() if "again in" in line
    ]
    assert pauses == ["0.05 s: ValueError", "0.1 s: ValueError", "0.2 s: ValueError"]
    assert "in failing" in said
    assert TITLE not in said


CRASH = """
from amp_tray.app import serving
def fail(*args):
    raise KeyError("a title of theirs")
serving.Configuration = fail
"""


def test_a_crash_leaves_a_file_and_the_doctor_tells_of_it_for_a_week(user: Sandbox) -> None:
    with patched(user, CRASH, "serve") as service:
        assert service.wait(SECONDS) == 1
        assert service.stderr is not None
        said = service.stderr.read()
    directory = user.program.log_path.parent
    (path,) = directory.glob("crash-*.txt")
    text = path.read_text("utf-8") + user.program.log_path.read_text("utf-8") + said
    assert "KeyError" in text
    assert "in fail" in text
    assert TITLE not in text
    findings = user.run("doctor", "--json")
    assert findings.returncode == 1
    (problem,) = json.loads(findings.stdout)["problems"]
    assert (problem["code"], problem["path"]) == ("crash", str(path))
    assert problem["message"] == "the program failed unexpectedly just now"
    assert "remove it" in problem["remedy"]
    os.utime(path, (time.time() - 8 * 86400,) * 2)
    assert user.run("doctor").returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="POSIX signals")
def test_a_fault_of_the_interpreter_is_told_by_the_doctor_too(user: Sandbox) -> None:
    with user.serving() as service:
        service.send_signal(signal.SIGSEGV)
        assert service.wait(SECONDS) == -signal.SIGSEGV
    shown = user.run("doctor")
    assert shown.returncode == 1
    assert "crash-" in shown.stdout
    with user.serving():
        assert "crash-" in user.run("doctor").stdout
