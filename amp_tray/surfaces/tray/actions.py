"""What a click asks for, as a value.

Backends and notifications pass it on unseen; only `clicks` knows what each kind does.
"""

from dataclasses import dataclass
from enum import StrEnum


class ActionKind(StrEnum):
    """The kinds of action; the comment says what the argument is, where there is one."""

    REFRESH = "refresh"
    PAUSE = "pause"
    QUIT = "quit"
    MENU_CLOSED = "menu-closed"  # by no row: a backend tells that nobody looks at the menu
    OPEN_THREAD = "open-thread"  # the thread's id
    COPY_ID = "copy-id"  # the text to copy
    SHOW_FILE = "show-file"  # the thread's id
    SHOW_METRIC = "show-metric"  # cost, tokens or credits
    START_AT_LOGIN = "start-at-login"
    TURN_ON_SYNC = "turn-on-sync"
    SETTINGS = "settings"
    OPEN_REPORT = "open-report"


@dataclass(frozen=True, slots=True)
class Action:
    """What a row does when it is clicked; see `ActionKind` for the argument."""

    kind: ActionKind
    argument: str = ""
