"""One connection from its first byte to its last: frames in, answers and notifications out.

It knows neither sockets nor addresses, only a stream pair, so every transport can use it.

Reading stops while too many requests are under way. Writing goes one frame at a time, in
pieces, so that at most one frame waits for the peer; a peer that takes nothing for
`write_seconds` is cut off. A peer that ends its side still gets the answers it waits for.
"""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter

from amp_tray_rpc.backend import Backend
from amp_tray_rpc.dispatch import answer
from amp_tray_rpc.encoding import error_answer
from amp_tray_rpc.errors import framing_error
from amp_tray_rpc.framing import Frame, FrameParser, Framing, FramingError, encode
from amp_tray_rpc.limits import Limits
from amp_tray_rpc.methods.context import Context
from amp_tray_rpc.publisher import Publisher

_LOG = logging.getLogger("amp_tray_rpc")
_READ_BYTES = 64 * 1024
_WRITE_BYTES = 256 * 1024


class Connection:
    """The state of one peer. `run` it to its end; `finish` asks for that end."""

    def __init__(
        self,
        reader: StreamReader,
        writer: StreamWriter,
        *,
        backend: Backend,
        publisher: Publisher,
        limits: Limits,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._publisher = publisher
        self._limits = limits
        self._parser = FrameParser(limits)
        self._context = Context(backend, self, limits.batch)
        self._slots = asyncio.Semaphore(limits.requests_in_flight)
        self._requests: set[asyncio.Task[None]] = set()
        self._write_lock = asyncio.Lock()
        self._mail: bytes | None = None  # the one notification that waits
        self._mail_came = asyncio.Event()
        self._notifier: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._finishing = False

    async def run(self) -> None:
        """Serve the peer until it or the server ends the connection."""
        if self._finishing:
            self._writer.transport.abort()  # asked to end before it began
            return
        self._reading = asyncio.create_task(self._read(), name="amp-tray-rpc-read")
        try:
            await asyncio.wait({self._reading})
            self.unsubscribe()
            while self._requests:
                await asyncio.wait(self._requests)
            await self._hang_up()
        finally:
            await self._drop()

    def finish(self) -> None:
        """Read no further; answers under way are still sent."""
        self._finishing = True
        if self._reading is not None:
            self._reading.cancel()

    def subscribe(self) -> None:
        """See `methods.context.Subscriber`."""
        self._publisher.add(self._post)
        if self._notifier is None:
            self._notifier = asyncio.create_task(self._notify(), name="amp-tray-rpc-notify")

    def unsubscribe(self) -> None:
        """See `methods.context.Subscriber`."""
        self._publisher.remove(self._post)
        self._mail = None

    async def _read(self) -> None:
        deadline: float | None = None
        try:
            while True:
                async with asyncio.timeout_at(deadline):
                    data = await self._reader.read(_READ_BYTES)
                if not data:
                    return
                frames = self._parser.feed(data)
                for frame in frames:
                    await self._begin(frame)
                if not self._parser.pending:
                    deadline = None
                elif frames or deadline is None:
                    deadline = asyncio.get_running_loop().time() + self._limits.frame_seconds
        except FramingError as error:
            for frame in error.frames:
                await self._begin(frame)
            await self._refuse(error.reason)
        except TimeoutError:
            await self._refuse("a frame stayed unfinished for too long")
        except OSError:
            return  # the peer is gone

    async def _begin(self, frame: Frame) -> None:
        await self._slots.acquire()
        task = asyncio.create_task(self._serve(frame), name="amp-tray-rpc-request")
        self._requests.add(task)
        task.add_done_callback(self._requests.discard)

    async def _serve(self, frame: Frame) -> None:
        try:
            reply = await answer(frame.body, self._context)
            if reply is not None:
                await self._write(frame.framing, reply)
        finally:
            self._slots.release()

    async def _refuse(self, reason: str) -> None:
        _LOG.warning("connection closed: %s", reason)
        framing = self._parser.framing or Framing.LINE
        await self._write(framing, error_answer(None, framing_error(reason)))

    def _post(self, body: bytes) -> None:
        self._mail = body
        self._mail_came.set()

    async def _notify(self) -> None:
        while True:
            await self._mail_came.wait()
            async with self._write_lock:
                # Taken only now, with the way free: until then a newer one takes its place.
                self._mail_came.clear()
                body, self._mail = self._mail, None
                if body is not None:
                    await self._write_pieces(encode(self._parser.framing or Framing.LINE, body))

    async def _write(self, framing: Framing, body: bytes) -> None:
        async with self._write_lock:
            await self._write_pieces(encode(framing, body))

    async def _write_pieces(self, data: bytes) -> None:
        if self._writer.is_closing():
            return
        view = memoryview(data)
        try:
            for start in range(0, len(view), _WRITE_BYTES):
                self._writer.write(view[start : start + _WRITE_BYTES])
                async with asyncio.timeout(self._limits.write_seconds):
                    await self._writer.drain()
        except TimeoutError:
            _LOG.warning("connection cut off: the peer reads nothing")
            self._cut_off()
        except OSError:
            self._cut_off()

    def _cut_off(self) -> None:
        self._writer.transport.abort()
        self.finish()

    async def _hang_up(self) -> None:
        """Close with everything sent, as long as the peer takes it."""
        async with self._write_lock:  # a notification that is half sent is sent whole
            self._writer.close()
        try:
            async with asyncio.timeout(self._limits.write_seconds):
                await self._writer.wait_closed()
        except (TimeoutError, OSError):
            return

    async def _drop(self) -> None:
        """Leave nothing behind, however the connection ended."""
        self.unsubscribe()
        tasks = [task for task in (self._reading, self._notifier, *self._requests) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._writer.transport.abort()
