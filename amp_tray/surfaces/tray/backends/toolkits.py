"""What Windows and macOS want beyond pystray: the right thread, an open menu left alone, Ctrl+C.

In: pystray's icon while it runs. Out: work done in the thread that owns it. The parts of
pystray and of the systems that are reached for by name are given, so that tests give others.

Source: pystray 0.19.5 (`_message_handlers`, `_hwnd`, `_status_item`); Windows' modal menu loop
goes on sending messages to the window; AppKit follows an open menu in a run-loop mode of its own.
"""

import importlib
import queue
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any, Protocol

from amp_tray.surfaces.tray.icon_look import Theme

Work = Callable[[], object]

_WORK_MESSAGE = 0x8000 + 20  # WM_APP and more is for programs themselves


class Toolkit(Protocol):
    """The ways into the thread that owns the icon, from any other.

    Attributes:
        theme: what the icon is drawn for.
    """

    theme: Theme

    def attach(self, on_menu_closed: Work) -> None:
        """Get ready; called in the main thread before the icon's loop runs.

        Args:
            on_menu_closed: called in that thread where it can be known.
        """

    def soon(self, work: Work) -> None:
        """Have `work` done soon."""

    def when_closed(self, work: Work) -> None:
        """Have `work` done soon, but not while the menu is open."""

    def after_drawing(self, label: str) -> None:
        """Complete what pystray has drawn; called in that thread.

        Args:
            label: a text to show beside the icon, where there is room for one.
        """

    def detach(self) -> None:
        """Let go; called in the main thread once the icon's loop has ended."""


class Windows:
    """pystray's window takes messages; ours has it look into a queue."""

    theme = Theme.ANY

    def __init__(self, icon: Any, load: Callable[[str], Any] = importlib.import_module) -> None:
        self._icon = icon
        self._win32 = load("pystray._util.win32")
        self._work: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._is_open = False
        self._for_later: list[Work] = []
        self._wake_up: _WakeUp | None = None

    def attach(self, on_menu_closed: Work) -> None:
        """See `Toolkit`."""
        handlers = self._icon._message_handlers  # noqa: SLF001 - pystray offers no other way
        click = handlers[self._win32.WM_NOTIFY]

        def on_click(wparam: int, what: int) -> object:
            # Either button opens the menu; pystray has only the right one do so.
            if what == self._win32.WM_LBUTTONUP:
                what = self._win32.WM_RBUTTONUP
            self._is_open = True
            try:
                return click(wparam, what)
            finally:
                self._is_open = False
                on_menu_closed()
                later, self._for_later = self._for_later, []
                for work in later:
                    work()

        handlers[self._win32.WM_NOTIFY] = on_click
        handlers[_WORK_MESSAGE] = self._on_work
        # Python sees Ctrl+C when it next runs in the main thread, which waits for messages.
        if threading.current_thread() is threading.main_thread():
            self._wake_up = _WakeUp(lambda: self.soon(lambda: None))

    def soon(self, work: Work) -> None:
        """See `Toolkit`."""
        self._work.put(work)
        self._win32.PostMessage(self._icon._hwnd, _WORK_MESSAGE, 0, 0)  # noqa: SLF001 - as above

    def when_closed(self, work: Work) -> None:
        """See `Toolkit`."""
        self.soon(lambda: self._for_later.append(work) if self._is_open else work())

    def after_drawing(self, label: str) -> None:
        """See `Toolkit`; Windows has no room for text."""

    def detach(self) -> None:
        """See `Toolkit`."""
        if self._wake_up is not None:
            self._wake_up.close()

    def _on_work(self, _wparam: int, _lparam: int) -> int:
        while not self._work.empty():
            self._work.get()()
        return 0


class Mac:
    """AppKit's main thread, and its run loop's modes."""

    theme = Theme.TEMPLATE

    def __init__(self, icon: Any, load: Callable[[str], Any] = importlib.import_module) -> None:
        self._icon = icon
        self._app_helper = load("PyObjCTools.AppHelper")
        self._mach_signals = load("PyObjCTools.MachSignals")
        self._foundation = load("Foundation")

    def attach(self, on_menu_closed: Work) -> None:
        """See `Toolkit`."""
        # This program has no other menus than the icon's.
        self._observer = (
            self._foundation.NSNotificationCenter.defaultCenter()
        ).addObserverForName_object_queue_usingBlock_(
            "NSMenuDidEndTrackingNotification", None, None, lambda _note: on_menu_closed()
        )
        # By then pystray has made Ctrl+C end the program at once, and that is put right.
        self.soon(self._take_signals)

    def soon(self, work: Work) -> None:
        """See `Toolkit`."""
        self._app_helper.callAfter(work)

    def when_closed(self, work: Work) -> None:
        """See `Toolkit`; the default mode is not entered while a menu is open."""

        def in_main_thread() -> None:
            loop = self._foundation.NSRunLoop.currentRunLoop()
            loop.performInModes_block_([self._foundation.NSDefaultRunLoopMode], work)

        self.soon(in_main_thread)

    def after_drawing(self, label: str) -> None:
        """See `Toolkit`; gives the picture the colour of the menu bar."""
        button = self._icon._status_item.button()  # noqa: SLF001 - pystray shows no text
        button.setTitle_(f" {label}" if label else "")
        button.setImagePosition_(2)  # NSImageLeft: the picture before the text
        if button.image() is not None:
            button.image().setTemplate_(True)

    def detach(self) -> None:
        """See `Toolkit`."""

    def _take_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler):
                self._mach_signals.signal(number, _without_frame(handler))


class _WakeUp:
    """Calls back, in a thread of its own, whenever a signal has come."""

    def __init__(self, callback: Callable[[], None]) -> None:
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._callback = callback
        threading.Thread(target=self._wait, name="tray-signals", daemon=True).start()

    def close(self) -> None:
        """Put back what was; the main thread alone may."""
        signal.set_wakeup_fd(self._before)
        self._writer.close()  # which ends the thread

    def _wait(self) -> None:
        with self._reader:
            while self._reader.recv(64):
                self._callback()


def _without_frame(handler: Callable[[int, Any], object]) -> Callable[[int], object]:
    return lambda number: handler(number, None)
