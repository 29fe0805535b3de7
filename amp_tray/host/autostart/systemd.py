"""The systemd unit of this user's, which runs the service alone.

Hardened by what a user's own manager can apply: capabilities and namespaces are not among that,
and units that ask for them do not start.

Source: systemd.service(5), systemd.exec(5), systemd.unit(5); a unit is enabled by a link below
`default.target.wants`.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from amp_tray.host.autostart.places import Entry
from amp_tray.host.autostart.quoting import unit_exec, unit_words
from amp_tray.host.files import write_atomically

NAME = "amp-tray.service"

_RELOAD_SECONDS = 5.0

# AF_NETLINK: name resolution asks the kernel for the machine's own addresses.
_TEXT = """\
# Written by `amp-tray autostart enable`; `systemctl --user edit amp-tray` adds to it.
[Unit]
Description=amp-tray: what your coding agents cost
ConditionFileIsExecutable={program}
StartLimitIntervalSec=2min
StartLimitBurst=5

[Service]
Type=notify
ExecStart={command}
ExecReload=kill -HUP $MAINPID
Restart=on-failure
RestartSec=10
WatchdogSec=2min
NoNewPrivileges=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
MemoryMax=2G
TasksMax=128

[Install]
WantedBy=default.target
"""


def reload_manager() -> None:
    """Have this user's manager read its units again, where one runs."""
    systemctl = shutil.which("systemctl")
    if systemctl is not None:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(  # noqa: S603 - the system's own program
                [systemctl, "--user", "daemon-reload"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_RELOAD_SECONDS,
                check=False,
            )


class UserUnit:
    """A `Place` for systems with systemd."""

    def __init__(self, configuration: Path, *, reload: Callable[[], None] = reload_manager) -> None:
        """Prepare.

        Args:
            configuration: the user's configuration directory (`XDG_CONFIG_HOME`).
            reload: called when a unit was changed.
        """
        units = configuration / "systemd" / "user"
        self.path = units / NAME
        self.link = units / "default.target.wants" / NAME
        self._reload = reload

    def read(self) -> Entry | None:
        """See `Place.read`; the link that enables it may lead to a package's unit."""
        linked = self.link.is_symlink()
        if not linked and not self.path.exists():
            return None
        on = linked and not self._is_masked()
        try:
            text = (self.path if self.path.exists() else self.link).read_text("utf-8", "replace")
        except OSError:
            text = ""
        lines = [line for line in text.splitlines() if line.startswith("ExecStart=")]
        command = unit_words(lines[-1].partition("=")[2]) if lines else ()
        return Entry(str(self.path if self.path.exists() else self.link), command, on=on)

    def write(self, command: Sequence[str]) -> None:
        """See `Place.write`."""
        text, changed = unit_text(command), False
        if self._is_masked():
            self.path.unlink()
        if not self.path.is_file() or self.path.read_bytes() != text.encode():
            write_atomically(self.path, text)
            changed = True
        if not self.link.is_symlink() or self.link.readlink() != self.path:
            _link_atomically(self.link, self.path)
            changed = True
        if changed:
            self._reload()

    def remove(self) -> None:
        """See `Place.remove`; the service goes on until it is stopped."""
        there = [path for path in (self.link, self.path) if path.is_symlink() or path.exists()]
        for path in there:
            path.unlink()
        if there:
            self._reload()

    def _is_masked(self) -> bool:
        """Say whether the unit is a link to `/dev/null`, or to nowhere."""
        return self.path.is_symlink() and not self.path.is_file()


def unit_text(command: Sequence[str]) -> str:
    """Return the unit that runs a command."""
    return _TEXT.format(command=unit_exec(command), program=command[0].replace("%", "%%"))


def _link_atomically(link: Path, target: Path) -> None:
    link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{link.name}.", dir=link.parent) as folder:
        fresh = Path(folder) / link.name
        fresh.symlink_to(target)
        os.replace(fresh, link)  # noqa: PTH105 - of a link itself, as is meant here
