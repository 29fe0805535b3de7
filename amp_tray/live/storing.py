"""Storing what files say: readings into the ledger, and which threads that touched."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.core.unite import unite
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.store import Ledger, Scope
from amp_tray.live.files import FileReading, read_log
from amp_tray.live.roots import Root

log = logging.getLogger(__name__)


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
        file = read_log(root.source, root.folder, name, max_bytes=max_bytes)
        if file is None:
            known = ledger.known_file(root.root_id, name)
            if known is not None:
                ledger.mark_gone([known.file_id])
            continue
        thread_id = store_reading(ledger, root, file)
        if thread_id is not None:
            threads[scopes[root.source.name]].add(thread_id)
    return threads


def store_reading(ledger: Ledger, root: Root, file: FileReading) -> str | None:
    """Store one reading; return its thread if the record is no longer as it was."""
    try:
        with ledger.part():
            return _unite_reading(ledger, root, file)
    except LedgerError:
        raise
    except Exception as error:  # noqa: BLE001 - fault boundary: one file may fail
        # Its type alone: a message may quote what the file says.
        log.warning("%s could not be stored: %s", file.name, type(error).__name__)
        trouble = Diagnostic(Code.BAD_RECORD, file.name, "the program failed on this file")
        ledger.put_file(root.root_id, file.name, file.state, [trouble])
        return None


def _unite_reading(ledger: Ledger, root: Root, file: FileReading) -> str | None:
    """Store one reading; a file that turned bad keeps what was last read of it."""
    reading = file.reading
    file_id = ledger.put_file(root.root_id, file.name, file.state, reading.diagnostics)
    if reading.record is None:
        return None
    stored = ledger.record_of(file_id, reading.record.thread_id)
    record = reading.record if stored is None else unite(stored, reading.record)
    if record == stored:
        return None
    ledger.put_record(file_id, record)
    return record.thread_id
