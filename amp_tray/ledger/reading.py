"""Reading a ledger that another process may be writing, or that nobody can write."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from amp_tray.core.diagnostics import Diagnostic
from amp_tray.ledger.connect import BUSY_SECONDS, beside, connect, migrate, schema_of
from amp_tray.ledger.errors import (
    DATABASE_ERRORS,
    DamagedLedgerError,
    LedgerError,
    ledger_errors,
    told,
    unusable,
)
from amp_tray.ledger.salvage import salvage_into
from amp_tray.ledger.schema import SCHEMA_VERSION


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a ledger for reading alone; what is asked inside is of one moment.

    One of an older schema is read as a copy that is brought to the known one.

    Raises:
        NewerLedgerError, DamagedLedgerError: as `connect.connect`.
        LedgerError: there is no ledger, or it cannot be read.
    """
    if not path.is_file():
        raise LedgerError(f"there is no ledger at {path}", hint="`amp-tray report` makes one")
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(opened(path))
            if schema_of(connection, path) == SCHEMA_VERSION:
                connection.execute("BEGIN")
            else:
                copy = stack.enter_context(closing(connect(None)))
                _fill(copy, connection, path)
                connection = copy
        except (OSError, *DATABASE_ERRORS) as error:
            raise unusable(path, error) from error
        with ledger_errors(path):
            yield connection


def copy_into(
    target: sqlite3.Connection, path: Path, damage: DamagedLedgerError | None = None
) -> tuple[Diagnostic, ...]:
    """Fill an empty ledger in memory with the one at `path`, which is only read.

    Of a damaged one all that can be read is taken. Where nothing can be, the target stays
    empty: a report still comes from the log files.

    Args:
        damage: what is known to be wrong with it already.

    Returns:
        What went wrong, for the user.
    """
    if not path.is_file():
        return ()
    try:
        if damage is not None:
            raise damage
        with opened(path) as origin:
            schema_of(origin, path)
            _fill(target, origin, path)
    except (OSError, *DATABASE_ERRORS, LedgerError) as error:
        failure = error if isinstance(error, LedgerError) else unusable(path, error)
        if isinstance(failure, DamagedLedgerError):
            return (_salvaged(target, path, failure),)
        return (told(path, f"the ledger cannot be read: {failure.message}"),)
    return ()


def _fill(target: sqlite3.Connection, origin: sqlite3.Connection, path: Path) -> None:
    origin.backup(target)
    migrate(target, path)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database file as it is, without changing it; raises sqlite3.Error or OSError."""
    connection = _read_only(path)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").close()
    except DATABASE_ERRORS as error:
        connection.close()
        if not _is_refused(error):
            raise
    else:
        with closing(connection):
            yield connection
        return
    # A directory that cannot be written has no room for the file that readers share.
    import shutil  # noqa: PLC0415 - slow to load, and rarely needed
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="amp-tray-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        if beside(path, "-wal").is_file():
            shutil.copyfile(beside(path, "-wal"), beside(copy, "-wal"))
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            yield connection


def _is_refused(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


def _read_only(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _salvaged(target: sqlite3.Connection, path: Path, error: DamagedLedgerError) -> Diagnostic:
    try:
        with closing(connect(None)) as fresh:  # the target may be half filled
            found = salvage_into(fresh, path)
            fresh.backup(target)
    except (OSError, *DATABASE_ERRORS) as failure:
        return told(path, f"the ledger is damaged ({error.what}) and cannot be read: {failure}")
    return told(path, f"the ledger is damaged ({error.what}); {found.sentence}")
