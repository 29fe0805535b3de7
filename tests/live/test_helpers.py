"""Helper processes do a share of the work, and leave what they cannot do to the caller."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from amp_tray.ledger.store import Ledger
from amp_tray.live import digest, sharing
from amp_tray.live.files import begin_log
from amp_tray.live.helpers import helpers_for, spread
from amp_tray.live.writer import Writer
from amp_tray.sources.amp.source import AMP
from tests.support.scans import NOW, PRICES, figures, open_writer, put, scanned, snapshot_of
from tests.support.threads import Json, answer, event, thread

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="helpers are made on Linux alone"),
    # The tests' own process may have threads; the program makes no helpers then.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]


UTC = ZoneInfo("UTC")


def echo(number: int) -> bytes:
    return b"%d." % number * 600_000  # more than a pipe holds


def no_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def test_every_chunk_comes_back_once() -> None:
    results = list(spread(20, echo, 2))
    assert {number: bytes(data) for number, data in results} == {n: echo(n) for n in range(20)}
    assert len(results) == 20
    assert no_children()


def test_each_helper_has_the_last_word() -> None:
    done: list[int] = []

    def work(number: int) -> bytes:
        done.append(number)
        return b""

    results = list(spread(20, work, 2, lambda: bytes(done)))
    told = [data for number, data in results if number is None]
    assert len(told) == 2
    assert sorted(b"".join(told)) == list(range(20))


def test_a_helper_that_is_killed_costs_its_share_alone() -> None:
    def work(number: int) -> bytes:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return echo(number)

    numbers = {number for number, _ in spread(20, work, 2)}
    assert 3 not in numbers
    assert len(numbers) >= 18  # the other one may have been about to take a chunk
    assert no_children()


def test_a_helper_that_fails_says_nothing_and_ends() -> None:
    def fail(_number: int) -> bytes:
        raise RuntimeError

    assert list(spread(5, fail, 2)) == []
    assert no_children()


def test_who_stops_asking_ends_the_helpers() -> None:
    results = spread(200, echo, 2)
    next(results)
    results.close()
    assert no_children()


def test_helpers_hold_nothing_open_of_their_parents(tmp_path: Path) -> None:
    with (tmp_path / "held").open("w") as held:

        def work(_number: int) -> bytes:
            try:
                os.fstat(held.fileno())
            except OSError:
                return b"closed"
            return b"open"

        assert dict(spread(1, work, 1)) == {0: b"closed"}


def test_a_process_with_threads_makes_none() -> None:
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    try:
        assert helpers_for(100) == 0
    finally:
        ended.set()
        other.join()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Write threads of which some stand alone and some do not; two are torn or no thread."""
    root = tmp_path / "amp"
    for number in range(150):
        members: Json = {"events": [event(f"e{number}", toMessageId=1)]} if number % 2 else {}
        if number % 10 == 3:
            members["mainThreadID"] = f"T-{number + 1}"
        if number % 10 == 5:
            members |= {"originThreadID": f"T-{number - 1}", "forkPointIndex": 0}
        if number % 25 == 7:
            members["originThreadID"], members["forkPointIndex"] = "T-lost", 0
        stamp = f"2026-02-{1 + number % 27:02}T10:00:00Z"
        shared = answer(1, 1, 2, 3, 4, timestamp="2026-02-01T09:00:00Z")
        put(
            root,
            thread(shared, answer(2, timestamp=stamp), id=f"T-{number}", **members),
            f"T-{number}",
        )
    put(root, b"{", "T-torn")
    put(root, [], "T-none")
    put(root, thread(answer(9), id="T-4", v=0), "T-copy-of-4")
    return root


def test_with_helpers_without_and_one_by_one_come_to_the_same(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = scanned(None, corpus)
    asked: list[int] = []

    def two(chunks: int) -> int:
        asked.append(chunks)
        return 2

    with monkeypatch.context() as patch:
        patch.setattr(sharing, "helpers_for", two)
        helped = scanned(None, corpus)
    assert asked == [31]  # fewer and fewer files at a time
    singly = open_writer(None, corpus)
    for path in sorted((corpus / "threads").iterdir(), reverse=True):
        singly.read([path])
    one_by_one = snapshot_of(singly)
    singly.close()
    assert len(alone.sessions) > 100
    assert figures(helped) == figures(alone) == figures(one_by_one)
    assert dict(helped.sessions) == dict(alone.sessions) == dict(one_by_one.sessions)
    assert {item.code for item in helped.diagnostics} == {item.code for item in alone.diagnostics}


def killing_helpers_at(file: int | None) -> Callable[..., object]:
    """Return a `begin_log` that kills each helper at the file of that number, None for none."""
    here, begun = os.getpid(), 0

    def killing(*args: object, **names: object) -> object:
        nonlocal begun
        begun += 1
        if os.getpid() != here and begun == file:
            os.kill(os.getpid(), signal.SIGKILL)
        return begin_log(*args, **names)  # type: ignore[arg-type]  # passed on as it came

    return killing


def test_what_helpers_leave_is_read_here(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = figures(scanned(None, corpus))
    monkeypatch.setattr(sharing, "helpers_for", lambda _chunks: 2)
    monkeypatch.setattr(digest, "begin_log", killing_helpers_at(1))
    assert figures(scanned(None, corpus)) == expected


@pytest.mark.parametrize("files", [None, 1, 40])
def test_days_are_right_whatever_becomes_of_helpers(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, files: int | None
) -> None:
    """Where one is killed after some files, what it has not said yet is missed."""

    def days() -> object:
        with closing(Writer(Ledger(None), {AMP: (corpus,)}, PRICES, lambda: NOW)) as writer:
            writer.load(lazily=True)
            writer.scan(days_in=UTC)
            told = writer.snapshot(1, scanned_at=NOW, days_in=UTC).days
        assert told is not None
        return told.newest_at, {day: sorted(each) for day, each in told.rollups.items()}

    monkeypatch.setattr(sharing, "helpers_for", lambda _chunks: 0)
    expected = days()
    monkeypatch.setattr(sharing, "helpers_for", lambda _chunks: 2)
    monkeypatch.setattr(digest, "begin_log", killing_helpers_at(files))
    assert days() == expected
