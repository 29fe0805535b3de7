"""The parts put together as the environment configures them; no logic of its own.

Heavy parts are imported inside the functions that need them, so that a report through a
running service loads neither the ledger nor the watcher nor a GUI.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amp_tray.host.directories import data_directory, socket_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amp_tray.core.snapshot import Snapshot
    from amp_tray.ledger.store import Ledger
    from amp_tray.live.queries import Queries
    from amp_tray.live.writer import Progress, Writer
    from amp_tray.sources.base import Source
    from amp_tray_rpc.address import Address


@dataclass(frozen=True, slots=True)
class Program:
    """The program as configured by its environment.

    Attributes:
        env: the environment, read nowhere else.
        home: the user's home directory.
    """

    env: Mapping[str, str]
    home: Path

    @property
    def address(self) -> Address:
        """Where this user's service listens."""
        return socket_address(self.env, self.home)

    @property
    def data_directory(self) -> Path:
        """Where the ledger and its lock lie."""
        return data_directory(self.env, self.home)

    @property
    def ledger_path(self) -> Path:
        """The ledger's database file."""
        return self.data_directory / "ledger.db"

    def roots(self) -> dict[Source, tuple[Path, ...]]:
        """Return each source's root directories as real paths, existing or not."""
        from amp_tray.sources import SOURCES

        return {
            source: tuple(
                Path(os.path.realpath(root)) for root in source.find_roots(self.env, self.home)
            )
            for source in SOURCES.values()
        }

    def queries(self) -> Queries:
        """Return the query façade on this system's clock and zone."""
        from amp_tray.host.clock import local_zone, now_ms
        from amp_tray.live.queries import Queries, Zone

        return Queries(clock=now_ms, local_zone=lambda: Zone(*local_zone(self.env)))

    def local_zone_name(self) -> str:
        """Return the IANA name of this process's zone."""
        from amp_tray.host.clock import local_zone

        return local_zone(self.env)[1]

    def read_now(self, progress: Progress) -> tuple[Queries, Snapshot]:
        """Read the files in this process, with the ledger where nobody else writes it.

        Where another process has the ledger (a service on other roots, another report) or it
        cannot be written, a copy in memory serves: the history is there, nothing is changed.
        """
        from amp_tray.host.lock import InstanceLock
        from amp_tray.ledger.store import Ledger

        queries = self.queries()
        lock = InstanceLock(self.data_directory / "ledger.lock")
        try:
            ours = lock.acquire()
        except OSError:
            ours = False
        try:
            path = self.ledger_path
            writer = self._writer(Ledger(path) if ours else Ledger.copy_of(path), queries)
            try:
                writer.scan(progress)
                return queries, writer.snapshot(1, scanned_at=queries.clock())
            finally:
                writer.close()
        finally:
            lock.release()

    def open_writer(self, queries: Queries) -> Writer:
        """Open the ledger and return a writer that has loaded it; raises LedgerError."""
        from amp_tray.ledger.store import Ledger

        return self._writer(Ledger(self.ledger_path), queries)

    def _writer(self, ledger: Ledger, queries: Queries) -> Writer:
        from amp_tray.live.writer import Writer
        from amp_tray.pricing.bundled import bundled_catalogue

        writer = Writer(ledger, self.roots(), bundled_catalogue(), queries.clock)
        writer.load()
        return writer
