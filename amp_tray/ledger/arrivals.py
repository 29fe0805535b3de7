"""Threads that arrive for the first time and stand alone: stored many at once.

Most threads of a first scan are such. Each takes the rows it would get one by one, in a few
statements for all of them.
"""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from amp_tray.core.diagnostics import Diagnostic


class Alone(NamedTuple):
    """A thread that no other decides about; its session is itself.

    Attributes:
        size, first_at, last_at: of its usage events, which are made of its facts when asked for.
    """

    thread_id: str
    title: str | None
    project: str | None
    size: int
    first_at: int | None
    last_at: int | None


class Arrival(NamedTuple):
    """A file that was never read before.

    Attributes:
        name: as the ledger spells it.
        state: size, mtime in nanoseconds and inode.
        facts: the thread's record as JSON text.
    """

    root_id: int
    name: str
    state: tuple[int, int, str]
    diagnostics: tuple[Diagnostic, ...]
    facts: str
    thread: Alone


class Arrivals:
    """The way into one ledger for arrivals; shares the ledger's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def strangers(self, scope_id: int, thread_ids: Collection[str]) -> set[str]:
        """Return those of some threads (some hundred at most) that nothing here tells of."""
        marks = ", ".join("?" * len(thread_ids))
        known: set[str] = set()
        for query, scope in (
            (f"SELECT thread_id FROM record WHERE thread_id IN ({marks})", ()),  # noqa: S608 - marks alone
            (f"SELECT node FROM link WHERE node IN ({marks}) AND scope_id = ?", (scope_id,)),  # noqa: S608
            (
                f"SELECT session_id FROM thread WHERE session_id IN ({marks}) AND scope_id = ?",  # noqa: S608
                (scope_id,),
            ),
        ):
            known.update(row[0] for row in self._db.execute(query, (*thread_ids, *scope)))
        return set(thread_ids) - known

    def put(self, scope_id: int, arrivals: Sequence[Arrival]) -> None:
        """Store strangers, each in rows of its own; inside a transaction."""
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM file").fetchone()
        numbered = list(enumerate(arrivals, start=last + 1))
        self._many(
            "INSERT INTO file (id, root_id, name, size, mtime_ns, inode) VALUES (?, ?, ?, ?, ?, ?)",
            ((number, item.root_id, item.name, *item.state) for number, item in numbered),
        )
        self._many(
            "INSERT INTO diagnostic VALUES (?, ?, ?)",
            (
                (number, trouble.code.value, trouble.message)
                for number, item in numbered
                for trouble in item.diagnostics
            ),
        )
        self._many(
            "INSERT INTO record VALUES (?, ?, ?)",
            ((number, item.thread.thread_id, item.facts) for number, item in numbered),
        )
        self._many(
            "INSERT INTO thread VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')",
            (
                (scope_id, item.thread.thread_id, *item.thread)  # the thread is its session
                for item in arrivals
            ),
        )

    def _many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._db.executemany(statement, rows)
