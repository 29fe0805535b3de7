"""All that can go wrong with `amp`: what is told, what is kept, and what is never done."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from amp_tray.sync.archive import archived
from amp_tray.sync.rounds import Setup
from tests.support.amp_program import AmpProgram, is_alive
from tests.sync.clock import Clock
from tests.sync.rounds import DAY_MS, files, named, sync


@dataclass(frozen=True)
class Trouble:
    does: tuple[object, ...]
    says: str


TROUBLES = {
    "garbage": Trouble(("print", "<html>hello</html>"), "printed no JSON"),
    "nothing": Trouble(("print", ""), "printed no JSON"),
    "another document": Trouble(("print", '{"error": "no"}'), "something else than a list"),
    "deeply nested": Trouble(("print", "[" * 100_000), "printed no JSON"),
    "rows of nothing": Trouble(("print", "[1, null, {}]"), "no thread that can be asked for"),
    "a failure": Trouble(("fail", 3, "boom hush"), "ended with code 3"),
    "not signed in": Trouble(("fail", 1, "Please run `amp login`"), "is not signed in"),
    "no end": Trouble(("flood",), "printed more than"),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
def test_a_list_that_is_none_ends_the_round(
    amp: AmpProgram, setup: Setup, trouble: Trouble
) -> None:
    amp.has(named(1))
    amp.does("threads list", *trouble.does)
    state = sync(setup)
    assert state.error is not None
    assert trouble.says in state.error
    assert "hush" not in str(state)
    assert (state.failures, state.exported, state.good_at) == (1, 0, None)
    assert amp.exports() == []
    assert not any(map(is_alive, amp.processes()))


def test_amp_that_is_not_installed_is_told(setup: Setup, amp: AmpProgram, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    nowhere = setup._replace(options=setup.options._replace(program=None), home=elsewhere)
    state = sync(nowhere)
    assert state.error == "the `amp` program was not found"
    assert state.hint is not None
    assert amp.calls() == []


def test_amp_that_hangs_is_killed_with_all_it_began(amp: AmpProgram, setup: Setup) -> None:
    amp.does("threads list", "hang")
    state = sync(setup._replace(options=setup.options._replace(call_seconds=1)))
    assert state.error == "`amp` did not answer in time"
    assert len(amp.processes()) == 2
    assert not any(map(is_alive, amp.processes()))


def test_a_thread_that_vanishes_leaves_the_others(
    amp: AmpProgram, setup: Setup, clock: Clock
) -> None:
    amp.has(named(1), named(2), named(3))
    amp.forgets("T-0002")
    state = sync(setup)
    assert (state.exported, state.failed, state.error, state.waiting) == (2, 1, None, 0)
    assert archived(setup.places.archive) == {"T-0001", "T-0003"}
    for _ in range(4):
        sync(setup)
    assert amp.exports().count("T-0002") == 3, "it is left alone in the end"
    clock.now += 2 * DAY_MS
    sync(setup)
    assert amp.exports().count("T-0002") == 4, "and looked for again one day"


BAD_EXPORTS = {
    "cut short": json.dumps(named(1))[:-20],
    "another thread": json.dumps(named(2)),
    "garbage": "not json",
    "no thread": '{"id": "T-0001", "messages": 5}',
    "a list": "[]",
    "more after it": json.dumps(named(1)) + "{}",
}


@pytest.mark.parametrize("printed", BAD_EXPORTS.values(), ids=BAD_EXPORTS.keys())
def test_an_export_that_is_no_good_leaves_the_last_one(
    amp: AmpProgram, setup: Setup, printed: str
) -> None:
    amp.has(named(1))
    sync(setup)
    amp.has(named(3))
    amp.has(named(1), updated="2026-11-22T12:00:00Z")
    amp.does("threads export T-0001", "print", printed)
    state = sync(setup)
    assert (state.exported, state.failed, state.error) == (1, 1, None)
    assert files(setup) == {"T-0001.json": named(1), "T-0003.json": named(3)}


def test_an_export_without_end_is_cut_off(amp: AmpProgram, setup: Setup) -> None:
    amp.has(named(1), named(2))
    amp.does("threads export T-0001", "flood")
    state = sync(setup)
    assert (state.exported, state.failed) == (1, 1)
    assert archived(setup.places.archive) == {"T-0002"}


@pytest.mark.parametrize(
    "bad", ["../T-1", "T-../../x", "T-1/../../../etc/passwd", "--help", "T-1 x", "T-1\n", "", 5]
)
def test_an_id_that_is_a_path_or_an_option_is_never_used(
    amp: AmpProgram, setup: Setup, bad: object
) -> None:
    amp.has(named(1))
    amp.lists({"id": bad, "updated": "2026-11-22T12:00:00Z"})
    state = sync(setup)
    assert (state.exported, state.refused, state.error) == (1, 1, None)
    assert amp.exports() == ["T-0001"]
    assert list(files(setup)) == ["T-0001.json"]


def test_signing_out_in_the_midst_ends_the_round_and_keeps_what_was_had(
    amp: AmpProgram, setup: Setup
) -> None:
    amp.has(named(4), named(3), named(2), named(1))
    for name in ("T-0002", "T-0003"):
        amp.does(f"threads export {name}", "fail", 1, "Error: unauthorized")
    state = sync(setup)
    assert state.error == "`amp` is not signed in"
    assert state.hint == "sign in with `amp login`"
    assert (state.exported, state.waiting) == (1, 2)
    amp.does("threads export T-0003", "answer")
    state = sync(setup)
    assert (state.exported, state.failed, state.error) == (2, 1, None), "one alone is its own fault"


def test_exports_that_all_fail_are_one_failure(amp: AmpProgram, setup: Setup) -> None:
    amp.has(*(named(number) for number in range(20)))
    amp.does("threads export", "fail", 7, "the server is down")
    state = sync(setup)
    assert state.error is not None
    assert "ended with code 7" in state.error
    assert len(amp.exports()) == 5


def test_an_archive_that_cannot_be_written_is_told(amp: AmpProgram, setup: Setup) -> None:
    amp.has(named(1))
    setup.places.archive.parent.mkdir(parents=True)
    setup.places.archive.write_text("a file")
    state = sync(setup)
    assert state.error is not None
    assert "the archive cannot be written" in state.error


def test_a_remembered_file_that_is_damaged_is_made_anew(amp: AmpProgram, setup: Setup) -> None:
    amp.has(named(1))
    sync(setup)
    for path in (setup.places.state, setup.places.threads, setup.places.balance):
        path.write_bytes(b'{"began_at": "x"')
    assert sync(setup).exported == 1


def test_amp_is_found_where_installers_put_it(setup: Setup, tmp_path: Path) -> None:
    AmpProgram(tmp_path / ".local/bin")
    found = setup._replace(options=setup.options._replace(program=None))
    assert sync(found).program == str(tmp_path / ".local/bin/amp")


@pytest.mark.parametrize("program", ["amp", "./amp", "/no/such/amp"])
def test_a_program_is_named_by_its_full_path(setup: Setup, program: str) -> None:
    state = sync(setup._replace(options=setup.options._replace(program=program)))
    assert state.error is not None
    assert repr(program) in state.error
