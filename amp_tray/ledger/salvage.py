"""Salvage: what can still be read of a damaged ledger, row by row, into a new one.

Only facts are taken (roots, files, records); what the accounting rules made of them is made
anew. Every file is to be read again where it is still there, so its state is not taken.
The damaged file is never opened itself: SQLite works on a copy, which may be mended.
"""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from amp_tray.ledger.connect import beside
from amp_tray.ledger.errors import DATABASE_ERRORS
from amp_tray.ledger.facts import decode_facts, implausible
from amp_tray.ledger.schema import MIGRATIONS

UNREAD = (-1, 0, "")
"""The state (size, mtime, inode) of no file: one that has it is read at the next scan."""

_PROBES = 10_000  # single keys tried where the end of a table cannot be read
_MOST_PROBES = 1_000_000
_GROWTH = 64  # a header that claims more than this many times what is there is not believed


_READ = (
    ("id, source, path", "root"),
    ("id, root_id, name, present", "file"),
    ("file_id, thread_id, facts", "record"),
)
"""The columns that are taken, by table: a spoilt schema calls them otherwise."""


class Salvaged(NamedTuple):
    """What was found: records taken, and those that were seen and could not be."""

    records: int
    lost: int

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        kept = f"{self.records:,} of its records were kept, the rest is read from the files again"
        return f"{kept}; {self.lost:,} could not be made out" if self.lost else kept


def salvage_into(target: sqlite3.Connection, path: Path) -> Salvaged:
    """Put what can be read of a damaged ledger into an empty one, in one transaction.

    Raises:
        OSError, sqlite3.Error: the copy or the target cannot be written.
    """
    import shutil  # noqa: PLC0415 - slow to load, and rarely needed
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="amp-tray-") as folder:
        copy = Path(folder) / "ledger.db"
        shutil.copyfile(path, copy)
        if beside(path, "-wal").is_file():
            shutil.copyfile(beside(path, "-wal"), beside(copy, "-wal"))
        _fill_up(copy)
        for mend in (_leave, _drop_log, _graft_head):
            mend(copy)
            with closing(sqlite3.connect(copy, isolation_level=None)) as origin:
                origin.text_factory = bytes  # one bad text must not end the reading
                if _has_tables(origin):
                    return _transfer(origin, target)
    return Salvaged(0, 0)


def _leave(_copy: Path) -> None:
    """Try it as it is."""


def _drop_log(copy: Path) -> None:
    for suffix in ("-wal", "-shm"):
        beside(copy, suffix).unlink(missing_ok=True)


def _fill_up(copy: Path) -> None:
    """Give a file that was cut off its length again: SQLite refuses it whole, we do not."""
    size = copy.stat().st_size
    with copy.open("r+b") as file:
        head = file.read(100)
        if len(head) < 100:  # noqa: PLR2004 - the length of SQLite's header
            return
        page, pages = struct.unpack_from(">H", head, 16)[0], struct.unpack_from(">I", head, 28)[0]
        whole = (65536 if page == 1 else page) * pages
        if size < whole <= size * _GROWTH:
            file.truncate(whole)


def _graft_head(copy: Path) -> None:
    """Replace a spoilt first page: a ledger made in the same steps has the same one.

    Source: SQLite's file format; the tables of the first step are the first pages in use.
    """
    model = copy.with_name("model.db")
    with closing(sqlite3.connect(model)) as database:
        database.executescript(MIGRATIONS[1])
        size = int(database.execute("PRAGMA page_size").fetchone()[0])
    head = bytearray(model.read_bytes()[:size])
    struct.pack_into(">I", head, 28, copy.stat().st_size // size)  # pages in the file
    struct.pack_into(">II", head, 32, 0, 0)  # no free pages
    with copy.open("r+b") as file:
        file.write(head)


def _has_tables(origin: sqlite3.Connection) -> bool:
    try:
        for columns, table in _READ:
            origin.execute(f"SELECT {columns} FROM {table} LIMIT 0")  # noqa: S608 - our own names
    except DATABASE_ERRORS:
        return False
    return True


def _transfer(origin: sqlite3.Connection, target: sqlite3.Connection) -> Salvaged:
    target.execute("BEGIN IMMEDIATE")
    try:
        roots = _put_roots(origin, target)
        files = _put_files(origin, target, roots)
        found = _put_records(origin, target, roots, files)
        target.execute("COMMIT")
    finally:
        if target.in_transaction:
            target.execute("ROLLBACK")
    return found


def _put_roots(origin: sqlite3.Connection, target: sqlite3.Connection) -> list[int]:
    columns = "id, source, path"
    for key, source, path in (
        *_rows(origin, columns, "root NOT INDEXED", "id"),
        *_rows(origin, columns, "root INDEXED BY sqlite_autoindex_root_1", "id"),
    ):
        values = (key, _text(source), _text(path))
        if isinstance(key, int) and key > 0 and all(values[1:]):
            target.execute("INSERT OR IGNORE INTO root VALUES (?, ?, ?)", values)
    return [row[0] for row in target.execute("SELECT id FROM root")]


def _put_files(
    origin: sqlite3.Connection, target: sqlite3.Connection, roots: list[int]
) -> set[int]:
    for columns, table in (
        ("id, root_id, name, present", "file NOT INDEXED"),
        ("id, root_id, name, 1", "file INDEXED BY sqlite_autoindex_file_1"),
    ):
        for key, root_id, name, present in _rows(origin, columns, table, "id"):
            home = _home(root_id, roots)
            if isinstance(key, int) and key > 0 and home is not None and _text(name):
                target.execute(
                    "INSERT OR IGNORE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (key, home, _text(name), *UNREAD, int(present == 1)),
                )
    return {row[0] for row in target.execute("SELECT id FROM file")}


def _put_records(
    origin: sqlite3.Connection,
    target: sqlite3.Connection,
    roots: list[int],
    files: set[int],
) -> Salvaged:
    seen: set[tuple[object, object]] = set()
    kept = 0
    for file_id, thread_id, facts in _rows(
        origin, "file_id, thread_id, facts", "record NOT INDEXED", "file_id"
    ):
        if (file_id, thread_id) in seen:
            continue
        seen.add((file_id, thread_id))
        text = _sound_facts(thread_id, facts)
        if text is None:
            continue
        home = (
            file_id
            if isinstance(file_id, int) and file_id in files
            else _new_file(target, roots, _text(thread_id))
        )
        if home is not None:
            values = (home, _text(thread_id), text)
            target.execute("INSERT OR IGNORE INTO record VALUES (?, ?, ?)", values)
            kept += 1
    return Salvaged(kept, len(seen) - kept)


def _sound_facts(thread_id: object, facts: object) -> str | None:
    text = _text(facts)
    try:
        record = decode_facts(text or "")
    except ValueError:
        return None
    sound = record.thread_id == _text(thread_id) and implausible(record) is None
    return text if sound else None


def _home(root_id: object, roots: list[int]) -> int | None:
    """Return the root to attribute to: where only one is known, what else could it be."""
    if isinstance(root_id, int) and root_id in roots:
        return root_id
    return roots[0] if len(roots) == 1 else None


def _new_file(target: sqlite3.Connection, roots: list[int], thread_id: str | None) -> int | None:
    """Make a file for a record whose own is not known any more."""
    if len(roots) != 1:
        return None
    row = target.execute(
        "INSERT INTO file (root_id, name, size, mtime_ns, inode, present)"
        " VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET present = present RETURNING id",
        (roots[0], f"salvaged/{thread_id}.json", *UNREAD),
    ).fetchone()
    return int(row[0])


def _text(value: object) -> str | None:
    try:
        return value.decode() if isinstance(value, bytes) else None
    except UnicodeDecodeError:
        return None


def _rows(
    origin: sqlite3.Connection, columns: str, table: str, key: str
) -> Iterator[tuple[object, ...]]:
    """Yield the rows that can be read: from both ends up to the damage, then one by one.

    A row may come twice. The first column is the key.
    """
    select = f"SELECT {columns} FROM {table}"  # noqa: S608 - our own names
    ends: list[int | None] = [None, None]
    for end, order in enumerate(("ASC", "DESC")):
        try:
            for row in origin.execute(f"{select} ORDER BY {key} {order}"):
                if end and ends[0] is not None and row[0] < ends[0]:
                    break
                ends[end] = row[0]
                yield row
            else:
                return
        except (*DATABASE_ERRORS, TypeError):  # a key of another type is damage too
            continue
    low = ends[0] if isinstance(ends[0], int) else 0
    high = ends[1] if isinstance(ends[1], int) else low + _PROBES
    for value in range(low, min(high, low + _MOST_PROBES) + 1):
        try:
            yield from origin.execute(f"{select} WHERE {key} = ?", (value,))
        except DATABASE_ERRORS:
            continue
