"""Reading a ledger without changing it, also where nothing can be written beside it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from amp_tray.ledger import reading as module
from amp_tray.ledger.errors import DamagedLedgerError, LedgerError, is_damage, unusable
from amp_tray.ledger.reading import reading
from amp_tray.ledger.store import Ledger
from tests.support.scans import open_writer, put, scanned, total_tokens
from tests.support.threads import answer, thread


def failing(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = code
    return error


class Refusing(sqlite3.Connection):
    """What SQLite is in a directory that cannot be written."""

    def execute(self, *_arguments: object) -> sqlite3.Cursor:
        raise failing(sqlite3.SQLITE_CANTOPEN)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    put(tmp_path / "amp", thread(answer()))
    return tmp_path / "amp"


@pytest.fixture
def unwritable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_read_only", lambda _path: Refusing(":memory:"))


def test_on_a_read_only_disk_a_copy_is_read_with_what_its_log_has(
    root: Path, tmp_path: Path, unwritable: None
) -> None:
    path = tmp_path / "ledger.db"
    writer = open_writer(path, root)  # all is still in the log
    writer.scan()
    assert path.with_name("ledger.db-wal").stat().st_size > path.stat().st_size
    with reading(path) as database:
        assert database.execute("SELECT count(*) FROM record").fetchone() == (1,)
    assert total_tokens(scanned(Ledger.copy_of(path), root)) == 100
    writer.close()


def test_a_ledger_that_is_busy_is_told_and_not_copied_half(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"
    scanned(path, root)

    class Busy(Refusing):
        def execute(self, *_arguments: object) -> sqlite3.Cursor:
            raise failing(sqlite3.SQLITE_BUSY)

    monkeypatch.setattr(module, "_read_only", lambda _path: Busy(":memory:"))
    with pytest.raises(LedgerError), reading(path):
        pass
    snapshot = scanned(Ledger.copy_of(path), root)
    assert total_tokens(snapshot) == 100  # of the files
    assert "cannot be read" in snapshot.diagnostics[0].message


def test_reading_sees_one_moment(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    scanned(path, root)
    with reading(path) as database:
        count = "SELECT count(*) FROM record"
        assert database.execute(count).fetchone() == (1,)
        put(root, thread(answer(), id="T-2"), "T-2")
        scanned(path, root)
        assert database.execute(count).fetchone() == (1,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            database.execute("DELETE FROM record")


def test_an_error_while_reading_is_the_ledgers(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    scanned(path, root)
    with pytest.raises(LedgerError, match="no such table"), reading(path) as database:
        database.execute("SELECT * FROM none")
    with pytest.raises(BrokenPipeError), reading(path):
        raise BrokenPipeError


@pytest.mark.parametrize(
    ("code", "damage"),
    [
        (sqlite3.SQLITE_CORRUPT, True),
        (sqlite3.SQLITE_CORRUPT_INDEX, True),
        (sqlite3.SQLITE_NOTADB, True),
        (sqlite3.SQLITE_FULL, False),
        (sqlite3.SQLITE_IOERR_WRITE, False),
        (sqlite3.SQLITE_READONLY, False),
        (sqlite3.SQLITE_BUSY, False),
    ],
)
def test_damage_is_told_from_trouble_with_the_disk(code: int, damage: bool) -> None:
    assert is_damage(failing(code)) is damage
    assert isinstance(unusable(None, failing(code)), DamagedLedgerError) is damage


def test_a_text_that_is_no_text_is_damage() -> None:
    with closing(sqlite3.connect(":memory:")) as database, pytest.raises(sqlite3.Error) as failure:
        database.execute("SELECT CAST(x'ff' AS TEXT)").fetchall()
    assert is_damage(failure.value)


def test_the_systems_errors_name_the_path_once() -> None:
    told = unusable(Path("/x/ledger.db"), OSError(30, "Read-only file system", "/x/ledger.db"))
    assert told.message == "/x/ledger.db: Read-only file system"
