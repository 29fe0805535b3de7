"""The LaunchAgent of this user's on macOS.

Source: launchd.plist(5). Not run on a Mac yet.
"""

import plistlib
from collections.abc import Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError

from amp_tray.host.autostart.places import Entry
from amp_tray.host.files import write_atomically

LABEL = "amp-tray"


class LaunchAgent:
    """A `Place` for macOS; it counts from the next login."""

    def __init__(self, home: Path) -> None:
        """Take the user's home directory."""
        self.path = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"

    def read(self) -> Entry | None:
        """See `Place.read`."""
        try:
            document = plistlib.loads(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, ExpatError):
            document = None
        if not isinstance(document, dict):
            return Entry(str(self.path), (), on=False)
        words = document.get("ProgramArguments")
        command = tuple(map(str, words)) if isinstance(words, list) else ()
        on = document.get("RunAtLoad") is True and document.get("Disabled") is not True
        return Entry(str(self.path), command, on=on)

    def write(self, command: Sequence[str]) -> None:
        """See `Place.write`."""
        data = plistlib.dumps(
            {
                "Label": LABEL,
                "ProgramArguments": list(command),
                "RunAtLoad": True,
                "LimitLoadToSessionType": "Aqua",  # a tray is of no use without the desktop
                "ProcessType": "Interactive",
            }
        )
        if not self.path.is_file() or self.path.read_bytes() != data:
            write_atomically(self.path, data)

    def remove(self) -> None:
        """See `Place.remove`."""
        self.path.unlink(missing_ok=True)
