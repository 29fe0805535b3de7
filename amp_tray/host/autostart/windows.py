"""The value below this user's `Run` key on Windows.

Source: Microsoft, "Run and RunOnce Registry Keys"; the Task Manager keeps what it turned off below
`StartupApproved`, in a binary value whose first byte is odd then. Not run on Windows yet.
"""

import contextlib
import re
import subprocess
from collections.abc import Sequence
from typing import Any

from amp_tray.host.autostart.places import Entry

NAME = "amp-tray"
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"

_WORD = re.compile(r'"([^"]*)"|(\S+)')


class RunKey:
    """A `Place` for Windows."""

    def __init__(self, registry: Any) -> None:
        """Take the module `winreg`, or what stands in for it."""
        self._registry = registry

    def read(self) -> Entry | None:
        """See `Place.read`."""
        line = self._value(RUN)
        if line is None:
            return None
        approved = self._value(APPROVED)
        off = isinstance(approved, bytes) and approved[:1] != b"" and approved[0] % 2 == 1
        command = tuple(quoted or plain for quoted, plain in _WORD.findall(str(line)))
        return Entry(rf"HKEY_CURRENT_USER\{RUN}\{NAME}", command, on=not off)

    def write(self, command: Sequence[str]) -> None:
        """See `Place.write`."""
        line = subprocess.list2cmdline(command)
        if self._value(RUN) != line:
            registry = self._registry
            with registry.CreateKeyEx(
                registry.HKEY_CURRENT_USER, RUN, 0, registry.KEY_SET_VALUE
            ) as key:
                registry.SetValueEx(key, NAME, 0, registry.REG_SZ, line)
        self._delete(APPROVED)

    def remove(self) -> None:
        """See `Place.remove`."""
        self._delete(RUN)
        self._delete(APPROVED)

    def _value(self, path: str) -> object:
        registry = self._registry
        with (
            contextlib.suppress(FileNotFoundError),
            registry.OpenKey(registry.HKEY_CURRENT_USER, path, 0, registry.KEY_READ) as key,
        ):
            value: object = registry.QueryValueEx(key, NAME)[0]
            return value
        return None

    def _delete(self, path: str) -> None:
        registry = self._registry
        with (
            contextlib.suppress(FileNotFoundError),
            registry.OpenKey(registry.HKEY_CURRENT_USER, path, 0, registry.KEY_SET_VALUE) as key,
        ):
            registry.DeleteValue(key, NAME)
