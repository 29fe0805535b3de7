"""A service in this process, and waiting for what it publishes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

from amp_tray.live.queries import Queries, Zone
from amp_tray.live.service import Service
from tests.support.scans import NOW, open_writer, total_tokens

SECONDS = 10
QUERIES = Queries(clock=lambda: NOW, local_zone=lambda: Zone(UTC, "UTC"))


class Follower:
    """Waits for what a service publishes."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.revisions: list[int] = []
        self._told = asyncio.Event()
        service.hub.subscribe(self._note)

    def _note(self) -> None:
        self.revisions.append(self.service.hub.revision)
        self._told.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a snapshot with which a condition holds."""
        while not condition():
            self._told.clear()
            await self._told.wait()

    def tokens(self) -> int:
        """Return all tokens of the newest snapshot, -1 before the first."""
        snapshot = self.service.hub.current
        return -1 if snapshot is None else total_tokens(snapshot)

    def codes(self) -> list[str]:
        """Return the codes of what the newest snapshot says could not be used."""
        snapshot = self.service.hub.current
        return [] if snapshot is None else [item.code.value for item in snapshot.diagnostics]


@asynccontextmanager
async def running(
    *roots: Path, ledger: Path | None = None, queries: Queries = QUERIES, **options: Any
) -> AsyncIterator[tuple[Service, Follower]]:
    """Run a service on some roots, as `following` does."""
    service = Service(lambda: open_writer(ledger, *roots), queries, **options)
    async with following(service) as follower:
        yield service, follower


@asynccontextmanager
async def following(service: Service) -> AsyncIterator[Follower]:
    """Run a service; leave after its first snapshot, stop it at the end."""
    follower = Follower(service)
    async with asyncio.timeout(SECONDS):
        running = asyncio.create_task(service.run())
        try:
            await follower.until(lambda: bool(follower.revisions))
            yield follower
        finally:
            service.stop()
            await running
            service.close()
