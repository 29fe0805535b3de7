"""Running another program, bounded in time and output, never through a shell.

It has a process group of its own, which is killed as a whole: at its time limit, when it prints
too much, and when this program ends.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from amp_tray.sync.errors import CallError, StoppedError

_CHUNK = 1 << 16
_MOST_ERROR_BYTES = 1 << 16
_END_SECONDS = 2.0


class Finished(NamedTuple):
    """What a program came to: its exit code and what it printed, on stderr only the beginning."""

    code: int
    output: bytes
    errors: bytes


class Stop:
    """Asks work in another thread to end: what it waits for ends at once."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._kill: Callable[[], None] | None = None

    @property
    def asked(self) -> bool:
        """Whether the work is to end."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Have the work end, and kill the program that it runs; any thread may ask."""
        self._asked.set()
        with self._lock:
            if self._kill is not None:
                self._kill()

    def check(self) -> None:
        """Raise StoppedError when the work is to end."""
        if self.asked:
            raise StoppedError("it was stopped")

    def pause(self, seconds: float) -> None:
        """Wait, unless the work is to end."""
        self._asked.wait(seconds)
        self.check()

    @contextlib.contextmanager
    def ending(self, kill: Callable[[], None]) -> Iterator[None]:
        """Have `ask` call `kill` meanwhile; if it was asked before, at once."""
        with self._lock:
            self._kill = kill
        try:
            if self.asked:
                kill()
            yield
        finally:
            with self._lock:
                self._kill = None


def run_child(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    seconds: float,
    most_bytes: int,
    stop: Stop,
) -> Finished:
    """Run a program to its end and return what it printed.

    Args:
        command: the program's path and its words.
        env: its whole environment.
        seconds: it is killed when it takes longer.
        most_bytes: it is killed when it prints more on stdout.

    Raises:
        CallError: it could not be run, took too long or printed too much.
        StoppedError: it was killed because `stop` was asked for.
    """
    stop.check()
    give_up_at = time.monotonic() + seconds
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the words are checked by the caller
            list(command),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=sys.platform != "win32",
        )
    except (OSError, ValueError) as error:
        raise CallError(f"`amp` could not be run ({type(error).__name__})") from error
    with contextlib.ExitStack() as ending:
        readers: list[threading.Thread] = []
        ending.callback(_end, process, readers)
        ending.enter_context(stop.ending(lambda: _kill(process)))
        output, errors = _collect(process, readers, give_up_at, most_bytes)
        try:
            code = process.wait(max(0.0, give_up_at - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise _too_long() from None
    stop.check()
    return Finished(code, output, errors)


def _collect(
    process: "subprocess.Popen[bytes]",
    readers: list[threading.Thread],
    give_up_at: float,
    most_bytes: int,
) -> tuple[bytes, bytes]:
    """Return what it prints until both its streams end; `readers` become the threads used."""
    # A few chunks at a time: a program that prints without end waits for this one.
    chunks: queue.Queue[tuple[int, bytes]] = queue.Queue(maxsize=16)
    over = threading.Event()
    streams = (process.stdout, process.stderr)
    for number, stream in enumerate(streams):
        assert stream is not None
        reader = threading.Thread(
            target=_read,
            args=(stream.fileno(), number, chunks, over),
            name="amp-tray-sync-read",
            daemon=True,
        )
        readers.append(reader)
        reader.start()
    kept: tuple[list[bytes], list[bytes]] = ([], [])
    sizes, open_streams = [0, 0], len(streams)
    try:
        while open_streams:
            left = give_up_at - time.monotonic()
            if left <= 0:
                raise _too_long()
            try:
                number, chunk = chunks.get(timeout=left)
            except queue.Empty:
                raise _too_long() from None
            open_streams -= not chunk
            sizes[number] += len(chunk)
            if number == 0 and sizes[0] > most_bytes:
                raise CallError(f"`amp` printed more than {most_bytes:,} bytes")
            if number == 0 or sizes[1] <= _MOST_ERROR_BYTES:
                kept[number].append(chunk)
    finally:
        over.set()
        with contextlib.suppress(queue.Empty):  # let a reader that waits for room go on
            while True:
                chunks.get_nowait()
    return b"".join(kept[0]), b"".join(kept[1])


def _read(
    descriptor: int, number: int, chunks: "queue.Queue[tuple[int, bytes]]", over: threading.Event
) -> None:
    while not over.is_set():
        try:
            chunk = os.read(descriptor, _CHUNK)
        except OSError:
            chunk = b""
        while not over.is_set():
            with contextlib.suppress(queue.Full):
                chunks.put((number, chunk), timeout=1)
                break
        if not chunk:
            return


def _too_long() -> CallError:
    return CallError("`amp` did not answer in time")


def _end(process: "subprocess.Popen[bytes]", readers: Sequence[threading.Thread]) -> None:
    """Kill what is left of a program, and let go of it."""
    _kill(process)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_END_SECONDS)
    for stream, reader in zip((process.stdout, process.stderr), readers, strict=False):
        reader.join(_END_SECONDS)
        # What escaped from the group may keep a stream open. A descriptor that somebody reads
        # must not be closed, since its number would be another file's soon.
        if stream is not None and not reader.is_alive():
            stream.close()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a program and all that it began."""
    if sys.platform == "win32":
        process.kill()
        return
    # The group's number is not given to another while a member of it lives; before the leader
    # is waited for it is a member, alive or not.
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
