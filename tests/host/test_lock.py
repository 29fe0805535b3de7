"""The single-instance lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from amp_tray.host.lock import InstanceLock

HOLD = """
import sys, pathlib
from amp_tray.host.lock import InstanceLock
lock = InstanceLock(pathlib.Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "data/lock"
    first, second = InstanceLock(path), InstanceLock(path)
    assert second.holder() is None
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    assert second.holder() == os.getpid()
    second.release()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_the_end_of_its_process_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "True"
        lock = InstanceLock(path)
        assert not lock.acquire()
        assert lock.holder() == process.pid
        process.kill()
        process.wait(10)
        assert lock.acquire()
        assert lock.holder() == os.getpid()
        lock.release()


def test_a_lock_file_with_other_text_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_bytes(b"\xff not a pid, and longer than any")
    lock = InstanceLock(path)
    assert lock.holder() is None
    assert lock.acquire()
    assert path.read_text("ascii") == f"{os.getpid()}\n"
    lock.release()


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
def test_the_lock_is_its_users_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        lock = InstanceLock(tmp_path / "data/lock")
        assert lock.acquire()
    finally:
        os.umask(before)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data/lock").stat().st_mode & 0o077 == 0
    lock.release()


def test_a_lock_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        InstanceLock(tmp_path / "file/lock").acquire()
