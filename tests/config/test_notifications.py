"""What the user wants to be told, and when not."""

from datetime import time

import pytest

from amp_tray.config.notifications import (
    NotificationWishes,
    QuietHours,
    notification_wishes,
    quiet_hours,
)
from amp_tray.core.errors import UsageError


def test_budgets_are_told_unless_it_is_turned_off() -> None:
    assert notification_wishes({}) == NotificationWishes(mute=False, budgets=True, quiet=None)
    assert not notification_wishes({"AMP_TRAY_NOTIFY_BUDGETS": "0"}).budgets
    assert notification_wishes({"AMP_TRAY_NOTIFY_BUDGETS": " "}).budgets
    assert notification_wishes({"AMP_TRAY_MUTE": "yes"}).mute


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ("22:00-07:00", "21:59", False),
        ("22:00-07:00", "22:00", True),
        ("22:00-07:00", "00:00", True),
        ("22:00-07:00", "06:59", True),
        ("22:00-07:00", "07:00", False),
        ("9:30 - 17:00", "09:29", False),
        ("9:30 - 17:00", "12:00", True),
        ("9:30 - 17:00", "17:00", False),
        ("00:00-00:00", "12:34", True),
    ],
)
def test_quiet_hours_may_go_over_midnight(hours: str, at: str, quiet: bool) -> None:
    wishes = notification_wishes({"AMP_TRAY_QUIET_HOURS": hours})
    assert wishes.quiet is not None
    assert wishes.quiet.cover(time.fromisoformat(at)) is quiet


@pytest.mark.parametrize(
    "text", ["22-07", "22:00", "24:00-07:00", "22:60-07:00", "at night", "٢٢:00-07:00"]
)
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="AMP_TRAY_QUIET_HOURS"):
        notification_wishes({"AMP_TRAY_QUIET_HOURS": text})


def test_hours_are_read_as_they_are_written() -> None:
    assert quiet_hours("22:00-07:05") == QuietHours(time(22), time(7, 5))
