"""Opening the ledger: private, at a known version, never harmed."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from amp_tray import ledger
from amp_tray.ledger.connect import beside, connect
from amp_tray.ledger.errors import LedgerError, NewerLedgerError
from amp_tray.ledger.schema import SCHEMA_VERSION
from amp_tray.ledger.store import Ledger
from tests.support.scans import put, scanned, total_tokens
from tests.support.threads import answer, thread

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")


@pytest.fixture
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277, 0o777], indirect=True, ids=oct)
def test_the_ledger_is_its_users_alone_under_any_umask(tmp_path: Path, umask: None) -> None:
    path = tmp_path / "data/ledger.db"
    with closing(Ledger(path)) as ledger:
        ledger.open_scope("amp", ["/a"], 1)
        assert _mode(path.parent) == 0o700
        names = ["ledger.db", "ledger.db-shm", "ledger.db-wal"]
        assert sorted(file.name for file in path.parent.iterdir()) == names
        assert {_mode(path.with_name(name)) for name in names} == {0o600}


def test_a_directory_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Ledger(tmp_path / "ledger.db").close()
    assert _mode(tmp_path) == 0o755


def test_a_file_that_was_open_to_all_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.touch(0o666)
    path.chmod(0o666)
    Ledger(path).close()
    assert _mode(path) == 0o600


def test_a_newer_schema_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(NewerLedgerError) as refusal:
        Ledger(path)
    assert str(path) in refusal.value.message
    assert f"schema version {SCHEMA_VERSION + 1}" in refusal.value.message
    assert "update amp-tray" in refusal.value.hint
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(LedgerError, match=r"ledger\.db"):
        Ledger(path)


def test_a_directory_in_the_ledgers_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError):
        Ledger(tmp_path)


def test_a_copy_has_everything_and_leaves_the_original_as_it_was(tmp_path: Path) -> None:
    root, path = tmp_path / "amp", tmp_path / "ledger.db"
    put(root, thread(answer()))
    scanned(path, root)
    before = path.read_bytes()
    put(root, thread(answer(), answer(2)))
    assert total_tokens(scanned(Ledger.copy_of(path), root)) == 200
    assert path.read_bytes() == before
    assert total_tokens(scanned(Ledger.copy_of(path))) == 0
    (root / "threads").rename(tmp_path / "elsewhere")
    assert total_tokens(scanned(Ledger.copy_of(path), root)) == 100


def test_a_copy_of_a_ledger_in_use_has_what_was_committed(tmp_path: Path) -> None:
    root, path = tmp_path / "amp", tmp_path / "ledger.db"
    put(root, thread(answer()))
    scanned(path, root)
    with closing(Ledger(path)) as ledger, ledger.transaction():
        ledger._db.execute("UPDATE thread SET count = 0, events = '[]'")
        assert total_tokens(scanned(Ledger.copy_of(path), root)) == 100


@pytest.mark.parametrize("damage", ["missing", "torn", "newer", "directory"])
def test_a_copy_of_what_is_unusable_is_empty(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "ledger.db"
    match damage:
        case "torn":
            path.write_bytes(b"x" * 10_000)
        case "newer":
            Ledger(path).close()
            with closing(sqlite3.connect(path)) as database:
                database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        case "directory":
            path.mkdir()
    root = tmp_path / "amp"
    put(root, thread(answer()))
    assert total_tokens(scanned(Ledger.copy_of(path), root)) == 100


def test_statements_number_no_placeholder() -> None:
    """SQLite takes `?1`; Python 3.12 warns of it where values come in order, 3.14 refuses."""
    folder = Path(ledger.__file__).parent
    modules = sorted(folder.glob("*.py"))
    assert len(modules) > 10
    assert [path.name for path in modules if re.search(r"\?\d", path.read_text("utf-8"))] == []


def test_the_log_beside_it_shrinks_when_it_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(connect(path)) as database:
        database.execute("CREATE TABLE much (data BLOB)")
        database.execute("INSERT INTO much VALUES (zeroblob(8000000))")
        assert beside(path, "-wal").stat().st_size > 8_000_000
        database.execute("INSERT INTO much VALUES (zeroblob(8000))")
        assert beside(path, "-wal").stat().st_size < 80_000
