"""What a scope's sessions come to by calendar day, so that a report by day reads days alone.

Derived from the sessions and changed with them, in the same transaction. They are kept for one
zone, the one that reports were last asked for in; for any other they are made anew.
"""

import sqlite3
from collections.abc import Iterable
from datetime import date

import msgspec

from amp_tray.core.days import Day, Days, Share, exchanged

_DECODER = msgspec.json.Decoder(list[Share])


class KeptDays:
    """The days of one ledger, by scope; shares the ledger's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def zone_of(self, scope_id: int) -> str:
        """Return the name of the zone that a scope's days are kept for; empty where none are."""
        row = self._db.execute("SELECT zone FROM scope WHERE id = ?", (scope_id,)).fetchone()
        return "" if row is None else str(row[0])

    def all_of(self, scope_id: int, zone: str) -> Days | None:
        """Return a scope's days in a zone, None where they are not kept or cannot be read."""
        if self.zone_of(scope_id) != zone:
            return None
        rows = self._db.execute("SELECT day, shares FROM day WHERE scope_id = ?", (scope_id,))
        try:
            return {date.fromordinal(number): _decoded(text) for number, text in rows}
        except (ValueError, OverflowError, RecursionError):
            return None

    def replace_all(self, scope_id: int, zone: str, days: Days) -> None:
        """Keep a scope's days in a zone in place of all it had; inside a transaction."""
        self.forget(scope_id)
        self._db.execute("UPDATE scope SET zone = ? WHERE id = ?", (zone, scope_id))
        self._put(scope_id, days)

    def exchange(self, scope_id: int, old: Days, new: Days) -> None:
        """Exchange a part of a scope's days for another; inside a transaction.

        Days that cannot have had that part are all forgotten, and made anew when asked for.
        """
        changed: dict[date, Day] = {}
        for day in old.keys() | new.keys():
            before, after = old.get(day, {}), new.get(day, {})
            if before == after:
                continue
            whole = exchanged(self._one(scope_id, day), before, after)
            if whole is None:
                self.forget(scope_id)
                return
            changed[day] = whole
        self._put(scope_id, changed)

    def forget(self, scope_id: int) -> None:
        """Keep none of a scope's days any longer; inside a transaction."""
        self._db.execute("DELETE FROM day WHERE scope_id = ?", (scope_id,))
        self._db.execute("UPDATE scope SET zone = '' WHERE id = ?", (scope_id,))

    def _one(self, scope_id: int, day: date) -> Day:
        row = self._db.execute(
            "SELECT shares FROM day WHERE scope_id = ? AND day = ?", (scope_id, day.toordinal())
        ).fetchone()
        try:
            return {} if row is None else _decoded(row[0])
        except (ValueError, RecursionError):
            return {}  # so that what goes is found missing

    def _put(self, scope_id: int, days: Days) -> None:
        empty = [(scope_id, day.toordinal()) for day, shares in days.items() if not shares]
        self._db.executemany("DELETE FROM day WHERE scope_id = ? AND day = ?", empty)
        self._db.executemany(
            "INSERT OR REPLACE INTO day VALUES (?, ?, ?)",
            [
                (scope_id, day.toordinal(), _encoded(shares.values()))
                for day, shares in days.items()
                if shares
            ],
        )


def _encoded(shares: Iterable[Share]) -> str:
    return msgspec.json.encode(list(shares)).decode()


def _decoded(text: str) -> Day:
    shares = {share.total.model: share for share in _DECODER.decode(text)}
    if not shares:
        raise ValueError("a day without usage is not kept")
    return shares
