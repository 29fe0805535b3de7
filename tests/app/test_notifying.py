"""What the user wants to be told is asked anew each time."""

import os

import pytest

from amp_tray.app.notifying import _wishes, make_notices
from amp_tray.config.notifications import NotificationWishes
from tests.support.sandbox import Sandbox


def test_settings_count_at_once_and_those_that_cannot_be_do_not(user: Sandbox) -> None:
    wishes = _wishes(user.program)
    assert wishes() == NotificationWishes()
    user.configure("[notifications]\nmute = true\n")
    assert wishes() == NotificationWishes(mute=True)
    user.configure("[notifications]\nmute = 'perhaps'\n")
    assert wishes() == NotificationWishes(mute=True)
    user.configure("[notifications]\nbudgets = false\nquiet = '22:00-07:00'\n")
    assert not wishes().budgets
    assert wishes().quiet is not None


def test_settings_that_cannot_be_keep_the_tray_from_starting(user: Sandbox) -> None:
    user.configure("[notifications]\nquiet = 'at night'\n")
    done = user.run("run")
    assert done.returncode == 1
    assert "line 2: notifications.quiet: write two times" in done.stderr
    done = user.run("run", env={"AMP_TRAY_QUIET_HOURS": "at night", "AMP_TRAY_CONFIG_DIR": "/none"})
    assert done.returncode == 2


async def test_the_bus_that_was_found_is_told_to_the_library(
    user: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/a")
    make_notices(user.program, "unix:path=/b")
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == "unix:path=/a"
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    make_notices(user.program, "")
    assert "DBUS_SESSION_BUS_ADDRESS" not in os.environ
    make_notices(user.program, "unix:path=/b")
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == "unix:path=/b"
