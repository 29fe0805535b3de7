"""What the system starts at login, as values; and what each way of the system's can do."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

Method = Literal["xdg", "systemd", "launchd", "registry"]
"""A way to be started at login."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is written for the system to start.

    Attributes:
        place: where it is written: a file's path, or a key of the registry.
        command: the words that it runs; none where they cannot be read.
        on: whether it counts; the desktop's own settings may have turned it off.
    """

    place: str
    command: tuple[str, ...]
    on: bool

    @property
    def exists(self) -> bool:
        """Whether the program that it names is there and can be run."""
        return is_there(self.command)


class Place(Protocol):
    """Where one entry of this user's lies, or would."""

    def read(self) -> Entry | None:
        """Return the entry, None where there is none."""

    def write(self, command: Sequence[str]) -> None:
        """Write the entry, turned on; nothing is changed where it says that already.

        Raises:
            OSError: it cannot be written.
        """

    def remove(self) -> None:
        """Remove the entry, which need not be there; raises OSError."""


def is_there(command: Sequence[str]) -> bool:
    """Say whether a command's program is there, by its absolute path."""
    return bool(command) and Path(command[0]).is_absolute() and shutil.which(command[0]) is not None
