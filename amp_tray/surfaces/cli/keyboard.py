"""The keyboard of a live view: nothing typed is echoed, `q` ends it."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any, Self

_QUIT = frozenset(b"qQ")
_LOCAL_MODES = 3  # where `tcgetattr` has them


class Keyboard:
    """A terminal's keyboard, quiet for as long as the context lasts; needs a running event loop.

    Where standard input is no terminal, or the system has no such modes, nothing happens.
    """

    def __init__(self, on_quit: Callable[[], None]) -> None:
        self._on_quit = on_quit
        self._before: list[Any] | None = None

    def __enter__(self) -> Self:
        self.silence()
        if self._before is not None:
            asyncio.get_running_loop().add_reader(sys.stdin.fileno(), self._read)
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._before is not None:
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        self.restore()

    def silence(self) -> None:
        """Echo nothing, and hand over each key at once; Ctrl+C and Ctrl+Z stay signals."""
        if sys.stdin is None or not sys.stdin.isatty():
            return
        try:
            import termios  # noqa: PLC0415 - not on every system
        except ImportError:
            return
        with contextlib.suppress(termios.error):
            self._before = termios.tcgetattr(sys.stdin)
            modes = termios.tcgetattr(sys.stdin)
            modes[_LOCAL_MODES] &= ~(termios.ECHO | termios.ICANON)
            termios.tcsetattr(sys.stdin, termios.TCSANOW, modes)

    def restore(self) -> None:
        """Give the terminal back as it was, and forget what was typed meanwhile."""
        if self._before is None:
            return
        import termios  # noqa: PLC0415 - see `silence`

        with contextlib.suppress(termios.error):  # the terminal may be gone
            termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, self._before)
        self._before = None

    def _read(self) -> None:
        try:
            keys = os.read(sys.stdin.fileno(), 1024)
        except OSError:
            keys = b""
        if not keys:  # the terminal is gone
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        if not keys or _QUIT & set(keys):
            self._on_quit()
