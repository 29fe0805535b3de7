"""Crash files: where the program failed, without what it was working on.

Exceptions that nobody caught (in the main thread, another thread, the event loop) are written
at once. A fault of the interpreter itself, a segmentation fault say, goes into a file that this
process holds, and becomes a crash file when the next one finds it.
"""

import asyncio
import contextlib
import faulthandler
import logging
import platform
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from amp_tray.host.lock import InstanceLock

KEPT = 5
"""How many crash files there are at most; the newest are kept."""

_MOST_LINES = 400
_CRASHES, _FAULTS = "crash-*.txt", "fault-*.txt"
# Source: CPython, Modules/faulthandler.c.
_FAULT_SIGNS = ("Fatal Python error", "Windows fatal exception")

log = logging.getLogger(__name__)


class CrashFiles:
    """The crash files in one directory, and the hooks that write them."""

    def __init__(self, directory: Path, version: str) -> None:
        self._directory = directory
        self._version = version
        self._told: set[tuple[str, ...]] = set()
        self._release: Callable[[], None] = lambda: None

    def install(self) -> None:
        """Write a file for whatever is not caught, for as long as this process lives."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        with contextlib.suppress(OSError):  # a directory that cannot be written
            find_faults(self._directory)
            self._catch_faults()

    def close(self) -> None:
        """Take back the file for faults; at the end of the process."""
        self._release()

    def on_loop_error(self, _loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        """Log and write what an event loop reports; made for `loop.set_exception_handler`."""
        error = context.get("exception")
        if not isinstance(error, BaseException):
            log.error("the event loop: %s", context.get("message"))
            return
        self._tell(error, "event loop")

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, Exception):  # Ctrl+C is no crash
            sys.__excepthook__(kind, error, trace)
            return
        self._tell(error, "main thread")
        if sys.stderr is not None:
            said = f"amp-tray failed unexpectedly ({kind.__name__}); {self._directory} has the log"
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.write(f"{said} and a crash file\n")

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and isinstance(args.exc_value, Exception):
            self._tell(args.exc_value, "a thread" if args.thread is None else args.thread.name)

    def _tell(self, error: BaseException, origin: str) -> None:
        lines = tuple(where(error))
        log.error("unexpected failure in %s: %s", origin, "\n".join(lines))
        if lines in self._told:  # whatever fails over and over fills no disk
            return
        self._told.add(lines)
        with contextlib.suppress(OSError):
            self._write(f"in: {origin}", *lines)

    def _write(self, *lines: str) -> None:
        if not self._directory.is_dir():
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = _free_name(self._directory, time.time())
        with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
            path.chmod(0o600)
            file.write("\n".join((*self._head(), *lines[:_MOST_LINES])) + "\n")
        _forget_old(self._directory)

    def _head(self) -> Iterator[str]:
        yield f"amp-tray {self._version}"
        yield f"at: {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}"
        yield f"python: {platform.python_version()} ({platform.python_implementation()})"
        yield f"platform: {platform.system()} {platform.release()} {platform.machine()}"

    def _catch_faults(self) -> None:
        lock = InstanceLock(self._directory / f"fault-{time.time_ns()}.txt")
        if not lock.acquire():
            return
        path = lock.path
        file = path.open("a", encoding="utf-8")
        file.write("\n".join(self._head()) + "\n")
        file.flush()
        faulthandler.enable(file)

        def release() -> None:
            faulthandler.disable()
            file.close()
            path.unlink(missing_ok=True)
            lock.release()

        self._release = release


def where(error: BaseException) -> Iterator[str]:
    """Yield the type of an exception and where it was raised, and of those that led to it.

    What they say is left out: it may quote what a user's file says.
    """
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield f"{type(current).__module__}.{type(current).__qualname__}"
        for frame in traceback.extract_tb(current.__traceback__, limit=_MOST_LINES):
            yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
        if isinstance(current, BaseExceptionGroup):
            for number, inner in enumerate(current.exceptions):
                yield f"  of its {len(current.exceptions)} exceptions, number {number + 1}:"
                yield from (f"    {line}" for line in where(inner))
        following = current.__cause__
        if following is None and not current.__suppress_context__:
            following = current.__context__
        if following is not None:
            yield "after:"
        current = following


def find_faults(directory: Path) -> None:
    """Make crash files of what `faulthandler` wrote for processes that are no more.

    Raises:
        OSError: the directory cannot be written.
    """
    for path in directory.glob(_FAULTS):
        if InstanceLock(path).running_holder() is not None:
            continue
        text = path.read_text("utf-8", "replace")
        if any(sign in text for sign in _FAULT_SIGNS):
            path.replace(_free_name(directory, path.stat().st_mtime))
        else:  # killed, or without power
            path.unlink(missing_ok=True)
    _forget_old(directory)


def newest_crash(directory: Path) -> tuple[Path, float] | None:
    """Return the newest crash file and when it was written, epoch seconds; None without one."""
    with contextlib.suppress(OSError):
        find_faults(directory)
    try:
        return max(
            ((path, path.stat().st_mtime) for path in directory.glob(_CRASHES)),
            key=lambda found: found[1],
            default=None,
        )
    except OSError:
        return None


def _free_name(directory: Path, at: float) -> Path:
    stamp = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime(at))
    names = (f"crash-{stamp}{suffix}.txt" for suffix in ("", *(f"-{n}" for n in range(2, 100))))
    return next(
        (path for name in names if not (path := directory / name).exists()),
        directory / f"crash-{stamp}-{time.time_ns()}.txt",
    )


def _forget_old(directory: Path) -> None:
    files = sorted(directory.glob(_CRASHES), key=lambda path: path.stat().st_mtime)
    for path in files[:-KEPT]:
        path.unlink(missing_ok=True)
