"""Reports by the calendar from kept days: the same as from all sessions, whatever happened."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amp_tray.core.report import build_report
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.snapshot import Snapshot
from amp_tray.ledger.store import Ledger
from amp_tray.live.held import HeldSessions
from amp_tray.live.writer import Writer
from amp_tray.pricing.book import PriceBook
from amp_tray.sources.amp.source import AMP
from tests.support.scans import NOW, PRICES, put, snapshot_of
from tests.support.threads import GPT, Json, answer, event, thread

UTC, KATHMANDU, LORD_HOWE = map(ZoneInfo, ("UTC", "Asia/Kathmandu", "Australia/Lord_Howe"))
STAMPS = st.sampled_from([f"2026-02-{day:02}T{hour}:50:00Z" for day in (3, 4) for hour in (13, 18)])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["T-1", "T-2", "T-3"]),
        st.sampled_from([None, "T-1", "T-2"]),  # whose sub-thread it is
        st.lists(st.tuples(STAMPS, st.integers(0, 3), st.sampled_from([None, GPT])), max_size=4),
        st.sampled_from(["grown", "gone", "cleared"]),
    ),
    min_size=1,
    max_size=6,
)


def opened(path: Path | None, root: Path, prices: PriceBook = PRICES) -> Writer:
    writer = Writer(Ledger(path), {AMP: (root,)}, prices, lambda: NOW)
    writer.load(lazily=True)
    return writer


def daily(snapshot: Snapshot, zone: ZoneInfo, kind: str = "daily") -> Json:
    options = ReportOptions(zone, zone.key, mode="display" if kind == "weekly" else "auto")
    return build_report(snapshot, kind, options, now=NOW, stale=False)


def by_days(writer: Writer, zone: ZoneInfo, kind: str = "daily") -> Json:
    return daily(writer.snapshot(1, scanned_at=NOW, days_in=zone), zone, kind)


def by_sessions(path: Path, root: Path, zone: ZoneInfo, kind: str = "daily") -> Json:
    """Return the report that all sessions of a copy of the ledger give."""
    with closing(Writer(Ledger.copy_of(path), {AMP: (root,)}, PRICES, lambda: NOW)) as writer:
        writer.load()
        return daily(snapshot_of(writer), zone, kind)


@given(STEPS, st.sampled_from([UTC, KATHMANDU, LORD_HOWE]), st.data())
@settings(max_examples=40)
def test_kept_days_follow_whatever_becomes_of_threads(
    steps: list[tuple[str, str | None, list[tuple[str, int, str | None]], str]],
    zone: ZoneInfo,
    data: st.DataObject,
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root, path = Path(name) / "amp", Path(name) / "ledger.db"
        (root / "threads").mkdir(parents=True)
        for version, (thread_id, main, answers, what) in enumerate(steps):
            messages = [
                answer(place, tokens, model=model or "m", timestamp=at)
                for place, (at, tokens, model) in enumerate(answers)
            ]
            place = put(
                root,
                thread(*messages, id=thread_id, v=version, mainThreadID=main, title=str(version)),
                thread_id,
            )
            if what == "gone":
                place.unlink()
            if what == "cleared":
                path.unlink(missing_ok=True)
            with closing(opened(path, root)) as writer:
                writer.scan(days_in=data.draw(st.sampled_from([None, UTC, zone])))
                if data.draw(st.booleans()):
                    assert by_days(writer, zone) == by_sessions(path, root, zone)
            with closing(opened(path, root)) as writer:
                for kind in ("daily", "weekly", "monthly"):
                    assert by_days(writer, zone, kind) == by_sessions(path, root, zone, kind)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "amp"
    for number in (1, 2):
        grow(folder, number, 1)
    return folder


@pytest.fixture
def path(tmp_path: Path, root: Path) -> Path:
    """A ledger that keeps the days of UTC."""
    place = tmp_path / "ledger.db"
    with closing(opened(place, root)) as writer:
        writer.scan()
        by_days(writer, UTC)
    return place


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Return a list that grows whenever all sessions are loaded."""
    times: list[None] = []
    load = HeldSessions._loaded

    def noting(held: HeldSessions) -> object:
        times.append(None)
        return load(held)

    monkeypatch.setattr(HeldSessions, "_loaded", noting)
    return times


def grow(root: Path, number: int, answers: int) -> None:
    """Write a thread whose answers are of two days, the last with a credit."""
    messages = [
        answer(place, 10 * place, timestamp=f"2026-02-0{place}T23:50:00Z")
        for place in range(1, answers + 1)
    ]
    last = event(f"e{number}", toMessageId=answers, credits=1, timestamp="2026-02-09T00:00:00Z")
    put(root, thread(*messages, events=[last], id=f"T-{number}", v=answers), f"T-{number}")


def reported(path: Path, root: Path, zone: ZoneInfo = UTC) -> Json:
    with closing(opened(path, root)) as writer:
        writer.scan()
        document = by_days(writer, zone)
    assert document == by_sessions(path, root, zone)
    return document


def altered(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute(statement).rowcount > 0
        database.commit()


def test_a_report_by_days_loads_no_session(path: Path, root: Path, loads: list[None]) -> None:
    with closing(opened(path, root)) as writer:
        assert not writer.scan()
        assert by_days(writer, UTC)["totals"]["totalTokens"] > 0
    assert loads == []


def test_nor_does_one_after_a_thread_grew(path: Path, root: Path, loads: list[None]) -> None:
    grow(root, 2, 3)
    grow(root, 3, 1)
    with closing(opened(path, root)) as writer:
        assert writer.scan()
        document = by_days(writer, UTC)
    assert loads == []
    assert document == by_sessions(path, root, UTC)


def test_another_zone_has_its_own_days(path: Path, root: Path, loads: list[None]) -> None:
    assert reported(path, root, KATHMANDU) != reported(path, root)
    assert reported(path, root) == reported(path, root)
    assert len(loads) == 6  # two zones anew, and four times to compare


def test_what_a_resident_writer_changes_is_kept_up_too(path: Path, root: Path) -> None:
    with closing(opened(path, root)) as writer:
        snapshot_of(writer)  # as a service does: all sessions are held
        grow(root, 1, 4)
        writer.scan()
        assert by_days(writer, UTC) == daily(snapshot_of(writer), UTC)
    assert reported(path, root) == reported(path, root)


def test_other_prices_make_them_anew(path: Path, root: Path) -> None:
    free = PRICES._replace(stamp="free")
    with closing(opened(path, root, free)) as writer:
        assert by_days(writer, UTC) == daily(snapshot_of(writer), UTC)


def test_prices_without_a_name_keep_none(path: Path, root: Path) -> None:
    with closing(opened(path, root, PRICES._replace(stamp=""))) as writer:
        writer.scan()
        assert by_days(writer, UTC) == daily(snapshot_of(writer), UTC)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT * FROM day").fetchall() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE day SET shares = '[' WHERE day = (SELECT max(day) FROM day)",
        "UPDATE day SET shares = '[]'",
        "UPDATE scope SET zone = 'Nowhere/Atall'",
        "UPDATE day SET day = day + 1000000000",
        "UPDATE day SET shares = replace(shares, '[[1,', '[[0,')",
    ],
)
def test_days_that_cannot_be_right_are_made_anew(path: Path, root: Path, statement: str) -> None:
    altered(path, statement)
    grow(root, 1, 2)
    grow(root, 2, 2)
    reported(path, root)


def test_a_session_that_cannot_be_read_is_made_anew_and_the_days_with_it(
    path: Path, root: Path
) -> None:
    altered(path, "UPDATE session SET rollups = '['")
    grow(root, 1, 2)
    reported(path, root)


def test_days_are_right_where_costs_cannot_be_kept(root: Path) -> None:
    writer = opened(None, root, PRICES._replace(stamp=""))
    writer.scan()
    grow(root, 3, 2)
    writer.scan(days_in=UTC)
    assert by_days(writer, UTC) == daily(snapshot_of(writer), UTC)
    writer.close()


def test_a_first_report_of_copies_and_forks_loads_no_sessions(
    tmp_path: Path, root: Path, loads: list[None]
) -> None:
    stored = answer(1, 10, timestamp="2026-02-01T23:50:00Z")
    put(root, thread(stored, id="T-1", v=9), "T-copy-of-1")
    put(root, thread(stored, id="T-3", originThreadID="T-2", forkPointIndex=0), "T-3")
    path = tmp_path / "ledger.db"
    with closing(opened(path, root)) as writer:
        loads.clear()  # of a ledger that is empty
        writer.scan(days_in=UTC)
        document = by_days(writer, UTC)
        assert loads == []
    assert document == by_sessions(path, root, UTC)
