"""What the tray has done on this machine by the program that hosts it.

The tray itself reads and writes no file and starts no program: the composition root gives it
this, and tests give it another.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from amp_tray.core.choices import Metric
from amp_tray.surfaces.tray.actions import Action
from amp_tray.surfaces.tray.state import LoginStart
from amp_tray.surfaces.tray.summary import Crossing, Summary


class Errands(Protocol):
    """The errands. All but `settings_changed` may take a while, and run in another thread.

    Each raises AmpTrayError for what cannot be done.
    """

    def open_page(self, url: str) -> None:
        """Open a page of the web."""

    def copy(self, text: str) -> None:
        """Put text on the clipboard."""

    def show_file(self, path: Path) -> None:
        """Show a file in its folder."""

    def open_report(self) -> None:
        """Make the report of this month as a page and open it."""

    def open_settings(self) -> None:
        """Open the settings in the user's editor; they are made where there are none."""

    def settings_changed(self) -> bool:
        """Say whether the settings may be others than at the last `metric`; quick."""

    def metric(self) -> Metric:
        """Return what the settings say is shown beside the icon."""

    def set_metric(self, metric: Metric) -> None:
        """Write it into the settings."""

    def sync_on(self) -> bool:
        """Return whether the settings have Amp's own threads fetched."""

    def turn_on_sync(self) -> None:
        """Write into the settings that they are."""

    def login_start(self) -> LoginStart:
        """Return whether the tray starts at login."""

    def set_login_start(self, *, on: bool) -> None:
        """Have the tray started at login, or no more."""


class Notices(Protocol):
    """Who tells by notifications what the service tells."""

    def start(self, act: Callable[[Action], None]) -> None:
        """Begin; `act` takes what the user clicks."""

    def on_crossing(self, crossing: Crossing) -> None:
        """Take that a budget was crossed."""

    def on_summary(self, summary: Summary) -> None:
        """Take newer figures."""

    async def close(self) -> None:
        """Tell nothing any more."""
