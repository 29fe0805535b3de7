"""The configuration of a running service: read again when asked, or when its file changed."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from amp_tray.app.program import Program
from amp_tray.core.document import Document
from amp_tray.core.errors import AmpTrayError
from amp_tray.core.periods import iso_instant
from amp_tray.host.clock import now_ms
from amp_tray.host.log_levels import log_level
from amp_tray.host.logs import set_level
from amp_tray.host.systemd import Notifier
from amp_tray.live.pace import seconds_to_next
from amp_tray.live.prices import PriceWatch
from amp_tray.live.queries import Queries
from amp_tray.live.service import Service

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often `config.toml` is looked at."""

Stamp = tuple[int, int, int]

TellBalance = Callable[[], Document | None]


class Configuration:
    """The program as it was last configured, and what became of the newest settings.

    Attributes:
        program: the one in force.
        balance: tells the balance to the queries of this service.
    """

    def __init__(self, program: Program, notifier: Notifier) -> None:
        self.program = program
        self.balance: TellBalance = lambda: None
        self._notifier = notifier
        self._failure: str | None = None
        self._loaded_at = now_ms()
        self._asked = asyncio.Event()
        self._stamp = stamp_of(program.config_path)
        self._roots = program.roots()

    def ask(self) -> None:
        """Have the settings read again soon; only the loop's own thread may call it."""
        self._asked.set()

    def status(self) -> Document:
        """Return where the settings lie, since when they are in force, and what is wrong."""
        return {
            "path": str(self.program.config_path),
            "loadedAt": iso_instant(self._loaded_at),
            "failure": self._failure,
        }

    def queries(self) -> Queries:
        """Return the query façade of a service, as it is configured now."""
        return self.program.queries(keeps_rows=True, balance=self.balance)

    async def follow(self, service: Service, prices: PriceWatch) -> None:
        """Bring changed settings in force until cancelled."""
        loop, looked = asyncio.get_running_loop(), self._stamp
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds_to_next(LOOK_SECONDS, loop.time())):
                    await self._asked.wait()
            asked = self._asked.is_set()
            self._asked.clear()
            before, looked = looked, stamp_of(self.program.config_path)
            # One that is gone may be between two halves of its replacement: look once more.
            changed = looked != self._stamp and (looked is not None or before is None)
            # A root may be a link, and another directory now.
            moved = self.program.roots() != self._roots
            if asked or changed or moved:
                await self._reload(service, prices)
                self._stamp = looked

    async def _reload(self, service: Service, prices: PriceWatch) -> None:
        ready = service.hub.current is not None
        if ready:
            self._notifier.tell_reloading()
        try:
            fresh = self.program.configured_again()
            fresh.check()
        except AmpTrayError as error:
            self._failure = error.message
            log.warning("%s: %s; those before stay in force", error.title, error.message)
        else:
            await self._apply(fresh, service, prices)
            self._failure = None
            self._loaded_at = now_ms()
            log.info("the settings were read again")
        finally:
            if ready:
                self._notifier.tell("READY=1")

    async def _apply(self, fresh: Program, service: Service, prices: PriceWatch) -> None:
        old, roots = self.program, fresh.roots()
        if fresh.env != old.env or roots != self._roots:
            set_level(log_level(fresh.env))
            prices.url = fresh.refresh_url
            service.queries = fresh.queries(keeps_rows=True, balance=self.balance)
            service.watch_as(fresh.watch_wish)
            most = fresh.max_file_bytes
            if (roots, most) == (self._roots, old.max_file_bytes):
                await service.reconfigure(lambda _writer: None)
            else:
                await service.reconfigure(
                    lambda writer: writer.point_to(roots, max_file_bytes=most)
                )
        self._roots = roots
        self.program = fresh  # last: what failed before this is tried again


def stamp_of(path: Path) -> Stamp | None:
    """Return what tells one state of a file from another; None where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
