"""The single writer: files to ledger to sessions, one change at a time.

It owns the ledger while it lives and is called from one thread at a time. Everything it
publishes is an immutable `Snapshot`; what it knows is derived from the ledger, so a writer
that read files one by one ends where one that read them at once does.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.core.events import UsageEvent
from amp_tray.core.family import RULES_VERSION, FamilyUsage
from amp_tray.core.money import Usd
from amp_tray.core.rates import Catalogue, RateCard, cost_of
from amp_tray.core.snapshot import PricingInfo, SessionUsage, Snapshot, session_usage
from amp_tray.core.summary import BURN_WINDOW_MS
from amp_tray.core.unite import unite
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.store import Ledger, Scope, stored_name
from amp_tray.live.files import MAX_FILE_BYTES, FileReading, list_logs, read_log
from amp_tray.live.resolving import family_of, resolve_changed
from amp_tray.live.roots import Root, places, real_folders
from amp_tray.sources.base import Source

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with (files read, files to read) while a scan goes on."""

# Files of one transaction: large enough to be fast, small enough that little is read again
# after a kill.
_BATCH = 64


class Writer:
    """Reads log files into the ledger and keeps the sessions that the ledger holds."""

    def __init__(
        self,
        ledger: Ledger,
        roots: Mapping[Source, Sequence[Path]],
        catalogue: Catalogue,
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
        self._catalogue = catalogue
        self._clock = clock
        self._max_file_bytes = max_file_bytes
        self._cards: dict[str, RateCard | None] = {}
        self._given_roots = roots
        self._scopes: dict[str, Scope] = {}
        self._sessions: dict[str, SessionUsage] = {}
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
            for session_id, events in self._ledger.session_events(scope):
                self._sessions[session_id] = self._session(scope, session_id, events)
        self.roots = tuple(roots)
        self._reload_troubles()

    def scan(self, progress: Progress | None = None) -> bool:
        """Read every file that is not as it was last read; return whether anything changed."""
        before = self._troubles()
        work: list[tuple[Root, str]] = []
        gone: list[int] = []
        self.files = 0
        troubles: list[Diagnostic] = []
        skip = real_folders(self.roots)
        for root in self.roots:
            found = list_logs(root.source, root.folder, skip, max_bytes=self._max_file_bytes)
            troubles += found.troubles
            known = self._ledger.known_files(root.root_id)
            self.files += len(found.files)
            work += [
                (root, name)
                for name, state in sorted(found.files.items())
                if (file := known.get(stored_name(name))) is None
                or file.state != state
                or not file.present
            ]
            there = set(map(stored_name, found.files))
            gone += [
                file.file_id
                for name, file in known.items()
                if file.present and name not in there and found.tells_of(name)
            ]
        self._root_troubles = tuple(troubles)
        if gone:
            with self._ledger.transaction():
                self._ledger.mark_gone(gone)
        changed = self._read(work, progress)
        if gone or work:
            self._reload_troubles()
        return changed or self._troubles() != before

    def read(self, paths: Iterable[Path]) -> bool:
        """Read some files that may have changed; return whether any figure did."""
        before = self._troubles()
        changed = self._read(places(self.roots, paths), None)
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
            pricing=PricingInfo(self._catalogue.origin, self._catalogue.as_of),
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

    def card_of(self, model: str) -> RateCard | None:
        """Return the rate card of a model, None when it has no price."""
        if model not in self._cards:
            self._cards[model] = self._catalogue.card_of(model)
        return self._cards[model]

    def _read(self, work: Sequence[tuple[Root, str]], progress: Progress | None) -> bool:
        changed = False
        for start in range(0, len(work), _BATCH):
            batch = work[start : start + _BATCH]
            with self._ledger.transaction():
                touched = [
                    (scope, self._resolve(scope, thread_ids))
                    for scope, thread_ids in self._store(batch).items()
                    if thread_ids
                ]
                for scope, _ in touched:
                    self._ledger.outdate_others(scope)
            for scope, session_ids in touched:
                changed |= self._refresh(scope, session_ids)
            if progress is not None:
                progress(start + len(batch), len(work))
        return changed

    def _store(self, batch: Iterable[tuple[Root, str]]) -> dict[Scope, set[str]]:
        """Store each file's reading; return the threads whose records changed, by scope."""
        threads: dict[Scope, set[str]] = defaultdict(set)
        for root, name in batch:
            file = read_log(root.source, root.folder, name, max_bytes=self._max_file_bytes)
            if file is None:
                known = self._ledger.known_file(root.root_id, name)
                if known is not None:
                    self._ledger.mark_gone([known.file_id])
                continue
            thread_id = self._store_one(root, file)
            if thread_id is not None:
                threads[self._scopes[root.source.name]].add(thread_id)
        return threads

    def _store_one(self, root: Root, file: FileReading) -> str | None:
        """Store one reading; return its thread if the record is no longer as it was."""
        try:
            with self._ledger.part():
                return self._store_file(root, file)
        except LedgerError:
            raise
        except Exception as error:  # noqa: BLE001 - fault boundary: one file may fail
            # Its type alone: a message may quote what the file says.
            log.warning("%s could not be stored: %s", file.name, type(error).__name__)
            trouble = Diagnostic(Code.BAD_RECORD, file.name, "the program failed on this file")
            self._ledger.put_file(root.root_id, file.name, file.state, [trouble])
            return None

    def _store_file(self, root: Root, file: FileReading) -> str | None:
        """Store one reading; a file that turned bad keeps what was last read of it."""
        reading = file.reading
        file_id = self._ledger.put_file(root.root_id, file.name, file.state, reading.diagnostics)
        if reading.record is None:
            return None
        stored = self._ledger.record_of(file_id, reading.record.thread_id)
        record = reading.record if stored is None else unite(stored, reading.record)
        if record == stored:
            return None
        self._ledger.put_record(file_id, record)
        return record.thread_id

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

    def _refresh(self, scope: Scope, session_ids: Iterable[str]) -> bool:
        changed = False
        for session_id in session_ids:
            fresh = next(
                (
                    self._session(scope, session_id, events)
                    for _, events in self._ledger.session_events(scope, session_id)
                ),
                None,
            )
            held = self._sessions.get(session_id)
            if fresh is None:
                changed |= self._sessions.pop(session_id, None) is not None
            elif held is None or not fresh.same_usage(held):
                self._sessions[session_id] = fresh
                changed = True
        return changed

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

    def _price(self, event: UsageEvent) -> Usd | None:
        card = self.card_of(event.model)
        return None if card is None else cost_of(event, card)

    def _reload_troubles(self) -> None:
        self._file_troubles = tuple(
            trouble._replace(path=str(root.folder / trouble.path))
            for root in self.roots
            for trouble in self._ledger.diagnostics(root.root_id)
        )

    def _troubles(self) -> tuple[Diagnostic, ...]:
        return (
            *self._ledger.troubles,
            *self._root_troubles,
            *self._thread_troubles.values(),
            *self._file_troubles,
        )
