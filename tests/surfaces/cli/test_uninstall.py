"""`amp-tray uninstall`: listed first, the ledger kept unless purged, never beside a service."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from amp_tray import __version__
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox


@pytest.fixture
def used(user: Sandbox) -> Sandbox:
    """Somebody who has used the program: a ledger, settings, a log, an entry at login."""
    user.write(thread(answer(now())))
    with user.serving():
        pass
    assert user.run("config", "set", "timezone", "UTC").returncode == 0
    assert user.run("autostart", "enable", "--method", "systemd").returncode == 0
    user.configure("", "pricing.toml")
    return user


def files(user: Sandbox) -> set[str]:
    """Return the files in the home that are not the agent's own."""
    found = (path for path in user.home.rglob("*") if not path.is_dir())
    return {str(path.relative_to(user.home)) for path in found if user.threads not in path.parents}


KEPT = {".config/amp-tray/config.toml", ".local/share/amp-tray/ledger.db"}
OWN = {".config/amp-tray/pricing.toml"}


def test_the_ledger_and_the_settings_stay(used: Sandbox) -> None:
    before = files(used)
    assert before > KEPT | OWN | {".config/systemd/user/amp-tray.service"}
    done = used.run("uninstall", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert files(used) == KEPT | OWN
    going, _, staying = done.stdout.partition("Stays")
    for name in before - KEPT - OWN:
        assert str(used.home / name) in going or "default.target.wants" in name
    assert all(str(used.home / name) in staying for name in KEPT)
    assert used.report("daily")["totals"]["totalTokens"] == 6110


def test_purge_leaves_what_the_user_wrote(used: Sandbox) -> None:
    done = used.run("uninstall", "--purge", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(str(used.home / name) in done.stdout for name in KEPT)
    assert files(used) == OWN
    again = used.run("uninstall", "--purge", "--yes")
    assert again.stdout == "There is nothing to remove.\n"
    assert files(used) == OWN


def test_nobody_there_to_ask_removes_nothing(used: Sandbox) -> None:
    before = files(used)
    done = used.run("uninstall", "--purge")
    assert done.returncode == 2
    assert "nobody to ask" in done.stderr
    assert "To be removed" in done.stdout
    assert files(used) == before


@pytest.mark.parametrize(("said", "remains"), [(b"n\n", True), (b"y\n", False)])
def test_it_asks(used: Sandbox, said: bytes, remains: bool) -> None:
    leader, follower = pty.openpty()
    with os.fdopen(leader, "wb", buffering=0) as keyboard, os.fdopen(follower, "rb") as terminal:
        keyboard.write(said)
        done = subprocess.run(
            [sys.executable, "-m", "amp_tray", "uninstall", "--purge"],
            env=used.env,
            stdin=terminal,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    assert ("Nothing was removed" in done.stdout) is remains
    assert (files(used) == OWN) is not remains


def test_a_running_service_is_named_and_nothing_is_removed(used: Sandbox) -> None:
    with used.serving() as service:
        before = files(used)
        done = used.run("uninstall", "--purge", "--yes")
        assert done.returncode == 1
        assert f"amp-tray runs (pid {service.pid})" in done.stderr
        assert "amp-tray stop" in done.stderr
        assert files(used) == before


def test_settings_that_cannot_be_used_keep_nothing_from_being_removed(used: Sandbox) -> None:
    used.configure("timezone = 7")
    assert used.run("uninstall", "--purge", "--yes").returncode == 0
    assert files(used) == OWN


def test_a_data_directory_of_the_users_keeps_what_else_is_in_it(user: Sandbox) -> None:
    shared = user.home / "Documents"
    shared.mkdir()
    (shared / "novel.txt").write_text(__version__, "utf-8")
    user.env["AMP_TRAY_DATA_DIR"] = str(shared)
    user.write(thread(answer(now())))
    user.report("daily")
    assert (shared / "ledger.db").exists()
    assert user.run("uninstall", "--purge", "--yes").returncode == 0
    assert [path.name for path in shared.iterdir()] == ["novel.txt"]
    assert Path(user.threads).is_dir()
