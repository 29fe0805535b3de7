"""The unit is one that a user's manager can start."""

import subprocess
from pathlib import Path

import pytest

from amp_tray.host.autostart.systemd import UserUnit, unit_text
from tests.support.installed import needed

# What a manager without privileges can apply, by systemd.exec(5) and systemd.resource-control(5).
HARDENING = {
    "NoNewPrivileges",
    "RestrictSUIDSGID",
    "LockPersonality",
    "SystemCallFilter",
    "SystemCallErrorNumber",
    "RestrictAddressFamilies",
    "MemoryMax",
    "TasksMax",
}
RUNNING = {"Type", "ExecStart", "ExecReload", "Restart", "RestartSec", "WatchdogSec"}

awkward = pytest.mark.parametrize("name", ["amp-tray", "a b", "$HOME", "100%", 'a"b', "a\\b", "ü;"])


def test_it_asks_for_nothing_that_keeps_it_from_starting() -> None:
    service = unit_text(["/usr/bin/amp-tray", "serve"]).partition("[Service]\n")[2]
    lines = service.partition("\n\n")[0].splitlines()
    assert {line.partition("=")[0] for line in lines} == HARDENING | RUNNING
    assert "Type=notify" in lines
    assert "ExecStart=/usr/bin/amp-tray serve" in lines


@awkward
def test_systemd_has_nothing_to_say_of_it(tmp_path: Path, name: str) -> None:
    needed("systemd-analyze")
    program = tmp_path / name / "amp-tray"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = UserUnit(tmp_path / "config", reload=lambda: None)
    unit.write([str(program), "serve"])
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", unit.path],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(runtime)},
        capture_output=True,
        text=True,
        check=False,
    )
    # It ends with 0 for lines that it does not know, too.
    assert (done.returncode, done.stderr) == (0, "")


def test_the_manager_is_told_of_changes_alone(tmp_path: Path) -> None:
    told: list[str] = []
    unit = UserUnit(tmp_path, reload=lambda: told.append("reload"))
    unit.write(["/usr/bin/amp-tray", "serve"])
    unit.write(["/usr/bin/amp-tray", "serve"])
    assert told == ["reload"]
    unit.write(["/opt/amp-tray", "serve"])
    unit.remove()
    unit.remove()
    assert told == ["reload"] * 3


def test_a_manager_that_cannot_be_reached_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(f"#!/bin/sh\necho $@ >> {tmp_path}/asked\nexit 1\n")
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    UserUnit(tmp_path / "config").write(["/usr/bin/amp-tray", "serve"])
    assert (tmp_path / "asked").read_text("utf-8") == "--user daemon-reload\n"
