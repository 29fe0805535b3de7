"""What can be wrong with the ledger as a whole, and what to tell the user of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.core.errors import AmpTrayError

DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What the database's module raises; the latter where a message quotes spoilt bytes."""

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# Every statement names what the schema has: where it has not, the schema's own text is spoilt.
_MISSING = ("no such column", "no such table", "no such index")
_PRIMARY = 0xFF  # the extended codes keep the kind of the error in their lowest byte


class LedgerError(AmpTrayError):
    """The ledger cannot be opened or written."""

    title = "the ledger cannot be used"


class NewerLedgerError(LedgerError):
    """The ledger was written by a newer version of the program, which alone understands it."""

    title = "the ledger is from a newer amp-tray"


class DamagedLedgerError(LedgerError):
    """The file is no database, or no longer a whole one; it is to be set aside and rebuilt."""

    title = "the ledger is damaged"

    def __init__(self, path: Path | None, what: str) -> None:
        super().__init__(
            _at(path, what),
            hint="`amp-tray report` or the service sets it aside and rebuilds it",
        )
        self.what = what


def unusable(path: Path | None, error: Exception) -> LedgerError:
    """Return what to tell the user of an error of the database or its file."""
    if is_damage(error):
        return DamagedLedgerError(path, str(error))
    # The system's own sentence; all of an OSError would say the path twice.
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return LedgerError(
        _at(path, said),
        hint="check the disk's space and the file's permissions, or set AMP_TRAY_DATA_DIR",
    )


def _at(path: Path | None, what: str) -> str:
    return what if path is None else f"{path}: {what}"


def is_damage(error: Exception) -> bool:
    """Say whether an error means that the file's content, not its surroundings, is bad."""
    if isinstance(error, UnicodeDecodeError):
        return True
    if not isinstance(error, sqlite3.Error):
        return False
    code = getattr(error, "sqlite_errorcode", None)  # errors of the module itself have none
    if code is None:
        return "decode to UTF-8" in str(error)
    kind = code & _PRIMARY
    return kind in _DAMAGE or (kind == sqlite3.SQLITE_ERROR and str(error).startswith(_MISSING))


@contextmanager
def ledger_errors(path: Path | None) -> Iterator[None]:
    """Turn the database's errors into what a user may see.

    Raises:
        LedgerError: the database failed; DamagedLedgerError when its content is bad.
    """
    try:
        yield
    except DATABASE_ERRORS as error:
        raise unusable(path, error) from error


def told(path: Path, message: str) -> Diagnostic:
    """Log what became of a ledger, and return what tells it to the user."""
    import logging  # noqa: PLC0415 - it takes as long to load as a ledger to open

    logging.getLogger(__name__).warning("%s: %s", path, message)
    return Diagnostic(Code.LEDGER, str(path), message)
