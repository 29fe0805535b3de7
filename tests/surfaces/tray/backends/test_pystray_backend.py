"""pystray's model of the tray, with its real menus and a toolkit that is a queue."""

import asyncio
import importlib
import threading
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.backends.base import BackendUnavailableError
from amp_tray.surfaces.tray.backends.pystray_backend import (
    PystrayBackend,
    menu_label,
    tooltip,
)
from amp_tray.surfaces.tray.main_thread import run_in_main_thread
from amp_tray.surfaces.tray.state import Connection, TrayState
from amp_tray.surfaces.tray.summary import read_summary
from amp_tray.surfaces.tray.view import TrayView, build_view
from tests.surfaces.tray.backends.fake_pystray import Icon, Made
from tests.surfaces.tray.summaries import NOW, summary, thread


@pytest.fixture
def pystray(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """pystray's real menus; its icon replaced, for there is no desktop."""
    monkeypatch.setenv("PYSTRAY_BACKEND", "dummy")
    real = importlib.import_module("pystray")
    return SimpleNamespace(Icon=Icon, Menu=real.Menu, MenuItem=real.MenuItem)


@pytest.fixture
def made(pystray: SimpleNamespace) -> Made:
    return Made(pystray)


def view(title: str = "A & B", **members: Any) -> TrayView:
    threads = {"today": {**summary()["today"], "threads": [thread("T-1", title)]}}
    state = TrayState(Connection.CONNECTED)
    return build_view(read_summary(summary(**{**threads, **members})), state, NOW)


def test_the_menu_is_built_and_a_click_comes_back_on_the_loop(
    made: Made, pystray: SimpleNamespace
) -> None:
    clicked: list[tuple[Action, threading.Thread]] = []

    async def tray() -> None:
        made.backend.show(view())
        done = asyncio.Event()

        def on_action(action: Action) -> None:
            clicked.append((action, threading.current_thread()))
            done.set()

        await made.backend.start(on_action)
        await made.toolkit.turn()  # it may have come up before it was shown anything
        items = list(made.icon.menu)
        assert made.icon.visible
        assert items[0].text == "Today: $12.34 · 3.2M tokens · 45.1 credits"
        assert items[3] is pystray.Menu.SEPARATOR
        [threads] = [item for item in items if item.text == "Threads today"]
        assert [item.text for item in threads.submenu] == ["A && B — $4.20"]
        [pause] = [item for item in items if item.text == "Pause"]
        assert pause.checked is False
        [choice] = [item for item in items if item.text.startswith("Show: ")]
        assert [(item.radio, item.checked) for item in choice.submenu] == [
            (True, True),
            (True, False),
            (True, False),
        ]
        items[0](made.icon)  # only tells something
        await asyncio.to_thread(pause, made.icon)
        await asyncio.wait_for(done.wait(), 10)
        assert clicked == [(Action(ActionKind.PAUSE), threading.current_thread())]
        done.clear()
        await asyncio.to_thread(made.toolkit.menu_closed)
        await asyncio.wait_for(done.wait(), 10)
        await made.backend.close()
        await made.backend.close()

    run_in_main_thread(made.backend, tray)
    assert [action.kind for action, _ in clicked] == [ActionKind.PAUSE, ActionKind.MENU_CLOSED]
    assert clicked[0][1] is not threading.current_thread()
    assert made.told == ["shown", "closed"]
    assert made.toolkit.detached


def test_every_touch_of_the_icon_is_in_the_toolkits_thread(made: Made) -> None:
    async def tray() -> None:
        made.backend.show(view())
        await made.backend.start(lambda _: None)
        made.backend.show(view(stale=True, diagnostics=3))
        await made.toolkit.turn()
        await made.backend.close()

    run_in_main_thread(made.backend, tray)
    assert made.icon.touched == {threading.main_thread()}
    assert made.toolkit.labels[-1] == "$12.34"


def test_only_what_differs_is_set_again(made: Made) -> None:
    async def tray() -> None:
        await made.backend.start(lambda _: None)
        made.backend.show(view())
        await made.toolkit.turn()
        set_before, picture = made.icon.menus_set, made.icon.icon
        made.backend.show(replace(view(), tooltip="x" * 200))
        await made.toolkit.turn()
        assert made.icon.menus_set == set_before
        assert made.icon.icon is picture
        assert made.icon.title == "x" * 127
        made.backend.show(view(stale=True))
        await made.toolkit.turn()
        assert made.icon.icon is not picture
        await made.backend.close()

    run_in_main_thread(made.backend, tray)


def test_an_open_menu_is_left_alone_and_shows_the_newest_once_closed(made: Made) -> None:
    async def tray() -> None:
        await made.backend.start(lambda _: None)
        made.backend.show(view())
        await made.toolkit.turn()
        made.toolkit.open = True
        set_before = made.icon.menus_set
        for files in range(1, 6):
            made.backend.show(view(diagnostics=files))
        await made.toolkit.turn()
        assert made.icon.menus_set == set_before
        assert len(made.toolkit.later) == 1  # however many there were
        made.toolkit.open = False
        made.toolkit.soon(made.toolkit.later.pop())
        await made.toolkit.turn()
        assert made.icon.menus_set == set_before + 1
        assert any(str(item.text).startswith("5 files") for item in made.icon.menu)
        await made.backend.close()

    run_in_main_thread(made.backend, tray)


def test_a_view_that_cannot_be_drawn_is_passed_over(made: Made, pystray: SimpleNamespace) -> None:
    async def tray() -> None:
        await made.backend.start(lambda _: None)
        menu, pystray.Menu = pystray.Menu, None
        made.backend.show(view())
        await made.toolkit.turn()
        pystray.Menu = menu
        made.backend.show(view(diagnostics=2))
        await made.toolkit.turn()
        assert any(str(item.text).startswith("2 files") for item in made.icon.menu)
        await made.backend.close()

    run_in_main_thread(made.backend, tray)


def test_without_a_desktop_the_reason_reaches_the_caller() -> None:
    def load() -> Any:
        raise ImportError("this platform is not supported")

    backend = PystrayBackend("win32", load=load)

    async def tray() -> None:
        await backend.start(lambda _: None)

    with pytest.raises(BackendUnavailableError, match="this platform is not supported"):
        run_in_main_thread(backend, tray)


def test_a_tray_that_fails_lets_the_main_thread_go(made: Made) -> None:
    async def tray() -> None:
        await made.backend.start(lambda _: None)
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        run_in_main_thread(made.backend, tray)


def test_an_icon_that_cannot_be_drawn_is_reported(pystray: SimpleNamespace) -> None:
    pystray.Menu = None
    made = Made(pystray)

    async def tray() -> None:
        made.backend.show(view())
        await made.backend.start(lambda _: None)

    with pytest.raises(BackendUnavailableError, match="cannot show an icon"):
        run_in_main_thread(made.backend, tray)


def test_ctrl_c_in_the_toolkit_cancels_the_tray(made: Made) -> None:
    closed: list[str] = []

    async def tray() -> None:
        try:
            await made.backend.start(lambda _: None)
            made.toolkit.soon(interrupt)
            await asyncio.get_running_loop().create_future()
        finally:
            await made.backend.close()
            closed.append("closed")

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_in_main_thread(made.backend, tray)
    assert closed == ["closed"]


def test_a_signal_that_is_asked_for_cancels_the_tray_and_lets_it_clean_up(made: Made) -> None:
    closed: list[str] = []
    asked: list[Callable[[], object]] = []

    class Asking:
        def __init__(self, stop: Callable[[], object]) -> None:
            asked.append(stop)

        def __enter__(self) -> None:
            pass

        def __exit__(self, *_exception: object) -> None:
            asked.clear()

    async def tray() -> None:
        try:
            await made.backend.start(lambda _: None)
            made.toolkit.soon(asked[0])
            await asyncio.get_running_loop().create_future()
        finally:
            await made.backend.close()
            closed.append("closed")

    run_in_main_thread(made.backend, tray, asking=Asking)
    assert closed == ["closed"]
    assert asked == []


def test_windows_tooltips_are_cut_at_127_utf16_units() -> None:
    assert tooltip("x" * 200, "win32") == "x" * 127
    assert tooltip("x" * 126 + "😀", "win32") == "x" * 126
    assert tooltip("x" * 125 + "😀y", "win32") == "x" * 125 + "😀"
    assert tooltip("x" * 200, "darwin") == "x" * 200


def test_only_windows_takes_ampersands_for_mnemonics() -> None:
    assert menu_label("a & b_c", "win32") == "a && b_c"
    assert menu_label("a & b_c", "darwin") == "a & b_c"
