"""What a running tray tells other processes of itself: a file beside its lock.

`amp-tray status` and `doctor` are processes of their own, and so may the service be. What the
file says counts only while the process that wrote it holds the tray's lock.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from amp_tray.host.files import write_atomically
from amp_tray.surfaces.tray.backends.base import NOT_STARTED, Standing
from amp_tray.surfaces.tray.backends.choice import BackendChoice

REPORT_NAME = "tray.json"

_log = logging.getLogger(__name__)


class TrayReport:
    """The file of the tray that this process shows; `tell` is a backend's `Tell`."""

    def __init__(
        self, directory: Path, choice: BackendChoice, *, pid: int, clock: Callable[[], datetime]
    ) -> None:
        self._path = directory / REPORT_NAME
        self._choice = choice
        self._pid = pid
        self._clock = clock
        self.tell(NOT_STARTED)

    def tell(self, standing: Standing) -> None:
        """Write where the icon stands from now on."""
        document = {
            "pid": self._pid,
            "backend": self._choice.kind,
            "reason": self._choice.reason,
            "shown": standing.shown,
            "standing": standing.words,
            "since": self._clock().astimezone(UTC).isoformat(timespec="milliseconds"),
        }
        try:
            write_atomically(self._path, json.dumps(document))
        except OSError as error:  # a read-only disk: the tray itself needs no file
            _log.debug("the tray's standing was not written: %s", error)

    def remove(self) -> None:
        """Take the file away: the tray has ended."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            _log.debug("the tray's standing was not removed: %s", error)


def read_tray_report(directory: Path, pid: int | None) -> Mapping[str, object] | None:
    """Return what the tray of process `pid` wrote (`backend` … `since`); None where it did not."""
    try:
        document = json.loads((directory / REPORT_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if pid is None or not isinstance(document, dict) or document.get("pid") != pid:
        return None
    return document
