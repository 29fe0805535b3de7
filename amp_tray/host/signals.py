"""Signals that ask this process to end, or to read its configuration again.

They are Python's own handlers, not an event loop's: those are gone once the loop is closed, and
a second Ctrl+C in the moments after it would break off what is being cleaned up.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator

_ENDING = (signal.SIGINT, signal.SIGTERM)


class Signals:
    """The handlers of one process; only its main thread may make them."""

    def __init__(self) -> None:
        self._asked = False
        self._stop: Callable[[], object] | None = None
        self._reload: Callable[[], object] = lambda: None
        self._had_terminal = _terminal_is_there()

    def install(self) -> None:
        """Handle signals from now to the end of the process; does nothing in another thread."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _ENDING:
            signal.signal(number, self._on_end)
        # Under `nohup` a hang-up means nothing, and goes on meaning nothing.
        if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._on_hang_up)

    def close(self) -> None:
        """Let nothing disturb the last moments; the process has to end now."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _ENDING:
            signal.signal(number, signal.SIG_IGN)

    @contextlib.contextmanager
    def asking(self, stop: Callable[[], object]) -> Iterator[None]:
        """Have the first signal call `stop`, which must return at once; else it interrupts.

        A signal that came before has been heard: `KeyboardInterrupt` was raised.
        """
        before, self._stop = self._stop, stop
        try:
            yield
        finally:
            self._stop = before

    def when_asked_to_reload(self, callback: Callable[[], object]) -> None:
        """Call back at each hang-up that does not come from a closed terminal."""
        self._reload = callback

    def _on_end(self, _number: int, _frame: object) -> None:
        if self._asked:
            return
        self._asked = True
        if self._stop is None:
            raise KeyboardInterrupt
        self._stop()

    def _on_hang_up(self, number: int, frame: object) -> None:
        if self._had_terminal and not _terminal_is_there():
            self._on_end(number, frame)
        else:
            self._reload()


def _terminal_is_there() -> bool:
    """Say whether this process has a terminal that can hang up."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except (OSError, AttributeError):
        return False
    return True
