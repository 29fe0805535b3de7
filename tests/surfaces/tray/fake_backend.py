"""A tray that nobody sees: it remembers what it was told to show."""

import asyncio
from collections.abc import Callable

from amp_tray.surfaces.tray.actions import Action
from amp_tray.surfaces.tray.backends.base import ActionHandler
from amp_tray.surfaces.tray.view import TrayView


class FakeBackend:
    """A `TrayBackend` without a desktop.

    Attributes:
        views: everything shown, oldest first.
        broken: True makes `show` fail.
        closed: whether it was closed.
    """

    def __init__(self) -> None:
        self.views: list[TrayView] = []
        self.broken = False
        self.closed = False
        self._shown = asyncio.Event()
        self._on_action: ActionHandler | None = None

    async def start(self, on_action: ActionHandler) -> None:
        self._on_action = on_action
        self._shown.set()

    def show(self, view: TrayView) -> None:
        self._shown.set()
        if self.broken:
            raise OSError("the desktop is gone")
        self.views.append(view)

    async def close(self) -> None:
        self.closed = True

    def click(self, action: Action) -> None:
        assert self._on_action is not None, "not started"
        self._on_action(action)

    async def shows(self, is_so: Callable[[TrayView], bool]) -> TrayView:
        """Wait until the newest view is as asked for, and return it."""
        async with asyncio.timeout(10):
            while not (self.views and self._on_action and is_so(self.views[-1])):
                self._shown.clear()
                await self._shown.wait()
        return self.views[-1]

    async def says(self, words: str) -> TrayView:
        """Wait until the newest menu has the words in a row."""
        return await self.shows(lambda view: any(words in row.label for row in view.menu.rows()))
