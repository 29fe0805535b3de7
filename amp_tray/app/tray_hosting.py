"""`amp-tray run`: the tray, and the service in a thread beside it where none runs."""

import asyncio
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Self

from amp_tray.app.notifying import make_notices
from amp_tray.app.program import TRAY_LOCK, Program
from amp_tray.app.resident import Host, resident, soon
from amp_tray.app.serving import listening_line, network_line, serve_until_stopped
from amp_tray.app.takeover import ask_to_end, running_service
from amp_tray.app.tray_errands import TrayErrands
from amp_tray.app.tray_report import TrayReport
from amp_tray.core.errors import AmpTrayError
from amp_tray.host.lock import InstanceLock
from amp_tray.host.signals import Signals
from amp_tray.live.service import Service
from amp_tray.surfaces.cli.ask import wait_until_ready
from amp_tray.surfaces.cli.glance import glance_lines
from amp_tray.surfaces.tray.backends.base import BackendUnavailableError, TrayBackend
from amp_tray.surfaces.tray.backends.choice import BackendChoice, choose_backend, create_backend
from amp_tray.surfaces.tray.controller import run_tray
from amp_tray.surfaces.tray.main_thread import run_in_main_thread
from amp_tray.surfaces.tray.notices import Notices
from amp_tray_rpc.address import Address
from amp_tray_rpc.client import Client, ServiceUnavailableError

_START_SECONDS = 40.0
_OLD_TRAY_SECONDS = 10.0
_POLL_SECONDS = 0.1


def run_tray_and_service(program: Program, *, say: Callable[[str], None]) -> None:
    """Show the tray; be the service as well where none runs, or one of an older version.

    Where no tray can be shown the service goes on alone, and the glance is printed.

    Args:
        say: takes lines for the user.

    Raises:
        AmpTrayError: the ledger or the socket cannot be used.
    """
    program.check()
    choice = choose_backend(program.env, sys.platform)
    tray_lock = InstanceLock(program.data_directory / TRAY_LOCK)
    if choice.kind is not None and not _have(tray_lock, program):
        say(f"The tray already runs (pid {tray_lock.holder()}).")
        return
    try:
        with resident(program) as (signals, crashes):
            running = running_service(program)
            hosted = None
            if running is None or running.older:
                hosted = HostedService(program, Host("run", signals, crashes))
            with hosted or contextlib.nullcontext():
                if hosted is not None:
                    say(listening_line(hosted.address))
                    say(network_line(program))
                else:
                    newer = f", of version {running.version}" if running and running.newer else ""
                    say(f"The service already runs at {program.address}{newer}.")
                for line in _glance(program):
                    say(line)
                try:
                    _show_tray(program, choice, hosted, signals, say)
                except BackendUnavailableError as error:
                    say(f"No tray: {error.message}.")
                    if hosted is not None:
                        hosted.wait()
    finally:
        tray_lock.release()


def _have(tray_lock: InstanceLock, program: Program) -> bool:
    """Take the tray's lock, from a tray that hosts an older version's service too."""
    try:
        if tray_lock.acquire():
            return True
        running = running_service(program)
        if running is None or not running.older or running.pid != tray_lock.holder():
            return False
        ask_to_end(program)  # which ends its tray too
        give_up_at = time.monotonic() + _OLD_TRAY_SECONDS
        while not tray_lock.acquire():
            if time.monotonic() > give_up_at:
                return False
            time.sleep(_POLL_SECONDS)
    except OSError:  # a read-only disk: better a second tray than none
        return True
    return True


def _show_tray(
    program: Program,
    choice: BackendChoice,
    hosted: "HostedService | None",
    signals: Signals,
    say: Callable[[str], None],
) -> None:
    report = TrayReport(program.data_directory, choice, pid=os.getpid(), clock=_now)
    try:
        backend = create_backend(choice, pid=os.getpid(), tell=report.tell)
        notices = make_notices(program, choice.bus_address)
        say(f"The tray starts: {choice.reason}.")
        with contextlib.suppress(asyncio.CancelledError):
            run_in_main_thread(
                backend,
                lambda: _tray(program, backend, notices, hosted, signals),
                asking=signals.asking,
            )
    finally:
        report.remove()


async def _tray(
    program: Program,
    backend: TrayBackend,
    notices: Notices,
    hosted: "HostedService | None",
    signals: Signals,
) -> None:
    """Run the tray until Quit, a signal, or the end of the service that this process hosts."""
    tray = asyncio.current_task()
    assert tray is not None
    # Where the toolkit has the main thread (macOS) a signal interrupts that.
    ours = threading.current_thread() is threading.main_thread()
    if hosted is not None:
        hosted.when_ended(soon(tray.cancel))
    with signals.asking(soon(tray.cancel)) if ours else contextlib.nullcontext():
        await run_tray(
            program.address,
            backend=backend,
            errands=TrayErrands(program),
            notices=notices,
            on_quit=lambda: None,
            clock=_now,
        )


def _now() -> datetime:
    return datetime.now(UTC)


class HostedService:
    """The service in a thread of this process; a context that lasts as long as it runs.

    Attributes:
        address: where it is found.
    """

    def __init__(self, program: Program, host: Host) -> None:
        self._program = program
        self._host = host
        self._thread = threading.Thread(target=self._main, name="amp-tray-service")
        self._listening = threading.Event()
        self._ended = threading.Event()
        self.address = program.address
        self._stop: Callable[[], None] = lambda: None
        self._error: BaseException | None = None
        self._on_end: Callable[[], object] = lambda: None

    def __enter__(self) -> Self:
        """Start it and wait until it listens; raises what kept it from doing so."""
        self._thread.start()
        try:
            self._listening.wait(_START_SECONDS)
        except BaseException:
            self.__exit__()
            raise
        if self._error is not None:
            self._thread.join()
            raise self._error
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop it and wait for its end; it may have ended by itself, by `amp-tray stop`."""
        self._stop()
        self._ended.wait()
        self._thread.join()

    def wait(self) -> None:
        """Wait until it ended by itself; raises what ended it, if anything went wrong."""
        # Not by joining: up to Python 3.12 a join that a signal interrupts takes the thread for
        # ended, and the process would leave before it closed its ledger (python/cpython#90882).
        self._ended.wait()
        if self._error is not None:
            raise self._error

    def when_ended(self, callback: Callable[[], object]) -> None:
        """Have `callback` called in the service's thread when it ended, by itself or not."""
        self._on_end = callback
        if not self._thread.is_alive():
            callback()

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:  # noqa: BLE001 - carried over to the main thread
            self._error = error
        finally:
            self._listening.set()
            try:
                self._on_end()
            finally:
                self._ended.set()

    async def _serve(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._stop = soon(task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await serve_until_stopped(self._program, self._host, on_listening=self._note_listening)

    def _note_listening(self, service: Service, address: Address) -> None:
        self.address = address
        self._stop = soon(service.stop)
        self._listening.set()


def _glance(program: Program) -> Iterator[str]:
    try:
        with Client.connect(program.address) as client:
            wait_until_ready(client, lambda _done, _total: None)
            summary = client.call("usage.summary")
    except ServiceUnavailableError as error:
        raise AmpTrayError("the service ended while it began") from error
    yield from glance_lines(summary)
