"""One connection's way out: whole frames, one after the other, and the end.

A frame goes in pieces, so that the peer sets the pace and little waits in this process. A peer
that takes nothing for `write_seconds` is cut off.
"""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter

from amp_tray_rpc.complaints import Complaints
from amp_tray_rpc.framing import Framing, encode, encode_in_parts
from amp_tray_rpc.limits import Limits
from amp_tray_rpc.mailbox import Mailbox

_WRITE_BYTES = 256 * 1024
_READ_BYTES = 64 * 1024


class Outgoing:
    """The writing end of one peer's stream.

    Attributes:
        framing: how the peer frames, as far as it has shown.
        lost: the peer can be sent nothing any more.
    """

    def __init__(self, writer: StreamWriter, *, limits: Limits, complaints: Complaints) -> None:
        self.framing = Framing.LINE
        self.lost = False
        self._writer = writer
        self._limits = limits
        self._complaints = complaints
        self._way = asyncio.Lock()

    @property
    def waiting(self) -> int:
        """How many bytes wait in this process for the peer to take them."""
        return self._writer.transport.get_write_buffer_size()

    async def send(self, framing: Framing, body: bytes) -> None:
        """Send a message, behind those that are being sent; a peer that is gone gets nothing."""
        async with self._way:
            await self._write(framing, body)

    async def taken(self) -> None:
        """Wait until the peer has taken what is being sent."""
        async with self._way:
            return

    async def tell(self, mailbox: Mailbox) -> None:
        """Send what comes into a mailbox, until cancelled."""
        while True:
            await mailbox.filled()
            async with self._way:
                # Taken only now, with the way free: until then a newer one takes its place.
                body = mailbox.take()
                if body is not None:
                    await self._write(self.framing, body)

    async def close(self) -> None:
        """Close with everything sent, as long as the peer takes it."""
        async with self._way:  # a notification that is half sent is sent whole
            self._writer.close()
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(self._limits.write_seconds):
                await self._writer.wait_closed()

    async def hear_out(self, reader: StreamReader) -> None:
        """End this side and let the peer end its own, within `close_seconds`.

        A connection that is closed while its peer sends is reset, and what it was told lost.
        """
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(self._limits.close_seconds):
                async with self._way:
                    self._writer.write_eof()
                while await reader.read(_READ_BYTES):
                    pass

    def abort(self) -> None:
        """End at once; what waits is lost."""
        self.lost = True
        self._writer.transport.abort()

    async def _write(self, framing: Framing, body: bytes) -> None:
        if self._writer.is_closing():
            return
        short = len(body) <= _WRITE_BYTES
        try:
            for part in [encode(framing, body)] if short else encode_in_parts(framing, body):
                await self._write_pieces(memoryview(part))
        except TimeoutError:
            self._complaints.note("connection cut off: the peer reads nothing")
            self.abort()
        except OSError:
            self.abort()

    async def _write_pieces(self, view: memoryview) -> None:
        for start in range(0, len(view), _WRITE_BYTES):
            self._writer.write(view[start : start + _WRITE_BYTES])
            if self.waiting:  # else it is sent already
                async with asyncio.timeout(self._limits.write_seconds):
                    await self._writer.drain()
