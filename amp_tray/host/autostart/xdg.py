"""The entry in the desktop's autostart directory.

Source: Desktop Application Autostart Specification; Desktop Entry Specification 1.4.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from amp_tray.host.autostart.places import Entry
from amp_tray.host.autostart.quoting import desktop_exec, desktop_string, desktop_words
from amp_tray.host.files import write_atomically

NAME = "amp-tray.desktop"

_TEXT = """\
[Desktop Entry]
Type=Application
Name=amp-tray
Comment=What your coding agents cost, in the tray
Exec={command}
TryExec={program}
Icon=amp-tray
Terminal=false
StartupNotify=false
X-GNOME-Autostart-enabled=true
"""


class DesktopEntry:
    """A `Place` for desktops of Linux and BSD."""

    def __init__(self, configuration: Path) -> None:
        """Take the user's configuration directory (`XDG_CONFIG_HOME`)."""
        self.path = configuration / "autostart" / NAME

    def read(self) -> Entry | None:
        """See `Place.read`; one that the desktop's settings hid or turned off is not on."""
        try:
            keys = _keys(self.path.read_text("utf-8", errors="replace"))
        except FileNotFoundError:
            return None
        except OSError:
            return Entry(str(self.path), (), on=False)
        off = keys.get("Hidden") == "true" or keys.get("X-GNOME-Autostart-enabled") == "false"
        return Entry(str(self.path), desktop_words(keys.get("Exec", "")), on=not off)

    def write(self, command: Sequence[str]) -> None:
        """See `Place.write`."""
        text = entry_text(command)
        if not self.path.is_file() or self.path.read_bytes() != text.encode():
            write_atomically(self.path, text)

    def remove(self) -> None:
        """See `Place.remove`."""
        self.path.unlink(missing_ok=True)


def entry_text(command: Sequence[str]) -> str:
    """Return the entry that runs a command."""
    return _TEXT.format(command=desktop_exec(command), program=desktop_string(command[0]))


def _keys(text: str) -> Mapping[str, str]:
    """Return what the main group of a desktop entry says."""
    group, keys = "", {}
    for line in text.splitlines():
        if line.startswith("["):
            group = line.strip()
        elif group == "[Desktop Entry]" and not line.startswith("#"):
            key, _, value = line.partition("=")
            keys[key.strip()] = value.strip()
    return keys
