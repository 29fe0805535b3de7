"""Tasks that are to run for as long as the service does: one that fails is started again."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable

from amp_tray.core.errors import AmpTrayError

log = logging.getLogger(__name__)

Task = Callable[[], Awaitable[None]]

RESTART_SECONDS = 1.0
LONGEST_RESTART_SECONDS = 60.0
_UNEXPECTED = "reading failed unexpectedly; the log says where"


class Tasks:
    """Named tasks, each started again when it fails, later and later while it goes on failing.

    Attributes:
        failure: what failed last, as a sentence; for others to clear when all is well again.
    """

    def __init__(self) -> None:
        self.failure: str | None = None
        self._waiting: dict[str, Task] = {}
        self._running: list[asyncio.Task[None]] = []

    def add(self, name: str, task: Task) -> None:
        """Have `start` start another task; `name` goes into its task's name."""
        self._waiting[name] = task

    def start(self) -> None:
        """Start all tasks on the running loop."""
        self._running = [
            asyncio.create_task(self._keep(task), name=f"amp-tray-{name}")
            for name, task in self._waiting.items()
        ]

    async def end(self) -> None:
        """Cancel all tasks and wait for their ends."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _keep(self, task: Task) -> None:
        loop, pause = asyncio.get_running_loop(), RESTART_SECONDS
        while True:
            began = loop.time()
            try:
                await task()
            except Exception as error:  # noqa: BLE001 - fault boundary: the service may not fail
                self.failure = error.message if isinstance(error, AmpTrayError) else _UNEXPECTED
                # Where it failed, but not the message: that may quote what a file says.
                where = "".join(traceback.format_tb(error.__traceback__))
                if loop.time() - began > LONGEST_RESTART_SECONDS:
                    pause = RESTART_SECONDS  # it had worked for a while
                log.error(  # noqa: TRY400 - see above
                    "a task failed and starts again in %g s: %s\n%s",
                    pause,
                    type(error).__name__,
                    where,
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_RESTART_SECONDS)
