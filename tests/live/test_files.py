"""Listing and reading log files, whatever lies there under their name."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.ledger.files import FileState, KnownFile
from amp_tray.live.file_state import MAX_FILE_BYTES, MIB
from amp_tray.live.files import read_log
from amp_tray.live.listing import Differences, Listing, differences, list_logs
from amp_tray.sources.amp.source import AMP
from tests.support.scans import codes, open_writer, put, scanned, snapshot_of, total_tokens
from tests.support.threads import answer, encode, thread

posix = pytest.mark.skipif(os.name != "posix", reason="such files are POSIX's")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "threads"
    folder.mkdir()
    return folder


def make_odd(folder: Path, kind: str) -> None:
    path = folder / "T-odd.json"
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "dangling link":
            path.symlink_to(folder / "nowhere")
        case "loop of links":
            path.symlink_to(path)
        case "directory":
            path.mkdir()
        case "link to a directory":
            path.symlink_to(folder)
        case "socket":
            here = Path.cwd()
            os.chdir(folder)  # a socket's path must be short
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(path.name)
            os.chdir(here)


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


ODD = ("fifo", "dangling link", "loop of links", "directory", "link to a directory", "socket")


@posix
@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_file_is_told_and_keeps_nothing_open(folder: Path, kind: str) -> None:
    make_odd(folder, kind)
    assert list(list_logs(AMP, folder).files) == ["T-odd.json"]
    before = open_files()
    for _ in range(3):
        read = read_log(AMP, folder, "T-odd.json")
        assert read is not None
        assert read.reading.record is None
        assert [item.code for item in read.reading.diagnostics] == [Code.UNREADABLE_FILE]
    assert open_files() == before


@posix
@pytest.mark.parametrize("kind", ODD)
def test_the_others_are_read_all_the_same(tmp_path: Path, folder: Path, kind: str) -> None:
    make_odd(folder, kind)
    put(tmp_path, thread(answer()))
    writer = open_writer(None, tmp_path)
    assert writer.scan()
    assert not writer.scan()
    assert total_tokens(snapshot_of(writer)) == 100
    assert codes(snapshot_of(writer)) == ["unreadable-file"]
    writer.close()


def test_a_file_that_may_not_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "T-1.json").write_bytes(encode(thread(answer())))

    def refuse(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("amp_tray.live.files.os.open", refuse)
    read = read_log(AMP, folder, "T-1.json")
    assert read is not None
    assert [item.message for item in read.reading.diagnostics] == [
        "the file cannot be read: Permission denied"
    ]


def test_only_logs_are_listed(folder: Path) -> None:
    for name in ("T-1.json", "T-1.json.amptmp", "T-2.json~", "other.json", "T-3.txt", ".a.json"):
        (folder / name).write_bytes(b"{}")
    assert list(list_logs(AMP, folder).files) == ["T-1.json", "other.json"]


def test_a_listing_tells_one_state_of_a_file_from_the_next(folder: Path) -> None:
    path = folder / "T-1.json"
    path.write_bytes(encode(thread()))
    listed = list_logs(AMP, folder).state_of("T-1.json")
    read = read_log(AMP, folder, "T-1.json")
    assert read is not None
    assert (
        read.state
        == listed
        == FileState(path.stat().st_size, path.stat().st_mtime_ns, str(path.stat().st_ino))
    )
    path.write_bytes(encode(thread(answer())))
    assert list_logs(AMP, folder).state_of("T-1.json") != listed


class EntryWithoutInode:
    """A directory entry as Windows has it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def stat(self) -> os.stat_result:
        """Return the file's state, its inode 0."""
        status = self._path.stat()
        members = list(status)
        members[1] = 0
        return os.stat_result(members, {"st_mtime_ns": status.st_mtime_ns})


def test_a_file_that_was_read_is_not_read_again_where_listings_tell_no_inodes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amp_tray.live.file_state._LISTINGS_TELL_INODES", False)
    path = folder / "T-1.json"
    path.write_bytes(encode(thread()))
    entry: Any = EntryWithoutInode(path)
    read = read_log(AMP, folder, path.name)
    assert read is not None
    known = {path.name: KnownFile(1, read.state, present=True)}
    found = Listing({path.name: entry}, MAX_FILE_BYTES)
    assert differences(found, known) == Differences([], [], [])
    path.write_bytes(encode(thread(answer())))
    assert differences(found, known).changed == [path.name]


@pytest.mark.parametrize("missing", ["missing", "file"])
def test_no_directory_is_no_logs(tmp_path: Path, missing: str) -> None:
    (tmp_path / "file").touch()
    assert list_logs(AMP, tmp_path / missing) == Listing({}, MAX_FILE_BYTES)


def test_a_file_that_vanished_is_nothing(folder: Path) -> None:
    assert read_log(AMP, folder, "T-1.json") is None
    assert read_log(AMP, folder / "missing", "T-1.json") is None


def test_a_file_that_vanishes_while_listed_takes_no_other_with_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Vanished(os.PathLike[str]):
        name = "T-2.json"

        def __fspath__(self) -> str:
            return self.name

        def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
            raise FileNotFoundError(follow_symlinks)

        def is_dir(self, *, follow_symlinks: bool = True) -> bool:
            raise FileNotFoundError(follow_symlinks)

    class Found(list[object]):
        def __enter__(self) -> list[object]:
            return self

        def __exit__(self, *_exception: object) -> None:
            pass

    (folder / "T-1.json").touch()
    (there,) = os.scandir(folder)
    before = FileState(1, 1, "1")
    known = {
        name: KnownFile(number, before, present=True)
        for number, name in enumerate(("T-1.json", "T-2.json"))
    }
    monkeypatch.setattr("amp_tray.live.folders.os.scandir", lambda _: Found([Vanished(), there]))
    found = list_logs(AMP, folder)
    assert found.state_of("T-1.json") is not None
    assert found.state_of("T-2.json") is None
    assert differences(found, known) == Differences([], ["T-1.json"], gone=[1])
    assert differences(found, {}) == Differences(["T-1.json", "T-2.json"], [], [])


def test_a_time_beyond_all_reason_is_the_last_there_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder.parent, {"messages": [answer()]})
    real = os.fstat

    def far(descriptor: int) -> os.stat_result:
        status = real(descriptor)
        return os.stat_result((*status[:10],), {"st_mtime_ns": 10**22})

    monkeypatch.setattr("amp_tray.live.files.os.fstat", far)
    snapshot = scanned(None, folder.parent)
    assert (total_tokens(snapshot), codes(snapshot)) == (100, [])


def test_a_file_over_the_limit_is_told_and_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "T-1.json"
    with path.open("wb") as file:
        file.truncate(3 * MIB)  # sparse: it takes no room
    real = open

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("it was opened for reading")

    monkeypatch.setattr("builtins.open", refuse)
    read = read_log(AMP, folder, path.name, max_bytes=2 * MIB)
    monkeypatch.setattr("builtins.open", real)
    assert read is not None
    assert read.reading.record is None
    assert read.reading.diagnostics == (
        Diagnostic(
            Code.TOO_LARGE,
            str(path),
            "the file is not read: it has 3.0 MiB, and the limit is 2 MiB",
        ),
    )


@pytest.mark.parametrize(("room", "told"), [(0, []), (-1, ["too-large"])])
def test_the_limit_itself_is_still_read(folder: Path, room: int, told: list[str]) -> None:
    data = encode(thread(answer()))
    (folder / "T-1.json").write_bytes(data)
    read = read_log(AMP, folder, "T-1.json", max_bytes=len(data) + room)
    assert read is not None
    assert [item.code.value for item in read.reading.diagnostics] == told


@pytest.mark.parametrize(("limit", "told"), [(MIB, []), (300, ["too-large"])])
def test_a_file_that_grows_while_it_is_read_is_read_no_further_than_the_limit(
    folder: Path, monkeypatch: pytest.MonkeyPatch, limit: int, told: list[str]
) -> None:
    path = folder / "T-1.json"
    path.write_bytes(encode(thread(answer(), title="x" * 1000)))
    real = os.fstat

    def smaller(descriptor: int) -> os.stat_result:
        status = real(descriptor)
        small = (*status[:6], 100, *status[7:10])
        return os.stat_result(small, {"st_mtime_ns": status.st_mtime_ns})

    monkeypatch.setattr("amp_tray.live.files.os.fstat", smaller)
    read = read_log(AMP, folder, path.name, max_bytes=limit)
    assert read is not None
    assert [item.code.value for item in read.reading.diagnostics] == told
    assert (read.reading.record is None) == bool(told)


def test_a_file_that_outgrows_the_limit_keeps_its_usage_and_is_read_under_a_larger_one(
    tmp_path: Path,
) -> None:
    root, ledger = tmp_path / "amp", tmp_path / "ledger.db"
    put(root, thread(answer()))
    assert total_tokens(scanned(ledger, root)) == 100
    put(root, thread(answer(), answer(2), title="x" * MIB))
    told = ["too-large"]
    for limit, tokens, expected in ((MIB, 100, told), (2 * MIB, 200, []), (MIB, 200, told)):
        writer = open_writer(ledger, root, max_file_bytes=limit)
        writer.scan()
        assert not writer.scan()
        assert total_tokens(snapshot_of(writer)) == tokens
        assert codes(snapshot_of(writer)) == expected
        writer.close()
