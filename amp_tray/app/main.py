"""The entry: the command line over the program that this process's environment configures."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from amp_tray.app.program import Program
from amp_tray.surfaces.cli.main import run_command_line


class Application(Program):
    """The program with its two long-running commands."""

    __slots__ = ()

    def serve(self, *, say: Callable[[str], None]) -> None:
        """Run the service in the foreground until it is told to stop."""
        from amp_tray.app.hosting import serve

        serve(self, say=say)

    def run(self, *, say: Callable[[str], None]) -> None:
        """Show the tray, and be the service too where none runs; returns after Quit."""
        from amp_tray.app.hosting import run_tray_and_service

        run_tray_and_service(self, say=say)


def main() -> None:
    """Run the command line; exits with its code."""
    sys.exit(run_command_line(Application(dict(os.environ), Path.home())))
