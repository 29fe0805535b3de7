"""Progress of a scan on stderr: only on a terminal, only once it has taken a while."""

import os
import sys
import time
from typing import Self

_SHOW_AFTER_SECONDS = 0.5
_BAR_CELLS = 24
_CLEAR_LINE = "\r\x1b[K"


def progress_line(done: int, total: int, columns: int) -> str:
    """Return what shows how far a scan is: a bar and counts, in fewer than `columns` columns."""
    if not total:
        return "Reading threads …"[: columns - 1]
    counts = f"Reading threads {done:,} of {total:,}"
    filled = min(_BAR_CELLS, done * _BAR_CELLS // total)
    whole = f"{counts} {'█' * filled}{'░' * (_BAR_CELLS - filled)}"
    return (whole if len(whole) < columns else counts)[: columns - 1]


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
        sys.stderr.write(f"{_CLEAR_LINE}{progress_line(done, total, _columns())}")
        sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._shown:
            sys.stderr.write(_CLEAR_LINE)
            sys.stderr.flush()


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
