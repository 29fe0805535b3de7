"""Starting at login, by whichever way this system has: turned on, turned off, and looked at.

There is one owner. By `xdg` the desktop starts `run`, which is tray and service. By `systemd` its
unit is the service (`serve`), and the desktop's entry still starts the tray, which finds it.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amp_tray.core.errors import AmpTrayError, UsageError
from amp_tray.host.autostart.launchd import LaunchAgent
from amp_tray.host.autostart.places import Entry, Method, Place, is_there
from amp_tray.host.autostart.systemd import UserUnit
from amp_tray.host.autostart.windows import RunKey
from amp_tray.host.autostart.xdg import DesktopEntry

Ways = Mapping[Method, tuple[tuple[Place, str], ...]]
"""For each method its places and what the program is asked to do by each; the usual way is last."""


@dataclass(frozen=True, slots=True)
class Autostart:
    """How it stands.

    Attributes:
        method: by which way the program is started at login, None when it is not.
        entries: what is written for that; without a method, what was turned off.
        command: the words that start the tray at login, or would.
        exists: whether the programs that are to be started are there.
    """

    method: Method | None
    entries: tuple[Entry, ...]
    command: tuple[str, ...]
    exists: bool

    @property
    def enabled(self) -> bool:
        """Whether the program is started at login."""
        return self.method is not None

    @property
    def path(self) -> str | None:
        """Where what starts the tray is written."""
        return self.entries[-1].place if self.entries else None


class StartAtLogin:
    """What this user has the system start at login."""

    def __init__(self, ways: Ways, command: Sequence[str]) -> None:
        """Prepare; `start_at_login` does it for a system.

        Args:
            ways: the system's.
            command: the words that start this program, by its absolute path.
        """
        self._ways = ways
        self._command = tuple(command)

    def status(self) -> Autostart:
        """Return how it stands."""
        off: dict[str, Entry] = {}
        for method, way in self._ways.items():
            found = [place.read() for place, _ in way]
            if found[0] is not None and found[0].on:
                entries = tuple(entry for entry in found if entry is not None)
                exists = all(entry.exists for entry in entries)
                return Autostart(method, entries, entries[-1].command, exists)
            off |= {entry.place: entry for entry in found if entry is not None}
        command = (*self._command, "run")
        return Autostart(None, tuple(off.values()), command, is_there(command))

    def enable(self, method: Method | None = None) -> Autostart:
        """Have this program started at login, and no other way's entry left.

        Args:
            method: None keeps the one that is in force, else takes the system's usual one.

        Raises:
            UsageError: this system has no such way.
            AmpTrayError: it cannot be written.
        """
        chosen = method or self.status().method or list(self._ways)[-1]
        if chosen not in self._ways:
            raise UsageError(
                f"this system has no {chosen}", hint=f"accepted: {', '.join(self._ways)}"
            )
        if not all(word.isprintable() for word in self._command):
            raise _failed(f"the program's path has unprintable characters: {self._command!a}")
        wanted = self._ways[chosen]
        try:
            for place, task in wanted:
                place.write((*self._command, task))
            self._remove_but({id(place) for place, _ in wanted})
        except OSError as error:
            raise _failed(f"{error.filename}: {error.strerror}") from error
        return self.status()

    def disable(self) -> Autostart:
        """Have nothing started at login; what runs goes on. Raises AmpTrayError."""
        try:
            self._remove_but(set())
        except OSError as error:
            raise _failed(f"{error.filename}: {error.strerror}") from error
        return self.status()

    def _remove_but(self, kept: set[int]) -> None:
        for way in self._ways.values():
            for place, _ in way:
                if id(place) not in kept:
                    place.remove()


def start_at_login(
    env: Mapping[str, str],
    home: Path,
    platform: str,
    command: Sequence[str],
    *,
    registry: Any = None,
) -> StartAtLogin:
    """Return what starts programs at login on a system.

    Args:
        env: the environment, of which `XDG_CONFIG_HOME` counts.
        home: the user's home directory.
        platform: as in `sys.platform`.
        command: the words that start this program, by its absolute path.
        registry: stands in for the module `winreg`.
    """
    if platform == "win32":
        key = RunKey(registry or importlib.import_module("winreg"))
        return StartAtLogin({"registry": ((key, "run"),)}, command)
    if platform == "darwin":
        return StartAtLogin({"launchd": ((LaunchAgent(home), "run"),)}, command)
    named = Path(env.get("XDG_CONFIG_HOME", ""))
    configuration = named if named.is_absolute() else home / ".config"
    unit, entry = UserUnit(configuration), DesktopEntry(configuration)
    return StartAtLogin(
        {"systemd": ((unit, "serve"), (entry, "run")), "xdg": ((entry, "run"),)}, command
    )


def _failed(message: str) -> AmpTrayError:
    return AmpTrayError(message, title="starting at login could not be changed")
