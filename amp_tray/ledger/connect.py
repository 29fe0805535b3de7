"""Opening the database file: the user's alone, write-ahead logged, at the known version."""

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from amp_tray.ledger.errors import LedgerError, NewerLedgerError
from amp_tray.ledger.schema import MIGRATIONS, SCHEMA_VERSION

log = logging.getLogger(__name__)

_BUSY_SECONDS = 10.0


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the ledger file, making it (0600, in a 0700 directory) when it is not there.

    Args:
        path: the file, or None for one in memory that ends with the connection.

    Raises:
        NewerLedgerError: the file has a schema that this version does not know.
        LedgerError: the file cannot be made, opened or written, or is no database.
    """
    try:
        if path is not None:
            _make_private(path)
        connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,  # one writer at a time, though not always the same thread
        )
    except (OSError, sqlite3.Error) as error:
        raise unusable(path, error) from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise unusable(path, error) from error
    except LedgerError:
        connection.close()
        raise
    return connection


def copy_into(target: sqlite3.Connection, path: Path) -> None:
    """Fill an empty ledger in memory with the one at `path`, which is only read.

    A file that is not there, damaged or of another schema leaves the target empty: a report
    still comes from the log files.
    """
    if not path.is_file():
        return
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as origin:
            if _schema_of(origin) == SCHEMA_VERSION:
                origin.backup(target)
    except sqlite3.Error as error:
        log.warning("the ledger %s cannot be read: %s", path, error)


def _schema_of(connection: sqlite3.Connection) -> int:
    with closing(connection.execute("PRAGMA user_version")) as cursor:
        return int(cursor.fetchone()[0])


def _make_private(path: Path) -> None:
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)  # whatever the umask took; a directory that was there stays
    # SQLite gives its -wal and -shm files the mode of the database itself.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.close(descriptor)
    path.chmod(0o600)


def _prepare(connection: sqlite3.Connection, path: Path | None) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    version = _schema_of(connection)
    if version > SCHEMA_VERSION:
        raise NewerLedgerError(
            f"{path} has schema version {version}; this version knows up to {SCHEMA_VERSION}",
            hint="update amp-tray, or set AMP_TRAY_DATA_DIR to another directory",
        )
    steps = "\n".join(MIGRATIONS[step] for step in range(version + 1, SCHEMA_VERSION + 1))
    if steps:
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{steps}\nPRAGMA user_version = {SCHEMA_VERSION};\nCOMMIT;"
        )


def unusable(path: Path | None, error: Exception) -> LedgerError:
    """Return what to tell the user of an error of the database or its file."""
    return LedgerError(
        f"{path}: {error}",
        hint="check the disk's space and the file's permissions, or set AMP_TRAY_DATA_DIR",
    )
