"""The single writer: what is read, what is kept, and whose it is."""

import logging
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from amp_tray.core.family import FamilyUsage, resolve_family
from amp_tray.core.lineage import Family
from amp_tray.core.records import ThreadRecord
from amp_tray.ledger.arrivals import Arrivals
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.store import Ledger
from amp_tray.live import digest, resolving
from amp_tray.live import writer as writer_module
from amp_tray.live.writer import Writer
from amp_tray.sources.amp.decode import begin_thread
from amp_tray.sources.amp.source import AMP
from amp_tray.sources.reading import Reading
from tests.support.scans import (
    NOW,
    PRICES,
    codes,
    open_writer,
    put,
    report,
    scanned,
    snapshot_of,
    total_tokens,
)
from tests.support.threads import GPT, ID, answer, encode, event, thread


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "amp"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def test_nothing_there_is_an_empty_report(root: Path) -> None:
    snapshot = scanned(None, root)
    assert (total_tokens(snapshot), snapshot.diagnostics) == (0, ())


def test_a_file_that_is_gone_keeps_its_usage(root: Path, ledger: Path) -> None:
    path = put(root, thread(answer()))
    writer = open_writer(ledger, root)
    assert writer.scan()
    path.unlink()
    assert not writer.read([path])
    assert not writer.scan()
    assert total_tokens(snapshot_of(writer)) == 100
    writer.close()
    assert total_tokens(scanned(ledger, root)) == 100


def test_a_directory_that_is_gone_keeps_its_usage(root: Path, ledger: Path) -> None:
    path = put(root, thread(answer()))
    assert total_tokens(scanned(ledger, root)) == 100
    path.unlink()
    path.parent.rmdir()
    assert total_tokens(scanned(ledger, root)) == 100


def test_a_file_that_shrank_keeps_its_usage(root: Path, ledger: Path) -> None:
    put(root, thread(answer(1), answer(2)))
    assert total_tokens(scanned(ledger, root)) == 200
    put(root, thread(answer(1)))
    assert total_tokens(scanned(ledger, root)) == 200


@pytest.mark.parametrize("torn", [b"", encode(thread(answer(), answer(2)))[:-9], b"[]"])
def test_a_torn_file_keeps_its_last_good_usage_and_is_told(root: Path, torn: bytes) -> None:
    put(root, thread(answer()))
    writer = open_writer(None, root)
    writer.scan()
    path = put(root, torn)
    assert writer.read([path])
    snapshot = snapshot_of(writer)
    assert total_tokens(snapshot) == 100
    assert [item.path for item in snapshot.diagnostics] == [str(path)]
    assert not writer.scan()
    put(root, thread(answer(), answer(2)))
    assert writer.scan()
    assert (total_tokens(snapshot_of(writer)), codes(snapshot_of(writer))) == (200, [])
    writer.close()


def test_a_bad_file_that_is_removed_is_no_trouble_any_more(root: Path) -> None:
    path = put(root, b"{")
    writer = open_writer(None, root)
    assert writer.scan()
    path.unlink()
    assert writer.scan()
    assert codes(snapshot_of(writer)) == []
    writer.close()


def test_the_same_root_by_two_spellings_counts_once(tmp_path: Path, root: Path) -> None:
    put(root, thread(answer(None)))
    link = tmp_path / "link"
    link.symlink_to(root)
    found = AMP.find_roots({"AMP_DATA_DIR": f"{link},{root},{root}/threads"}, tmp_path)
    assert len(found) == 1
    assert total_tokens(scanned(None, *found)) == 100
    assert total_tokens(scanned(None, link, root, root / "threads")) == 100


def test_another_set_of_roots_never_mixes_into_the_first(tmp_path: Path, ledger: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    put(one, thread(answer()))
    put(two, thread(answer(2), id="T-2"), "T-2")
    assert total_tokens(scanned(ledger, one)) == 100
    assert total_tokens(scanned(ledger, two)) == 100
    assert total_tokens(scanned(ledger, one, two)) == 200
    assert list(scanned(ledger, one).sessions) == [ID]
    assert list(scanned(ledger, two).sessions) == ["T-2"]


def test_the_same_thread_in_another_set_of_roots_does_not_mix_either(
    tmp_path: Path, ledger: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    put(one, thread(answer(1)))
    put(two, thread(answer(1), answer(2), v=7))
    assert total_tokens(scanned(ledger, one)) == 100
    assert total_tokens(scanned(ledger, one, two)) == 200
    assert total_tokens(scanned(ledger, one)) == 100


def test_what_one_set_of_roots_read_the_others_with_that_root_know(
    tmp_path: Path, ledger: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    put(one, thread(answer()))
    assert total_tokens(scanned(ledger, one)) == 100
    put(one, thread(answer(), answer(2)))
    put(one, thread(answer(), id="T-2"), "T-2")
    assert total_tokens(scanned(ledger, one, two)) == 300
    assert total_tokens(scanned(ledger, one)) == 300


def test_new_rules_are_applied_without_reading_a_file(
    root: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(root, thread(answer(), title="A"))
    scanned(ledger, root)
    path.unlink()
    monkeypatch.setattr(writer_module, "RULES_VERSION", 10**6)

    def nothing(_family: Family) -> FamilyUsage:
        return FamilyUsage({}, (), frozenset())

    with monkeypatch.context() as context:
        context.setattr(resolving, "resolve_family", nothing)
        with closing(open_writer(ledger, root)) as writer:
            assert total_tokens(snapshot_of(writer)) == 0
    monkeypatch.setattr(writer_module, "RULES_VERSION", 10**6 + 1)
    with closing(open_writer(ledger, root)) as writer:
        (session,) = report(snapshot_of(writer), "session")["sessions"]
    assert (session["totalTokens"], session["title"]) == (100, "A")


def test_a_restart_reads_only_what_changed(root: Path, ledger: Path) -> None:
    put(root, thread(answer()))
    put(root, thread(answer(), id="T-2"), "T-2")
    scanned(ledger, root)
    put(root, thread(answer(), answer(2), id="T-2"), "T-2")
    read: list[str] = []

    def decode(data: bytes, path: str, mtime: int) -> Callable[[], Reading]:
        read.append(Path(path).name)
        return begin_thread(data, path, mtime)

    writer = Writer(Ledger(ledger), {AMP._replace(decode=decode): [root]}, PRICES, lambda: NOW)
    writer.load()
    writer.scan()
    writer.close()
    assert read == ["T-2.json"]


def test_two_files_of_one_thread_in_one_directory_are_one_thread(root: Path) -> None:
    put(root, thread(answer(1)))
    put(root, thread(answer(1), answer(2), v=2), "T-copy")
    assert total_tokens(scanned(None, root)) == 200


def test_progress_is_told_to_the_end(root: Path) -> None:
    for number in range(70):
        put(root, thread(answer(), id=f"T-{number}"), f"T-{number}")
    told: list[tuple[int, int]] = []
    writer = open_writer(None, root)
    writer.scan(lambda done, total: told.append((done, total)))
    assert told == [(32, 70), (64, 70), (70, 70)]
    assert (writer.files, len(snapshot_of(writer).sessions)) == (70, 70)
    writer.close()


def test_a_model_without_a_price_is_unpriced_not_free(root: Path) -> None:
    put(root, thread(answer(1, 10, 0, 0, 0), answer(2, 7, 0, 0, 0, model=GPT)))
    document = report(scanned(None, root))
    totals = document["totals"]
    assert (totals["totalTokens"], totals["unpricedTokens"]) == (17, 7)
    assert float(totals["totalCost"]) == 50e-12
    assert document["meta"]["unpricedModels"] == [GPT]


def test_a_title_alone_is_a_change(root: Path) -> None:
    path = put(root, thread(answer(), title="A"))
    writer = open_writer(None, root)
    writer.scan()
    put(root, thread(answer(), title="B"))
    assert writer.read([path])
    assert not writer.read([path])
    writer.close()


def test_paths_of_elsewhere_are_not_read(tmp_path: Path, root: Path) -> None:
    writer = open_writer(None, root)
    elsewhere = put(tmp_path / "other", thread(answer()))
    aside = root / "threads" / "T-1.json.amptmp"
    aside.parent.mkdir(parents=True)
    aside.write_bytes(encode(thread(answer())))
    assert not writer.read([elsewhere, aside, root / "threads/T-missing.json"])
    writer.close()


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes on POSIX")
def test_a_file_whose_name_is_no_utf_8_is_read_once(root: Path) -> None:
    put(root, thread(answer()))
    odd = os.fsdecode(b"T-\xff")
    put(root, {"messages": [answer()]}, odd)
    writer = open_writer(None, root)
    assert writer.scan()
    assert not writer.scan()
    assert total_tokens(snapshot_of(writer)) == 200
    (root / "threads" / f"{odd}.json").unlink()
    writer.scan()
    assert total_tokens(snapshot_of(writer)) == 200
    writer.close()


def test_a_thread_that_the_program_fails_on_costs_itself_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(root, thread(answer()))
    put(root, thread(answer(), id="T-bad", title="hunter2"), "T-bad")

    def fail(family: Family) -> FamilyUsage:
        if "T-bad" in family:
            raise RuntimeError(family["T-bad"].title)
        return resolve_family(family)

    def fail_alone(record: ThreadRecord) -> NoReturn:
        raise RuntimeError(record.title)

    monkeypatch.setattr(resolving, "resolve_family", fail)
    monkeypatch.setattr(digest, "resolve_alone", fail_alone)
    with caplog.at_level(logging.WARNING):
        snapshot = scanned(None, root)
    assert (total_tokens(snapshot), codes(snapshot)) == (100, ["bad-record"])
    assert "T-bad" in caplog.text
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("at_once", [True, False])
def test_a_decoder_that_fails_costs_its_file_alone(root: Path, *, at_once: bool) -> None:
    put(root, thread(answer()))
    put(root, thread(answer(), id="T-bad"), "T-bad")

    def failing() -> NoReturn:
        raise RuntimeError

    def decode(data: bytes, path: str, mtime: int) -> Callable[[], Reading]:
        if "T-bad" in path:
            return failing() if at_once else failing
        return begin_thread(data, path, mtime)

    writer = Writer(Ledger(None), {AMP._replace(decode=decode): [root]}, PRICES, lambda: NOW)
    writer.load()
    writer.scan()
    snapshot = snapshot_of(writer)
    writer.close()
    assert (total_tokens(snapshot), codes(snapshot)) == (100, ["unreadable-file"])


def test_a_ledger_that_fails_is_an_error_and_can_go_on(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, thread(answer()))
    writer = open_writer(None, root)

    def full(*_arguments: object) -> None:
        raise LedgerError("the disk is full")

    with monkeypatch.context() as context:
        context.setattr(Arrivals, "put", full)
        with pytest.raises(LedgerError):
            writer.scan()
    assert writer.scan()
    assert total_tokens(snapshot_of(writer)) == 100
    writer.close()


def test_a_directory_that_cannot_be_listed_is_told_and_forgets_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, thread(answer()))
    writer = open_writer(None, root)
    writer.scan()

    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as context:
        context.setattr("amp_tray.live.folders.os.scandir", refuse)
        assert writer.scan()
        assert not writer.scan()
        snapshot = snapshot_of(writer)
    assert (total_tokens(snapshot), codes(snapshot)) == (100, ["unreadable-root"])
    assert writer.scan()
    assert codes(snapshot_of(writer)) == []
    writer.close()


def test_a_ledger_event_is_counted_in_the_threads_session(root: Path) -> None:
    put(root, thread(answer(), events=[event(toMessageId=1, credits=0.1), event("x", credits=0.2)]))
    (session,) = report(scanned(None, root), "session")["sessions"]
    assert (session["sessionId"], float(session["credits"])) == (ID, 0.3)
    assert session["totalTokens"] == 130
