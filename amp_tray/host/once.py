"""What is to happen once ever for this user, remembered in a small file."""

import contextlib
import json
import logging
from pathlib import Path

from amp_tray.host.files import write_atomically

_log = logging.getLogger(__name__)

_MOST_BYTES = 64 * 1024


class Once:
    """The names of what has happened, in a JSON list; a file that cannot be read counts as none.

    Where the file cannot be written, what happened is known until the process ends.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._happened: set[str] | None = None

    def has_happened(self, name: str) -> bool:
        """Say whether it has; the file is read when this is first asked."""
        return name in self._known()

    def note(self, name: str) -> None:
        """Remember that it has happened."""
        known = self._known()
        known.add(name)
        try:
            write_atomically(self._path, json.dumps(sorted(known)) + "\n")
        except OSError as error:
            _log.warning("%s cannot be written: %s", self._path, error.strerror)

    def _known(self) -> set[str]:
        if self._happened is None:
            self._happened = set()
            with contextlib.suppress(OSError, ValueError, RecursionError):
                with self._path.open("rb") as file:
                    names = json.loads(file.read(_MOST_BYTES))
                if isinstance(names, list):
                    self._happened = {name for name in names if isinstance(name, str)}
        return self._happened
