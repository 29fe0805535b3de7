"""Listing and reading log files, whatever lies there under their name."""

import os
import socket
from pathlib import Path

import pytest

from amp_tray.core.diagnostics import Code
from amp_tray.ledger.store import FileState
from amp_tray.live.files import list_logs, read_log
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
    assert list(list_logs(AMP, folder)) == ["T-odd.json"]
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
    for name in ("T-1.json", "T-1.json.amptmp", "T-2.json~", "other.json", "T-3.txt"):
        (folder / name).write_bytes(b"{}")
    assert list(list_logs(AMP, folder)) == ["T-1.json"]


def test_a_listing_tells_one_state_of_a_file_from_the_next(folder: Path) -> None:
    path = folder / "T-1.json"
    path.write_bytes(encode(thread()))
    listed = list_logs(AMP, folder)["T-1.json"]
    read = read_log(AMP, folder, "T-1.json")
    assert read is not None
    assert (
        read.state
        == listed
        == FileState(path.stat().st_size, path.stat().st_mtime_ns, str(path.stat().st_ino))
    )
    path.write_bytes(encode(thread(answer())))
    assert list_logs(AMP, folder)["T-1.json"] != listed


@pytest.mark.parametrize("missing", ["missing", "file"])
def test_no_directory_is_no_logs(tmp_path: Path, missing: str) -> None:
    (tmp_path / "file").touch()
    assert list_logs(AMP, tmp_path / missing) == {}


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

    class Listing(list[object]):
        def __enter__(self) -> list[object]:
            return self

        def __exit__(self, *_exception: object) -> None:
            pass

    (folder / "T-1.json").touch()
    (there,) = os.scandir(folder)
    monkeypatch.setattr("amp_tray.live.files.os.scandir", lambda _: Listing([Vanished(), there]))
    assert list(list_logs(AMP, folder)) == ["T-1.json"]


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
