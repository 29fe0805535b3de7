"""What the user wants to be told by notifications, as the environment says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from amp_tray.config.environment import is_on
from amp_tray.core.errors import UsageError

_HOURS = re.compile(r"(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A part of every day, by the clock on the wall; it may go over midnight.

    Attributes:
        begin: its first instant.
        end: the first instant after it; the same as `begin` means the whole day.
    """

    begin: time
    end: time

    def cover(self, now: time) -> bool:
        """Say whether it is now."""
        if self.begin < self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end


@dataclass(frozen=True, slots=True)
class NotificationWishes:
    """What may be told, and when.

    Attributes:
        mute: nothing at all.
        budgets: budgets that are crossed.
        quiet: when nothing is told, None for never.
    """

    mute: bool = False
    budgets: bool = True
    quiet: QuietHours | None = None


def notification_wishes(env: Mapping[str, str]) -> NotificationWishes:
    """Return what is configured; raises UsageError for what cannot be."""
    text = env.get("AMP_TRAY_QUIET_HOURS", "").strip()
    try:
        quiet = quiet_hours(text) if text else None
    except ValueError as error:
        raise UsageError(f"AMP_TRAY_QUIET_HOURS is {text!r}", hint=str(error)) from error
    told = is_on(env, "AMP_TRAY_NOTIFY_BUDGETS", default=True)
    return NotificationWishes(mute=is_on(env, "AMP_TRAY_MUTE"), budgets=told, quiet=quiet)


def quiet_hours(text: str) -> QuietHours:
    """Return the hours that a text such as `22:00-07:00` names; raises ValueError."""
    found = _HOURS.fullmatch(text.strip())
    try:
        if found is not None:
            first, second, third, fourth = map(int, found.groups())
            return QuietHours(time(first, second), time(third, fourth))
    except ValueError:
        pass  # an hour that no clock shows, said below
    raise ValueError("write two times of the day as in 22:00-07:00")
