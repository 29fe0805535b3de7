"""Removing what the user no longer wants: derived events of old scopes, or a root's usage whole.

The one place where the ledger forgets, and only when it is told to.
"""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from amp_tray.ledger.inventory import (
    RootEntry,
    Roots,
    ScopeEntry,
    scopes_in_force,
    take_inventory,
)

_OF_SCOPE = ("day", "session", "thread", "link", "scope_root")
_OF_FILE = ("record", "diagnostic", "place", "reset")


class Prunable(NamedTuple):
    """What can go.

    Attributes:
        scopes: their events are made anew from the records should they be asked for again.
        root: its files and records, which are gone for good, None to keep them all.
        records: how many records of the root.
    """

    scopes: tuple[ScopeEntry, ...]
    root: RootEntry | None
    records: int


def find_prunable(
    database: sqlite3.Connection, in_force: Roots, root: RootEntry | None
) -> Prunable:
    """Return the scopes no report covers now, and what a root to be forgotten holds.

    Raises:
        sqlite3.Error: the ledger cannot be read.
    """
    scopes = take_inventory(database).scopes
    kept = set(scopes_in_force(scopes, in_force))
    if root is not None:
        kept = {scope for scope in kept if root.path not in scope.roots}
    records = 0
    if root is not None:
        records = database.execute(
            "SELECT count(*) FROM record JOIN file ON file.id = file_id WHERE root_id = ?",
            (root.root_id,),
        ).fetchone()[0]
    return Prunable(tuple(scope for scope in scopes if scope not in kept), root, records)


def prune(database: sqlite3.Connection, prunable: Prunable) -> None:
    """Remove it in one transaction, and give the room back to the disk.

    Raises:
        sqlite3.Error: nothing was removed, or (of VACUUM) there is no room to tidy up in.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        _remove_scopes(database, (scope.scope_id for scope in prunable.scopes))
        if prunable.root is not None:
            _remove_root(database, prunable.root.root_id)
        database.execute(
            "DELETE FROM root WHERE id NOT IN (SELECT root_id FROM file)"
            " AND id NOT IN (SELECT root_id FROM scope_root)"
        )
        database.execute("COMMIT")
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")
    database.execute("VACUUM")


def _remove_scopes(database: sqlite3.Connection, scope_ids: Iterable[int]) -> None:
    keys = [(scope_id,) for scope_id in scope_ids]
    for table in _OF_SCOPE:
        database.executemany(f"DELETE FROM {table} WHERE scope_id = ?", keys)  # noqa: S608 - our own names
    database.executemany("DELETE FROM scope WHERE id = ?", keys)


def _remove_root(database: sqlite3.Connection, root_id: int) -> None:
    for table in _OF_FILE:
        database.execute(
            f"DELETE FROM {table} WHERE file_id IN (SELECT id FROM file WHERE root_id = ?)",  # noqa: S608 - our own names
            (root_id,),
        )
    database.execute("DELETE FROM file WHERE root_id = ?", (root_id,))
    database.execute("DELETE FROM root WHERE id = ?", (root_id,))
