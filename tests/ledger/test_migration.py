"""A ledger of an older schema becomes one of this, or stays what it was."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from amp_tray.ledger import schema
from amp_tray.ledger.errors import DamagedLedgerError, LedgerError
from amp_tray.ledger.facts import encode_facts
from amp_tray.ledger.reading import reading
from amp_tray.ledger.schema import MIGRATIONS, SCHEMA_VERSION
from amp_tray.ledger.store import Ledger
from tests.support.scans import scanned, total_tokens
from tests.support.threads import ID, answer, record, thread


def old_ledger(path: Path, root: Path, version: int = 1) -> Path:
    """Make a ledger as an older program left it: one archived thread of 100 tokens."""
    facts = encode_facts(record(thread(answer(timestamp="2026-02-10"))))
    with closing(sqlite3.connect(path)) as database:
        for step in range(1, version + 1):
            database.executescript(MIGRATIONS[step])
        database.execute(f"PRAGMA user_version = {version}")
        database.execute("INSERT INTO root VALUES (1, 'amp', ?)", (str(root),))
        database.execute("INSERT INTO file VALUES (1, 1, 'T-1.json', 5, 6, '7', 0)")
        database.execute("INSERT INTO record VALUES (1, ?, ?)", (ID, facts))
        database.execute("INSERT INTO scope (id, source, roots, rules) VALUES (1, 'amp', '[1]', 1)")
        database.execute("INSERT INTO scope_root VALUES (1, 1)")
        if version < 4:  # since then with its events, which older rules made: made anew anyway
            database.execute("INSERT INTO thread VALUES (1, ?, ?, 'title', NULL)", (ID, ID))
        database.commit()
    return path


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        return [str(version), *database.iterdump()]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_an_older_ledger_is_brought_up_and_keeps_its_usage(tmp_path: Path, version: int) -> None:
    root = tmp_path / "amp"
    path = old_ledger(tmp_path / "ledger.db", root, version)
    assert total_tokens(scanned(path, root)) == 100
    assert dump(path)[0] == str(SCHEMA_VERSION)
    assert total_tokens(scanned(path, root)) == 100


def test_a_migrated_ledger_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    Ledger(old_ledger(tmp_path / "old.db", tmp_path)).close()
    Ledger(tmp_path / "new.db").close()

    def tables(name: str) -> Any:
        with closing(sqlite3.connect(tmp_path / name)) as database:
            return database.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()

    assert tables("old.db") == tables("new.db")


@pytest.mark.parametrize("failing", range(2, SCHEMA_VERSION + 1))
def test_a_step_that_fails_leaves_the_old_ledger_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    root = tmp_path / "amp"
    path = old_ledger(tmp_path / "ledger.db", root)
    before = dump(path)
    broken = {**MIGRATIONS, failing: MIGRATIONS[failing] + "INSERT INTO root VALUES (1, 'x', 'y');"}
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", broken)
        with pytest.raises(LedgerError):
            Ledger(path)
    assert dump(path) == before
    assert total_tokens(scanned(path, root)) == 100


def test_an_older_ledger_is_read_without_being_changed(tmp_path: Path) -> None:
    root = tmp_path / "amp"
    path = old_ledger(tmp_path / "ledger.db", root)
    before = dump(path)
    assert total_tokens(scanned(Ledger.copy_of(path), root)) == 100
    with reading(path) as database:
        assert database.execute("SELECT count(*) FROM meta").fetchone() == (1,)
    assert dump(path) == before


@pytest.mark.parametrize("version", [0, 1, SCHEMA_VERSION, -1])
def test_another_programs_database_is_no_ledger(tmp_path: Path, version: int) -> None:
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE bookmarks (url TEXT)")
        database.execute(f"PRAGMA user_version = {version}")
    before = dump(path)
    with pytest.raises(DamagedLedgerError):
        Ledger(path)
    assert dump(path) == before
