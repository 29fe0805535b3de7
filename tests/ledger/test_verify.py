"""Verify finds what is wrong; prune removes what it says and nothing else."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from amp_tray.core.family import RULES_VERSION
from amp_tray.ledger.connect import connect
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.inventory import ScopeEntry, span_of, take_inventory
from amp_tray.ledger.prune import find_prunable, prune
from amp_tray.ledger.store import Ledger
from amp_tray.ledger.verify import Verdict, verify
from tests.support.scans import figures, open_writer, put, scanned, total_tokens
from tests.support.threads import answer, event, thread


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "amp"
    put(folder, thread(answer(1), answer(2), events=[event()], id="T-1"), "T-1")
    put(folder, thread(answer(1, timestamp="2026-02-10"), id="T-2", mainThreadID="T-1"), "T-2")
    return folder


@pytest.fixture
def path(tmp_path: Path, root: Path) -> Path:
    place = tmp_path / "ledger.db"
    scanned(place, root)
    return place


def verdict_on(path: Path) -> Verdict:
    def resolve(copy: Ledger, scope: ScopeEntry) -> None:
        open_writer(copy, *map(Path, scope.roots))

    return verify(path, RULES_VERSION, resolve)


def altered(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def test_a_sound_ledger_is_found_so_and_not_changed(path: Path) -> None:
    before = path.read_bytes()
    assert verdict_on(path) == Verdict(2, 3, ())
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE thread SET events = replace(events, '10,20', '11,20')", "usage of T-1"),
        ("UPDATE thread SET last_at = last_at + 1 WHERE thread_id = 'T-1'", "usage of T-1"),
        ("DELETE FROM thread WHERE thread_id = 'T-2'", "usage of T-2"),
        ("UPDATE thread SET title = 'other'", "title, project or session of T-1"),
        ("UPDATE record SET facts = '{}' WHERE thread_id = 'T-1'", "cannot be decoded"),
        ("UPDATE record SET thread_id = 'T-3' WHERE thread_id = 'T-1'", "another thread"),
        ("DELETE FROM file WHERE name = 'T-1.json'", "belongs to no file"),
        ("UPDATE record SET facts = replace(facts, '10,20,30,40', '-1,20,30,40')", "bounds"),
    ],
)
def test_what_is_wrong_is_told(path: Path, statement: str, said: str) -> None:
    altered(path, statement)
    problems = verdict_on(path).problems
    assert any(said in problem for problem in problems), problems


def test_a_broken_index_is_told(path: Path) -> None:
    altered(
        path,
        "PRAGMA writable_schema = 1",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX record_thread ON record (facts)'"
        " WHERE name = 'record_thread'",
    )
    assert any("record_thread" in problem for problem in verdict_on(path).problems)


def test_scopes_of_other_rules_have_nothing_to_compare_with(path: Path) -> None:
    altered(path, "UPDATE scope SET rules = 1", "DELETE FROM thread")
    assert verdict_on(path) == Verdict(2, 0, ())


def test_an_inventory_counts_what_there_is(path: Path, root: Path, tmp_path: Path) -> None:
    (root / "threads/T-2.json").unlink()
    scanned(path, root)
    scanned(path, root, tmp_path / "other")
    with closing(connect(path)) as database:
        inventory = take_inventory(database)
        first, second = inventory.scopes
        assert span_of(database, [first.scope_id]).events == 3
        assert span_of(database, []) == (0, None, None)
    assert [(entry.present, entry.archived) for entry in inventory.roots] == [(1, 1), (0, 0)]
    assert (inventory.threads, inventory.records) == (2, 2)
    assert (first.roots, first.events) == ((str(root),), 3)
    assert set(second.roots) == {str(root), str(tmp_path / "other")}


def pruned(path: Path, *in_force: Path, root: Path | None = None) -> int:
    """Prune, and return how many scopes went."""
    with closing(connect(path)) as database:
        roots = {entry.path: entry for entry in take_inventory(database).roots}
        entry = None if root is None else roots[str(root)]
        prunable = find_prunable(database, {"amp": list(map(str, in_force))}, entry)
        prune(database, prunable)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    return len(prunable.scopes)


def test_pruning_scopes_loses_no_usage(path: Path, root: Path, tmp_path: Path) -> None:
    before = figures(scanned(path, root))
    other = tmp_path / "other"
    put(other, thread(answer(), id="T-3"), "T-3")
    both = figures(scanned(path, root, other))
    assert pruned(path, root) == 1
    assert pruned(path, root) == 0
    assert figures(scanned(path, root)) == before
    (other / "threads/T-3.json").unlink()
    assert figures(scanned(path, root, other)) == both
    assert not verdict_on(path).problems


def test_a_pruned_root_is_gone_and_nothing_else(path: Path, root: Path, tmp_path: Path) -> None:
    before = figures(scanned(path, root))
    other = tmp_path / "other"
    put(other, thread(answer(), id="T-3"), "T-3")
    scanned(path, root, other)
    (other / "threads/T-3.json").unlink()
    pruned(path, root, other, root=other)
    assert figures(scanned(path, root, other)) == before
    assert total_tokens(scanned(path, other)) == 0
    assert not verdict_on(path).problems


def test_roots_with_nothing_in_them_go_too(path: Path, root: Path, tmp_path: Path) -> None:
    scanned(path, tmp_path / "tried")
    pruned(path, root)
    with closing(connect(path)) as database:
        assert [entry.path for entry in take_inventory(database).roots] == [str(root)]


def test_verifying_needs_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger"):
        verdict_on(tmp_path / "none.db")
