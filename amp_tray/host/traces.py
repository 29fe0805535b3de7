"""What the program has written for this user, found by the names it gives to its files.

In: the directories in force. Out: the files that are there, each with what it is. Files of other
names are nobody's business here, also where they lie beside these: a directory may be one that
the user named and shares with other things. What is started at login is `autostart`'s.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SOCKET = "socket"

KEPT = ("ledger", "prices", "settings", "export")
"""What cannot be had again once it is gone; it goes when the user wishes it alone."""

_DATA: Mapping[str, tuple[str, ...]] = {
    "ledger": (
        "ledger.db",
        "ledger.db-*",
        "ledger.salvaged.db*",
        "ledger.corrupt-*.db*",
    ),
    "prices": ("prices.json", "prices.damaged-*.json"),
    "state": ("tray.json", "notices.json"),
    "export": ("archive/amp/threads/T-*.json",),
    "sync": ("sync/state.json", "sync/threads.json", "sync/balance.json"),
    "half-written": (
        *(f".{name}.json.*" for name in ("prices", "tray", "notices")),
        "sync/.*.json.*",
        "archive/amp/threads/.*.part",
    ),
    "lock": ("ledger.lock", "tray.lock", "sync/lock"),
}
_CONFIGURATION = {"settings": ("config.toml",), "half-written": (".config.toml.*",)}
_LOGS = {
    "log": ("log.txt", "log.txt.[0-9]"),
    "crash": ("crash-*.txt", "fault-*.txt"),
    "picture": ("icon.png",),
    "report": ("report.html",),
    "half-written": (".icon.png.*", ".report.html.*"),
}
_SOCKETS = {SOCKET: ("rpc.sock", "rpc.json"), "half-written": (".rpc.json.*",)}


@dataclass(frozen=True, slots=True)
class Trace:
    """A file that the program wrote.

    Attributes:
        what: one of `KEPT`, or what else it is, in a word.
        path: where it lies; a link is itself meant, not what it leads to.
    """

    what: str
    path: Path

    @property
    def kept(self) -> bool:
        """Whether it cannot be had again."""
        return self.what in KEPT


@dataclass(frozen=True, slots=True)
class Places:
    """Where the program writes.

    Attributes:
        data: the ledger's directory.
        configuration: that of `config.toml`.
        logs: that of the log and crash files.
        socket: the file of the socket, or of what tells the port in its place.
    """

    data: Path
    configuration: Path
    logs: Path
    socket: Path

    @property
    def directories(self) -> tuple[Path, ...]:
        """The directories, each once, those below others first."""
        archive = self.data / "archive"
        own = (archive / "amp" / "threads", archive / "amp", archive, self.data / "sync")
        given = (self.data, self.configuration, self.logs, self.socket.parent)
        return tuple(dict.fromkeys((*own, *given)))


def find_traces(places: Places) -> list[Trace]:
    """Return the files that are there, in the order in which they are told."""
    found: dict[Path, Trace] = {}
    for directory, names in (
        (places.data, _DATA),
        (places.configuration, _CONFIGURATION),
        (places.logs, _LOGS),
        (places.socket.parent, _SOCKETS),
    ):
        for trace in _in_directory(directory, names):
            found.setdefault(trace.path, trace)
    # A socket that the user named may be called anything; a file in its place is not ours.
    if places.socket.is_socket():
        found.setdefault(places.socket, Trace(SOCKET, places.socket))
    return list(found.values())


def remove_traces(traces: Iterable[Trace], places: Places) -> None:
    """Remove files, and the directories that are empty then.

    Locks go last, so that whoever holds one keeps others out until the end.

    Raises:
        OSError: one cannot be removed; those before it are gone.
    """
    for trace in sorted(traces, key=lambda trace: trace.what == "lock"):
        trace.path.unlink(missing_ok=True)
    for directory in places.directories:
        with contextlib.suppress(OSError):  # there is something else in it, or it is not there
            directory.rmdir()


def _in_directory(directory: Path, names: Mapping[str, tuple[str, ...]]) -> Iterator[Trace]:
    for what, patterns in names.items():
        for pattern in patterns:
            for path in sorted(directory.glob(pattern)):
                if path.is_symlink() or not path.is_dir():
                    yield Trace(what, path)
