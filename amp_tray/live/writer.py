"""The single writer: files to ledger to sessions, one change at a time.

It owns the ledger while it lives and is called from one thread at a time. Everything it
publishes is an immutable `Snapshot`; what it knows is derived from the ledger, so a writer
that read files one by one ends where one that read them at once does.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TypeAlias

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.core.events import UsageEvent
from amp_tray.core.family import RULES_VERSION, FamilyUsage
from amp_tray.core.money import Usd
from amp_tray.core.rates import RateCard, cost_of
from amp_tray.core.rollup import ROLLUPS_VERSION, recent_costs
from amp_tray.core.snapshot import PricingInfo, SessionUsage, Snapshot, session_usage
from amp_tray.core.summary import BURN_WINDOW_MS
from amp_tray.ledger.store import Ledger, Scope, stored_name
from amp_tray.live.arriving import store_arrivals
from amp_tray.live.digest import Digest, File, digest_all, digester
from amp_tray.live.files import MAX_FILE_BYTES, list_logs
from amp_tray.live.resolving import family_of, resolve_changed
from amp_tray.live.roots import Root, places, real_folders
from amp_tray.live.storing import store_files
from amp_tray.pricing.book import PriceBook
from amp_tray.sources.base import Source

Progress = Callable[[int, int], None]
"""Called with (files read, files to read) while a scan goes on."""

Fresh: TypeAlias = dict[str, SessionUsage | None]
"""Sessions that changed, by id; None where one is no more."""

# Files of one transaction: large enough to be fast, small enough that little is read again
# after a kill.
_BATCH = 64


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
        self._prices = prices
        self._clock = clock
        self._max_file_bytes = max_file_bytes
        self._given_roots = roots
        self._halted = threading.Event()
        self._scopes: dict[str, Scope] = {}
        self._sessions: dict[str, SessionUsage] = {}
        self._stamp = ""
        self._root_troubles: tuple[Diagnostic, ...] = ()
        self._thread_troubles: dict[str, Diagnostic] = {}
        self._file_troubles: tuple[Diagnostic, ...] = ()
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
        self._root_troubles = ()
        self._thread_troubles = {}
        self.load()

    def load(self) -> None:
        """Build the sessions from what the ledger holds; reads no log file."""
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
        self._load_sessions()
        self._reload_troubles()

    def scan(self, progress: Progress | None = None) -> bool:
        """Read every file that is not as it was last read; return whether anything changed."""
        before = self._troubles()
        work: list[tuple[Root, str]] = []
        arrived: list[tuple[Root, str]] = []
        gone: list[int] = []
        self.files = 0
        troubles: list[Diagnostic] = []
        skip = real_folders(self.roots)
        for root in self.roots:
            found = list_logs(root.source, root.folder, skip, max_bytes=self._max_file_bytes)
            troubles += found.troubles
            known = self._ledger.known_files(root.root_id)
            self.files += len(found.files)
            there = {stored_name(name): name for name in sorted(found.files)}
            arrived += [(root, name) for stored, name in there.items() if stored not in known]
            work += [
                (root, name)
                for stored, name in there.items()
                if (file := known.get(stored)) is not None
                and (file.state != found.files[name] or not file.present)
            ]
            gone += [
                file.file_id
                for name, file in known.items()
                if file.present and name not in there and found.tells_of(name)
            ]
        self._root_troubles = tuple(troubles)
        if gone:
            with self._ledger.transaction():
                self._ledger.mark_gone(gone)
        count = _Count(progress, len(arrived) + len(work))
        changed = self._read_arrived(arrived, count)
        changed |= self._read(work, count)
        if gone or arrived or work:
            self._reload_troubles()
        return changed or self._troubles() != before

    def read(self, paths: Iterable[Path]) -> bool:
        """Read some files that may have changed; return whether any figure did."""
        before = self._troubles()
        changed = self._read(places(self.roots, paths), _Count(None, 0))
        self._reload_troubles()
        return changed or self._troubles() != before

    def snapshot(
        self, revision: int, *, scanned_at: int | None, paused: bool = False, watching: bool = True
    ) -> Snapshot:
        """Return the present state as an immutable value."""
        return Snapshot(
            revision=revision,
            sessions=dict(self._sessions),
            diagnostics=self._troubles(),
            pricing=PricingInfo(self._prices.catalogue.origin, self._prices.catalogue.as_of),
            sources=tuple(self._scopes),
            scanned_at=scanned_at,
            paused=paused,
            watching=watching,
            roots=tuple(str(root.path) for root in self.roots),
        )

    def family(
        self, session: SessionUsage
    ) -> tuple[FamilyUsage, dict[str, list[tuple[str, bool]]]]:
        """Return the family of a session resolved anew, and the files of its threads.

        The files are paths by thread id, each with whether it is still there.
        """
        scope = self._scopes[session.source]
        thread_ids, usage = family_of(self._ledger, scope, session.session_id)
        folders = {root.root_id: root.folder for root in self.roots}
        files = {
            thread_id: [
                (str(folders[root_id] / name), present)
                for root_id, name, present in self._ledger.files_of(scope, thread_id)
            ]
            for thread_id in thread_ids
        }
        return usage, files

    def reprice(self, prices: PriceBook) -> None:
        """Price everything anew from what the ledger holds; reads no log file."""
        self._prices = prices
        self._load_sessions()

    def card_of(self, model: str, at: int) -> RateCard | None:
        """Return the rate card of a model at an instant, None when it has no price."""
        return self._prices.catalogue.card_of(model, at)

    def _load_sessions(self) -> None:
        """Take the sessions that the ledger keeps at these prices, or make all of them anew."""
        self._stamp = price_stamp(self._prices)
        loaded: dict[str, SessionUsage] = {}
        for scope in self._scopes.values():
            kept = self._ledger.sessions.all_of(scope.scope_id, scope.source, self._stamp)
            if kept is None:
                kept = [
                    self._session(scope, session_id, events)
                    for session_id, events in self._ledger.session_events(scope)
                ]
                with self._ledger.transaction():
                    self._ledger.sessions.replace_all(scope.scope_id, self._stamp, kept)
            else:
                since = self._clock() - BURN_WINDOW_MS
                kept = [
                    self._with_recent(scope, session, since)
                    if session.last_at >= since
                    else session
                    for session in kept
                ]
            loaded |= {session.session_id: session for session in kept}
        self._sessions = loaded

    def _read_arrived(self, files: Sequence[File], count: "_Count") -> bool:
        """Read files that the ledger does not know."""
        changed = False
        since = self._clock() - BURN_WINDOW_MS
        digest = digester(files, self._price, since=since, max_bytes=self._max_file_bytes)
        with closing(digest_all(len(files), digest, self._halted.is_set)) as batches:
            for digests in batches:
                with self._ledger.transaction():
                    fresh = self._store_arrived(files, digests)
                changed |= self._take(fresh)
                count.add(len(digests))
        return changed

    def _store_arrived(self, files: Sequence[File], digests: Sequence[Digest]) -> Fresh:
        stored = store_arrivals(self._ledger, self._scopes, files, digests)
        fresh: Fresh = {}
        for scope, sessions in stored.sessions.items():
            if self._stamp:
                self._ledger.sessions.put_encoded(scope.scope_id, sessions)
            fresh |= {session.session_id: session for session, _ in sessions}
        return fresh | self._resolved(stored.threads, fresh)

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
            changed |= self._take(fresh)
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
        touched = [(scope, self._resolve(scope, names)) for scope, names in threads.items()]
        for scope, session_ids in touched:
            self._ledger.outdate_others(scope)
            fresh |= self._refreshed(scope, session_ids, before)
        return fresh

    def _take(self, fresh: Fresh) -> bool:
        """Hold what a transaction made, once it is kept: what it undoes must not be shown."""
        for session_id, session in fresh.items():
            if session is None:
                self._sessions.pop(session_id, None)
            else:
                self._sessions[session_id] = session
        return bool(fresh)

    def _resolve(self, scope: Scope, thread_ids: Collection[str]) -> set[str]:
        """Resolve the families of some threads; return the sessions that this touches."""
        sessions, failed = resolve_changed(self._ledger, scope, thread_ids)
        for thread_id in thread_ids:
            self._thread_troubles.pop(thread_id, None)
        for thread_id in failed:
            self._thread_troubles[thread_id] = Diagnostic(
                Code.BAD_RECORD, thread_id, "the program failed on this thread"
            )
        return sessions

    def _refreshed(
        self,
        scope: Scope,
        session_ids: Iterable[str],
        before: Mapping[str, SessionUsage | None],
    ) -> Fresh:
        """Price some sessions anew and keep them; return those that differ, None for gone."""
        fresh: Fresh = {}
        for session_id in session_ids:
            held = before.get(session_id) or self._sessions.get(session_id)
            session = next(
                (
                    self._session(scope, session_id, events)
                    for _, events in self._ledger.session_events(scope, session_id)
                ),
                None,
            )
            if session is None:
                if held is not None:
                    fresh[session_id] = None
            elif held is None or not session.same_usage(held):
                fresh[session_id] = session
        if self._stamp:
            gone = (session_id for session_id, session in fresh.items() if session is None)
            self._ledger.sessions.drop(scope.scope_id, gone)
            self._ledger.sessions.put(scope.scope_id, filter(None, fresh.values()))
        return fresh

    def _session(self, scope: Scope, session_id: str, events: Sequence[UsageEvent]) -> SessionUsage:
        info = self._ledger.session(scope, session_id)
        return session_usage(
            events,
            self._price,
            session_id=session_id,
            source=scope.source,
            title=None if info is None else info.title,
            project=None if info is None else info.project,
            recent_since=self._clock() - BURN_WINDOW_MS,
        )

    def _with_recent(self, scope: Scope, session: SessionUsage, since: int) -> SessionUsage:
        for _, events in self._ledger.session_events(scope, session.session_id):
            return replace(session, recent=tuple(recent_costs(events, self._price, since)))
        return session

    def _price(self, event: UsageEvent) -> Usd | None:
        card = self.card_of(event.model, event.at)
        return None if card is None else cost_of(event, card)

    def _reload_troubles(self) -> None:
        self._file_troubles = tuple(
            trouble._replace(path=str(root.folder / trouble.path))
            for root in self.roots
            for trouble in self._ledger.diagnostics(root.root_id)
        )

    def _troubles(self) -> tuple[Diagnostic, ...]:
        return (
            *self._prices.troubles,
            *self._ledger.troubles,
            *self._root_troubles,
            *self._thread_troubles.values(),
            *self._file_troubles,
        )


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


def price_stamp(prices: PriceBook) -> str:
    """Return what names costs by these prices and this way of making them; "" for no name."""
    return f"{ROLLUPS_VERSION} {prices.stamp}" if prices.stamp else ""
