"""Several roots, and archives below them, on real files."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from amp_tray.app.program import Program
from amp_tray.ledger.store import Ledger
from amp_tray.live.writer import Writer
from amp_tray.sources.amp.source import AMP
from tests.support.scans import (
    codes,
    drop,
    open_writer,
    put,
    scanned,
    snapshot_of,
    total_tokens,
)
from tests.support.threads import ID, answer, thread

posix = pytest.mark.skipif(os.name != "posix", reason="making links takes rights elsewhere")

OTHER = "T-0199aaaa-bbbb-7ccc-8ddd-000000000002"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "amp"


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    ledger = Ledger(None)
    yield ledger
    ledger.close()


def names(ledger: Ledger, writer: Writer) -> list[list[str]]:
    """Return the names of the present files of each root."""
    return [
        sorted(name for name, file in ledger.files.of_root(root.root_id).items() if file.present)
        for root in writer.roots
    ]


def test_archives_below_a_root_are_read_and_told_by_their_place(root: Path, ledger: Ledger) -> None:
    drop(root / "threads", f"archive/2025/{ID}.json", thread(answer()))
    bad = drop(root / "threads", "archive/2025/12/T-bad.json", b"{")
    drop(root / "threads", f"archive/2025/12/01/{OTHER}.json", thread(answer(), id=OTHER))
    writer = open_writer(ledger, root)
    assert writer.scan()
    assert not writer.scan()
    snapshot = snapshot_of(writer)
    assert total_tokens(snapshot) == 100
    assert [item.path for item in snapshot.diagnostics] == [str(bad)]
    assert names(ledger, writer) == [["archive/2025/12/T-bad.json", f"archive/2025/{ID}.json"]]


def test_a_change_in_an_archive_is_read_by_its_path(root: Path, ledger: Ledger) -> None:
    path = drop(root / "threads", f"archive/{ID}.json", thread(answer()))
    writer = open_writer(ledger, root)
    writer.scan()
    drop(path.parent, path.name, thread(answer(), answer(2)))
    deep = drop(path.parent, f"a/b/c/{OTHER}.json", thread(answer(), id=OTHER))
    assert writer.read([path, deep, root / "threads/archive", root / "elsewhere/T-1.json"])
    assert not writer.scan()
    assert total_tokens(snapshot_of(writer)) == 200
    path.unlink()
    assert not writer.read([path])
    assert names(ledger, writer) == [[]]
    assert total_tokens(snapshot_of(writer)) == 200


def test_a_thread_that_moves_into_an_archive_counts_once(root: Path, ledger: Ledger) -> None:
    path = put(root, thread(answer()))
    writer = open_writer(ledger, root)
    writer.scan()
    (root / "threads/archive").mkdir()
    path.rename(root / "threads/archive" / path.name)
    writer.scan()
    assert total_tokens(snapshot_of(writer)) == 100
    assert names(ledger, writer) == [[f"archive/{ID}.json"]]


def test_an_archive_that_cannot_be_listed_is_told_and_nothing_of_it_is_gone(
    root: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(root / "threads", f"archive/{ID}.json", thread(answer()))
    gone = put(root, thread(answer(), id=OTHER), name=OTHER)
    writer = open_writer(ledger, root)
    writer.scan()
    gone.unlink()
    real = os.scandir

    def refuse(folder: Path) -> "Iterator[os.DirEntry[str]]":
        if Path(folder) == path.parent:
            raise PermissionError(13, "Permission denied")
        return real(folder)

    with monkeypatch.context() as context:
        context.setattr("amp_tray.live.folders.os.scandir", refuse)
        assert writer.scan()
        assert not writer.scan()
    snapshot = snapshot_of(writer)
    assert [(item.code.value, item.path) for item in snapshot.diagnostics] == [
        ("unreadable-root", str(path.parent))
    ]
    assert total_tokens(snapshot) == 200
    assert names(ledger, writer) == [[f"archive/{ID}.json"]]
    assert writer.scan()
    assert codes(snapshot_of(writer)) == []


@posix
def test_directories_behind_links_are_not_read_but_linked_files_are(
    tmp_path: Path, root: Path, ledger: Ledger
) -> None:
    put(root, thread(answer()))
    outside = drop(tmp_path / "outside", f"{OTHER}.json", thread(answer(), id=OTHER))
    (root / "threads/out").symlink_to(outside.parent)
    (root / "threads/round").symlink_to(root / "threads")
    writer = open_writer(ledger, root)
    writer.scan()
    assert total_tokens(snapshot_of(writer)) == 100
    (root / "threads" / outside.name).symlink_to(outside)
    writer.scan()
    assert (total_tokens(snapshot_of(writer)), codes(snapshot_of(writer))) == (200, [])


@pytest.mark.parametrize("turned", [False, True])
def test_a_thread_in_two_roots_is_one_with_the_counts_of_its_newer_revision(
    tmp_path: Path, turned: bool
) -> None:
    roots = [tmp_path / "a", tmp_path / "b"]
    put(roots[0], thread(answer(1, 1, 1, 1, 1), answer(2), v=3))
    put(roots[1], thread(answer(1), answer(3, 5, 5, 5, 5), v=4))
    if turned:
        roots.reverse()
    assert total_tokens(scanned(None, *roots)) == 220


@posix
def test_a_root_by_two_names_is_one(tmp_path: Path, root: Path) -> None:
    put(root, thread(answer()))
    (tmp_path / "link").symlink_to(root)
    spelled = f" {tmp_path}/link, ,{root},{root}/threads,{root}/../amp/ ,"
    program = Program({"AMP_DATA_DIR": spelled}, tmp_path)
    paths = program.roots()[AMP]
    assert paths == (root.resolve(),)
    assert total_tokens(scanned(None, *paths)) == 100


@posix
def test_a_root_may_have_its_threads_behind_a_link(tmp_path: Path, root: Path) -> None:
    drop(tmp_path / "disk", f"archive/{ID}.json", thread(answer()))
    root.mkdir()
    (root / "threads").symlink_to(tmp_path / "disk")
    assert total_tokens(scanned(None, root)) == 100


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_in_two_nested_roots_is_read_as_the_inner_ones(
    root: Path, ledger: Ledger, turned: bool
) -> None:
    inner = root / "threads/second"
    outer_file = put(root, thread(answer()))
    inner_file = put(inner, thread(answer(), id=OTHER), name=OTHER)
    bad = drop(inner, "threads/T-bad.json", b"{")
    beside = drop(inner, "T-beside.json", thread(answer(), id="T-beside"))
    roots = [inner, root] if turned else [root, inner]
    writer = open_writer(ledger, *roots)
    writer.scan()
    expected = [[outer_file.name, f"second/{beside.name}"], [bad.name, inner_file.name]]
    expected = [sorted(files) for files in expected]
    assert names(ledger, writer) == (expected[::-1] if turned else expected)
    assert not writer.read([outer_file, inner_file, bad, beside])
    assert names(ledger, writer) == (expected[::-1] if turned else expected)
    snapshot = snapshot_of(writer)
    assert (total_tokens(snapshot), codes(snapshot)) == (300, ["torn-file"])


def test_a_root_that_comes_to_lie_in_another_neither_loses_nor_doubles_usage(
    tmp_path: Path, root: Path
) -> None:
    inner = root / "threads/second"
    put(root, thread(answer()))
    put(inner, thread(answer(), id=OTHER), name=OTHER)
    path = tmp_path / "ledger.db"
    assert total_tokens(scanned(path, root)) == 200
    assert total_tokens(scanned(path, root, inner)) == 200
    assert total_tokens(scanned(path, root)) == 200


def test_a_root_may_be_threads_itself(root: Path, ledger: Ledger) -> None:
    put(root, thread(answer()))
    writer = open_writer(ledger, root / "threads")
    writer.scan()
    assert total_tokens(snapshot_of(writer)) == 100
    assert names(ledger, writer) == [[f"{ID}.json"]]


def test_a_root_may_hold_thread_files_itself(tmp_path: Path, ledger: Ledger) -> None:
    folder = tmp_path / "exports"
    writer = open_writer(ledger, folder)
    writer.scan()
    drop(folder, f"{ID}.json", thread(answer()))
    drop(folder, "older/export.json", thread(answer(), id=OTHER))
    assert writer.scan()
    assert names(ledger, writer) == [[f"{ID}.json", "older/export.json"]]
    assert total_tokens(snapshot_of(writer)) == 200


@posix
def test_a_link_called_threads_may_lead_to_a_directory_of_any_name(tmp_path: Path) -> None:
    drop(tmp_path / "disk/old", f"{ID}.json", thread(answer()))
    (tmp_path / "threads").symlink_to(tmp_path / "disk/old")
    program = Program({"AMP_DATA_DIR": f"{tmp_path}/threads"}, tmp_path)
    paths = program.roots()[AMP]
    assert total_tokens(scanned(None, *paths)) == 100
