"""pystray's model of the tray, with its real menus and a toolkit that is a queue."""

import asyncio
import importlib
import queue
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from amp_tray.surfaces.tray.backends.base import BackendUnavailableError
from amp_tray.surfaces.tray.backends.pystray_backend import (
    PystrayBackend,
    menu_label,
    tooltip,
)
from amp_tray.surfaces.tray.main_thread import run_in_main_thread
from amp_tray.surfaces.tray.menu import Action, Connection, TrayState
from amp_tray.surfaces.tray.summary import read_summary
from amp_tray.surfaces.tray.view import TrayView, build_view
from tests.surfaces.tray.summaries import NOW, summary, thread


class Toolkit:
    """Stands in for `pystray.Icon`: remembers what is set, runs until stopped."""

    HAS_MENU = True

    def __init__(self, name: str, icon: object, title: str) -> None:
        self.name, self.icon, self.title = name, icon, title
        self.menu: Any = None
        self.visible = False
        self.menus_set = 0
        self._stopped: queue.Queue[None] = queue.Queue()

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "menu":
            super().__setattr__("menus_set", getattr(self, "menus_set", -1) + 1)

    def run(self, setup: Callable[[Any], None]) -> None:
        threading.Thread(target=setup, args=(self,)).start()
        self._stopped.get(timeout=10)

    def stop(self) -> None:
        self._stopped.put(None)


@pytest.fixture
def pystray(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """pystray's real menus; its icon replaced, for there is no desktop."""
    monkeypatch.setenv("PYSTRAY_BACKEND", "dummy")
    real = importlib.import_module("pystray")
    made: list[Toolkit] = []

    def icon(*args: Any) -> Toolkit:
        made.append(Toolkit(*args))
        return made[-1]

    return SimpleNamespace(Icon=icon, Menu=real.Menu, MenuItem=real.MenuItem, made=made)


def view(title: str = "A & B", **members: Any) -> TrayView:
    threads = {"today": {**summary()["today"], "threads": [thread("T-1", title)]}}
    state = TrayState(Connection.CONNECTED)
    return build_view(read_summary(summary(**{**threads, **members})), state, NOW)


def test_the_menu_is_built_and_a_click_comes_back_on_the_loop(pystray: SimpleNamespace) -> None:
    backend = PystrayBackend("win32", load=lambda: pystray)
    clicked: list[tuple[Action, threading.Thread]] = []

    async def tray() -> None:
        backend.show(view())
        done = asyncio.Event()

        def on_action(action: Action) -> None:
            clicked.append((action, threading.current_thread()))
            done.set()

        await backend.start(on_action)
        icon = pystray.made[0]
        items = list(icon.menu)
        assert icon.visible
        assert items[0].text == "Today: $12.34 · 3.2M tokens · 45.1 credits"
        assert items[3] is pystray.Menu.SEPARATOR
        [threads] = [item for item in items if item.text == "Threads today"]
        assert [item.text for item in threads.submenu] == ["A && B — $4.20"]
        [pause] = [item for item in items if item.text == "Pause"]
        assert pause.checked is False
        items[0](icon)  # only tells something
        await asyncio.to_thread(pause, icon)
        await asyncio.wait_for(done.wait(), 10)
        assert clicked == [(Action.PAUSE, threading.current_thread())]
        await backend.close()
        await backend.close()

    run_in_main_thread(backend, tray)
    assert clicked[0][1] is not threading.current_thread()


def test_only_what_differs_is_set_again(pystray: SimpleNamespace) -> None:
    backend = PystrayBackend("win32", load=lambda: pystray)

    async def tray() -> None:
        await backend.start(lambda _: None)
        [icon] = pystray.made
        backend.show(view())
        set_before, picture = icon.menus_set, icon.icon
        backend.show(view())
        assert icon.menus_set == set_before
        backend.show(view(stale=True))
        assert icon.icon is not picture
        assert len(icon.title) <= 127
        await backend.close()

    run_in_main_thread(backend, tray)


def test_without_a_display_the_reason_reaches_the_caller() -> None:
    def load() -> Any:
        raise ImportError("this platform is not supported")

    backend = PystrayBackend("linux", load=load)

    async def tray() -> None:
        await backend.start(lambda _: None)

    with pytest.raises(BackendUnavailableError, match="this platform is not supported"):
        run_in_main_thread(backend, tray)


def test_a_tray_that_fails_lets_the_main_thread_go(pystray: SimpleNamespace) -> None:
    backend = PystrayBackend("win32", load=lambda: pystray)

    async def tray() -> None:
        await backend.start(lambda _: None)
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        run_in_main_thread(backend, tray)


def test_an_icon_that_cannot_be_drawn_is_reported(pystray: SimpleNamespace) -> None:
    pystray.Menu = None
    backend = PystrayBackend("win32", load=lambda: pystray)

    async def tray() -> None:
        backend.show(view())
        await backend.start(lambda _: None)

    with pytest.raises(BackendUnavailableError, match="cannot show an icon"):
        run_in_main_thread(backend, tray)


def test_ctrl_c_in_the_toolkit_cancels_the_tray(pystray: SimpleNamespace) -> None:
    closed: list[str] = []

    class Interrupted(PystrayBackend):
        def run_main_thread(self) -> None:
            raise KeyboardInterrupt

    backend = Interrupted("win32", load=lambda: pystray)

    async def tray() -> None:
        try:
            await backend.start(lambda _: None)
        finally:
            closed.append("closed")

    with pytest.raises(KeyboardInterrupt):
        run_in_main_thread(backend, tray)
    # Cancelled before its first step, a tray has nothing to close.
    assert closed in ([], ["closed"])


def test_windows_tooltips_are_cut_at_127_utf16_units() -> None:
    assert tooltip("x" * 200, "win32") == "x" * 127
    assert tooltip("x" * 126 + "😀", "win32") == "x" * 126
    assert tooltip("x" * 125 + "😀y", "win32") == "x" * 125 + "😀"
    assert tooltip("x" * 200, "linux") == "x" * 200


def test_only_windows_takes_ampersands_for_mnemonics() -> None:
    assert menu_label("a & b_c", "win32") == "a && b_c"
    assert menu_label("a & b_c", "darwin") == "a & b_c"
