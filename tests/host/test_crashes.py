"""Crash files: written whatever fails, wherever, and without what it failed on."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from amp_tray.host.crashes import KEPT, newest_crash, where

SECRET = "what a user typed"

PREAMBLE = """
import asyncio, sys, threading
from pathlib import Path
from amp_tray.host.crashes import CrashFiles
crashes = CrashFiles(Path(sys.argv[1]), "9.8.7")
crashes.install()
def fail():
    raise ValueError("what a user typed")
"""
# What a process does, and where its crash file says that it failed.
FAILURES = {
    "main thread": "fail()",
    "worker-7": """
thread = threading.Thread(target=fail, name="worker-7")
thread.start()
thread.join()
""",
    "event loop": """
async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(crashes.on_loop_error)
    loop.call_soon(fail)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
asyncio.run(main())
""",
}


def run(script: str, directory: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", PREAMBLE + script, str(directory)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize("origin", FAILURES)
def test_what_nobody_caught_is_written(tmp_path: Path, origin: str) -> None:
    directory = tmp_path / "state/amp-tray"
    done = run(FAILURES[origin] + "\ncrashes.close()", directory)
    (path,) = directory.glob("crash-*.txt")
    text = path.read_text("utf-8")
    assert re.fullmatch(r"crash-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.txt", path.name)
    assert "amp-tray 9.8.7" in text
    assert f"python: {sys.version.split()[0]}" in text
    assert "platform: " in text
    assert f"in: {origin}" in text
    assert "builtins.ValueError" in text
    assert 'File "<string>", line' in text
    assert SECRET not in text + done.stdout + done.stderr
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert directory.stat().st_mode & 0o777 == 0o700
    assert (done.returncode == 1) is (origin == "main thread")


def test_a_clean_end_leaves_nothing(tmp_path: Path) -> None:
    assert run("crashes.close()", tmp_path / "s").returncode == 0
    assert list((tmp_path / "s").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_fault_of_the_interpreter_is_found_by_the_next_process(tmp_path: Path) -> None:
    done = run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", tmp_path)
    assert done.returncode < 0
    found = newest_crash(tmp_path)
    assert found is not None
    text = found[0].read_text("utf-8")
    assert "Segmentation fault" in text
    assert "amp-tray 9.8.7" in text
    assert [path.name for path in tmp_path.iterdir()] == [found[0].name]


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_killed_process_is_no_crash(tmp_path: Path) -> None:
    run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    assert newest_crash(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_running_process_keeps_its_file(tmp_path: Path) -> None:
    script = "print(flush=True); sys.stdin.read(); crashes.close()"
    process = subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    assert newest_crash(tmp_path) is None
    assert len(list(tmp_path.glob("fault-*.txt"))) == 1
    process.communicate(timeout=20)
    assert list(tmp_path.iterdir()) == []


def test_the_newest_are_kept(tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        old = tmp_path / f"crash-2020-01-0{number + 1}T00-00-00Z.txt"
        old.write_text("old")
        os.utime(old, (number, number))
    run("fail()", tmp_path)
    names = sorted(path.name for path in tmp_path.glob("crash-*.txt"))
    assert len(names) == KEPT
    assert names[0] == "crash-2020-01-05T00-00-00Z.txt"
    found = newest_crash(tmp_path)
    assert found is not None
    assert "ValueError" in found[0].read_text("utf-8")


def test_what_fails_over_and_over_is_written_once(tmp_path: Path) -> None:
    again = """
for _ in range(4):
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
crashes.close()
"""
    run(again, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_directory_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("fail()", tmp_path / "file/s")
    assert done.returncode == 1
    assert "ValueError" in done.stderr
    assert newest_crash(tmp_path / "file/s") is None


def test_what_led_to_a_failure_is_told_too() -> None:
    def fail() -> None:
        raise ExceptionGroup(SECRET, [KeyError(SECRET), OSError(SECRET)])

    def chain() -> None:
        try:
            fail()
        except ExceptionGroup as error:
            raise RuntimeError(SECRET) from error

    with pytest.raises(RuntimeError) as raised:
        chain()
    text = "\n".join(where(raised.value))
    kinds = ("RuntimeError", "after:", "ExceptionGroup", "KeyError", "OSError")
    assert [kind for kind in kinds if kind in text] == list(kinds)
    assert text.index("RuntimeError") < text.index("ExceptionGroup") < text.index("OSError")
    assert SECRET not in text
