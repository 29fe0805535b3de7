"""What holds for all tests: how much hypothesis tries, signals, and a log that no test leaves on.

Hypothesis tries little while working, and the same little every time under CI.
"""

import logging
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("ci", max_examples=40, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "quick")

if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    # Run under `nohup`, and programs that are started here would ignore it too.
    signal.signal(signal.SIGHUP, lambda *_: None)


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Take away what a test had the log written to: a command asked for details goes on telling."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers = handlers
    root.setLevel(level)
