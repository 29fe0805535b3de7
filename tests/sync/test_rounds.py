"""A round with a stand-in for `amp`: what it fetches, what it leaves, what it remembers."""

import json
import os
import stat
from itertools import pairwise

import pytest

from amp_tray.host.lock import InstanceLock
from amp_tray.sync.archive import archived
from amp_tray.sync.balance import read_balance
from amp_tray.sync.child import Stop
from amp_tray.sync.errors import BusyError, StoppedError
from amp_tray.sync.rounds import Setup, sync_once
from amp_tray.sync.state import read_state
from tests.support.amp_program import AmpProgram
from tests.support.scans import scanned, total_tokens
from tests.support.threads import answer
from tests.sync.clock import Clock
from tests.sync.rounds import DAY_MS, files, named, sync


def test_a_round_puts_every_thread_into_the_archive(amp: AmpProgram, setup: Setup) -> None:
    amp.has(named(1), named(2))
    state = sync(setup)
    assert (state.exported, state.waiting, state.failures, state.error) == (2, 0, 0, None)
    assert files(setup) == {"T-0001.json": named(1), "T-0002.json": named(2)}
    assert read_state(setup.places) == state
    assert total_tokens(scanned(None, setup.places.archive)) == 200


def test_a_round_asks_for_what_changed_alone(amp: AmpProgram, setup: Setup) -> None:
    amp.has(named(1), named(2))
    sync(setup)
    amp.forget_calls()
    assert sync(setup).exported == 0
    assert amp.exports() == []
    amp.has(named(2, answer("M-1"), answer("M-2")), updated="2026-11-22T11:00:00.000Z")
    assert sync(setup).exported == 1
    assert amp.exports() == ["T-0002"]
    assert len(files(setup)["T-0002.json"]["messages"]) == 2


def test_an_export_that_was_removed_is_fetched_again(amp: AmpProgram, setup: Setup) -> None:
    amp.has(named(1))
    sync(setup)
    (setup.places.archive / "threads/T-0001.json").unlink()
    assert sync(setup).exported == 1
    assert archived(setup.places.archive) == {"T-0001"}


def test_files_and_directories_are_this_users_alone(amp: AmpProgram, setup: Setup) -> None:
    amp.has(named(1))
    before = os.umask(0)
    try:
        sync(setup)
    finally:
        os.umask(before)
    modes = {
        path.relative_to(setup.places.data_directory).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in setup.places.data_directory.rglob("*")
    }
    assert modes == {
        "archive": 0o700,
        "archive/amp": 0o700,
        "archive/amp/threads": 0o700,
        "archive/amp/threads/T-0001.json": 0o600,
        "sync": 0o700,
        "sync/lock": 0o600,
        "sync/state.json": 0o600,
        "sync/threads.json": 0o600,
        "sync/balance.json": 0o600,
    }


def test_amp_is_given_no_more_than_it_needs(amp: AmpProgram, setup: Setup) -> None:
    sync(setup)
    assert amp.calls() == [["threads", "list", "--json"], ["usage"]]
    for run in amp.runs():
        assert set(run["env"]) - {"LC_CTYPE"} == {"HOME", "PATH", "NO_COLOR", "TERM"}
        assert run["env"]["NO_COLOR"] == "1"
        assert "hush" not in json.dumps(run)


def test_newest_first_and_no_more_than_a_round_may(amp: AmpProgram, setup: Setup) -> None:
    for number in (2, 0, 4, 1, 3):
        amp.has(named(number), updated=f"2026-11-2{number}T00:00:00Z")
    small = setup._replace(options=setup.options._replace(max_threads=2))
    state = sync(small)
    assert (state.exported, state.waiting) == (2, 3)
    assert amp.exports() == ["T-0004", "T-0003"]
    assert sync(small).waiting == 1
    assert sync(small).waiting == 0
    assert amp.exports() == [f"T-000{number}" for number in (4, 3, 2, 1, 0)]


def test_since_leaves_out_what_is_older(amp: AmpProgram, setup: Setup, clock: Clock) -> None:
    amp.has(named(1), updated="2026-11-01T00:00:00Z")
    amp.has(named(2), updated="2026-11-22T09:00:00Z")
    amp.has(named(3), updated="yesterday or so")
    state = sync(setup, clock.now - DAY_MS)
    assert (state.exported, state.waiting) == (2, 0)
    assert archived(setup.places.archive) == {"T-0002", "T-0003"}


def test_ten_thousand_threads_are_a_list_and_a_rounds_worth(amp: AmpProgram, setup: Setup) -> None:
    amp.has(named(1))
    rows = [{"id": f"T-{number:05}", "updated": 1_000_000 + number} for number in range(9_999)]
    amp.lists_only([*rows, {"id": "T-0001", "updated": "2026-11-22T10:00:00Z"}])
    small = setup._replace(options=setup.options._replace(max_threads=1))
    state = sync(small)
    assert (state.exported, state.waiting) == (1, 9_999)
    assert amp.exports() == ["T-0001"]


def test_a_build_that_lists_by_pages_is_asked_for_all(amp: AmpProgram, setup: Setup) -> None:
    amp.has(*(named(number) for number in range(7)))
    amp.set(page=3)
    assert sync(setup).exported == 7
    amp.forget_calls()
    sync(setup)
    assert amp.calls() == [["threads", "list", "--json"]]


def test_failures_put_the_next_round_off_and_a_success_forgets_them(
    amp: AmpProgram, setup: Setup, clock: Clock
) -> None:
    amp.set(signed_in=False)
    pauses = []
    for number in range(4):
        state = sync(setup)
        assert (state.failures, state.error) == (number + 1, "`amp` is not signed in")
        assert state.next_at is not None
        pauses.append(state.next_at - clock.now)
    assert all(after > before * 1.5 for before, after in pairwise(pauses))
    amp.set(signed_in=True)
    state = sync(setup)
    assert (state.failures, state.error, state.good_at) == (0, None, clock.now)


def test_two_rounds_never_overlap(amp: AmpProgram, setup: Setup) -> None:
    lock = InstanceLock(setup.places.lock)
    assert lock.acquire()
    with pytest.raises(BusyError):
        sync(setup)
    lock.release()
    assert amp.calls() == []
    assert sync(setup).error is None


def test_a_round_that_is_to_stop_runs_nothing_more(amp: AmpProgram, setup: Setup) -> None:
    amp.has(named(1), named(2), named(3))
    stop = Stop()
    with pytest.raises(StoppedError):
        sync_once(setup, stop=stop, tell=lambda done, _total: stop.ask() if done else None)
    assert len(archived(setup.places.archive)) == 1
    assert sync(setup).exported == 2, "the one that was had is remembered"


def test_what_a_killed_round_left_half_written_goes(amp: AmpProgram, setup: Setup) -> None:
    folder = setup.places.archive / "threads"
    folder.mkdir(parents=True)
    (folder / ".abc.part").write_text("{")
    sync(setup)
    assert list(folder.iterdir()) == []


def test_exports_that_cannot_tell_all_are_counted(amp: AmpProgram, setup: Setup) -> None:
    result = {"type": "tool_result", "toolUseID": "t1", "run": {"status": "done"}}
    calls = [{"usage": {"inputTokens": 1, "outputTokens": 1}}]
    told = {**result, "toolUseID": "t2", "run": {"~debug": {"inferences": calls}}}
    paid = answer("M-1", credits=1.5)
    amp.has(
        named(1),
        named(2, paid, {"role": "user", "content": [result]}),
        named(3, paid, {"role": "user", "content": [told]}),
        named(4, paid, {"role": "user", "content": [{"type": "text", "text": '"tool_result"'}]}),
    )
    state = sync(setup)
    assert (state.exports, state.without_credits, state.without_tools) == (4, 1, 1)


def test_the_balance_is_asked_for_and_kept(amp: AmpProgram, setup: Setup, clock: Clock) -> None:
    sync(setup)
    assert [entry.kind for entry in read_balance(setup.places).entries] == ["free", "individual"]
    clock.now += 60_000
    sync(setup)
    assert amp.calls().count(["usage"]) == 1, "not again within minutes"
    clock.now += 10 * 60_000
    amp.does("usage", "fail", 1, "boom")
    assert sync(setup).error is None, "threads were fetched all the same"
    balance = read_balance(setup.places)
    assert len(balance.entries) == 2
    assert balance.error is not None
