"""A process that stays: its signals, its log and crash files, and how it lets go."""

import asyncio
import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from amp_tray import __version__
from amp_tray.app.program import Program
from amp_tray.host.crashes import CrashFiles
from amp_tray.host.log_levels import log_level
from amp_tray.host.logs import log_to
from amp_tray.host.memory import collect_as_usual
from amp_tray.host.signals import Signals
from amp_tray.host.systemd import Notifier

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Host:
    """What the service's process is.

    Attributes:
        kind: `serve`, `run` (beside the tray) or `systemd`, for the status.
        signals: the process's signals.
        crashes: its crash files.
        notifier: its way to a service manager.
        watchdog: after how many seconds of silence that manager ends it, None for never.
    """

    kind: str
    signals: Signals
    crashes: CrashFiles
    notifier: Notifier = field(default_factory=lambda: Notifier(""))
    watchdog: float | None = None


@contextlib.contextmanager
def resident(program: Program, *, stderr: bool = True) -> Iterator[tuple[Signals, CrashFiles]]:
    """Make this a process that stays: its signals, log and crash files. Ends on a signal."""
    collect_as_usual()
    signals = Signals()
    signals.install()
    directory = program.log_path.parent
    log_to(program.log_path, log_level(program.env), stderr=stderr)
    crashes = CrashFiles(directory, __version__)
    crashes.install()
    log.info("amp-tray %s begins (pid %d)", __version__, os.getpid())
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield signals, crashes
    finally:
        signals.close()
        crashes.close()
        log.info("ends (pid %d)", os.getpid())


def soon(callback: Callable[[], object]) -> Callable[[], None]:
    """Return what has the running loop call back soon, from any thread or signal handler."""
    loop = asyncio.get_running_loop()

    def call() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed by now
            loop.call_soon_threadsafe(callback)

    return call


async def let_go_of_output() -> None:
    """Write nowhere from now on; whoever began this process sees that it got so far."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
    await asyncio.get_running_loop().create_future()


def leave_within(seconds: float) -> None:
    """End the process when it does not end by itself."""

    def leave() -> None:
        log.error("it did not end within %g s, and is broken off", seconds)
        os._exit(1)

    timer = threading.Timer(seconds, leave)
    timer.daemon = True
    timer.start()
