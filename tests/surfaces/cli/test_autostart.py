"""`amp-tray autostart`: starting at login, from the command line."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the desktops of Linux")

PROGRAM = str(Path(sys.executable).with_name("amp-tray"))


def asked(user: Sandbox, *words: str, code: int = 0) -> dict[str, Any]:
    done = user.run("autostart", *words, "--json")
    assert done.returncode == code, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_it_is_turned_on_and_off(user: Sandbox) -> None:
    entry = str(user.home / ".config/autostart/amp-tray.desktop")
    assert asked(user, "status") == {
        "enabled": False,
        "method": None,
        "command": [PROGRAM, "run"],
        "exists": True,
        "path": None,
        "entries": [],
    }
    on = {
        "enabled": True,
        "method": "xdg",
        "command": [PROGRAM, "run"],
        "exists": True,
        "path": entry,
        "entries": [{"path": entry, "command": [PROGRAM, "run"], "enabled": True, "exists": True}],
    }
    assert asked(user, "enable") == on
    assert asked(user, "status") == on
    assert user.run("autostart", "status").stdout.splitlines() == [
        f"Starts at login (xdg): {PROGRAM} run",
        f"  by {entry}",
    ]
    assert not asked(user, "disable")["enabled"]
    assert f"  {PROGRAM} run" in user.run("autostart", "disable").stdout.splitlines()


def test_the_service_may_be_systemds(user: Sandbox) -> None:
    found = asked(user, "enable", "--method", "systemd")
    unit, entry = found["entries"]
    assert unit["command"] == [PROGRAM, "serve"]
    assert entry["command"] == [PROGRAM, "run"]
    assert user.run("autostart", "status").stdout.count("Starts at login (systemd)") == 2


def test_a_method_of_another_system_is_wrong_usage(user: Sandbox) -> None:
    assert user.run("autostart", "enable", "--method", "launchd").returncode == 2


def test_a_program_that_is_gone_is_told_by_status_and_doctor(user: Sandbox) -> None:
    asked(user, "enable")
    entry = user.home / ".config/autostart/amp-tray.desktop"
    gone = str(user.home / "gone" / "amp-tray")
    entry.write_text(entry.read_text("utf-8").replace(PROGRAM, gone), "utf-8")
    assert not asked(user, "status")["exists"]
    assert "not there any more" in user.run("autostart", "status").stdout
    done = user.run("doctor", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["autostart"]["exists"] is False
    (problem,) = found["problems"]
    assert (problem["code"], problem["path"]) == ("autostart", str(entry))
    assert gone in problem["message"]
    assert "autostart enable" in problem["remedy"]
    assert "At login   yes (xdg)" in user.run("doctor").stdout
    assert asked(user, "enable")["exists"]
    assert user.run("doctor").returncode == 0


def test_what_cannot_be_written_is_explained(user: Sandbox) -> None:
    (user.home / ".config").write_text("")
    done = user.run("autostart", "enable")
    assert done.returncode == 1
    assert "starting at login could not be changed" in done.stderr
    assert "Traceback" not in done.stderr
