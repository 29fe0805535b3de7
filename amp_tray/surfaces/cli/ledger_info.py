"""What `amp-tray ledger info` shows: the ledger counted, as a document and as lines."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from amp_tray.core.document import Document
from amp_tray.core.report import optional_instant
from amp_tray.core.text import clean
from amp_tray.surfaces.cli.program import Program

if TYPE_CHECKING:
    from amp_tray.ledger.inventory import Roots

PATH_WIDTH = 4096
"""Characters of a path that are shown: all that a system allows."""


def roots_in_force(program: Program) -> "Roots":
    """Return the roots that reports cover now, by source."""
    return {source.name: [str(root) for root in roots] for source, roots in program.roots().items()}


def info_document(program: Program) -> Document:
    """Return what the ledger holds; raises LedgerError when there is none to read."""
    from amp_tray.ledger.connect import beside  # noqa: PLC0415
    from amp_tray.ledger.inventory import (  # noqa: PLC0415
        is_in_force,
        scopes_in_force,
        span_of,
        take_inventory,
    )
    from amp_tray.ledger.opening import set_aside_files  # noqa: PLC0415
    from amp_tray.ledger.reading import reading  # noqa: PLC0415

    path, in_force = program.ledger_path, roots_in_force(program)
    with reading(path) as database:
        inventory = take_inventory(database)
        scopes = scopes_in_force(inventory.scopes, in_force)
        span = span_of(database, [scope.scope_id for scope in scopes])
    files = (path, beside(path, "-wal"))
    return {
        "path": str(path),
        "sizeBytes": sum(file.stat().st_size for file in files if file.is_file()),
        "schema": inventory.schema,
        "ledger": inventory.ledger,
        "roots": [
            {
                "source": root.source,
                "path": root.path,
                "inForce": is_in_force(root, in_force),
                "present": root.present,
                "archived": root.archived,
            }
            for root in inventory.roots
        ],
        "files": {
            "present": sum(root.present for root in inventory.roots),
            "archived": sum(root.archived for root in inventory.roots),
        },
        "threads": inventory.threads,
        "records": inventory.records,
        "events": span.events,
        "oldestEventAt": optional_instant(span.oldest),
        "newestEventAt": optional_instant(span.newest),
        "checkedAt": optional_instant(inventory.checked_at),
        "setAside": [str(file) for file in set_aside_files(path)],
    }


def info_lines(document: Document) -> Iterator[str]:
    """Yield the same as lines for a person."""
    size = document["sizeBytes"] / 1e6
    path = clean(document["path"], PATH_WIDTH)
    yield f"{'Ledger':<10} {path} ({size:,.1f} MB, schema {document['schema']})"
    for root in document["roots"]:
        unused = "" if root["inForce"] else ", in no report now"
        files = f"{root['present']:,} files and {root['archived']:,} archived"
        yield f"{'Root':<10} {clean(root['path'], PATH_WIDTH)} ({root['source']}{unused}): {files}"
    yield f"{'Threads':<10} {document['threads']:,} in {document['records']:,} records"
    since = ""
    if document["events"]:
        since = f", {document['oldestEventAt'][:10]} to {document['newestEventAt'][:10]}"
    yield f"{'Events':<10} {document['events']:,}{since}"
    yield f"{'Checked':<10} {document['checkedAt'] or 'never'}"
    for name in document["setAside"]:
        yield f"{'Set aside':<10} {clean(name, PATH_WIDTH)} (it was damaged)"
