"""Verifying a ledger from end to end: the file, its references, its records, its events."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from amp_tray.ledger.connect import connect
from amp_tray.ledger.facts import decode_facts, implausible
from amp_tray.ledger.inventory import ScopeEntry, take_inventory
from amp_tray.ledger.reading import reading
from amp_tray.ledger.store import Ledger

_MOST_PROBLEMS = 20

ResolveAnew = Callable[[Ledger, ScopeEntry], None]
"""Makes a scope's events anew from its records."""


class Verdict(NamedTuple):
    """What was looked at, and what is wrong, a sentence each (at most twenty of a kind)."""

    records: int
    events: int
    problems: tuple[str, ...]


def verify(path: Path, rules: int, resolve_anew: ResolveAnew) -> Verdict:
    """Look at everything in a copy in memory; the ledger may be in use, and is only read.

    Args:
        rules: the version of the accounting rules; scopes of another are resolved when they
            are next opened, and have nothing to compare with.
        resolve_anew: given the copy, with no scope resolved.

    Raises:
        LedgerError: there is no ledger, or it cannot be read at all.
    """
    with closing(connect(None)) as copy:
        with reading(path) as origin:
            origin.backup(copy)
        problems = [*_structure(copy), *_references(copy)]
        records, bad = _records(copy)
        problems += bad
        events = 0
        if not problems:  # else there is nothing to rely on
            events, differing = _events(copy, path, rules, resolve_anew)
            problems += differing
    return Verdict(records, events, tuple(problems))


def _structure(database: sqlite3.Connection) -> list[str]:
    rows = database.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})").fetchall()
    said = [line for row in rows for line in str(row[0]).splitlines()]
    return [] if said == ["ok"] else [f"the file: {line}" for line in said if line[:3] != "***"]


def _references(database: sqlite3.Connection) -> list[str]:
    rows = database.execute("PRAGMA foreign_key_check").fetchmany(_MOST_PROBLEMS)
    return [f"a row of {table} belongs to no {parent}" for table, _, parent, _ in rows]


def _records(database: sqlite3.Connection) -> tuple[int, list[str]]:
    problems: list[str] = []
    count = 0
    rows = database.execute(
        "SELECT name, thread_id, facts FROM record LEFT JOIN file ON file.id = file_id"
    )
    for name, thread_id, facts in rows:
        count += 1
        try:
            record = decode_facts(facts)
        except ValueError:
            problems.append(f"the record of {name} cannot be decoded")
            continue
        if record.thread_id != thread_id:
            problems.append(f"the record of {name} is of another thread")
        elif (why := implausible(record)) is not None:
            problems.append(f"the record of {name}: {why}")
    return count, problems[:_MOST_PROBLEMS]


def _events(
    copy: sqlite3.Connection, path: Path, rules: int, resolve_anew: ResolveAnew
) -> tuple[int, list[str]]:
    """Compare the stored events with those that the records give when resolved now."""
    scope_ids = {
        row[0] for row in copy.execute("SELECT id FROM scope WHERE rules = ?", (rules,)).fetchall()
    }
    scopes = [scope for scope in take_inventory(copy).scopes if scope.scope_id in scope_ids]
    copy.execute("CREATE TEMP TABLE was_thread AS SELECT * FROM thread")
    copy.execute("UPDATE scope SET rules = 0")
    ledger = Ledger(path, database=copy)
    problems: list[str] = []
    for scope in scopes:
        resolve_anew(ledger, scope)
        copy.execute(  # those that are made of the facts when asked for
            "UPDATE thread SET events = '' WHERE scope_id = ? AND thread_id IN"
            " (SELECT thread_id FROM was_thread WHERE scope_id = ? AND events = '')",
            (scope.scope_id, scope.scope_id),
        )
        problems += _differences(copy, scope)
    return sum(scope.events for scope in scopes), problems


def _differences(copy: sqlite3.Connection, scope: ScopeEntry) -> Iterator[str]:
    for columns, what in (
        ("count, first_at, last_at, events", "usage of"),
        ("session_id, title, project", "title, project or session of"),
    ):
        now, was = (
            f"SELECT thread_id, {columns} FROM {table} WHERE scope_id = ?"  # noqa: S608 - our own names
            for table in ("thread", "was_thread")
        )
        rows = copy.execute(
            f"SELECT DISTINCT thread_id FROM (SELECT * FROM ({was} EXCEPT {now})"  # noqa: S608 - our own names
            f" UNION ALL SELECT * FROM ({now} EXCEPT {was})) ORDER BY thread_id",
            (scope.scope_id,) * 4,
        ).fetchmany(_MOST_PROBLEMS)
        for row in rows:
            yield f"the stored {what} {row[0]} is not what its records give"
