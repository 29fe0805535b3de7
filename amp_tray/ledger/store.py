"""The ledger: facts per file and thread, and the usage events resolved from them.

One writer at a time (the instance lock sees to that). The ledger never forgets by itself: a
file that vanished keeps its record. What a figure means is the core's business; this module
only keeps what it is given, by the root it came from.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from amp_tray.core.events import UsageEvent
from amp_tray.core.family import ThreadSpan, ThreadUsage, resolve_alone
from amp_tray.core.records import ThreadRecord
from amp_tray.core.unite import unite_copies
from amp_tray.ledger.arrivals import Arrivals
from amp_tray.ledger.connect import connect
from amp_tray.ledger.days import KeptDays
from amp_tray.ledger.errors import DATABASE_ERRORS, DamagedLedgerError, unusable
from amp_tray.ledger.facts import decode_facts, encode_facts
from amp_tray.ledger.files import Files, stored_name
from amp_tray.ledger.links import Links
from amp_tray.ledger.places import Places
from amp_tray.ledger.reading import copy_into
from amp_tray.ledger.sessions import Sessions
from amp_tray.ledger.usage import decode_events, encode_events, span_of_events

if TYPE_CHECKING:
    from amp_tray.core.diagnostics import Diagnostic

_EVENTS = "session_id, thread_id, events"

Stretch: TypeAlias = tuple[int, int]
"""A time from its first to its last instant; empty where the first is the later."""

NO_TIME: Stretch = (2**62, -(2**62))


def widened(stretch: Stretch, other: Stretch) -> Stretch:
    """Return the time from the earlier beginning of two to the later end."""
    return min(stretch[0], other[0]), max(stretch[1], other[1])


_ThreadRow: TypeAlias = tuple[
    int, str, str, str | None, str | None, int, int | None, int | None, str
]


class ThreadInfo(NamedTuple):
    """What is known of a thread in a scope besides its usage."""

    thread_id: str
    session_id: str
    title: str | None
    project: str | None


class Scope(NamedTuple):
    """The roots of one source that a report covers; events are resolved for one scope."""

    scope_id: int
    source: str
    root_ids: tuple[int, ...]


class Ledger:
    """The store behind one database file (or in memory); owns its connection.

    Attributes:
        temporary: it stands in for one that cannot be written, and ends with the process.
        troubles: what the user is to know of how it was opened.
    """

    def __init__(self, path: Path | None, *, database: sqlite3.Connection | None = None) -> None:
        """Open the ledger at `path`, or one in memory; raises LedgerError.

        Args:
            database: take over this connection to it.
        """
        self.path = path
        self.temporary = False
        self.troubles: tuple[Diagnostic, ...] = ()
        self._db = connect(path) if database is None else database
        self.links = Links(self._db)
        self.sessions = Sessions(self._db)
        self.days = KeptDays(self._db)
        self.arrivals = Arrivals(self._db)
        self.places = Places(self._db)
        self.files = Files(self._db)
        self._written: dict[tuple[str, str], tuple[str, tuple[UsageEvent, ...]]] = {}

    @classmethod
    def copy_of(cls, path: Path, damage: DamagedLedgerError | None = None) -> "Ledger":
        """Return a ledger in memory with what can be read of the one at `path`.

        Args:
            damage: what is known to be wrong with it already.
        """
        ledger = cls(None)
        ledger.troubles = copy_into(ledger._db, path, damage)
        return ledger

    def close(self) -> None:
        """Close the database; a later call fails."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside one change: all of it is kept, or nothing.

        Raises:
            LedgerError: the database failed, as on a full disk.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except DATABASE_ERRORS as error:
            raise unusable(self.path, error) from error
        finally:
            self._written = {}
            if self._db.in_transaction:
                with suppress(sqlite3.Error):  # what failed before is what there is to tell
                    self._db.execute("ROLLBACK")

    @contextmanager
    def part(self) -> Iterator[None]:
        """Undo what is done inside if it fails, and nothing else of the transaction.

        Raises:
            LedgerError: the database failed; then the transaction fails too.
        """
        try:
            self._db.execute("SAVEPOINT part")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK TO part")
                raise
            finally:
                self._db.execute("RELEASE part")
        except DATABASE_ERRORS as error:
            raise unusable(self.path, error) from error

    def open_scope(self, source: str, roots: Sequence[str], rules: int) -> tuple[Scope, bool]:
        """Return the scope of some roots, and whether its events are already resolved.

        Args:
            roots: real paths; their order does not matter.
            rules: version of the accounting rules; events made by another one are dropped.
                Whoever has resolved the scope then says so by `note_resolved`.
        """
        with self.transaction():
            ids = tuple(self._root_id(source, root) for root in sorted(set(roots)))
            key = msgspec.json.encode(ids).decode()
            row = self._db.execute(
                "SELECT id, rules FROM scope WHERE source = ? AND roots = ?", (source, key)
            ).fetchone()
            if row is not None and row[1] == rules:
                return Scope(row[0], source, ids), True
            if row is not None:
                for table in ("thread", "link", "session", "day"):
                    self._db.execute(f"DELETE FROM {table} WHERE scope_id = ?", row[:1])  # noqa: S608 - our own names
            scope_id = self._db.execute(
                "INSERT INTO scope (source, roots, rules) VALUES (?, ?, 0) ON CONFLICT"
                " (source, roots) DO UPDATE SET rules = 0, prices = '', zone = '' RETURNING id",
                (source, key),
            ).fetchone()[0]
            self._db.executemany(
                "INSERT OR IGNORE INTO scope_root VALUES (?, ?)",
                [(scope_id, root_id) for root_id in ids],
            )
            return Scope(scope_id, source, ids), False

    def note_resolved(self, scope: Scope, rules: int) -> None:
        """Note, in the transaction that resolved a scope, by which version of the rules it did."""
        self._db.execute("UPDATE scope SET rules = ? WHERE id = ?", (rules, scope.scope_id))

    def outdate_others(self, scope: Scope) -> None:
        """Have other scopes that share a root resolved anew when they are next opened."""
        self._db.execute(
            "UPDATE scope SET rules = 0 WHERE id <> ? AND id IN (SELECT scope_id FROM scope_root"
            " WHERE root_id IN (SELECT root_id FROM scope_root WHERE scope_id = ?))",
            (scope.scope_id, scope.scope_id),
        )

    def record_of(self, file_id: int, thread_id: str) -> ThreadRecord | None:
        """Return all that was ever read of a thread from one file."""
        row = self._db.execute(
            "SELECT facts FROM record WHERE file_id = ? AND thread_id = ?", (file_id, thread_id)
        ).fetchone()
        return None if row is None else self._decode(row[0])

    def put_record(self, file_id: int, record: ThreadRecord) -> None:
        """Store what a file says of a thread, in place of what was stored for the two."""
        self._db.execute(
            "INSERT INTO record VALUES (?, ?, ?)"
            " ON CONFLICT (file_id, thread_id) DO UPDATE SET facts = excluded.facts",
            (file_id, record.thread_id, encode_facts(record)),
        )

    def add_facts(self, file_id: int, records: Iterable[tuple[str, str]]) -> None:
        """Store what a file says of threads it said nothing of, each as (thread, JSON text)."""
        self._db.executemany(
            "INSERT INTO record VALUES (?, ?, ?)", ((file_id, *record) for record in records)
        )

    def thread_ids(self, scope: Scope) -> list[str]:
        """Return the threads that any file of the scope's roots ever told of."""
        rows = self._db.execute(
            "SELECT DISTINCT thread_id FROM record JOIN file ON file.id = file_id"
            " WHERE root_id IN (SELECT root_id FROM scope_root WHERE scope_id = ?)"
            " ORDER BY thread_id",
            (scope.scope_id,),
        )
        return [row[0] for row in rows]

    def records(self, scope: Scope, thread_id: str) -> list[ThreadRecord]:
        """Return a thread's records, one for each file in the scope that told of it."""
        rows = self._db.execute(
            "SELECT facts FROM record JOIN file ON file.id = file_id"
            " WHERE thread_id = ?"
            " AND root_id IN (SELECT root_id FROM scope_root WHERE scope_id = ?)",
            (thread_id, scope.scope_id),
        )
        return [self._decode(row[0]) for row in rows]

    def every_record(self, scope: Scope) -> Iterator[ThreadRecord]:
        """Yield all records of the scope, of each file its own."""
        rows = self._db.execute(
            "SELECT facts FROM record JOIN file ON file.id = file_id"
            " WHERE root_id IN (SELECT root_id FROM scope_root WHERE scope_id = ?)",
            (scope.scope_id,),
        )
        for row in rows:
            yield self._decode(row[0])

    def replace_family(
        self, scope: Scope, thread_ids: Iterable[str], threads: Iterable[ThreadUsage]
    ) -> dict[str, Stretch]:
        """Store a family's usage events, in place of all that some threads had in the scope.

        Returns:
            The sessions whose usage may have changed, and the time that the change lies in.
        """
        before: dict[str, _ThreadRow] = {}
        for thread_id in thread_ids:
            row = self._db.execute(
                "SELECT * FROM thread WHERE scope_id = ? AND thread_id = ?",
                (scope.scope_id, thread_id),
            ).fetchone()
            if row is not None:
                before[thread_id] = row
        changed: dict[str, Stretch] = {}
        for thread in threads:
            old, fresh = before.pop(thread.thread_id, None), _thread_row(scope, thread)
            if old != fresh:
                _note(changed, *filter(None, (old, fresh)))
                self._put_thread(fresh)
                self._written[fresh[2], fresh[1]] = fresh[-1], thread.events
        _note(changed, *before.values())
        self._db.executemany(
            "DELETE FROM thread WHERE scope_id = ? AND thread_id = ?",
            [(scope.scope_id, thread_id) for thread_id in before],
        )
        return changed

    def _put_thread(self, row: "_ThreadRow") -> None:
        self._db.execute("INSERT OR REPLACE INTO thread VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def session_events(
        self, scope: Scope, session_id: str | None = None, stretch: Stretch | None = None
    ) -> Iterator[tuple[str, list[UsageEvent]]]:
        """Yield (session id, its usage events): of one session, or of all that have any.

        Args:
            stretch: of one session, only the events of its threads that were used in that time.
        """
        chosen, values = "", list[int | str]((scope.scope_id,))
        if session_id is not None:
            chosen, values = " AND session_id = ?", [*values, session_id]
        if stretch is not None:
            chosen, values = f"{chosen} AND last_at >= ? AND first_at <= ?", [*values, *stretch]
        rows = self._db.execute(
            f"SELECT {_EVENTS} FROM thread WHERE scope_id = ? AND count > 0{chosen}"  # noqa: S608 - our own names
            " ORDER BY session_id, thread_id",
            values,
        )
        for session, group in groupby(rows, key=lambda row: str(row[0])):
            yield session, [event for row in group for event in self._events(scope, *row)]

    def session(self, scope: Scope, session_id: str) -> ThreadInfo | None:
        """Return what is known of a session besides its usage.

        That is what its root thread says, or, where its file is not known, another of its
        threads.
        """
        row = self._db.execute(
            # Without statistics SQLite would look through all of the scope's threads instead.
            "SELECT thread_id, session_id, title, project FROM thread INDEXED BY thread_session"
            " WHERE scope_id = ? AND session_id = ?"
            " ORDER BY thread_id <> session_id, title IS NULL, thread_id LIMIT 1",
            (scope.scope_id, session_id),
        ).fetchone()
        return None if row is None else ThreadInfo(*row)

    def threads_of(self, scope: Scope, session_id: str) -> list[ThreadSpan]:
        """Return the threads of a session, itself included, by id."""
        rows = self._db.execute(
            "SELECT thread_id, title, first_at, last_at FROM thread INDEXED BY thread_session"
            " WHERE scope_id = ? AND session_id = ? ORDER BY thread_id",
            (scope.scope_id, session_id),
        )
        return [ThreadSpan(*row) for row in rows]

    def _events(
        self, scope: Scope, session_id: str, thread_id: str, text: str
    ) -> Sequence[UsageEvent]:
        if not text:  # it stands alone
            return resolve_alone(unite_copies(self.records(scope, thread_id))).events
        written, events = self._written.get((session_id, thread_id), ("", ()))
        if text == written:  # by this transaction: they need not be decoded again
            return events
        try:
            return decode_events(session_id, thread_id, text)
        except ValueError as error:
            raise DamagedLedgerError(self.path, "usage events cannot be decoded") from error

    def _decode(self, facts: str) -> ThreadRecord:
        try:
            return decode_facts(facts)
        except ValueError as error:
            raise DamagedLedgerError(self.path, "a record cannot be decoded") from error

    def _root_id(self, source: str, root: str) -> int:
        path = stored_name(root)
        self._db.execute("INSERT OR IGNORE INTO root (source, path) VALUES (?, ?)", (source, path))
        row = self._db.execute(
            "SELECT id FROM root WHERE source = ? AND path = ?", (source, path)
        ).fetchone()
        return int(row[0])


def _thread_row(scope: Scope, thread: ThreadUsage) -> _ThreadRow:
    span = span_of_events(thread.events)
    return (scope.scope_id, *thread[:4], *span, encode_events(thread.events))


def _note(changed: dict[str, Stretch], *rows: _ThreadRow) -> None:
    """Widen what changed of each row's session by the time that the row is about."""
    for row in rows:
        session_id, first_at, last_at = row[2], row[6], row[7]
        used = NO_TIME if first_at is None or last_at is None else (first_at, last_at)
        changed[session_id] = widened(changed.get(session_id, NO_TIME), used)
