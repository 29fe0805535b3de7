"""What holds for all tests: how much hypothesis tries, and which signals programs are born with.

Hypothesis tries little while working, and the same little every time under CI.
"""

import os
import signal
import sys

from hypothesis import settings

settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("ci", max_examples=40, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "quick")

if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    # Run under `nohup`, and programs that are started here would ignore it too.
    signal.signal(signal.SIGHUP, lambda *_: None)
