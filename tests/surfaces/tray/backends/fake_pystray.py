"""Stands in for pystray's icon and for what Windows or macOS have around it."""

import asyncio
import queue
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from amp_tray.surfaces.tray.backends.pystray_backend import PystrayBackend
from amp_tray.surfaces.tray.icon_look import Theme


class Icon:
    """Stands in for `pystray.Icon`: runs what it is given until stopped.

    Attributes:
        touched: the threads that set anything of it, or stopped it.
    """

    def __init__(self, name: str) -> None:
        self.touched: set[threading.Thread] = set()
        self.work: queue.Queue[Callable[[], object] | None] = queue.Queue()
        self.name = name
        self.icon: Any = None
        self.title = ""
        self.menu: Any = None
        self.visible = False
        self.menus_set = -1

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        self.touched.add(threading.current_thread())
        if name == "menu":
            super().__setattr__("menus_set", getattr(self, "menus_set", -1) + 1)

    def run(self, setup: Callable[[Any], None]) -> None:
        threading.Thread(target=setup, args=(self,)).start()
        while (work := self.work.get(timeout=10)) is not None:
            work()

    def stop(self) -> None:
        self.touched.add(threading.current_thread())
        self.work.put(None)


class Toolkit:
    """A toolkit whose thread is the icon's loop, with a menu that the test opens and closes."""

    theme = Theme.TEMPLATE

    def __init__(self, icon: Icon) -> None:
        self.icon = icon
        self.labels: list[str] = []
        self.open = False
        self.later: list[Callable[[], object]] = []
        self.menu_closed: Callable[[], object] = lambda: None
        self.detached = False

    def attach(self, on_menu_closed: Callable[[], object]) -> None:
        self.menu_closed = on_menu_closed

    def soon(self, work: Callable[[], object]) -> None:
        self.icon.work.put(work)

    def when_closed(self, work: Callable[[], object]) -> None:
        self.soon(lambda: self.later.append(work) if self.open else work())

    def after_drawing(self, label: str) -> None:
        self.labels.append(label)

    def detach(self) -> None:
        self.detached = True

    async def turn(self) -> None:
        """Wait until all that was handed to the toolkit's thread is done."""
        done = threading.Event()
        self.soon(done.set)
        assert await asyncio.to_thread(done.wait, 10)


class Made:
    """A backend on that pystray, with its toolkit."""

    def __init__(self, pystray: SimpleNamespace, platform: str = "win32") -> None:
        self.told: list[str] = []
        self._toolkits: list[Toolkit] = []
        self.backend = PystrayBackend(
            platform,
            tell=lambda standing: self.told.append(standing.words),
            load=lambda: pystray,
            toolkits={platform: self._make},
        )

    @property
    def toolkit(self) -> Toolkit:
        return self._toolkits[0]

    @property
    def icon(self) -> Icon:
        return self.toolkit.icon

    def _make(self, icon: Icon) -> Toolkit:
        self._toolkits.append(Toolkit(icon))
        return self.toolkit
