"""Starting a program of the user's that outlives the question, by its words, never by a shell."""

import subprocess
import threading
from collections.abc import Mapping, Sequence

PATIENCE_SECONDS = 3.0
"""How long a program may take to say that it failed."""

NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""For `creationflags`: no console of its own on Windows."""


def launch(words: Sequence[str] | str, given: bytes, env: Mapping[str, str]) -> int | None:
    """Start a program and return what it ended with; None where it goes on after a moment.

    Args:
        words: the program and its arguments; one text only where Windows wants its own quotes.
        given: what it reads.

    Raises:
        OSError: it cannot be started.
    """
    process = subprocess.Popen(  # noqa: S603 - no shell, and the caller's own words
        words,
        stdin=subprocess.PIPE,
        # Never a pipe: what the program starts would inherit it, and keep it open.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(env),
        start_new_session=True,
        creationflags=NO_WINDOW,
    )
    try:
        process.communicate(given, timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        # Somebody has to take note of its end, or it stays in the list of processes.
        threading.Thread(target=process.wait, name="amp-tray-launched", daemon=True).start()
        return None
    return process.returncode
