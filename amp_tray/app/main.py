"""The entry: the command line over the program that this process's environment configures."""

import sys

from amp_tray import __version__


def main() -> None:
    """Run the command line; exits with its code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Scripts ask this often; loading the command line costs several times as much.
        print(f"amp-tray, version {__version__}")  # noqa: T201 - the answer
        return

    import os
    from pathlib import Path

    from amp_tray.app.application import Application
    from amp_tray.surfaces.cli.main import run_command_line

    sys.exit(run_command_line(Application.configured(dict(os.environ), Path.home())))
