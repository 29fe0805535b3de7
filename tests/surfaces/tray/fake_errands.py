"""A machine on which nothing is done: it remembers what was asked of it."""

import asyncio
from pathlib import Path

from amp_tray.core.choices import Metric
from amp_tray.core.errors import AmpTrayError
from amp_tray.surfaces.tray.state import LoginStart


class FakeErrands:
    """An `Errands` without a desktop.

    Attributes:
        done: what was asked, oldest first.
        refusal: what every errand fails with, while it is set.
        shown: the settings' metric.
        edited: whether the settings were changed by hand since they were asked for.
        sync: whether the settings have Amp's own threads fetched.
        login: whether the tray starts at login.
    """

    def __init__(self) -> None:
        self.done: list[tuple[str, object]] = []
        self.refusal: Exception | None = None
        self.shown: Metric = "cost"
        self.edited = True
        self.sync = True
        self.login = LoginStart(on=False)

    def open_page(self, url: str) -> None:
        self._do("page", url)

    def copy(self, text: str) -> None:
        self._do("copy", text)

    def show_file(self, path: Path) -> None:
        self._do("file", path)

    def open_report(self) -> None:
        self._do("report", None)

    def open_settings(self) -> None:
        self._do("settings", None)

    def settings_changed(self) -> bool:
        edited, self.edited = self.edited, False
        return edited

    def metric(self) -> Metric:
        return self.shown

    def set_metric(self, metric: Metric) -> None:
        self._do("metric", metric)
        self.shown = metric

    def sync_on(self) -> bool:
        return self.sync

    def turn_on_sync(self) -> None:
        self._do("sync", None)
        self.sync = True

    def login_start(self) -> LoginStart:
        return self.login

    def set_login_start(self, *, on: bool) -> None:
        self._do("login", on)
        self.login = LoginStart(on)

    async def did(self, what: str) -> object:
        """Wait until an errand was run, and return what it was for."""
        async with asyncio.timeout(10):
            while True:
                for name, argument in self.done:
                    if name == what:
                        return argument
                await asyncio.sleep(0)  # errands run in threads of their own

    def _do(self, what: str, argument: object) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.done.append((what, argument))


def refused(message: str = "xdg-open failed") -> AmpTrayError:
    """Return how an errand fails that the program knows of."""
    return AmpTrayError(message)
