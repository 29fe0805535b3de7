"""The real program as a real process, with a seam of it replaced first.

No variable of the environment could do this, so none can be left set by accident.
"""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator

from tests.support.sandbox import SECONDS, Sandbox, end

_THEN = "\nfrom amp_tray.app.main import main\nmain()\n"


@contextlib.contextmanager
def patched(user: Sandbox, script: str, *args: str) -> Iterator["subprocess.Popen[str]"]:
    """Run an `amp-tray` command that stays after a script; it is ended with the context."""
    process = subprocess.Popen(
        [sys.executable, "-c", script + _THEN, *args],
        env=user.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # Whoever waits for a line that never comes gets the end of the output instead.
    bound = threading.Timer(3 * SECONDS, process.kill)
    bound.start()
    try:
        yield process
    finally:
        bound.cancel()
        end(process)
