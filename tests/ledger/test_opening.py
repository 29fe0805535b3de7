"""Damage is set aside, what can be read is kept, and the rest is read from the files again."""

import logging
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from amp_tray.core.diagnostics import Code
from amp_tray.ledger import opening
from amp_tray.ledger.connect import connect
from amp_tray.ledger.errors import DamagedLedgerError, LedgerError, NewerLedgerError, ledger_errors
from amp_tray.ledger.opening import open_ledger, reopen_ledger, set_aside_files, stand_in
from amp_tray.ledger.schema import SCHEMA_VERSION
from amp_tray.ledger.store import Ledger
from tests.support.scans import NOW, figures, put, scanned, snapshot_of, total_tokens
from tests.support.scans import open_writer as writer_on
from tests.support.threads import answer, thread

PAGE = 4096
THREADS = 40
WEEK = 7 * 24 * 60 * 60 * 1000
Damage = Callable[[Path], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "amp"
    for number in range(THREADS):
        answers = (answer(key, 10 + key) for key in range(random.Random(number).choice([1, 5, 40])))
        put(folder, thread(*answers, id=f"T-{number:02}"), f"T-{number:02}")
    return folder


@pytest.fixture
def path(tmp_path: Path, root: Path) -> Path:
    """A ledger of all threads, half of whose files are gone."""
    place = tmp_path / "data/ledger.db"
    scanned(place, root)
    for number in range(0, THREADS, 2):
        (root / f"threads/T-{number:02}.json").unlink()
    scanned(place, root)
    return place


def zeroed(page: int) -> Damage:
    def damage(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek((page - 1) * PAGE)
            file.write(bytes(PAGE))

    return damage


def flipped(seed: int) -> Damage:
    def damage(path: Path) -> None:
        data, chance = bytearray(path.read_bytes()), random.Random(seed)
        for _ in range(20):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)

    return damage


def cut(share: float) -> Damage:
    return lambda path: os.truncate(path, int(path.stat().st_size * share))


def reopened(path: Path, root: Path, now: int = NOW) -> tuple[dict[str, Any], list[str]]:
    """Open as the program does; the figures after a scan, and what was told of the ledger."""
    ledger = open_ledger(path, now)
    try:
        with closing(ledger), ledger_errors(path):
            snapshot = scanned(ledger, root)
    except LedgerError as error:
        snapshot = scanned(reopen_ledger(path, now, error), root)
    return figures(snapshot), [
        item.message for item in snapshot.diagnostics if item.code is Code.LEDGER
    ]


@pytest.mark.parametrize(
    "damage",
    [zeroed(page) for page in (1, 2, 3, 4, 5)],
    ids=["head", "roots", "roots-index", "files", "files-index"],
)
def test_a_spoilt_page_of_what_is_found_elsewhere_too_loses_nothing(
    path: Path, root: Path, damage: Damage
) -> None:
    before, told = reopened(path, root)
    assert not told
    damage(path)
    spoilt = path.read_bytes()
    after, told = reopened(path, root, NOW + WEEK)
    assert after == before
    (aside,) = set_aside_files(path)
    assert aside.name == "ledger.corrupt-20260220T162640Z.db"
    assert aside.read_bytes() == spoilt
    assert len(told) == 1
    assert aside.name in told[0]
    assert f"{THREADS} of its records were kept" in told[0]
    assert reopened(path, root, NOW + WEEK) == (before, [])  # told once


@pytest.mark.parametrize(
    ("known", "spoilt"),
    [
        ("present INTEGER", "presenu INTEGER"),
        ("CREATE TABLE record", "CREATE TABLE recore"),
        ("facts TEXT", "facds TEXT"),
        ("mtime_ns INTEGER", "mtime_os INTEGER"),
        ("CREATE TABLE scope_root", "CREATE TABL\xa0 scope_root"),
    ],
)
def test_a_schema_whose_text_is_spoilt_loses_nothing(
    path: Path, root: Path, known: str, spoilt: str
) -> None:
    sound = shutil.copyfile(path, path.with_name("sound.db"))
    put(root, thread(answer(1, 1), answer(2, 2), answer(100, 3), id="T-01", v=9), "T-01")
    before, _ = reopened(sound, root)
    data = path.read_bytes()
    assert data.count(known.encode()) == 1
    path.write_bytes(data.replace(known.encode(), spoilt.encode("latin-1")))
    after, told = reopened(path, root)
    assert after == before
    assert len(told) == 1


@pytest.mark.parametrize(
    "damage",
    [
        cut(0.9),
        cut(0.5),
        cut(0.1),
        *(zeroed(page) for page in range(8, 40, 6)),
        *map(flipped, range(8)),
    ],
    ids=lambda _: "",
)
def test_whatever_is_damaged_what_lies_in_files_is_all_counted(
    path: Path, root: Path, damage: Damage, tmp_path: Path
) -> None:
    before, _ = reopened(path, root)
    fresh = figures(scanned(tmp_path / "fresh.db", root))
    damage(path)
    after, told = reopened(path, root, NOW + WEEK)
    for session, counts in fresh["sessions"].items() if told else ():  # a digit may flip unseen
        assert after["sessions"][session]["totalTokens"] >= counts["totalTokens"]
    assert after["totals"]["totalTokens"] <= before["totals"]["totalTokens"] * 1.2
    assert reopened(path, root, NOW + 2 * WEEK) == (after, [])
    with closing(connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_ledger_cut_off_gives_back_what_is_there(path: Path, root: Path) -> None:
    before, _ = reopened(path, root)
    shutil.rmtree(root)
    os.truncate(path, path.stat().st_size * 3 // 4)
    after, told = reopened(path, root)
    assert 0 < len(after["sessions"]) < len(before["sessions"])
    for session, counts in after["sessions"].items():
        assert counts == before["sessions"][session]
    assert "records were kept" in told[0]


@pytest.mark.parametrize("data", [b"x" * 600, b"no database at all " * 1000, os.urandom(3 * PAGE)])
def test_what_is_no_database_is_set_aside_and_the_files_are_read(
    path: Path, root: Path, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        after, told = reopened(path, root)
    assert len(after["sessions"]) == THREADS // 2
    assert "0 of its records were kept" in told[0]
    assert "lies aside as ledger.corrupt-" in caplog.text
    assert set_aside_files(path)[0].read_bytes() == data


def test_what_only_the_log_has_is_salvaged_too(path: Path, root: Path) -> None:
    put(root, thread(answer(), id="T-late"), "T-late")
    ledger = Ledger(path)
    expected = scanned(Ledger.copy_of(path), root)
    writer = writer_on(ledger, root)
    writer.scan()
    log = path.with_name("ledger.db-wal").read_bytes()
    writer.close()
    path.with_name("ledger.db-wal").write_bytes(log)
    assert log
    zeroed(2)(path)
    (root / "threads/T-late.json").unlink()
    after, told = reopened(path, root)
    assert after == figures(expected)
    assert f"{THREADS + 1} of its records were kept" in told[0]
    assert set_aside_files(path)[0].with_name(set_aside_files(path)[0].name + "-wal").exists()


def test_two_damages_in_one_second_are_set_aside_apart(path: Path, root: Path) -> None:
    for _ in range(2):
        path.write_bytes(b"spoilt" * 1000)
        reopened(path, root)
    assert len(set_aside_files(path)) == 2


def test_a_rebuild_that_was_killed_is_finished(path: Path, root: Path) -> None:
    before, _ = reopened(path, root)
    path.rename(path.with_name("ledger.salvaged.db"))  # between the two renames
    path.with_name("ledger.db-wal").write_bytes(b"of the damaged one" * 1000)
    after, told = reopened(path, root)
    assert after == before
    assert len(told) == 1
    assert reopened(path, root) == (before, [])


def test_a_rebuild_that_was_killed_sooner_is_begun_anew(path: Path, root: Path) -> None:
    before, _ = reopened(path, root)
    path.with_name("ledger.salvaged.db").write_bytes(b"half written")
    zeroed(2)(path)
    assert reopened(path, root, NOW + WEEK)[0] == before


def test_the_file_is_looked_through_after_an_unclean_end_and_once_a_week(
    path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[int] = []

    def look(_database: sqlite3.Connection, _path: Path | None) -> None:
        checked.append(now)

    monkeypatch.setattr("amp_tray.ledger.opening.look_through", look)
    with closing(Ledger(path)) as ledger, ledger.transaction():
        ledger._db.execute("INSERT OR REPLACE INTO meta VALUES ('checked_at', ?)", (str(NOW),))
    for now in (NOW + WEEK - 1, NOW + WEEK, NOW + WEEK + 1, NOW + 2 * WEEK - 1):
        open_ledger(path, now).close()
    assert checked == [NOW + WEEK]
    path.with_name("ledger.db-wal").write_bytes(b"left behind")
    open_ledger(path, now).close()
    assert checked == [NOW + WEEK, now]


def test_a_record_that_cannot_be_decoded_is_damage(path: Path, root: Path) -> None:
    before, _ = reopened(path, root)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE record SET facts = '[1]' WHERE thread_id = 'T-01'")
        database.execute("UPDATE scope SET rules = 0")
        database.commit()
    ledger = open_ledger(path, NOW)
    with pytest.raises(DamagedLedgerError) as found:
        writer_on(ledger, root)
    ledger.close()
    writer = writer_on(reopen_ledger(path, NOW, found.value), root)
    writer.scan()
    assert figures(snapshot_of(writer)) == before
    writer.close()


def test_damage_come_across_in_a_transaction_is_told_as_such(path: Path, root: Path) -> None:
    size = path.stat().st_size
    with closing(Ledger(path)) as ledger:
        with path.open("r+b") as file:
            file.write(b"\xff" * size)
        with pytest.raises(DamagedLedgerError), ledger.transaction():
            ledger._db.execute("SELECT sum(length(facts)) FROM record").fetchall()


def test_a_newer_ledger_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(NewerLedgerError):
        open_ledger(path, NOW)
    assert not set_aside_files(path)


def test_for_a_ledger_that_cannot_be_written_a_copy_stands_in(
    path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = reopened(path, root)
    put(root, thread(answer(), id="T-new"), "T-new")
    data = path.read_bytes()

    def refuse(_path: Path) -> sqlite3.Connection:
        raise LedgerError("attempt to write a readonly database")

    with monkeypatch.context() as patch:
        patch.setattr(opening, "connect", refuse)
        ledger = open_ledger(path, NOW)
    assert ledger.temporary
    snapshot = scanned(ledger, root)
    assert total_tokens(snapshot) == before["totals"]["totalTokens"] + 100
    (told,) = (item.message for item in snapshot.diagnostics if item.code is Code.LEDGER)
    assert "readonly" in told
    assert "not kept" in told
    assert path.read_bytes() == data


def test_a_directory_in_the_ledgers_place_is_stood_in_for(tmp_path: Path, root: Path) -> None:
    place = tmp_path / "ledger.db"
    place.mkdir()
    ledger = open_ledger(place, NOW)
    assert ledger.temporary
    assert len(figures(scanned(ledger, root))["sessions"]) == THREADS
    assert place.is_dir()


def test_a_full_disk_is_told_and_what_is_there_is_read(path: Path, root: Path) -> None:
    before, _ = reopened(path, root)
    for number in range(30):
        put(root, thread(*(answer(key) for key in range(200)), id=f"T-n{number}"), f"T-n{number}")
    ledger = open_ledger(path, NOW)
    pages = ledger._db.execute("PRAGMA page_count").fetchone()[0]
    ledger._db.execute(f"PRAGMA max_page_count = {pages + 5}")
    writer = writer_on(ledger, root)
    with pytest.raises(LedgerError, match="full") as failure:
        writer.scan()
    writer.close()
    again = reopen_ledger(path, NOW, failure.value)
    assert again.temporary
    snapshot = scanned(again, root)
    assert total_tokens(snapshot) == before["totals"]["totalTokens"] + 30 * 200 * 100
    assert "full" in snapshot.diagnostics[0].message
    # With room again it is all kept.
    assert figures(scanned(open_ledger(path, NOW), root)) == figures(snapshot)


@pytest.mark.parametrize("page", [1, 2])
def test_a_damaged_ledger_of_another_process_is_read_and_left_alone(
    path: Path, root: Path, page: int
) -> None:
    before, _ = reopened(path, root)
    zeroed(page)(path)
    data = path.read_bytes()
    ledger = Ledger.copy_of(path)
    try:
        snapshot = scanned(ledger, root)
    except DamagedLedgerError as error:
        ledger.close()
        snapshot = scanned(stand_in(path, error), root)
    assert figures(snapshot) == before
    assert "damaged" in snapshot.diagnostics[0].message
    assert path.read_bytes() == data
    assert not set_aside_files(path)
