"""The log files that a ledger read: the state each was in, and what of it could not be used."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from amp_tray.core.diagnostics import Diagnostic, code_named


class FileState(NamedTuple):
    """What tells whether a file is still the one that was read."""

    size: int
    mtime_ns: int
    inode: str


class KnownFile(NamedTuple):
    """A file the ledger knows, and the state it was last read in."""

    file_id: int
    state: FileState
    present: bool


def stored_name(name: str) -> str:
    """Return a file's name as the ledger spells it: bytes that are no UTF-8 as escapes."""
    if name.isascii():
        return name
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


class Files:
    """The files of one ledger, by root; shares the ledger's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def of_root(self, root_id: int) -> dict[str, KnownFile]:
        """Return the files of a root that were ever read, by name as `stored_name` spells it."""
        rows = self._db.execute(
            "SELECT name, id, size, mtime_ns, inode, present FROM file WHERE root_id = ?",
            (root_id,),
        )
        return {
            name: KnownFile(file_id, FileState(size, mtime_ns, inode), bool(present))
            for name, file_id, size, mtime_ns, inode, present in rows
        }

    def one(self, root_id: int, name: str) -> KnownFile | None:
        """Return what the ledger knows of one file, None when it was never read."""
        row = self._db.execute(
            "SELECT id, size, mtime_ns, inode, present FROM file WHERE root_id = ? AND name = ?",
            (root_id, stored_name(name)),
        ).fetchone()
        return row and KnownFile(row[0], FileState(*row[1:4]), bool(row[4]))

    def put(
        self,
        root_id: int,
        name: str,
        state: FileState,
        diagnostics: Iterable[Diagnostic],
        *,
        read_on: bool = False,
    ) -> int:
        """Note the state a file was read in and what could not be used; return its id.

        Args:
            read_on: only what was new was read: what could not be used before still cannot.
        """
        row = self._db.execute(
            "INSERT INTO file (root_id, name, size, mtime_ns, inode) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (root_id, name) DO UPDATE SET present = 1, size = excluded.size,"
            " mtime_ns = excluded.mtime_ns, inode = excluded.inode RETURNING id",
            (root_id, stored_name(name), *state),
        ).fetchone()
        file_id = int(row[0])
        if not read_on:
            self._db.execute("DELETE FROM diagnostic WHERE file_id = ?", (file_id,))
        self._db.executemany(
            "INSERT INTO diagnostic VALUES (?, ?, ?)",
            [(file_id, item.code.value, item.message) for item in diagnostics],
        )
        return file_id

    def mark_gone(self, file_ids: Iterable[int]) -> None:
        """Note that files vanished; their records stay, their diagnostics do not."""
        ids = [(file_id,) for file_id in file_ids]
        self._db.executemany("UPDATE file SET present = 0 WHERE id = ?", ids)
        self._db.executemany("DELETE FROM diagnostic WHERE file_id = ?", ids)

    def telling_of(self, scope_id: int, thread_id: str) -> list[tuple[int, str, bool]]:
        """Return (root id, name, whether it is there) of a scope's files that told of a thread."""
        rows = self._db.execute(
            "SELECT root_id, name, present FROM record JOIN file ON file.id = file_id"
            " WHERE thread_id = ?"
            " AND root_id IN (SELECT root_id FROM scope_root WHERE scope_id = ?)"
            " ORDER BY root_id, name",
            (thread_id, scope_id),
        )
        return [(root_id, name, bool(present)) for root_id, name, present in rows]

    def diagnostics(self, root_id: int) -> list[Diagnostic]:
        """Return what could not be used of a root's present files; `path` is the file's name."""
        rows = self._db.execute(
            "SELECT code, name, message FROM diagnostic JOIN file ON file.id = file_id"
            " WHERE root_id = ? ORDER BY name, code",
            (root_id,),
        )
        return [Diagnostic(code_named(code), name, message) for code, name, message in rows]
