"""Kept sessions are those that the events and the prices give, or they are not used."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from amp_tray.core.catalogue import Catalogue
from amp_tray.core.rates import RateCard
from amp_tray.core.snapshot import Snapshot
from amp_tray.ledger.store import Ledger
from amp_tray.live import held
from amp_tray.live.writer import Writer
from amp_tray.pricing.book import PriceBook
from amp_tray.sources.amp.source import AMP
from tests.support.scans import NOW, PRICES, open_writer, put, scanned, snapshot_of
from tests.support.threads import GPT, answer, event, thread

FREE = PriceBook(Catalogue({}, origin="overlay", as_of="2026-01-01"), stamp="free")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "amp"
    put(folder, thread(answer(1), answer(2, model=GPT), events=[event()], id="T-1"), "T-1")
    put(folder, thread(answer(1, timestamp="2026-02-10"), id="T-2", mainThreadID="T-1"), "T-2")
    put(folder, thread(answer(1), id="T-3", title="title"), "T-3")
    return folder


@pytest.fixture
def path(tmp_path: Path, root: Path) -> Path:
    place = tmp_path / "ledger.db"
    scanned(place, root)
    return place


def loaded(path: Path, root: Path, prices: PriceBook = PRICES, now: int = NOW) -> Snapshot:
    """Return what a start takes from the ledger, before any file is read."""
    writer = Writer(Ledger(path), {AMP: (root,)}, prices, lambda: now)
    writer.load()
    try:
        return snapshot_of(writer)
    finally:
        writer.close()


def made_anew(path: Path, root: Path, prices: PriceBook = PRICES, now: int = NOW) -> Snapshot:
    """Return what the events in the ledger give, whatever sessions it keeps."""
    writer = Writer(Ledger.copy_of(path), {AMP: (root,)}, prices._replace(stamp=""), lambda: now)
    writer.load()
    try:
        return snapshot_of(writer)
    finally:
        writer.close()


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of the models that a card is looked up for from now on."""
    models: list[str] = []
    find = Catalogue.card_of

    def noting(catalogue: Catalogue, model: str, at: int) -> RateCard | None:
        models.append(model)
        return find(catalogue, model, at)

    monkeypatch.setattr(Catalogue, "card_of", noting)
    return models


def test_a_start_prices_nothing_anew(path: Path, root: Path, priced: list[str]) -> None:
    snapshot = loaded(path, root)
    assert priced == []
    assert dict(snapshot.sessions) == dict(made_anew(path, root).sessions)
    assert set(snapshot.sessions) == {"T-1", "T-3"}


def test_after_any_change_kept_sessions_are_what_the_events_give(path: Path, root: Path) -> None:
    def check() -> None:
        writer = open_writer(path, root)
        writer.scan()
        held = dict(snapshot_of(writer).sessions)
        writer.close()
        assert dict(loaded(path, root).sessions) == held == dict(made_anew(path, root).sessions)

    put(root, thread(answer(1), answer(2, 7, 7), id="T-3", title="other"), "T-3")
    check()
    put(root, thread(answer(1), id="T-3", title="renamed", mainThreadID="T-1"), "T-3")
    check()  # its session is gone
    put(root, thread(answer(1), id="T-2"), "T-2")
    put(root, thread(answer(5), id="T-4", mainThreadID="T-5"), "T-4")
    check()
    put(root, thread(answer(6), id="T-5"), "T-5")
    check()
    (root / "threads/T-5.json").unlink()
    check()


def test_other_prices_and_other_ways_of_pricing_have_sessions_of_their_own(
    path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_cost = loaded(path, root)
    assert dict(loaded(path, root, FREE).sessions) == dict(made_anew(path, root, FREE).sessions)
    assert dict(loaded(path, root, FREE).sessions) != dict(at_cost.sessions)
    assert dict(loaded(path, root).sessions) == dict(at_cost.sessions)
    monkeypatch.setattr(held, "ROLLUPS_VERSION", 99)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE session SET rollups = replace(rollups, '10', '11')")
    assert dict(loaded(path, root).sessions) == dict(at_cost.sessions)


def test_new_prices_while_running_are_kept_too(path: Path, root: Path) -> None:
    writer = open_writer(path, root)
    writer.reprice(FREE)
    put(root, thread(answer(1), answer(2), id="T-3"), "T-3")
    writer.scan()
    held = dict(snapshot_of(writer).sessions)
    writer.close()
    assert dict(loaded(path, root, FREE).sessions) == held
    assert dict(loaded(path, root).sessions) == dict(made_anew(path, root).sessions)


def test_prices_without_a_stamp_keep_nothing(path: Path, root: Path) -> None:
    loaded(path, root, FREE._replace(stamp=""))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM session").fetchone() == (0,)
        assert database.execute("SELECT prices FROM scope").fetchall() == [("",)]
    assert dict(loaded(path, root).sessions) == dict(made_anew(path, root).sessions)


@pytest.mark.parametrize("text", ["", "{", "[[1]]", "[" * 5000])
def test_a_session_that_cannot_be_read_has_all_made_anew(path: Path, root: Path, text: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE session SET rollups = ? WHERE session_id = 'T-3'", (text,))
    assert dict(loaded(path, root).sessions) == dict(made_anew(path, root).sessions)


def test_the_last_hours_events_come_along(tmp_path: Path, root: Path, path: Path) -> None:
    put(root, thread(answer(1, timestamp="2026-02-13T16:00:00Z"), id="T-6"), "T-6")
    scanned(path, root)
    recent = loaded(path, root).sessions["T-6"].recent
    assert len(recent) == 1
    assert loaded(path, root, now=NOW + 3_600_000).sessions["T-6"].recent == ()
    assert made_anew(path, root).sessions["T-6"].recent == recent


def test_a_kill_between_opening_and_resolving_loses_nothing(path: Path, root: Path) -> None:
    before = dict(loaded(path, root).sessions)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE scope SET rules = 1")
    with closing(Ledger(path)) as ledger:
        ledger.open_scope("amp", [str(root)], 3)  # and here it ends
    assert dict(loaded(path, root).sessions) == before
