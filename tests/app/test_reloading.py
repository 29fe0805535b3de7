"""Settings that change while the service runs: in force at once, without losing anybody."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from amp_tray_rpc.client import Client
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

OTHER = 2 * 6110


def other_root(user: Sandbox) -> str:
    """Make another root, with twice the usage."""
    root = user.home / "elsewhere"
    (root / "threads").mkdir(parents=True)
    document = thread(answer(now()), answer(now(), message_id=3), thread_id="T-other")
    (root / "threads/T-other.json").write_text(json.dumps(document), "utf-8")
    return str(root)


def wait_for(client: Client, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Ask for the status until it is as expected."""
    give_up_at = time.monotonic() + SECONDS
    while time.monotonic() < give_up_at:
        status: dict[str, Any] = client.call("service.status")
        if is_so(status):
            return status
    raise AssertionError(status)


def changed(client: Client) -> dict[str, Any]:
    summary: dict[str, Any] = next(client.notifications(timeout=SECONDS)).params["summary"]
    return summary


def reload_now(service: subprocess.Popen[str]) -> None:
    service.send_signal(signal.SIGHUP)


def test_everything_that_can_be_set_comes_into_force_for_subscribers_that_stay(
    user: Sandbox,
) -> None:
    user.env |= {"TZ": "", "AMP_TRAY_OFFLINE": ""}
    user.configure('offline = true\ntimezone = "UTC"\n')
    user.write(thread(answer(now())))
    root = other_root(user)
    with user.serving() as service, user.client() as client:
        assert client.call("usage.summary")["timezone"] == "UTC"
        before = client.call("service.status")
        client.call("usage.subscribe")
        file = user.socket.stat()

        user.configure(
            'timezone = "Asia/Tokyo"\nlog_level = "debug"\n'
            f'[sources.amp]\nroots = ["{root}"]\n'
            '[pricing]\nurl = "http://127.0.0.1:9/prices"\n',
        )
        reload_now(service)
        summary = changed(client)
        while summary["today"]["totalTokens"] != OTHER:  # the watcher's scan may add another
            summary = changed(client)
        assert summary["timezone"] == "Asia/Tokyo"
        assert client.call("usage.summary")["today"]["totalTokens"] == OTHER
        after = client.call("service.status")
        assert [row["path"] for row in after["roots"] if row["source"] == "amp"] == [root]
        assert (after["pricing"]["offline"], after["pricing"]["url"]) == (
            False,
            "http://127.0.0.1:9/prices",
        )
        assert before["pricing"]["offline"] is True
        assert after["pid"] == before["pid"] == service.pid
        assert after["settings"]["failure"] is None
        assert after["settings"]["loadedAt"] > before["settings"]["loadedAt"]
        assert user.socket.stat().st_ino == file.st_ino

        # The new root is watched, and the old one no longer.
        grown = thread(*(answer(now(), message_id=key) for key in (1, 3, 5)), thread_id="T-other")
        half = user.home / "half"
        half.write_text(json.dumps(grown), "utf-8")
        half.replace(f"{root}/threads/T-other.json")
        while changed(client)["today"]["totalTokens"] != 3 * 6110:
            pass


def test_the_file_is_looked_at_without_a_signal(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    with user.serving(), user.client() as client:
        client.call("usage.subscribe")
        user.configure('timezone = "Asia/Tokyo"\n')
        assert changed(client)["timezone"] == "Asia/Tokyo"
        user.program.config_path.unlink()
        while changed(client)["timezone"] != "UTC":
            pass


def test_a_log_level_comes_into_force(user: Sandbox) -> None:
    with user.serving() as service, user.client() as client:
        assert service.stderr is not None
        user.configure('log_level = "info"\n')
        reload_now(service)
        wait_for(client, lambda _: True)
        while "the settings were read again" not in service.stderr.readline():
            assert service.poll() is None


def test_settings_that_cannot_be_used_are_told_and_those_before_stay(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    user.configure('timezone = "Asia/Tokyo"\n')
    with user.serving() as service, user.client() as client:
        user.configure('timezone = "Nowhere/Town"\n')
        reload_now(service)
        status = wait_for(client, lambda status: status["settings"]["failure"] is not None)
        assert "line 1: timezone" in status["settings"]["failure"]
        assert status["state"] == "ready"
        assert client.call("usage.summary")["timezone"] == "Asia/Tokyo"
        assert "timezone" in user.program.log_path.read_text("utf-8")
        shown = user.run("status")  # with settings of its own that cannot be used
        assert shown.returncode == 1
        shown = user.run("doctor")
        assert "goes on with the settings before" in shown.stdout

        user.configure('timezone = "Europe/Berlin"\n')
        reload_now(service)
        wait_for(client, lambda status: status["settings"]["failure"] is None)
        assert client.call("usage.summary")["timezone"] == "Europe/Berlin"


def test_a_variable_stays_above_the_file(user: Sandbox) -> None:
    user.env["AMP_TRAY_TIMEZONE"] = "Europe/Berlin"
    with user.serving() as service, user.client() as client:
        before = client.call("service.status")["settings"]["loadedAt"]
        user.configure('timezone = "Asia/Tokyo"\n')
        reload_now(service)
        wait_for(client, lambda status: status["settings"]["loadedAt"] > before)
        assert client.call("usage.summary")["timezone"] == "Europe/Berlin"


def test_an_option_of_the_command_line_stays_above_the_file(user: Sandbox) -> None:
    del user.env["AMP_TRAY_OFFLINE"]
    with user.started("serve", "--offline") as service:
        assert service.stderr is not None
        assert "listens" in service.stderr.readline()
        with user.client() as client:
            before = wait_for(client, lambda status: status["pricing"] is not None)
            user.configure("offline = false\n")
            reload_now(service)
            first = before["settings"]["loadedAt"]
            after = wait_for(client, lambda status: status["settings"]["loadedAt"] > first)
            assert after["pricing"]["offline"] is True


def test_the_service_beside_the_tray_reads_its_settings_again_too(user: Sandbox) -> None:
    with user.started("run") as process:
        assert process.stderr is not None
        while "No tray" not in process.stderr.readline():
            assert process.poll() is None
        user.configure('timezone = "Asia/Tokyo"\n')
        with user.client() as client:
            client.call("usage.subscribe")
            reload_now(process)
            assert changed(client)["timezone"] == "Asia/Tokyo"
            assert client.call("service.status")["hostedBy"] == "run"
