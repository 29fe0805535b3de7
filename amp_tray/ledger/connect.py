"""Opening the database file: the user's alone, write-ahead logged, at the known version."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from amp_tray.ledger.errors import (
    DATABASE_ERRORS,
    DamagedLedgerError,
    LedgerError,
    NewerLedgerError,
    unusable,
)
from amp_tray.ledger.schema import SCHEMA_VERSION, statements_of, tables_of

BUSY_SECONDS = 10.0

_DAY_MS = 24 * 60 * 60 * 1000
_CHECK_EVERY_MS = 7 * _DAY_MS


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the ledger file, making it (0600, in a 0700 directory) when it is not there.

    Args:
        path: the file, or None for one in memory that ends with the connection.

    Raises:
        NewerLedgerError: the file has a schema that this version does not know.
        DamagedLedgerError: the file is no database, or none of ours.
        LedgerError: the file cannot be made, opened or written.
    """
    try:
        if path is not None:
            _make_private(path)
        connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,  # one writer at a time, though not always the same thread
        )
    except (OSError, *DATABASE_ERRORS) as error:
        raise unusable(path, error) from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        # The log shrinks when it begins anew: who closes the ledger waits for the disk to free it.
        connection.execute("PRAGMA journal_size_limit = 0")
        migrate(connection, path)
    except DATABASE_ERRORS as error:
        connection.close()
        raise unusable(path, error) from error
    except LedgerError:
        connection.close()
        raise
    return connection


def migrate(connection: sqlite3.Connection, path: Path | None) -> None:
    """Bring a ledger to the known schema in one transaction: it is of one version or the other.

    Raises:
        NewerLedgerError, DamagedLedgerError: as `connect`; nothing is changed then.
        sqlite3.Error: a step failed; nothing is changed.
    """
    if schema_of(connection, path) == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked anew: another process may have done it while this one waited for its turn.
        for step in range(schema_of(connection, path) + 1, SCHEMA_VERSION + 1):
            for statement in statements_of(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def schema_of(connection: sqlite3.Connection, path: Path | None) -> int:
    """Return a ledger's schema version, 0 for an empty file.

    Raises:
        NewerLedgerError: a later one than is known.
        DamagedLedgerError: the tables are not those of that version, or of any.
    """
    with closing(connection.execute("PRAGMA user_version")) as cursor:
        version = int(cursor.fetchone()[0])
    if version > SCHEMA_VERSION:
        raise NewerLedgerError(
            f"{path} has schema version {version}; this version knows up to {SCHEMA_VERSION}",
            hint="update amp-tray, or set AMP_TRAY_DATA_DIR to another directory",
        )
    with closing(
        connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ) as cursor:
        tables = {row[0] for row in cursor}
    if version < 0 or (version == 0 and tables) or tables_of(version) - tables:
        raise DamagedLedgerError(path, "its tables are not those of a ledger")
    return version


def look_through(connection: sqlite3.Connection, path: Path | None) -> None:
    """Look through the whole file; raises DamagedLedgerError when it is not whole."""
    problems = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
    if problems != ["ok"]:
        raise DamagedLedgerError(path, problems[0].splitlines()[-1])


def note_checked(connection: sqlite3.Connection, now: int) -> None:
    """Note that the whole file was looked through at an instant; raises sqlite3.Error."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('checked_at', ?)", (str(now),))


def check_is_due(connection: sqlite3.Connection, now: int) -> bool:
    """Say whether it is a week since the whole file was looked through."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'checked_at'").fetchone()
    return row is None or not 0 <= now - int(row[0]) < _CHECK_EVERY_MS


def beside(path: Path, suffix: str) -> Path:
    """Return the path of a file that SQLite keeps beside the database: `-wal` or `-shm`."""
    return path.with_name(path.name + suffix)


def _make_private(path: Path) -> None:
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)  # whatever the umask took; a directory that was there stays
    # SQLite gives its -wal and -shm files the mode of the database itself.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.close(descriptor)
    path.chmod(0o600)
