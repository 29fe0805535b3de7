"""One connection from its first byte to its last: frames in, answers and notifications out.

It knows neither sockets nor addresses, only a stream pair, so every transport can use it.

Reading stops while too many requests are under way, and while the peer does not take its answers.
Connections take turns with what they begin, and of long frames one is read at a time. A peer that
ends its side still gets the answers it waits for, and one that is refused still learns why. How
answers and notifications get out is the business of `outgoing` and `subscription`.

Nothing here refers to its connection in a circle, so that all it held is free when it ends: what
a flood of connections leaves would otherwise lie about until garbage is looked for.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import NamedTuple

from amp_tray_rpc.admission import Admission
from amp_tray_rpc.dispatch import answer
from amp_tray_rpc.encoding import error_answer
from amp_tray_rpc.errors import framing_error
from amp_tray_rpc.framing import Frame, FrameParser, FramingError
from amp_tray_rpc.methods.context import Context
from amp_tray_rpc.outgoing import Outgoing
from amp_tray_rpc.shared import Shared
from amp_tray_rpc.subscription import Subscription

_READ_BYTES = 8 * 1024


class Use(NamedTuple):
    """Of what use a connection is to its peer; the greater the more.

    Attributes:
        spoke: it has asked something, or shown the token.
        waits: an answer is on its way.
        last: when that was the last time, else when it came, in the loop's seconds.
    """

    spoke: bool
    waits: bool
    last: float


class Connection:
    """The state of one peer. `run` it to its end; `finish` asks for that end."""

    def __init__(
        self, reader: StreamReader, writer: StreamWriter, shared: Shared, *, token: str | None
    ) -> None:
        """Begin with a peer that has said nothing yet.

        Args:
            token: what the peer has to show first, None where it need not.
        """
        limits = shared.limits
        self._reader = reader
        self._shared = shared
        self._outgoing = Outgoing(writer, limits=limits, complaints=shared.complaints)
        self._subscription = Subscription(shared, self._outgoing)
        self._parser = FrameParser(limits)
        self._admission = Admission(token)
        self._context = Context(
            shared.backend, self._subscription, limits, self._admission, shared.turns
        )
        self._slots = asyncio.Semaphore(limits.requests_in_flight)
        self._requests: set[asyncio.Task[None]] = set()
        self._reading: asyncio.Task[None] | None = None
        self._has_turn = False  # whether it is this connection that reads a long frame
        self._refused = False
        self._finishing = False
        self._spoke = False
        self._last_used = asyncio.get_running_loop().time()

    @property
    def use(self) -> Use | None:
        """What use it is of to its peer; None if it must not end, or ends already.

        A subscribed connection may be silent for hours.
        """
        if self._subscription.active or self._finishing:
            return None
        return Use(self._spoke, bool(self._requests), self._last_used)

    async def run(self) -> None:
        """Serve the peer until it or the server ends the connection."""
        if self._finishing:
            self._outgoing.abort()  # asked to end before it began
            return
        self._reading = asyncio.create_task(self._read(), name="amp-tray-rpc-read")
        try:
            await asyncio.wait({self._reading})
            self._subscription.unsubscribe()
            while self._requests:
                await asyncio.wait(self._requests)
            if self._refused and not self._finishing:
                await self._outgoing.hear_out(self._reader)
            await self._outgoing.close()
        finally:
            await self._drop()

    def finish(self) -> None:
        """Read no further; answers under way are still sent."""
        self._finishing = True
        if self._reading is not None:
            self._reading.cancel()

    def cut_off(self) -> None:
        """End at once; what waits to be sent is lost."""
        self._outgoing.abort()
        self.finish()

    async def _read(self) -> None:
        try:
            await self._read_frames()
        except FramingError as error:
            await self._refuse(error.reason)
        except TimeoutError:
            await self._refuse("a frame stayed unfinished for too long")
        except OSError:
            return  # the peer is gone

    async def _read_frames(self) -> None:
        deadline: float | None = None
        try:
            while True:
                async with asyncio.timeout_at(deadline):
                    await self._await_turn()
                    data = await self._reader.read(_READ_BYTES)
                if not data or self._outgoing.lost:
                    return
                begun = await self._begin_all(data)
                if self._admission.refused:
                    self._refused = True
                    return
                if not self._parser.pending:
                    deadline = None
                elif begun or deadline is None:
                    deadline = asyncio.get_running_loop().time() + self._shared.limits.frame_seconds
        finally:
            if self._has_turn:
                self._shared.turns.long_frames.release()

    async def _await_turn(self) -> None:
        if self._parser.held > self._shared.limits.short_bytes and not self._has_turn:
            if not self._admission.granted:
                raise FramingError("the token comes before a long frame")
            await self._shared.turns.long_frames.acquire()
            self._has_turn = True

    async def _begin_all(self, data: bytes) -> bool:
        """Begin the requests that `data` completes, and tell whether there are any."""
        begun = False
        for frame in self._parser.feed(data):
            self._outgoing.framing = frame.framing
            await self._begin(frame)
            begun = True
            if self._admission.refused or self._outgoing.lost:
                break
        return begun

    async def _begin(self, frame: Frame) -> None:
        await self._outgoing.taken()
        await self._shared.turns.next()
        await self._slots.acquire()
        # A frame that took a turn to be read is the first to be complete after that.
        has_turn, self._has_turn = self._has_turn, False
        task = asyncio.create_task(self._serve(frame, has_turn), name="amp-tray-rpc-request")
        self._requests.add(task)
        task.add_done_callback(self._requests.discard)
        # In order: what follows the token counts on it, and a batch's answer may be large.
        if not self._admission.granted or frame.body.startswith(b"["):
            await asyncio.wait({task})
        self._spoke = self._admission.granted

    async def _serve(self, frame: Frame, has_turn: bool) -> None:
        try:
            reply = await self._answer(frame, has_turn)
            framing = frame.framing
            del frame  # it may be long, and the peer slow in taking its answer
            if reply is not None:
                await self._outgoing.send(framing, reply)
        finally:
            self._last_used = asyncio.get_running_loop().time()
            self._slots.release()

    async def _answer(self, frame: Frame, has_turn: bool) -> bytes | None:
        try:
            return await answer(frame.body, self._context)
        finally:
            if has_turn:
                self._shared.turns.long_frames.release()

    async def _refuse(self, reason: str) -> None:
        self._shared.complaints.note(f"connection closed: {reason}")
        self._refused = True
        framing = self._parser.framing or self._outgoing.framing
        await self._outgoing.send(framing, error_answer(None, framing_error(reason)))

    async def _drop(self) -> None:
        """Leave nothing behind, however the connection ended."""
        tasks = [task for task in (self._reading, *self._requests) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._reading = None
        await self._subscription.close()
        self._outgoing.abort()
