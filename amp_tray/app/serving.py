"""The service on an event loop: what it is made of, how it begins and how it ends.

Begins with the lock, then the socket, then the scan; ends with the socket, then the writer, the
ledger and the lock, within a second and whatever its clients do.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from amp_tray.app.program import Program
from amp_tray.app.reading import mend_writer, open_writer
from amp_tray.app.reloading import Configuration
from amp_tray.app.resident import Host, leave_within, let_go_of_output, resident, soon
from amp_tray.app.supervision import feed_watchdog, tell_how_it_goes
from amp_tray.app.syncing import Syncing
from amp_tray.app.takeover import AlreadyRunningError, running_service, service_lock
from amp_tray.core.errors import AmpTrayError
from amp_tray.host.signals import Signals
from amp_tray.host.systemd import notifier, watchdog_seconds
from amp_tray.live.prices import PriceWatch
from amp_tray.live.service import Service
from amp_tray.surfaces.rpc.backend import ServiceBackend
from amp_tray_rpc.address import Address
from amp_tray_rpc.limits import DEFAULT_LIMITS
from amp_tray_rpc.listener import AddressError, AddressInUseError
from amp_tray_rpc.server import Server

log = logging.getLogger(__name__)

# What a peer that does not read may cost at the end.
_CLOSE_SECONDS = 0.4
# A disk that hangs must not keep the process for ever; what is not committed is read again.
_LAST_SECONDS = 5.0

Listening = Callable[[Service, Address], None]
"""Takes the service, and where it is found."""


def serve(program: Program, *, say: Callable[[str], None], detached: bool = False) -> None:
    """Be the service in the main thread until it is told to stop.

    Args:
        say: takes lines for the user.
        detached: nobody looks at the output once the service listens.

    Raises:
        AlreadyRunningError, AmpTrayError: as `serve_until_stopped`.
    """

    def announce(service: Service, address: Address) -> None:
        say(listening_line(address))
        say(network_line(program))
        if detached:
            service.keep("output", let_go_of_output)

    program.check()
    with resident(program, stderr=not detached) as (signals, crashes):
        manager = notifier(program.env)
        kind = "systemd" if manager.there else "serve"
        watchdog = watchdog_seconds(program.env) if manager.there else None
        host = Host(kind, signals, crashes, manager, watchdog)
        asyncio.run(_serve(program, host, announce))


async def _serve(program: Program, host: Host, announce: Listening) -> None:
    task = asyncio.current_task()
    assert task is not None
    with (
        contextlib.suppress(asyncio.CancelledError),
        host.signals.asking(soon(task.cancel)),
    ):
        await serve_until_stopped(program, host, on_listening=announce)


async def serve_until_stopped(program: Program, host: Host, *, on_listening: Listening) -> None:
    """Be the service until `service.shutdown`, a signal, or the loop's end.

    Args:
        on_listening: called on the event loop once clients can connect.

    Raises:
        AlreadyRunningError: another process is the service for this ledger or socket.
        AmpTrayError: the ledger or the socket cannot be used.
    """
    asyncio.get_running_loop().set_exception_handler(host.crashes.on_loop_error)
    async with service_lock(program) as refusal:
        configuration = Configuration(program, host.notifier)
        syncing = Syncing(configuration)
        configuration.balance = syncing.balance
        service, prices = _make_service(configuration, refusal)
        server = _make_server(service, configuration, syncing, host)
        service.keep("settings", lambda: configuration.follow(service, prices))
        service.keep("sync", lambda: syncing.run(service))
        _have_supervised(service, host)
        host.signals.when_asked_to_reload(soon(configuration.ask))
        with _stopped_by_signals(host.signals, service):
            try:
                on_listening(service, await _listen(server, program))
                host.notifier.tell("STATUS=opening the ledger")
                await service.run()
            finally:
                log.info("stops")
                host.notifier.tell("STOPPING=1", "STATUS=stopping")
                leave_within(_LAST_SECONDS)
                await server.close()
                await asyncio.to_thread(service.close)


def listening_line(address: Address) -> str:
    """Return what to say once the service listens."""
    return f"The service listens at {address}; stop it with Ctrl+C or `amp-tray stop`."


def network_line(program: Program) -> str:
    """Return what the network is used for."""
    if program.offline:
        return "No network is used; prices are those on disk."
    host = urlsplit(program.prices_url).hostname
    prices = f"Prices are asked for once a day at {host}; `offline = true` turns it off."
    if not program.sync_options.enabled:
        return prices
    return f"{prices} Threads are fetched by `amp`; `sync.enabled = false` turns it off."


def _make_service(
    configuration: Configuration, refusal: OSError | None
) -> tuple[Service, PriceWatch]:
    program, ours = configuration.program, refusal is None
    queries = configuration.queries()
    prices = PriceWatch(
        program.price_files,
        queries.clock,
        url=program.refresh_url,
        refresh_command=(*program.command, "pricing", "refresh", "--quiet"),
    )
    # Whenever the ledger is opened, it is for the settings that are in force then.
    service = Service(
        lambda: open_writer(configuration.program, queries, ours=ours, refusal=refusal),
        queries,
        lambda writer, error: mend_writer(configuration.program, writer, error, queries, ours=ours),
        prices,
        watch=program.watch_wish,
    )
    return service, prices


def _make_server(
    service: Service, configuration: Configuration, syncing: Syncing, host: Host
) -> Server:
    program = configuration.program
    backend = ServiceBackend(
        service,
        ledger=str(program.ledger_path),
        about=lambda: {
            "socket": str(server.address),
            "hostedBy": host.kind,
            "settings": configuration.status(),
            "sync": syncing.status(),
            "log": str(program.log_path),
        },
    )
    server = Server(backend, DEFAULT_LIMITS._replace(close_seconds=_CLOSE_SECONDS))
    return server


def _have_supervised(service: Service, host: Host) -> None:
    manager, watchdog = host.notifier, host.watchdog
    if manager.there:
        service.keep("manager", lambda: tell_how_it_goes(manager, service))
    if watchdog is not None:
        service.keep("watchdog", lambda: feed_watchdog(manager, service, watchdog))


async def _listen(server: Server, program: Program) -> Address:
    # One that listens in the other way is not in the way of this one, but clients find one.
    other = await asyncio.to_thread(running_service, program)
    if other is not None:
        raise AlreadyRunningError(
            f"process {other.pid} is the service at {program.address}",
            hint="look with `amp-tray status`, stop it with `amp-tray stop`",
        )
    try:
        return await server.start(program.listening_address)
    except AddressInUseError as error:
        raise AlreadyRunningError(error.message, hint=error.hint) from error
    except AddressError as error:
        raise AmpTrayError(error.message, hint=error.hint) from error


@contextlib.contextmanager
def _stopped_by_signals(signals: Signals, service: Service) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with signals.asking(soon(service.stop)):
        yield
