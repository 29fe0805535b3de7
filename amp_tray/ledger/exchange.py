"""Ledgers as JSON lines: a copy for safe keeping, and another machine's usage brought in.

The first line says what the file is and which roots it covers; each other line has the facts
that one file told of one thread. What the accounting rules make of them is not exported: they
are resolved together with what is here, so usage that both machines know counts once.
"""

import sqlite3
from collections.abc import Iterator
from typing import IO, Annotated, NamedTuple

import msgspec

from amp_tray.core.records import ThreadRecord
from amp_tray.core.unite import settle, unite_copies
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.facts import decode_facts, encode_facts, implausible
from amp_tray.ledger.files import stored_name
from amp_tray.ledger.inventory import Roots, is_in_force, take_inventory
from amp_tray.ledger.salvage import UNREAD

FORMAT, VERSION = "amp-tray-ledger", 1
IMPORTED = "imported/"
"""What the names of files begin with whose usage came from another ledger."""

_MOST_LINE = 64 * 2**20
_MOST_NAME = 4096
_MOST_BAD = 1000


class _Root(msgspec.Struct):
    source: str
    path: str
    used: bool


class _Header(msgspec.Struct):
    format: str
    version: int
    ledger: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{1,64}$")]
    roots: list[_Root]
    records: int


class _Line(msgspec.Struct):
    source: str
    root: str
    file: str
    facts: msgspec.Raw


class BadLine(NamedTuple):
    """A line that could not be used: its number, from 1, and why."""

    number: int
    why: str


class Imported(NamedTuple):
    """What an import did.

    Attributes:
        changed: records that were here and lacked something that the file tells.
        bad: the first thousand of the lines that could not be used.
        hidden_roots: where usage went that no report covers now.
    """

    added: int
    changed: int
    unchanged: int
    bad: tuple[BadLine, ...]
    hidden_roots: tuple[str, ...]


class NotAnExportError(LedgerError):
    """The file does not begin as an export of a ledger does."""

    title = "the import cannot be used"


def export_lines(database: sqlite3.Connection, in_force: Roots) -> Iterator[bytes]:
    """Yield an export's lines, each with its newline; raises sqlite3.Error."""
    inventory = take_inventory(database)
    roots = [_Root(root.source, root.path, is_in_force(root, in_force)) for root in inventory.roots]
    header = _Header(FORMAT, VERSION, inventory.ledger, roots, inventory.records)
    yield msgspec.json.encode(header) + b"\n"
    rows = database.execute(
        "SELECT source, path, name, facts FROM record JOIN file ON file.id = file_id"
        " JOIN root ON root.id = root_id ORDER BY source, path, name, thread_id"
    )
    for source, root, name, facts in rows:
        line = _Line(source, root, name, msgspec.Raw(facts.encode()))
        yield msgspec.json.encode(line) + b"\n"


def import_lines(
    database: sqlite3.Connection, file: IO[bytes], in_force: Roots, as_root: str | None = None
) -> Imported:
    """Unite an export with a ledger in one transaction; doing it twice changes nothing more.

    Usage of a root that is in force here, or that the other ledger's reports did not cover,
    stays with its root. All other goes to the first root in force, or `as_root`, as archived
    files below `imported/` and the other ledger's identity.

    Raises:
        NotAnExportError: the first line is not that of an export.
        sqlite3.Error: nothing was imported.
    """
    header = _read_header(file.readline(_MOST_LINE))
    own = database.execute("SELECT value FROM meta WHERE name = 'ledger'").fetchone()[0]
    places = _Places(header, own, in_force, as_root)
    outcomes = {"added": 0, "changed": 0, "unchanged": 0}
    bad: list[BadLine] = []
    touched: set[tuple[int, str, str]] = set()
    number = 1
    database.execute("BEGIN IMMEDIATE")
    try:
        for number, data in enumerate(_lines(file), start=2):
            try:
                line, record = _read_line(data)
                root, name = places.of(line)
            except ValueError as error:
                if len(bad) < _MOST_BAD:
                    bad.append(BadLine(number, str(error)))
                continue
            root_id = _root_id(database, line.source, root)
            outcome = _unite_into(database, root_id, name, record)
            outcomes[outcome] += 1
            if outcome != "unchanged":
                touched.add((root_id, line.source, root))
        _outdate(database, [root_id for root_id, _, _ in touched])
        database.execute("COMMIT")
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")
    if number - 1 < header.records:
        bad.append(BadLine(number + 1, f"the file ends; {header.records:,} records were to come"))
    hidden = sorted(root for _, source, root in touched if root not in places.in_force[source])
    return Imported(**outcomes, bad=tuple(bad), hidden_roots=tuple(hidden))


class _Places:
    """Decides which root and file name a line's usage belongs to."""

    def __init__(self, header: _Header, own: str, in_force: Roots, as_root: str | None) -> None:
        self.in_force = {
            source: [stored_name(root) for root in roots] for source, roots in in_force.items()
        }
        self._used = {(root.source, root.path) for root in header.roots if root.used}
        self._ledger, self._own = header.ledger, own
        self._as_root = None if as_root is None else stored_name(as_root)

    def of(self, line: _Line) -> tuple[str, str]:
        roots = self.in_force.get(line.source)
        if not roots:
            raise ValueError(f"its source {line.source[:40]!r} is not known here")
        if (line.source, line.root) not in self._used:
            return line.root, line.file
        target = self._as_root
        if target is None:
            if line.root in roots or self._ledger == self._own:
                return line.root, line.file
            target = roots[0]
        return target, line.file if line.root == target else self._name(line.file)

    def _name(self, name: str) -> str:
        """Return the name of a file from elsewhere: the same by whatever way it came."""
        if not name.startswith(IMPORTED):
            return f"{IMPORTED}{self._ledger}/{name}"
        ledger, _, inner = name.removeprefix(IMPORTED).partition("/")
        return inner if inner and ledger == self._own else name


def _read_header(data: bytes) -> _Header:
    try:
        header = msgspec.json.decode(data, type=_Header)
    except ValueError as error:
        raise NotAnExportError(
            "its first line is not that of an export", hint="make one with `amp-tray ledger export`"
        ) from error
    if header.format != FORMAT or header.version != VERSION:
        raise NotAnExportError(
            f"it is {header.format[:40]!r} version {header.version}; known is {FORMAT!r} {VERSION}",
            hint="update amp-tray, or make the export with this version",
        )
    return header


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines; of one that is too long its beginning, which is no whole line."""
    while data := file.readline(_MOST_LINE):
        yield data
        while len(data) == _MOST_LINE and not data.endswith(b"\n"):
            data = file.readline(_MOST_LINE)


def _read_line(data: bytes) -> tuple[_Line, ThreadRecord]:
    """Return a line and its record; raises ValueError that says what is wrong."""
    try:
        line = msgspec.json.decode(data, type=_Line)
        record = settle(decode_facts(bytes(line.facts)))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no line of an export: {error}") from error
    why = implausible(record)
    if why is not None:
        raise ValueError(f"its facts cannot be true: {why}")
    if not all(0 < len(text) <= _MOST_NAME for text in (line.root, line.file)):
        raise ValueError("it names no file")
    return line, record


def _root_id(database: sqlite3.Connection, source: str, path: str) -> int:
    database.execute("INSERT OR IGNORE INTO root (source, path) VALUES (?, ?)", (source, path))
    row = database.execute("SELECT id FROM root WHERE source = ? AND path = ?", (source, path))
    return int(row.fetchone()[0])


def _unite_into(database: sqlite3.Connection, root_id: int, name: str, record: ThreadRecord) -> str:
    """Store a record with what is known of its thread from that file; say what came of it."""
    database.execute(
        "INSERT OR IGNORE INTO file (root_id, name, size, mtime_ns, inode, present)"
        " VALUES (?, ?, ?, ?, ?, 0)",
        (root_id, name, *UNREAD),
    )
    (file_id,) = database.execute(
        "SELECT id FROM file WHERE root_id = ? AND name = ?", (root_id, name)
    ).fetchone()
    row = database.execute(
        "SELECT facts FROM record WHERE file_id = ? AND thread_id = ?", (file_id, record.thread_id)
    ).fetchone()
    stored = None if row is None else decode_facts(row[0])
    united = record if stored is None else unite_copies([stored, record])
    if united == stored:
        return "unchanged"
    database.execute(
        "INSERT OR REPLACE INTO record VALUES (?, ?, ?)",
        (file_id, record.thread_id, encode_facts(united)),
    )
    return "added" if stored is None else "changed"


def _outdate(database: sqlite3.Connection, root_ids: list[int]) -> None:
    """Have every scope that covers one of the roots resolved anew when it is next opened."""
    database.executemany(
        "UPDATE scope SET rules = 0"
        " WHERE id IN (SELECT scope_id FROM scope_root WHERE root_id = ?)",
        [(root_id,) for root_id in root_ids],
    )
