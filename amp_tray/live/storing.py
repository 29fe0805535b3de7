"""Storing what files say: readings into the ledger, and which threads that touched."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.core.records import ThreadRecord
from amp_tray.core.unite import unite
from amp_tray.host.log import Log
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.store import Ledger, Scope
from amp_tray.live.digest import FurtherFacts
from amp_tray.live.files import FileReading, KnownPlace, read_log
from amp_tray.live.roots import Root

log = Log(__name__)


def store_files(
    ledger: Ledger,
    scopes: Mapping[str, Scope],
    files: Iterable[tuple[Root, str]],
    *,
    max_bytes: int,
) -> dict[Scope, set[str]]:
    """Read some files and store what they say.

    Args:
        scopes: by source name.
        files: each its root and its name below the root's folder.
        max_bytes: larger files are told, not read.

    Returns:
        The threads whose records changed, by scope.
    """
    threads: dict[Scope, set[str]] = defaultdict(set)
    for root, name in files:
        file = read_log(
            root.source,
            root.folder,
            name,
            max_bytes=max_bytes,
            known=_known_place(ledger, root, name),
        )
        if file is None:
            known = ledger.files.one(root.root_id, name)
            if known is not None:
                ledger.files.mark_gone([known.file_id])
            continue
        threads[scopes[root.source.name]] |= store_reading(ledger, root, file)
    return threads


def _known_place(ledger: Ledger, root: Root, name: str) -> KnownPlace | None:
    if root.source.read_on is None:
        return None
    known = ledger.files.one(root.root_id, name)
    place = None if known is None else ledger.places.of(known.file_id)
    return None if known is None or place is None else KnownPlace(known.state.inode, place)


def store_reading(
    ledger: Ledger, root: Root, file: FileReading, arrived: FurtherFacts | None = None
) -> set[str]:
    """Store one reading; return its threads whose records are no longer as they were.

    Args:
        arrived: what its lines told, of a file that the ledger does not know.
    """
    try:
        with ledger.part():
            if arrived is not None:
                return _put_arrived(ledger, root, file, arrived)
            return _unite_reading(ledger, root, file)
    except LedgerError:
        raise
    except Exception as error:  # noqa: BLE001 - fault boundary: one file may fail
        # Its type alone: a message may quote what the file says.
        log.warning("%s could not be stored: %s", file.name, type(error).__name__)
        trouble = Diagnostic(Code.BAD_RECORD, file.name, "the program failed on this file")
        ledger.files.put(root.root_id, file.name, file.state, [trouble])
        return set()


def _put_arrived(ledger: Ledger, root: Root, file: FileReading, told: FurtherFacts) -> set[str]:
    """Store what a new file's lines told, as it was written down: there is nothing to unite."""
    file_id = ledger.files.put(root.root_id, file.name, file.state, file.reading.diagnostics)
    ledger.places.put(file_id, told.place)
    ledger.places.add_resets(file_id, told.resets)
    ledger.add_facts(file_id, told.records)
    return {thread_id for thread_id, _ in told.records}


def _unite_reading(ledger: Ledger, root: Root, file: FileReading) -> set[str]:
    """Store one reading; a file that turned bad keeps what was last read of it."""
    reading, further = file.reading, file.further
    file_id = ledger.files.put(
        root.root_id,
        file.name,
        file.state,
        reading.diagnostics,
        read_on=further is not None and not further.from_start,
    )
    if further is not None:
        ledger.places.put(file_id, further.place)
        ledger.places.add_resets(file_id, further.resets)
        return {record.thread_id for record in further.records if _put(ledger, file_id, record)}
    if reading.record is None or not _put(ledger, file_id, reading.record):
        return set()
    return {reading.record.thread_id}


def _put(ledger: Ledger, file_id: int, fresh: ThreadRecord) -> bool:
    """Unite a record with what is known of its thread from the file; say whether that changed."""
    stored = ledger.record_of(file_id, fresh.thread_id)
    record = fresh if stored is None else unite(stored, fresh)
    if record == stored:
        return False
    ledger.put_record(file_id, record)
    return True
