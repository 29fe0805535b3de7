"""Opening the ledger whatever became of it: whole, mended, or a copy in memory in its place.

The file is looked through when the last writer did not close it, and once a week (30 MB take
80 ms); damage elsewhere shows when it is come across, and then `reopen_ledger` takes over. A
damaged file is not mended in place: it is set aside, and the one made of it takes its place
in one rename, so that a kill at any moment leaves the old or the new.
"""

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from amp_tray.core.diagnostics import Diagnostic
from amp_tray.ledger.connect import beside, check_is_due, connect, look_through, note_checked
from amp_tray.ledger.errors import (
    DATABASE_ERRORS,
    DamagedLedgerError,
    LedgerError,
    NewerLedgerError,
    ledger_errors,
    told,
    unusable,
)
from amp_tray.ledger.reading import opened
from amp_tray.ledger.salvage import Salvaged, salvage_into
from amp_tray.ledger.store import Ledger

_BESIDE = ("-wal", "-shm")


def open_ledger(path: Path, now: int) -> Ledger:
    """Open the ledger for the one who holds the instance lock.

    A damaged one is set aside and what can be read of it is taken over; for one that cannot be
    written a copy in memory stands in. Either is told in the ledger's `troubles`.

    Args:
        now: epoch milliseconds.

    Raises:
        NewerLedgerError: a newer version of the program wrote it.
    """
    try:
        return _open_sound(path, now)
    except LedgerError as error:
        return reopen_ledger(path, now, error)


def reopen_ledger(path: Path, now: int, error: LedgerError) -> Ledger:
    """Open the ledger after it failed with an error; the failed one must be closed.

    Raises:
        NewerLedgerError: that was the error.
    """
    match error:
        case NewerLedgerError():
            raise error
        case DamagedLedgerError():
            try:
                return _replace(path, now, error)
            except LedgerError as failure:
                return stand_in(path, failure)
        case _:
            return stand_in(path, error)


def stand_in(path: Path, error: LedgerError) -> Ledger:
    """Return a copy in memory of a ledger that cannot be written, which says so."""
    ledger = Ledger.copy_of(path, error if isinstance(error, DamagedLedgerError) else None)
    message = (
        "what is read now is not kept, and figures come from a copy of the ledger in memory:"
        f" {error.message}"
    )
    ledger.temporary = True
    ledger.troubles = (*ledger.troubles, told(path, message))
    return ledger


def set_aside_files(path: Path) -> list[Path]:
    """Return the damaged ledgers that lie set aside, oldest first."""
    return sorted(path.parent.glob(f"{path.stem}.corrupt-*{path.suffix}"))


def _open_sound(path: Path, now: int) -> Ledger:
    finished = _finish_replacing(path, now)
    log_size = 0
    with suppress(OSError):
        log_size = beside(path, "-wal").stat().st_size
    with ledger_errors(path):
        # Who closes the ledger properly empties its log; a kill or a crash leaves it. It is not
        # opened for writing before it is known to be whole: that would merge the two.
        if log_size and path.is_file():
            with opened(path) as origin:
                look_through(origin, path)
    database = connect(path)
    try:
        with ledger_errors(path):
            if check_is_due(database, now):
                look_through(database, path)
                note_checked(database, now)
    except BaseException:
        database.close()
        raise
    ledger = Ledger(path, database=database)
    ledger.troubles = finished
    return ledger


def _replace(path: Path, now: int, error: DamagedLedgerError) -> Ledger:
    fresh = _replacement(path)
    try:
        _remove(fresh)
        with closing(connect(fresh)) as database:
            found = salvage_into(database, path)
            note_checked(database, now)
        aside = _set_aside(path, now)
        fresh.replace(path)
    except (OSError, *DATABASE_ERRORS) as failure:
        raise unusable(path, failure) from failure
    ledger = Ledger(path)
    ledger.troubles = (_replaced(error.what, aside, found),)
    return ledger


def _finish_replacing(path: Path, now: int) -> tuple[Diagnostic, ...]:
    """Put a replacement in its place where the one who made it got no further."""
    fresh = _replacement(path)
    if path.exists() or not fresh.exists():
        return ()
    try:
        aside = _set_aside(path, now)  # what SQLite left beside it must not meet the new file
        fresh.replace(path)
    except OSError as error:
        raise unusable(path, error) from error
    return (_replaced("found by a process that did not end", aside, None),)


def _set_aside(path: Path, now: int) -> Path:
    aside = next(name for name in _free_names(path, now) if not name.exists())
    if path.exists():
        path.rename(aside)
    for suffix in _BESIDE:
        with suppress(FileNotFoundError):
            beside(path, suffix).rename(beside(aside, suffix))
    return aside


def _free_names(path: Path, now: int) -> Iterator[Path]:
    at = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    for number in count(1):
        again = "" if number == 1 else f"-{number}"
        yield path.with_name(f"{path.stem}.corrupt-{at}{again}{path.suffix}")


def _replaced(what: str, aside: Path, found: Salvaged | None) -> Diagnostic:
    kept = "" if found is None else f"; {found.sentence}"
    message = f"the ledger was damaged ({what}) and lies aside as {aside.name}{kept}"
    return told(aside, message)


def _replacement(path: Path) -> Path:
    return path.with_name(f"{path.stem}.salvaged{path.suffix}")


def _remove(fresh: Path) -> None:
    for name in (fresh, *(beside(fresh, suffix) for suffix in _BESIDE)):
        name.unlink(missing_ok=True)
