"""Who is the service: one process for a ledger, and an older version gives way to a newer one."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from amp_tray import __version__
from amp_tray.app.program import Program
from amp_tray.core.errors import AmpTrayError
from amp_tray.core.text import clean
from amp_tray.host.lock import LEDGER_LOCK, InstanceLock
from amp_tray.host.versions import is_older
from amp_tray_rpc.client import Client, RemoteError, ServiceUnavailableError

# A report without a service holds the ledger for as long as its scan takes, and an older
# service for as long as its end takes.
_LEDGER_WAIT_SECONDS = 30.0
_LEDGER_POLL_SECONDS = 0.1


class AlreadyRunningError(AmpTrayError):
    """Another process is the service for this ledger or this socket."""

    title = "already running"


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers.

    Attributes:
        version: its version, as it says.
        pid: its process.
    """

    version: str
    pid: int

    @property
    def older(self) -> bool:
        """Whether it is to be replaced."""
        return is_older(self.version, __version__)

    @property
    def newer(self) -> bool:
        """Whether it knows more than this program, and must be left alone."""
        return is_older(__version__, self.version)


def running_service(program: Program) -> Running | None:
    """Return the service that answers at the program's address, None when none does."""
    try:
        with Client.connect(program.address) as client:
            said = client.call("session.hello", {"client": "amp-tray"})
            return Running(clean(str(said["version"])), int(said["pid"]))
    except (ServiceUnavailableError, RemoteError, LookupError, TypeError, ValueError):
        return None


def ask_to_end(program: Program) -> None:
    """Ask the service that answers to shut down; does not wait for it."""
    with (
        contextlib.suppress(ServiceUnavailableError, RemoteError),
        Client.connect(program.address) as client,
    ):
        client.call("service.shutdown")


@contextlib.asynccontextmanager
async def service_lock(program: Program) -> AsyncIterator[OSError | None]:
    """Hold the ledger's lock, taken over from an older version's service where one runs.

    Yields:
        What kept it from being made, where the disk is read-only. Then nobody can write the
        ledger, and the socket alone sees to it that one service runs.

    Raises:
        AlreadyRunningError: a service of this version or a newer one runs, or another process
            keeps the ledger to itself.
    """
    lock = InstanceLock(program.data_directory / LEDGER_LOCK)
    refusal: OSError | None = None
    try:
        await _acquire(lock, program)
    except OSError as error:
        refusal = error
    try:
        yield refusal
    finally:
        lock.release()


async def _acquire(lock: InstanceLock, program: Program) -> None:
    give_up_at = time.monotonic() + _LEDGER_WAIT_SECONDS
    asked: set[int] = set()
    while not lock.acquire():
        other = await asyncio.to_thread(running_service, program)
        if other is not None and other.older:
            if other.pid not in asked:
                asked.add(other.pid)
                await asyncio.to_thread(ask_to_end, program)
        elif other is not None:
            raise _refused(other, program)
        if time.monotonic() > give_up_at:
            raise AlreadyRunningError(
                f"process {lock.holder()} has the ledger in {program.data_directory}",
                hint="look with `amp-tray status`, stop it with `amp-tray stop`",
            )
        await asyncio.sleep(_LEDGER_POLL_SECONDS)


def _refused(other: Running, program: Program) -> AlreadyRunningError:
    if other.newer:
        return AlreadyRunningError(
            f"process {other.pid} is the service, of the newer version {other.version}"
            f" (this is {__version__})",
            hint="use that version, or stop it with `amp-tray stop`",
        )
    return AlreadyRunningError(
        f"process {other.pid} has the ledger in {program.data_directory}",
        hint="look with `amp-tray status`, stop it with `amp-tray stop`",
    )
