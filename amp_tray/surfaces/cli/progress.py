"""Progress of a scan on stderr: only on a terminal, only once it has taken a while."""

import sys
import time
from typing import Self

_SHOW_AFTER_SECONDS = 0.5
_CLEAR_LINE = "\r\x1b[K"


class ScanProgress:
    """A line that counts files read; a context, so that it is always wiped."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        """Show how far the scan is."""
        if not sys.stderr.isatty() or time.monotonic() - self._began < _SHOW_AFTER_SECONDS:
            return
        self._shown = True
        of = f" {done:,} of {total:,}" if total else ""
        sys.stderr.write(f"{_CLEAR_LINE}Reading threads{of} …")
        sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._shown:
            sys.stderr.write(_CLEAR_LINE)
            sys.stderr.flush()
