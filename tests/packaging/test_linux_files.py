"""What desktops and systemd read is as they want it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support.installed import needed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what checks them is Linux's")

LINUX = Path(__file__).parents[2] / "packaging/linux"
METAINFO = LINUX / "io.github.amp_tray.amp_tray.metainfo.xml"
# A user's own manager cannot apply these, and a unit that asks for them does not start.
NOT_FOR_USERS = re.compile(
    r"^(Capability|AmbientCap|Private|Protect(System|Home|Kernel|Control|Clock|Proc|Hostname)"
    r"|Restrict(Namespaces)|IPAddress|Device|User=|Group=|DynamicUser|RootDirectory)",
    re.MULTILINE,
)


def said(*words: str | Path, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a checker; return its exit code and all that it says."""
    done = subprocess.run(
        [needed(str(words[0])), *words[1:]],
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_desktop_entry_is_valid_without_a_hint() -> None:
    assert said("desktop-file-validate", LINUX / "amp-tray.desktop") == (0, "")


def test_the_metainfo_is_valid_without_a_hint() -> None:
    code, text = said("appstreamcli", "validate", "--no-net", "--pedantic", METAINFO)
    assert code == 0
    assert re.search(r"^\W*Validation was successful\.$", text, re.MULTILINE), text


def test_the_metainfo_is_of_this_program() -> None:
    root = ET.parse(METAINFO).getroot()
    assert root.findtext("launchable") == "amp-tray.desktop"
    assert f"{root.findtext('id')}.metainfo.xml" == METAINFO.name
    assert (LINUX / str(root.findtext("launchable"))).is_file()


def test_systemd_has_nothing_to_say_of_the_unit(tmp_path: Path) -> None:
    program = tmp_path / "amp-tray"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    text = (LINUX / "amp-tray.service").read_text("utf-8")
    assert "ExecStart=/usr/bin/amp-tray serve\n" in text
    unit = tmp_path / "amp-tray.service"
    unit.write_text(text.replace("/usr/bin/amp-tray", str(program)), "utf-8")
    verify = ("systemd-analyze", "verify", "--user", "--man=no", unit)
    env = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert said(*verify, env=env) == (0, "")
    # Its exit code is 0 for keys that it does not know; what it says of them is what counts.
    unit.write_text(unit.read_text("utf-8").replace("TasksMax", "TasksMost"), "utf-8")
    assert "TasksMost" in said(*verify, env=env)[1]


def test_the_unit_asks_for_what_a_users_manager_can_apply() -> None:
    text = (LINUX / "amp-tray.service").read_text("utf-8")
    for key in (
        "Type=notify",
        "NoNewPrivileges=yes",
        "RestrictSUIDSGID=yes",
        "LockPersonality=yes",
        "SystemCallFilter=",
        "RestrictAddressFamilies=",
        "MemoryMax=",
        "TasksMax=",
    ):
        assert f"\n{key}" in text, key
    assert NOT_FOR_USERS.findall(text) == []
