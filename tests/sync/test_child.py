"""Running a program: ended with all it began, whoever asks for that and whenever."""

import sys
import threading
from pathlib import Path

import pytest

from amp_tray.sync.child import Finished, Stop, run_child
from amp_tray.sync.errors import CallError, StoppedError
from tests.support.processes import handles

SECONDS = 10


def run(code: str, tmp_path: Path, *, stop: Stop | None = None, most: int = 1000) -> Finished:
    return run_child(
        (sys.executable, "-ISc", code),
        env={},
        cwd=tmp_path,
        seconds=SECONDS,
        most_bytes=most,
        stop=stop or Stop(),
    )


def test_what_it_prints_and_how_it_ends(tmp_path: Path) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    assert run(code, tmp_path) == Finished(3, b"out\n", b"err\n")


def test_it_has_no_input(tmp_path: Path) -> None:
    assert run("import sys; print(repr(sys.stdin.read()))", tmp_path).output == b"''\n"


def test_no_shell_reads_its_words(tmp_path: Path) -> None:
    words = (sys.executable, "-ISc", "import sys; print(sys.argv[1])", "$(id); `id` *")
    done = run_child(words, env={}, cwd=tmp_path, seconds=SECONDS, most_bytes=1000, stop=Stop())
    assert done.output == b"$(id); `id` *\n"


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="could not be run"):
        run_child(
            (str(tmp_path / "no"),), env={}, cwd=tmp_path, seconds=1, most_bytes=1, stop=Stop()
        )


def test_complaints_without_end_are_read_and_not_kept(tmp_path: Path) -> None:
    code = "import sys; [sys.stderr.write('x' * 65536) for _ in range(100)]; print('done')"
    done = run(code, tmp_path)
    assert done.output == b"done\n"
    assert len(done.errors) <= 65536


def test_too_much_is_an_error_and_exactly_enough_is_none(tmp_path: Path) -> None:
    assert len(run("print('x' * 999)", tmp_path, most=1000).output) == 1000
    with pytest.raises(CallError, match="printed more than 1,000 bytes"):
        run("print('x' * 1000)", tmp_path, most=1000)


def test_stop_from_another_thread_ends_it_at_once(tmp_path: Path) -> None:
    stop, told = Stop(), tmp_path / "told"

    def ask() -> None:
        wait_for(told)
        stop.ask()

    told_by = threading.Thread(target=ask)
    told_by.start()
    code = f"import time; open({str(told)!r}, 'w').close(); time.sleep(600)"
    with pytest.raises(StoppedError):
        run(code, tmp_path, stop=stop)
    told_by.join(SECONDS)
    with pytest.raises(StoppedError):
        run("", tmp_path, stop=stop)
    with pytest.raises(StoppedError):
        stop.pause(SECONDS)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_nothing_stays_open(tmp_path: Path) -> None:
    import os  # noqa: PLC0415 - for its pid alone

    run("print(1)", tmp_path)
    before = handles(os.getpid())
    for _ in range(3):
        run("print(1)", tmp_path)
        with pytest.raises(CallError):
            run("print('x' * 2000)", tmp_path)
    assert handles(os.getpid()) == before
    assert not [one for one in threading.enumerate() if one.name == "amp-tray-sync-read"]


def wait_for(path: Path) -> None:
    waiting = threading.Event()
    for _ in range(SECONDS * 100):
        if path.exists():
            return
        waiting.wait(0.01)
    raise AssertionError(path)
