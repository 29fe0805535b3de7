"""Hosting: the service on an event loop, alone or in a thread beside the tray.

Owns the order of beginning (lock, socket, scan) and of ending (tray, service, socket, ledger,
lock).
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Self

from amp_tray.app.program import Program
from amp_tray.core.errors import AmpTrayError
from amp_tray.host.lock import InstanceLock
from amp_tray.live.service import Service
from amp_tray.surfaces.cli.glance import glance_lines
from amp_tray.surfaces.rpc.backend import ServiceBackend
from amp_tray.surfaces.tray.backends.base import BackendUnavailableError, TrayBackend
from amp_tray.surfaces.tray.backends.choice import BackendChoice, choose_backend, create_backend
from amp_tray.surfaces.tray.controller import run_tray
from amp_tray.surfaces.tray.main_thread import run_in_main_thread
from amp_tray_rpc.client import Client, ServiceUnavailableError
from amp_tray_rpc.listener import AddressError, AddressInUseError
from amp_tray_rpc.server import Server

_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_START_SECONDS = 30.0
# A report without a service holds the ledger for as long as its scan takes.
_LEDGER_WAIT_SECONDS = 30.0
_LEDGER_POLL_SECONDS = 0.1


class AlreadyRunningError(AmpTrayError):
    """Another process is the service for this ledger or this socket."""

    title = "already running"


Listening = Callable[[Service], None]


def serve(program: Program, *, say: Callable[[str], None]) -> None:
    """Be the service in the main thread until it is told to stop.

    Args:
        say: takes lines for the user.

    Raises:
        AlreadyRunningError, AmpTrayError: as `serve_until_stopped`.
    """
    logging.basicConfig(format=_LOG_FORMAT)

    def announce(_service: Service) -> None:
        say(f"The service listens at {program.address}; stop it with Ctrl+C or `amp-tray stop`.")

    asyncio.run(serve_until_stopped(program, on_listening=announce, signals=True))


async def serve_until_stopped(
    program: Program, *, on_listening: Listening | None = None, signals: bool = False
) -> None:
    """Be the service until `service.shutdown`, a signal, or the loop's end.

    Raises:
        AlreadyRunningError: another process is the service for this ledger or socket.
        AmpTrayError: the ledger or the socket cannot be used.
    """
    with _service_lock(program) as refusal:
        queries, ours = program.queries(), refusal is None
        service = Service(
            lambda: program.open_writer(queries, ours=ours, refusal=refusal),
            queries,
            lambda writer, error: program.mend_writer(writer, error, queries, ours=ours),
        )
        backend = ServiceBackend(
            service, address=str(program.address), ledger=str(program.ledger_path)
        )
        server = Server(backend)
        try:
            await server.start(program.address)
        except AddressInUseError as error:
            raise AlreadyRunningError(error.message, hint=error.hint) from error
        except AddressError as error:
            raise AmpTrayError(error.message, hint=error.hint) from error
        try:
            if signals:
                _stop_on_signals(service)
            if on_listening is not None:
                on_listening(service)
            await service.run()
        finally:
            await server.close()
            await asyncio.to_thread(service.close)


def run_tray_and_service(program: Program, *, say: Callable[[str], None]) -> None:
    """Show the tray; be the service as well where none runs.

    Where no tray can be shown the service goes on alone, and the glance is printed.

    Args:
        say: takes lines for the user.

    Raises:
        AmpTrayError: the ledger or the socket cannot be used.
    """
    logging.basicConfig(format=_LOG_FORMAT)
    choice = choose_backend(program.env, sys.platform)
    tray_lock = InstanceLock(program.data_directory / "tray.lock")
    if choice.kind is not None and not _acquire(tray_lock):
        say(f"The tray already runs (pid {tray_lock.holder()}).")
        return
    hosted = None if _service_answers(program) else HostedService(program)
    try:
        with hosted or contextlib.nullcontext(), contextlib.suppress(KeyboardInterrupt):
            say(_service_line(program, hosted))
            say(_glance(program))
            try:
                _show_tray(program, choice, hosted, say)
            except BackendUnavailableError as error:
                say(f"No tray: {error.message}.")
                if hosted is not None:
                    hosted.wait()
    finally:
        tray_lock.release()


def _service_line(program: Program, hosted: "HostedService | None") -> str:
    if hosted is None:
        return f"The service already runs at {program.address}."
    return f"The service listens at {program.address}; stop it with Ctrl+C or `amp-tray stop`."


def _show_tray(
    program: Program,
    choice: BackendChoice,
    hosted: "HostedService | None",
    say: Callable[[str], None],
) -> None:
    backend = create_backend(choice, pid=os.getpid())
    say(f"The tray starts: {choice.reason}.")
    with contextlib.suppress(asyncio.CancelledError):
        run_in_main_thread(backend, lambda: _tray(program, backend, hosted))


async def _tray(program: Program, backend: TrayBackend, hosted: "HostedService | None") -> None:
    """Run the tray until Quit, a signal, or the end of the service that this process hosts."""
    tray = asyncio.current_task()
    assert tray is not None
    loop = asyncio.get_running_loop()
    # Where the toolkit has the main thread (macOS), or on Windows, signals end the process.
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        loop.add_signal_handler(signal.SIGTERM, tray.cancel)
    if hosted is not None:
        hosted.when_ended(lambda: loop.call_soon_threadsafe(tray.cancel))
    await run_tray(
        program.address, backend=backend, on_quit=lambda: None, clock=lambda: datetime.now(UTC)
    )


class HostedService:
    """The service in a thread of this process; a context that lasts as long as it runs."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._thread = threading.Thread(target=self._main, name="amp-tray-service")
        self._listening = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._service: Service | None = None
        self._error: BaseException | None = None
        self._on_end: Callable[[], object] = lambda: None

    def __enter__(self) -> Self:
        """Start it and wait until it listens; raises what kept it from doing so."""
        self._thread.start()
        self._listening.wait(_START_SECONDS)
        if self._error is not None:
            self._thread.join()
            raise self._error
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop it and wait for its end."""
        if self._loop is not None and self._service is not None:
            # It may have ended by itself, by `amp-tray stop`.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._service.stop)
        self._thread.join()

    def wait(self) -> None:
        """Wait until it ended by itself; raises what ended it, if anything went wrong."""
        self._thread.join()
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
            with contextlib.suppress(RuntimeError):  # the tray's loop may be closed already
                self._on_end()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await serve_until_stopped(self._program, on_listening=self._note_listening)

    def _note_listening(self, service: Service) -> None:
        self._service = service
        self._listening.set()


def _glance(program: Program) -> str:
    from amp_tray.surfaces.cli.ask import wait_until_ready  # noqa: PLC0415

    with Client.connect(program.address) as client:
        wait_until_ready(client, lambda _done, _total: None)
        return "\n".join(glance_lines(client.call("usage.summary")))


def _service_answers(program: Program) -> bool:
    try:
        with Client.connect(program.address) as client:
            client.call("session.hello", {"client": "amp-tray run"})
    except ServiceUnavailableError:
        return False
    return True


@contextlib.contextmanager
def _service_lock(program: Program) -> Iterator[OSError | None]:
    """Hold the ledger's lock; yield what kept it from being made, where the disk is read-only.

    Then nobody can write the ledger, and the socket alone sees to it that one service runs.
    """
    lock = InstanceLock(program.data_directory / "ledger.lock")
    give_up_at = time.monotonic() + _LEDGER_WAIT_SECONDS
    refusal: OSError | None = None
    try:
        while not lock.acquire():
            if _service_answers(program) or time.monotonic() > give_up_at:
                raise AlreadyRunningError(
                    f"process {lock.holder()} has the ledger in {program.data_directory}",
                    hint="look with `amp-tray status`, stop it with `amp-tray stop`",
                )
            time.sleep(_LEDGER_POLL_SECONDS)
    except OSError as error:
        refusal = error
    try:
        yield refusal
    finally:
        lock.release()


def _acquire(lock: InstanceLock) -> bool:
    try:
        return lock.acquire()
    except OSError:  # a read-only disk: better a second tray than none
        return True


def _stop_on_signals(service: Service) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, service.stop)
        except NotImplementedError:  # Windows: Ctrl+C raises KeyboardInterrupt instead
            return
