"""Whose loop owns the main thread: asyncio's, or the toolkit's where that insists.

In: a backend and the coroutine function that runs the tray with it. The caller is the
process's main thread, and stays in here until the tray has ended.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from amp_tray.surfaces.tray.backends.base import MainThreadBackend, TrayBackend

Tray = Callable[[], Coroutine[Any, Any, None]]
"""Makes the coroutine to run, usually `run_tray` with its arguments."""

Asking = Callable[[Callable[[], object]], AbstractContextManager[None]]
"""Makes a context in which a signal that asks the process to end calls what was given."""


def run_in_main_thread(
    backend: TrayBackend, tray: Tray, *, asking: Asking = lambda _: nullcontext()
) -> None:
    """Run the tray to its end.

    With a `MainThreadBackend` the event loop runs in a thread of its own. A signal or Ctrl+C
    cancels the tray, which closes its backend and connection; a `KeyboardInterrupt` is raised
    to the caller then.

    Args:
        backend: not yet started.
        tray: makes what runs with it.
        asking: how a toolkit that has the main thread is told of signals; the event loop's own
            are `tray`'s affair.

    Raises:
        BackendUnavailableError: the backend cannot show anything here.
        KeyboardInterrupt: Ctrl+C, unless `asking` took it.
    """
    if not isinstance(backend, MainThreadBackend):
        asyncio.run(tray())
        return
    side = _SideLoop(backend, tray)
    side.start()
    try:
        with asking(side.cancel):
            backend.run_main_thread()
    finally:
        side.cancel()
        side.join()
    if side.error is not None:
        raise side.error


class _SideLoop(threading.Thread):
    """The event loop beside a toolkit that owns the main thread."""

    def __init__(self, backend: MainThreadBackend, tray: Tray) -> None:
        super().__init__(name="tray-loop")
        self.error: BaseException | None = None
        self._backend = backend
        self._tray = tray
        self._lock = threading.Lock()
        self._cancelled = False
        self._task: asyncio.Task[None] | None = None

    def run(self) -> None:
        """Run the tray and, however it ends, let the main thread go."""
        try:
            asyncio.run(self._main())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001 - carried over to the main thread
            self.error = error
        finally:
            self._backend.abandon()

    def cancel(self) -> None:
        """Cancel the tray, from any thread; one that has ended stays as it is."""
        with self._lock:
            self._cancelled = True
            if self._task is not None:
                self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    async def _main(self) -> None:
        task = asyncio.ensure_future(self._tray())
        with self._lock:
            self._task = task
            if self._cancelled:
                task.cancel()
        try:
            await task
        finally:
            # From here on the loop may be closed at any time: nobody may call into it.
            with self._lock:
                self._task = None
