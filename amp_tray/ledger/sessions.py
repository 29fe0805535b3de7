"""Sessions as reports take them: priced and rolled up, kept by the prices that made them.

They are derived, and worth keeping: a start reads them instead of every usage event. They are
true for one scope, one stamp of prices and one version of the rules; of any other they are not
asked for.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec

from amp_tray.core.rollup import Rollup
from amp_tray.core.snapshot import SessionUsage

_DECODER = msgspec.json.Decoder(tuple[Rollup, ...])


EncodedSession: TypeAlias = tuple[str, str | None, str | None, int | None, int | None, str]
"""A session's id, title, project, first and last instant, and its rollups as JSON text."""


class Sessions:
    """The sessions of one ledger, by scope; shares the ledger's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def are_at(self, scope_id: int, stamp: str) -> bool:
        """Say whether a scope's sessions are kept by prices of this stamp."""
        row = self._db.execute("SELECT prices FROM scope WHERE id = ?", (scope_id,)).fetchone()
        return bool(stamp) and row is not None and row[0] == stamp

    def newest_at(self, scope_id: int) -> int | None:
        """Return the instant of a scope's newest usage, None where it has none."""
        row: tuple[int | None] = self._db.execute(  # threads' rows are a tenth of sessions'
            "SELECT max(last_at) FROM thread WHERE scope_id = ?", (scope_id,)
        ).fetchone()
        return row[0]

    def one_of(self, scope_id: int, source: str, session_id: str) -> SessionUsage | None:
        """Return one session without `recent`, None where there is none such.

        Raises:
            ValueError: it cannot be read.
        """
        row = self._db.execute(
            "SELECT title, project, first_at, last_at, rollups FROM session"
            " WHERE scope_id = ? AND session_id = ?",
            (scope_id, session_id),
        ).fetchone()
        if row is None:
            return None
        title, project, first_at, last_at, text = row
        rollups = decode_rollups(text)
        return SessionUsage(session_id, source, title, project, rollups, first_at, last_at)

    def all_of(self, scope_id: int, source: str, stamp: str) -> list[SessionUsage] | None:
        """Return a scope's sessions by prices of this stamp, None when there are none such.

        None too where one cannot be read: all are made anew then. No session has `recent`.
        """
        if not self.are_at(scope_id, stamp):
            return None
        rows = self._db.execute(
            "SELECT session_id, title, project, first_at, last_at, rollups FROM session"
            " WHERE scope_id = ?",
            (scope_id,),
        )
        try:
            return [
                SessionUsage(name, source, title, project, decode_rollups(text), first_at, last_at)
                for name, title, project, first_at, last_at, text in rows
            ]
        except (ValueError, RecursionError):
            return None

    def replace_all(self, scope_id: int, stamp: str, sessions: Iterable[SessionUsage]) -> None:
        """Store a scope's sessions in place of all it had; inside a transaction.

        Args:
            stamp: names the prices that made them; nothing is kept without one.
        """
        self._db.execute("DELETE FROM session WHERE scope_id = ?", (scope_id,))
        self._db.execute("UPDATE scope SET prices = ? WHERE id = ?", (stamp, scope_id))
        if stamp:
            self.put(scope_id, sessions)

    def put(self, scope_id: int, sessions: Iterable[SessionUsage]) -> None:
        """Store some sessions, each in place of what it was; inside a transaction."""
        self.put_encoded(
            scope_id,
            (
                (
                    *(each.session_id, each.title, each.project, each.first_at, each.last_at),
                    encode_rollups(each.rollups),
                )
                for each in sessions
            ),
        )

    def put_encoded(self, scope_id: int, sessions: Iterable[EncodedSession]) -> None:
        """Store some sessions with their rollups as text; inside a transaction."""
        self._db.executemany(
            "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((scope_id, *session) for session in sessions),
        )

    def drop(self, scope_id: int, session_ids: Iterable[str]) -> None:
        """Remove some sessions; inside a transaction."""
        self._db.executemany(
            "DELETE FROM session WHERE scope_id = ? AND session_id = ?",
            [(scope_id, session_id) for session_id in session_ids],
        )


def encode_rollups(rollups: Sequence[Rollup]) -> str:
    """Return a session's rollups as JSON text."""
    return msgspec.json.encode(rollups).decode()


def decode_rollups(text: str) -> tuple[Rollup, ...]:
    """Return the rollups of a JSON text; raises ValueError when it holds none."""
    return _DECODER.decode(text)
