"""Places: how far a file that grows line by line was read, and what else its lines told.

Kept in the transaction that stores what was read up to there.
"""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """Where reading on begins.

    Attributes:
        offset: bytes, to the end of a line.
        mark: what tells whether the bytes before it are still those that were read.
        memory: the source's own (`sources.base.Passage`).
    """

    offset: int
    mark: str
    memory: str


class Places:
    """The places of one ledger's files; shares the ledger's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def of(self, file_id: int) -> Place | None:
        """Return how far a file was read, None where it was not read by lines."""
        row = self._db.execute(
            "SELECT offset, mark, memory FROM place WHERE file_id = ?", (file_id,)
        ).fetchone()
        return None if row is None else Place(*row)

    def put(self, file_id: int, place: Place) -> None:
        """Note how far a file was read; inside a transaction."""
        self._db.execute("INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?)", (file_id, *place))

    def add_resets(self, file_id: int, resets: Iterable[tuple[int, int]]) -> None:
        """Note when a limit was reached and when it ends; inside a transaction."""
        self._db.executemany(
            "INSERT OR IGNORE INTO reset VALUES (?, ?, ?)",
            [(file_id, at, ends_at) for at, ends_at in resets],
        )

    def resets(self, scope_id: int) -> list[tuple[int, int]]:
        """Return when limits were reached and end, as the files of a scope's roots ever told."""
        rows = self._db.execute(
            "SELECT DISTINCT at, ends_at FROM reset JOIN file ON file.id = file_id"
            " WHERE root_id IN (SELECT root_id FROM scope_root WHERE scope_id = ?) ORDER BY 1, 2",
            (scope_id,),
        )
        return [(at, ends_at) for at, ends_at in rows]
