"""What a ledger holds, counted: for `amp-tray ledger info` and before something is removed."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from amp_tray.core.calls import session_in
from amp_tray.ledger.files import stored_name

Roots = Mapping[str, Sequence[str]]
"""Root directories by source, as real paths, in the order of the user's configuration."""


class RootEntry(NamedTuple):
    """A root directory that usage was read from.

    Attributes:
        present: files that were there when last looked.
        archived: files that vanished, or were imported; their usage counts as before.
    """

    root_id: int
    source: str
    path: str
    present: int
    archived: int


class ScopeEntry(NamedTuple):
    """A set of roots that reports were asked for, and the events resolved for it."""

    scope_id: int
    source: str
    roots: tuple[str, ...]
    events: int


class Inventory(NamedTuple):
    """All of it.

    Attributes:
        threads: different threads; one that lies in two files has two records, and a session
            that is kept by the hour one for each hour.
        checked_at: when the file was last found whole, epoch milliseconds.
    """

    ledger: str
    schema: int
    roots: tuple[RootEntry, ...]
    scopes: tuple[ScopeEntry, ...]
    threads: int
    records: int
    checked_at: int | None


class Span(NamedTuple):
    """The usage events of a scope: how many, and the first and last instant."""

    events: int
    oldest: int | None
    newest: int | None


def take_inventory(database: sqlite3.Connection) -> Inventory:
    """Count what a ledger holds; raises sqlite3.Error."""
    notes = dict(database.execute("SELECT name, value FROM meta").fetchall())
    version = database.execute("PRAGMA user_version").fetchone()[0]
    (records,) = database.execute("SELECT count(*) FROM record").fetchone()
    names = database.execute("SELECT DISTINCT thread_id FROM record")
    threads = len({session_in(name) for (name,) in names})
    checked_at = notes.get("checked_at")
    return Inventory(
        notes["ledger"],
        version,
        _roots(database),
        _scopes(database),
        threads,
        records,
        None if checked_at is None else int(checked_at),
    )


def span_of(database: sqlite3.Connection, scope_ids: Sequence[int]) -> Span:
    """Return how many events some scopes have, and from when to when; raises sqlite3.Error."""
    spans = [
        database.execute(
            "SELECT coalesce(sum(count), 0), min(first_at), max(last_at) FROM thread"
            " WHERE scope_id = ?",
            (scope_id,),
        ).fetchone()
        for scope_id in scope_ids
    ]
    oldest = [span[1] for span in spans if span[1] is not None]
    newest = [span[2] for span in spans if span[2] is not None]
    count = sum(span[0] for span in spans)
    return Span(count, min(oldest, default=None), max(newest, default=None))


def scopes_in_force(scopes: Sequence[ScopeEntry], in_force: Roots) -> list[ScopeEntry]:
    """Return those of the scopes whose roots are just those in force."""
    wanted = {(source, _key(roots)) for source, roots in in_force.items()}
    return [scope for scope in scopes if (scope.source, frozenset(scope.roots)) in wanted]


def is_in_force(root: RootEntry, in_force: Roots) -> bool:
    """Say whether reports cover a root."""
    return root.path in _key(in_force.get(root.source, ()))


def _key(roots: Sequence[str]) -> frozenset[str]:
    return frozenset(map(stored_name, roots))


def _roots(database: sqlite3.Connection) -> tuple[RootEntry, ...]:
    rows = database.execute(
        "SELECT root.id, source, path, coalesce(sum(present), 0), coalesce(sum(1 - present), 0)"
        " FROM root LEFT JOIN file ON root_id = root.id GROUP BY root.id ORDER BY root.id"
    )
    return tuple(RootEntry._make(row) for row in rows)


def _scopes(database: sqlite3.Connection) -> tuple[ScopeEntry, ...]:
    paths: dict[int, str] = dict(database.execute("SELECT id, path FROM root").fetchall())
    rows = database.execute(
        "SELECT scope.id, source, roots, coalesce(sum(count), 0) FROM scope"
        " LEFT JOIN thread ON scope_id = scope.id GROUP BY scope.id ORDER BY scope.id"
    ).fetchall()
    return tuple(
        ScopeEntry(
            scope_id,
            source,
            tuple(paths.get(root_id, "") for root_id in msgspec.json.decode(roots, type=list[int])),
            events,
        )
        for scope_id, source, roots, events in rows
    )
