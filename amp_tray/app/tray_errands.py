"""What the tray has done on this machine: by the desktop, the settings and this very program."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from amp_tray.app.program import Program
from amp_tray.app.reloading import Stamp, stamp_of
from amp_tray.core.choices import Metric
from amp_tray.core.errors import AmpTrayError
from amp_tray.host.clock import local_zone
from amp_tray.host.desktop import Desktop
from amp_tray.host.files import write_atomically
from amp_tray.host.launch import NO_WINDOW
from amp_tray.surfaces.tray.state import LoginStart

REPORT_NAME = "report.html"
"""The page that the tray opens, beside the log."""

_REPORT_SECONDS = 120.0


class TrayErrands:
    """The tray's `Errands` for a program."""

    def __init__(self, program: Program, desktop: Desktop | None = None) -> None:
        """Prepare; `desktop` is another than this user's."""
        self._program = program
        self._desktop = desktop or Desktop(program.env, sys.platform)
        self._stamp: Stamp | None = None
        self._looked = False

    def open_page(self, url: str) -> None:
        """See `Errands`."""
        self._desktop.open_url(url)

    def copy(self, text: str) -> None:
        """See `Errands`."""
        self._desktop.copy_text(text)

    def show_file(self, path: Path) -> None:
        """See `Errands`."""
        self._desktop.show_file(path)

    def open_report(self) -> None:
        """See `Errands`; `amp-tray report` makes it, in a process of its own."""
        program = self._program.configured_again()
        path = program.log_path.with_name(REPORT_NAME)
        month = datetime.now(local_zone(program.env)[0]).strftime("%Y-%m-01")
        try:
            write_atomically(path, b"")  # the user's alone, and so it stays
            made = subprocess.run(  # noqa: S603 - this very program
                [*program.command, "report", "--since", month, "--html", str(path)],
                env=self._own_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                timeout=_REPORT_SECONDS,
                check=False,
                creationflags=NO_WINDOW,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AmpTrayError(str(error), title="no report") from error
        if made.returncode:
            said = made.stderr.strip().splitlines() or ["no report was made"]
            raise AmpTrayError(said[0], title="no report")
        self._desktop.open_file(path)

    def open_settings(self) -> None:
        """See `Errands`."""
        from amp_tray.config.file import create_settings  # noqa: PLC0415 - few ask for it

        path = self._program.config_path
        try:
            create_settings(path)
        except OSError as error:
            raise _unwritten(path, error) from error
        self._desktop.edit_file(path)

    def settings_changed(self) -> bool:
        """See `Errands`."""
        before, self._stamp = self._stamp, stamp_of(self._program.config_path)
        first, self._looked = not self._looked, True
        return first or self._stamp != before

    def metric(self) -> Metric:
        """See `Errands`."""
        program = self._program.configured_again()
        if program.settings_trouble is not None:
            raise program.settings_trouble
        return program.metric

    def set_metric(self, metric: Metric) -> None:
        """See `Errands`; a variable of the environment goes over the settings, and is named."""
        self._set("tray.metric", metric)
        if self.metric() != metric:
            raise AmpTrayError("AMP_TRAY_METRIC is set and goes over it")

    def sync_on(self) -> bool:
        """See `Errands`."""
        return self._program.configured_again().sync_options.enabled

    def turn_on_sync(self) -> None:
        """See `Errands`."""
        self._set("sync.enabled", "true")
        if not self.sync_on():
            raise AmpTrayError("AMP_TRAY_SYNC is set and goes over it")

    def login_start(self) -> LoginStart:
        """See `Errands`."""
        found = self._program.start_at_login.status()
        if found.enabled or found.exists:
            return LoginStart(found.enabled)
        return LoginStart(on=False, impossible=f"{found.command[0]} is not there")

    def set_login_start(self, *, on: bool) -> None:
        """See `Errands`."""
        login = self._program.start_at_login
        _ = login.enable() if on else login.disable()

    def _set(self, key: str, value: str) -> None:
        from amp_tray.config.file import set_setting  # noqa: PLC0415 - few ask for it

        path = self._program.config_path
        try:
            set_setting(path, key, value)
        except OSError as error:
            raise _unwritten(path, error) from error

    def _own_environment(self) -> dict[str, str]:
        program = self._program
        return dict(program.env if program.own_env is None else program.own_env)


def _unwritten(path: Path, error: OSError) -> AmpTrayError:
    return AmpTrayError(f"{path}: {error.strerror}", title="the settings could not be written")
