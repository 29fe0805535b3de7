"""The entry: the command line over the program that this process's environment configures."""

import sys
from typing import NoReturn

from amp_tray import __version__


def main() -> None:
    """Run the command line; exits with its code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Scripts ask this often; loading the command line costs several times as much.
        print(f"amp-tray, version {__version__}")  # noqa: T201 - the answer
        return

    from amp_tray.host.memory import collect_rarely

    collect_rarely()

    import os
    from pathlib import Path

    from amp_tray.app.application import Application
    from amp_tray.surfaces.cli.main import run_command_line

    _end(run_command_line(Application.configured(dict(os.environ), Path.home())))


def _end(code: int) -> NoReturn:
    """End the process; at once where nothing is left to wait for.

    Taking an interpreter apart costs a short command a tenth of its time, and all that is to
    be kept was closed or flushed by then.
    """
    import os
    import threading

    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # as it is where it was closed
                stream.flush()
        if threading.active_count() == 1:
            os._exit(code)
    except OSError:
        pass  # Python itself says so at its end
    sys.exit(code)
