"""The log file of the resident part: rotating, the user's alone, and without user content.

What exceptions say is left out, since it may quote what a file says; where they came from is
kept. A log that cannot be written stops nothing.
"""

import contextlib
import logging
import os
import sys
import time
from collections.abc import Mapping
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from amp_tray.host.crashes import where
from amp_tray.host.directories import NAME, data_directory
from amp_tray.host.log_levels import logging_level, quiet_libraries

LOG_NAME = "log.txt"
_MOST_BYTES = 1024 * 1024
_OLDER_FILES = 2
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

log = logging.getLogger(__name__)


def state_directory(env: Mapping[str, str], home: Path, platform: str = sys.platform) -> Path:
    """Return where the log and crash files lie.

    That is the data directory where `AMP_TRAY_DATA_DIR` names one, else the user's directory
    for state.
    """
    if env.get("AMP_TRAY_DATA_DIR", ""):
        return data_directory(env, home, platform)
    if platform == "linux":
        # What platformdirs answers too, without the time its import takes.
        base = Path(env.get("XDG_STATE_HOME", ""))
        return (base if base.is_absolute() else home / ".local/state") / NAME
    import platformdirs  # noqa: PLC0415 - see above

    return Path(platformdirs.user_state_dir(NAME, appauthor=False))


def log_to(path: Path, level: int, *, stderr: bool) -> None:
    """Write the program's log to a file, and to stderr from a level on.

    The file has at least what is of interest later (`info`), whatever the level.

    Args:
        level: of `host.log_levels`.
        stderr: whether somebody may look at stderr.
    """
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    if stderr:
        shown = logging.StreamHandler()
        shown.setFormatter(_Formatter(_FORMAT))
        root.addHandler(shown)
    try:
        written = _PrivateFile(path)
    except OSError as error:
        log.warning("no log is written to %s: %s", path, error.strerror or "it cannot be opened")
    else:
        written.setFormatter(_Formatter(_FORMAT))
        root.addHandler(written)
    set_level(level)


def set_level(level: int) -> None:
    """Set the level of what is logged from now on."""
    root = logging.getLogger()
    number = logging_level(level)
    for handler in root.handlers:
        in_file = isinstance(handler, _PrivateFile)
        handler.setLevel(min(number, logging.INFO) if in_file else number)
    root.setLevel(min((handler.level for handler in root.handlers), default=number))
    quiet_libraries(level)


class _PrivateFile(RotatingFileHandler):
    """At most three files of 1 MiB, mode 0600 whatever the umask; failing is silent."""

    def __init__(self, path: Path) -> None:
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.chmod(0o700)  # whatever the umask took
        super().__init__(path, maxBytes=_MOST_BYTES, backupCount=_OLDER_FILES, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        descriptor = os.open(self.baseFilename, flags, 0o600)
        return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123 - no path

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line into the file that is there now: a tray may have a process of its own."""
        try:
            if self.stream is not None and not self._is_in_place(self.stream.fileno()):
                self.stream.close()
                self.stream = self._open()
        except OSError:
            return
        super().emit(record)

    def _is_in_place(self, descriptor: int) -> bool:
        try:
            found = Path(self.baseFilename).stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(os.fstat(descriptor), found)

    def close(self) -> None:
        """Close the file; what a full disk did not take is lost."""
        with contextlib.suppress(OSError):
            super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Lose the line: a full disk must not stop the service."""


class _Formatter(logging.Formatter):
    """UTC, one line an entry or indented ones, exceptions without what they say."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """Return the type of an exception and where it was raised."""
        error = ei[1] if isinstance(ei, tuple) else None
        return "" if error is None else "\n".join(where(error))

    def format(self, record: logging.LogRecord) -> str:
        """Return an entry; what a name with a line feed adds does not look like another one."""
        lines = super().format(record).splitlines()
        return "\n    ".join("".join(map(_harmless, line)) for line in lines)


def _harmless(char: str) -> str:
    return char if char.isprintable() else f"\\x{ord(char):02x}"
