"""What every tray backend offers to the controller, and how it may fail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from amp_tray.core.errors import AmpTrayError
from amp_tray.surfaces.tray.actions import Action
from amp_tray.surfaces.tray.view import TrayView

ActionHandler = Callable[[Action], None]
"""Called on the event loop's thread; returns at once and never raises."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the icon stands with the desktop.

    Attributes:
        shown: somebody shows it.
        words: the same for a person, such as `waiting for a tray host`.
    """

    shown: bool
    words: str


NOT_STARTED = Standing(False, "not started")
SHOWN = Standing(True, "shown")
CLOSED = Standing(False, "closed")

LABEL_GUIDE = "$888.88"
"""Hosts reserve this text's width for the label, so that the panel does not jump."""

Tell = Callable[[Standing], None]
"""Called with each new standing, on the event loop's thread; returns at once, never raises."""


class BackendUnavailableError(AmpTrayError):
    """The desktop does not let this backend show anything."""

    title = "no tray"


class TrayBackend(Protocol):
    """One icon with its menu. Every call happens on the event loop that called `start`."""

    async def start(self, on_action: ActionHandler) -> None:
        """Put the icon up; a missing tray host is waited for in the background.

        Raises:
            BackendUnavailableError: nothing can be shown at all.
        """

    def show(self, view: TrayView) -> None:
        """Draw `view` with as little change as possible; allowed before `start`."""

    async def close(self) -> None:
        """Take the icon away and release everything; a second call does nothing."""


@runtime_checkable
class MainThreadBackend(TrayBackend, Protocol):
    """A backend whose toolkit must own the process's main thread (macOS demands it)."""

    def run_main_thread(self) -> None:
        """Run the toolkit's loop until `close` is called from the event loop's thread.

        Raises:
            BackendUnavailableError: nothing can be shown at all; `start` raises it too.
        """

    def abandon(self) -> None:
        """Make `run_main_thread` return, now or when it is called; safe from any thread."""
