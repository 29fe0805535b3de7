"""The writer on a thread of its own, so that the event loop always answers.

Where its ledger fails the writer is replaced by one with a mended ledger, and what was asked is
asked again.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from amp_tray.ledger.errors import LedgerError, ledger_errors
from amp_tray.live.writer import Writer

log = logging.getLogger(__name__)

_T = TypeVar("_T")

OpenWriter = Callable[[], Writer]
MendWriter = Callable[[Writer, LedgerError], Writer]


class WriterThread:
    """Holds the writer and the one thread that may call it.

    Attributes:
        writer: the one in force; None before `open`. Its plain attributes may be read anywhere.
        worked: seconds of a processor's time that the thread has worked.
    """

    def __init__(self, open_writer: OpenWriter, mend_writer: MendWriter | None = None) -> None:
        """Prepare; nothing starts before `open`. Both callables are called on the thread.

        Args:
            open_writer: opens the ledger and loads it.
            mend_writer: closes a writer whose ledger failed and returns one to go on with.
        """
        self.writer: Writer | None = None
        self.worked = 0.0
        self._open_writer = open_writer
        self._mend_writer = mend_writer
        self._mended = False
        self._mending = asyncio.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="amp-tray-writer")

    async def open(self) -> None:
        """Open the ledger; raises what that raises."""
        self.writer = await self.call(self._open_writer)

    def close(self) -> None:
        """Close the ledger and end the thread."""
        if self.writer is not None:
            self._thread.submit(self.writer.close).result()
        self._thread.shutdown()

    def require(self) -> Writer:
        """Return the writer; raises RuntimeError before the ledger is open."""
        if self.writer is None:
            raise RuntimeError("the ledger is not open yet")
        return self.writer

    async def do(self, work: Callable[[Writer], _T]) -> _T:
        """Have the writer do something; where its ledger fails, go on with a mended one."""
        writer = self.require()
        try:
            with ledger_errors(None):
                return await self.call(lambda: work(writer))
        except LedgerError as error:
            await self._mend(writer, error)
        return await self.call(lambda: work(self.require()))

    async def call(self, work: Callable[[], _T]) -> _T:
        """Call something on the thread, after all that was asked of it before."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._timed, work)

    def _timed(self, work: Callable[[], _T]) -> _T:
        began = time.thread_time()
        try:
            return work()
        finally:
            self.worked += time.thread_time() - began

    def was_mended(self) -> bool:
        """Say whether another ledger came since this was last asked; it knows of no file yet."""
        mended, self._mended = self._mended, False
        return mended

    async def try_ledger_again(self) -> None:
        """Go back to the ledger itself once it can be written again."""
        writer = self.require()
        if not writer.temporary:
            return
        fresh = await self.call(self._open_writer)
        if fresh.temporary:
            await self.call(fresh.close)
            return
        self.writer, self._mended = fresh, True
        await self.call(writer.close)

    async def _mend(self, writer: Writer, error: LedgerError) -> None:
        async with self._mending:
            if self.writer is not writer:  # another task came across it first
                return
            if self._mend_writer is None:
                raise error
            log.warning("%s: %s", error.title, error.message)
            mend = self._mend_writer
            self.writer = await self.call(lambda: mend(writer, error))
            self._mended = True
