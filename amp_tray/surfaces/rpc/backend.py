"""The program behind the wire: each RPC method asked of the service and its façade."""

import asyncio
import os
from collections.abc import Callable, Mapping

from amp_tray import __version__
from amp_tray.core.errors import UnknownSessionError, UsageError
from amp_tray.core.filters import session_named
from amp_tray.core.snapshot import Snapshot
from amp_tray.host.memory import resident_bytes
from amp_tray.live.prices import NotRefreshedError
from amp_tray.live.query import ReportQuery
from amp_tray.live.service import Service
from amp_tray_rpc.backend import EncodedJson, Json
from amp_tray_rpc.errors import (
    invalid_params,
    not_ready,
    prices_not_refreshed,
    unknown_session,
)
from amp_tray_rpc.messages import ReportParams


class ServiceBackend:
    """Implements `amp_tray_rpc.backend.Backend` over a running service."""

    def __init__(
        self,
        service: Service,
        *,
        ledger: str,
        about: Callable[[], Mapping[str, object]] = dict,
    ) -> None:
        """Wrap a service.

        Args:
            ledger: the ledger's path, for the status; clients compare it with their own.
            about: what else the status tells, of the process.
        """
        self._service = service
        self._ledger = ledger
        self._about = about
        self._reporting = asyncio.Lock()

    @property
    def version(self) -> str:
        """The program's version."""
        return __version__

    @property
    def revision(self) -> int:
        """Number of the newest snapshot."""
        return self._service.hub.revision

    @property
    def ready(self) -> bool:
        """Whether the first scan is published."""
        return self._service.hub.current is not None

    async def summary(self) -> Json:
        """Return the `usage.summary` document."""
        return EncodedJson(self._service.queries.summary(self._snapshot()))

    async def report(self, kind: str, params: ReportParams) -> Json:
        """Return a report document; computed aside, since a large one takes a while."""
        snapshot = self._snapshot()
        query = ReportQuery(kind, **params.model_dump(exclude_none=True))
        try:
            # One at a time: they share a processor anyhow, and the more threads want it, the
            # longer the event loop waits for its turn.
            async with self._reporting:
                data = await asyncio.to_thread(self._service.queries.report, snapshot, query)
        except UsageError as error:
            raise invalid_params(f"{error.message}; {error.hint}") from error
        except UnknownSessionError as error:
            raise unknown_session(f"{error.message}; {error.hint}") from error
        return EncodedJson(data)

    async def thread(self, session_id: str) -> Json:
        """Return one session in detail."""
        snapshot = self._snapshot()
        try:
            session = session_named(snapshot, session_id)
        except UnknownSessionError as error:
            raise unknown_session(f"{error.message}; {error.hint}") from error
        threads = await self._service.threads_of(session)
        file = await self._service.file_of(session)
        return EncodedJson(self._service.queries.thread(snapshot, session, threads, file))

    async def status(self) -> Json:
        """Return the service's health."""
        return {
            **self._service.status(),
            "version": __version__,
            "pid": os.getpid(),
            "memoryBytes": resident_bytes(),
            "ledger": self._ledger,
            **self._about(),
        }

    async def refresh(self) -> Json:
        """Rescan now."""
        return {"revision": await self._service.refresh()}

    async def refresh_prices(self) -> Json:
        """Ask for today's prices and have them in force."""
        try:
            await self._service.refresh_prices()
        except NotRefreshedError as error:
            kind = "offline" if error.offline else "refreshFailed"
            raise prices_not_refreshed(error.message, kind=kind) from error
        pricing = self._snapshot().pricing
        return {"origin": pricing.origin, "asOf": pricing.as_of}

    async def pause(self, paused: bool) -> Json:
        """Stop reading files, or go on."""
        await self._service.pause(paused)
        return {"paused": self._service.paused}

    async def shutdown(self) -> Json:
        """Begin to stop."""
        self._service.stop()
        return {"stopping": True}

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Call `on_change` after each revision."""
        return self._service.hub.subscribe(on_change)

    def subscribe_crossings(self, on_crossed: Callable[[Json], None]) -> Callable[[], None]:
        """Call `on_crossed` each time a budget is crossed."""
        return self._service.budgets.subscribe(on_crossed)

    def _snapshot(self) -> Snapshot:
        snapshot = self._service.hub.current
        if snapshot is None:
            raise not_ready()
        return snapshot
