"""Time as a machine with nothing else to do would take it."""

import time
from pathlib import Path

_PRESSURE = Path("/proc/pressure/cpu")


class Stopwatch:
    """Runs from its making on.

    Attributes:
        seconds: how long it has run, less the time in which somebody stood in line for a
            processor; the clock's own time where the system does not tell that.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._stalled = _stalled()

    @property
    def seconds(self) -> float:
        """See the class."""
        return time.monotonic() - self._began - (_stalled() - self._stalled)


def _stalled() -> float:
    """Return for how many seconds since its start some process could not run for others."""
    try:
        some = _PRESSURE.read_text("ascii").splitlines()[0]
    except (OSError, IndexError):
        return 0.0
    return int(some.rpartition("total=")[2]) / 1e6
