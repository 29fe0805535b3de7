"""The ways into Windows' and macOS's threads, with stand-ins for what those systems offer."""

import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from amp_tray.surfaces.tray.backends.toolkits import Mac, Windows

LEFT_UP, RIGHT_UP, NOTIFY, HWND = 0x0202, 0x0205, 0x040B, 4242


class WindowsIcon:
    """The parts of pystray's Windows icon that are used: its window's messages."""

    def __init__(self) -> None:
        self.clicks: list[int] = []
        self.while_open: Callable[[], object] = lambda: None
        self._hwnd = HWND
        self._message_handlers: dict[int, Callable[[int, int], object]] = {NOTIFY: self._on_notify}
        self.posted: queue.Queue[tuple[int, int, int, int]] = queue.Queue()
        self.win32 = SimpleNamespace(
            WM_NOTIFY=NOTIFY,
            WM_LBUTTONUP=LEFT_UP,
            WM_RBUTTONUP=RIGHT_UP,
            PostMessage=lambda *message: self.posted.put(message),
        )

    def _on_notify(self, _wparam: int, what: int) -> int:
        self.clicks.append(what)
        self.while_open()
        return 0

    def pump(self) -> None:
        """Handle one message as the window does, in this thread."""
        hwnd, number, wparam, lparam = self.posted.get(timeout=10)
        assert hwnd == HWND
        self._message_handlers[number](wparam, lparam)


@pytest.fixture
def icon() -> WindowsIcon:
    return WindowsIcon()


@pytest.fixture
def closed() -> list[str]:
    return []


@pytest.fixture
def windows(icon: WindowsIcon, closed: list[str]) -> Iterator[Windows]:
    modules: dict[str, Any] = {"pystray._util.win32": icon.win32}
    toolkit = Windows(icon, load=modules.__getitem__)
    toolkit.attach(lambda: closed.append("closed"))
    yield toolkit
    toolkit.detach()


def test_work_is_done_where_the_windows_messages_are(icon: WindowsIcon, windows: Windows) -> None:
    done: list[threading.Thread] = []
    asker = threading.Thread(target=windows.soon, args=[lambda: done.append(current())])
    asker.start()
    asker.join()
    assert done == []
    icon.pump()
    assert done == [current()]


def current() -> threading.Thread:
    return threading.current_thread()


def test_either_button_opens_the_menu_and_its_end_is_told(
    icon: WindowsIcon, windows: Windows, closed: list[str]
) -> None:
    for button in (LEFT_UP, RIGHT_UP):
        icon._message_handlers[NOTIFY](0, button)
    assert icon.clicks == [RIGHT_UP, RIGHT_UP]
    assert closed == ["closed", "closed"]


def test_while_the_menu_is_open_what_would_replace_it_waits(
    icon: WindowsIcon, windows: Windows
) -> None:
    done: list[str] = []

    def while_open() -> None:
        # The menu's own loop goes on handling the window's messages.
        windows.when_closed(lambda: done.append("menu"))
        windows.soon(lambda: done.append("other"))
        icon.pump()
        icon.pump()
        assert done == ["other"]

    icon.while_open = while_open
    icon._message_handlers[NOTIFY](0, RIGHT_UP)
    assert done == ["other", "menu"]
    windows.when_closed(lambda: done.append("again"))
    icon.pump()
    assert done == ["other", "menu", "again"]


def test_a_signal_wakes_the_main_thread_that_waits_for_messages(
    icon: WindowsIcon, windows: Windows
) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    try:
        os.kill(os.getpid(), signal.SIGINT)
        icon.pump()  # waits as the window does, and would wait for ever
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]


def test_afterwards_signals_wake_nobody(icon: WindowsIcon) -> None:
    modules: dict[str, Any] = {"pystray._util.win32": icon.win32}
    before = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(before)
    toolkit = Windows(icon, load=modules.__getitem__)
    toolkit.attach(lambda: None)
    toolkit.detach()
    assert signal.set_wakeup_fd(before) == before


class MacSystem:
    """The parts of PyObjC that are used; the run loop is two queues."""

    def __init__(self) -> None:
        self.main_thread: queue.Queue[Callable[[], object]] = queue.Queue()
        self.in_default_mode: list[Callable[[], object]] = []
        self.signals: dict[int, Callable[[int], object]] = {}
        self.observed: dict[str, Callable[[object], object]] = {}
        loop = SimpleNamespace(performInModes_block_=self._perform)
        centre = SimpleNamespace(
            addObserverForName_object_queue_usingBlock_=lambda name, _object, _queue, block: (
                self.observed.update({name: block})
            )
        )
        self.modules: dict[str, Any] = {
            "PyObjCTools.AppHelper": SimpleNamespace(callAfter=self.main_thread.put),
            "PyObjCTools.MachSignals": SimpleNamespace(
                signal=lambda number, handler: self.signals.update({number: handler})
            ),
            "Foundation": SimpleNamespace(
                NSRunLoop=SimpleNamespace(currentRunLoop=lambda: loop),
                NSDefaultRunLoopMode="default mode",
                NSNotificationCenter=SimpleNamespace(defaultCenter=lambda: centre),
            ),
        }

    def _perform(self, modes: list[str], work: Callable[[], object]) -> None:
        assert modes == ["default mode"]
        self.in_default_mode.append(work)


class Button:
    """An NSStatusBarButton."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.picture: Any = SimpleNamespace(setTemplate_=lambda on: self.calls.append(("t", on)))

    def setTitle_(self, title: str) -> None:  # noqa: N802 - AppKit's name
        self.calls.append(("title", title))

    def setImagePosition_(self, where: int) -> None:  # noqa: N802 - AppKit's name
        self.calls.append(("position", where))

    def image(self) -> Any:
        return self.picture


@pytest.fixture
def system() -> MacSystem:
    return MacSystem()


def mac(system: MacSystem, button: Button) -> Mac:
    icon = SimpleNamespace(_status_item=SimpleNamespace(button=lambda: button))
    return Mac(icon, load=system.modules.__getitem__)


def test_macos_does_work_in_the_main_thread_and_not_while_a_menu_is_open(
    system: MacSystem,
) -> None:
    toolkit = mac(system, Button())
    done: list[str] = []
    toolkit.soon(lambda: done.append("soon"))
    toolkit.when_closed(lambda: done.append("closed"))
    assert done == []
    system.main_thread.get_nowait()()
    system.main_thread.get_nowait()()
    assert done == ["soon"]
    (work,) = system.in_default_mode
    work()
    assert done == ["soon", "closed"]


def test_macos_shows_the_label_beside_a_picture_in_the_menu_bars_colour(system: MacSystem) -> None:
    button = Button()
    toolkit = mac(system, button)
    toolkit.after_drawing("$12.34")
    toolkit.after_drawing("")
    assert button.calls == [
        *(("title", " $12.34"), ("position", 2), ("t", True)),
        *(("title", ""), ("position", 2), ("t", True)),
    ]
    button.picture = None
    toolkit.after_drawing("$1")  # before the first picture


def test_macos_signals_reach_python_once_pystray_has_set_its_own(system: MacSystem) -> None:
    heard: list[tuple[int, object]] = []
    before = signal.signal(signal.SIGINT, lambda *call: heard.append(call))
    try:
        toolkit = mac(system, Button())
        closed: list[str] = []
        toolkit.attach(lambda: closed.append("closed"))
        assert system.signals == {}  # pystray's come with the loop
        system.main_thread.get_nowait()()
        system.signals[signal.SIGINT](signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [(signal.SIGINT, None)]
    system.observed["NSMenuDidEndTrackingNotification"](object())
    assert closed == ["closed"]
    toolkit.detach()
