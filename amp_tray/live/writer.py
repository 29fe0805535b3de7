"""The single writer: files to ledger to sessions, one change at a time.

It owns the ledger while it lives and is called from one thread at a time. Everything it
publishes is an immutable `Snapshot`; what it knows is derived from the ledger, so a writer
that read files one by one ends where one that read them at once does.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

from amp_tray.core.diagnostics import Diagnostic
from amp_tray.core.family import RULES_VERSION
from amp_tray.core.rates import RateCard
from amp_tray.core.snapshot import PricingInfo, SessionUsage, Snapshot
from amp_tray.core.summary import BURN_WINDOW_MS
from amp_tray.ledger.store import Ledger, Scope, Stretch
from amp_tray.live.arriving import store_arrivals
from amp_tray.live.digest import Digester, File
from amp_tray.live.file_state import MAX_FILE_BYTES
from amp_tray.live.held import Fresh, HeldSessions
from amp_tray.live.listing import differences, list_logs
from amp_tray.live.lookup import Lookup
from amp_tray.live.resolving import resolve_changed
from amp_tray.live.roots import Root, places, real_folders
from amp_tray.live.sharing import Batch, digest_all, together
from amp_tray.live.storing import store_files
from amp_tray.live.told import Told
from amp_tray.pricing.book import PriceBook
from amp_tray.sources.base import Source

Progress = Callable[[int, int], None]
"""Called with (files read, files to read) while a scan goes on."""

# Files of one transaction: large enough to be fast, small enough that little is read again
# after a kill.
_BATCH = 64
# New files come faster: in so many steps, each of so many files at most.
_STEPS, _MOST_TOGETHER = 20, 256


class Writer:
    """Reads log files into the ledger and keeps the sessions that the ledger holds."""

    def __init__(
        self,
        ledger: Ledger,
        roots: Mapping[Source, Sequence[Path]],
        prices: PriceBook,
        clock: Callable[[], int],
        *,
        max_file_bytes: int = MAX_FILE_BYTES,
    ) -> None:
        """Take over the ledger; call `load` before anything else.

        Args:
            roots: the root directories of each source, as real paths.
            clock: returns the current instant, epoch milliseconds.
            max_file_bytes: larger files are told, not read.
        """
        self._ledger = ledger
        self._held = HeldSessions(ledger, prices, clock)
        self._clock = clock
        self._max_file_bytes = max_file_bytes
        self._given_roots = roots
        self._halted = threading.Event()
        self._scopes: dict[str, Scope] = {}
        self._told = Told(ledger)
        self.roots: tuple[Root, ...] = ()
        self.files = 0

    @property
    def temporary(self) -> bool:
        """Whether what is read is not kept, because the ledger cannot be written."""
        return self._ledger.temporary

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()

    def halt(self) -> None:
        """Have a scan end after the file it is at; any thread may ask, and it stays asked."""
        self._halted.set()

    def point_to(self, roots: Mapping[Source, Sequence[Path]], *, max_file_bytes: int) -> None:
        """Read other roots, or larger files, from now on; reads no log file itself."""
        self._given_roots = roots
        self._max_file_bytes = max_file_bytes
        self._scopes = {}
        self._told = Told(self._ledger)
        self.load()

    def load(self, *, lazily: bool = False) -> None:
        """Build the sessions from what the ledger holds; reads no log file.

        Args:
            lazily: those that the ledger keeps are read when they are asked for.
        """
        roots: list[Root] = []
        for source, paths in self._given_roots.items():
            spelled = {str(path): path for path in paths}
            scope, resolved = self._ledger.open_scope(source.name, list(spelled), RULES_VERSION)
            self._scopes[source.name] = scope
            ids = dict(zip(sorted(spelled), scope.root_ids, strict=True))
            roots += [Root(source, path, ids[name]) for name, path in spelled.items()]
            if not resolved:
                with self._ledger.transaction():
                    self._resolve(scope, self._ledger.thread_ids(scope))
                    self._ledger.note_resolved(scope, RULES_VERSION)
        self.roots = tuple(roots)
        self._held.load(self._scopes.values(), lazily=lazily)
        self._told.reload(self.roots, self._scopes)

    def scan(self, progress: Progress | None = None, *, days_in: ZoneInfo | None = None) -> bool:
        """Read every file that is not as it was last read; return whether anything changed.

        Args:
            days_in: the zone of the days that will be asked for, where that is all.
        """
        before = self._all_told()
        work: list[tuple[Root, str]] = []
        arrived: list[tuple[Root, str]] = []
        gone: list[int] = []
        self.files = 0
        troubles: list[Diagnostic] = []
        skip = real_folders(self.roots)
        for root in self.roots:
            found = list_logs(root.source, root.folder, skip, max_bytes=self._max_file_bytes)
            troubles += found.troubles
            self.files += len(found.files)
            differing = differences(found, self._ledger.files.of_root(root.root_id))
            arrived += [(root, name) for name in differing.arrived]
            work += [(root, name) for name in differing.changed]
            gone += differing.gone
        self._told.note_roots(troubles)
        if gone:
            with self._ledger.transaction():
                self._ledger.files.mark_gone(gone)
        count = _Count(progress, len(arrived) + len(work))
        gathered = days_in is not None and self._held.gather(days_in)
        changed = self._read_arrived(arrived, count, days_in if gathered else None)
        changed |= self._read(work, count)
        if gone or arrived or work:
            self._told.reload(self.roots, self._scopes)
        return changed or self._all_told() != before

    def read(self, paths: Iterable[Path]) -> bool:
        """Read some files that may have changed; return whether any figure did."""
        before = self._all_told()
        changed = self._read(places(self.roots, paths), _Count(None, 0))
        self._told.reload(self.roots, self._scopes)
        return changed or self._all_told() != before

    def snapshot(
        self,
        revision: int,
        *,
        scanned_at: int | None,
        paused: bool = False,
        watching: bool = True,
        days_in: ZoneInfo | None = None,
    ) -> Snapshot:
        """Return the present state as an immutable value.

        Args:
            days_in: tell the usage by the days of this zone alone, without the sessions.
        """
        catalogue = self._held.prices.catalogue
        return Snapshot(
            revision=revision,
            sessions=dict(self._held.sessions) if days_in is None else {},
            diagnostics=self._troubles(),
            pricing=PricingInfo(catalogue.origin, catalogue.as_of),
            sources=tuple(self._scopes),
            scanned_at=scanned_at,
            paused=paused,
            watching=watching,
            roots=tuple(str(root.path) for root in self.roots),
            resets=self._told.resets,
            days=None if days_in is None else self._held.days(days_in),
        )

    @property
    def lookup(self) -> Lookup:
        """What is known of single sessions."""
        return Lookup(self._ledger, self._scopes, self.roots)

    def reprice(self, prices: PriceBook) -> None:
        """Price everything anew from what the ledger holds; reads no log file."""
        self._held.reprice(prices, self._scopes.values())

    def card_of(self, model: str, at: int) -> RateCard | None:
        """Return the rate card of a model at an instant, None when it has no price."""
        return self._held.card_of(model, at)

    def _read_arrived(
        self,
        files: Sequence[File],
        count: "_Count",
        days_in: ZoneInfo | None,
    ) -> bool:
        """Read files that the ledger does not know."""
        changed = False
        digester = Digester(
            files,
            self._held.card_of,
            since=self._clock() - BURN_WINDOW_MS,
            max_bytes=self._max_file_bytes,
            days_in=days_in,
        )
        with closing(digest_all(digester, self._halted.is_set)) as batches:
            most = min(len(files) // _STEPS, _MOST_TOGETHER)
            for batch in together(batches, len(files), most):
                with self._ledger.transaction():
                    fresh, some = self._store_arrived(files, batch)
                changed |= self._held.take(fresh) or some
                count.add(len(batch.digests))
        return changed

    def _store_arrived(self, files: Sequence[File], batch: Batch) -> tuple[Fresh, bool]:
        """Store what new files say; return the sessions that changed, and whether any came."""
        stored = store_arrivals(self._ledger, self._scopes, files, batch.digests)
        fresh: Fresh = {}
        for source, parts in batch.days:
            self._held.by_day.add_sums(self._scopes[source], parts)
        for scope, refused in stored.refused.items():
            self._held.by_day.refuse(scope, refused)
        for scope, alone in stored.alone.items():
            fresh |= self._held.arrived(scope, alone)
        return fresh | self._resolved(stored.threads, fresh), any(stored.alone.values())

    def _read(self, files: Sequence[File], count: "_Count") -> bool:
        """Read files that the ledger may know, and unite them with what it knows of them."""
        changed = False
        for start in range(0, len(files), _BATCH):
            if self._halted.is_set():
                break
            batch = files[start : start + _BATCH]
            unhalted = takewhile(lambda _: not self._halted.is_set(), batch)
            with self._ledger.transaction():
                stored = store_files(
                    self._ledger, self._scopes, unhalted, max_bytes=self._max_file_bytes
                )
                fresh = self._resolved(stored, {})
            changed |= self._held.take(fresh)
            count.add(len(batch))
        return changed

    def _resolved(
        self, threads: Mapping[Scope, Collection[str]], before: Mapping[str, SessionUsage | None]
    ) -> Fresh:
        """Resolve the families of some threads; return the sessions that changed.

        Args:
            before: sessions of this transaction, over those that are held.
        """
        fresh: Fresh = {}
        touched = {scope: self._resolve(scope, names) for scope, names in threads.items() if names}
        for scope in threads:
            self._ledger.outdate_others(scope)
        for scope, sessions in touched.items():
            fresh |= self._held.refreshed(scope, sessions, before)
        return fresh

    def _resolve(self, scope: Scope, thread_ids: Collection[str]) -> dict[str, Stretch]:
        """Resolve the families of some threads; return the sessions that this touches, and when."""
        sessions, failed = resolve_changed(self._ledger, scope, thread_ids)
        self._told.note_threads(thread_ids, failed)
        return sessions

    def _troubles(self) -> tuple[Diagnostic, ...]:
        return (*self._held.prices.troubles, *self._ledger.troubles, *self._told.troubles)

    def _all_told(self) -> tuple[object, ...]:
        """Return what is told besides usage."""
        return (*self._troubles(), *self._told.resets)


class _Count:
    """Tells how many files are read, of how many."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._done, self._total = 0, total

    def add(self, files: int) -> None:
        """Note that so many more are read."""
        self._done += files
        if self._progress is not None:
            self._progress(self._done, self._total)
