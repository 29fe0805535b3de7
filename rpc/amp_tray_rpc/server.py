"""The service's end of the wire: listens, lets the user's own clients in, and closes in order.

It owns the listening socket, the connections and the publisher. What a message means is
`dispatch`'s business, and what it answers the backend's.
"""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from operator import itemgetter

from amp_tray_rpc.address import Address
from amp_tray_rpc.backend import Backend
from amp_tray_rpc.connection import Connection
from amp_tray_rpc.limits import DEFAULT_LIMITS, Limits
from amp_tray_rpc.listener import Listening, listen
from amp_tray_rpc.publisher import Publisher
from amp_tray_rpc.shared import Shared

_LOG = logging.getLogger("amp_tray_rpc")
_READ_BYTES = 8 * 1024


class Server:
    """A server over one backend. Everything happens on the event loop that starts it."""

    def __init__(self, backend: Backend, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._publisher = Publisher(backend, limits)
        self._shared = Shared(backend, self._publisher, limits)
        self._connections: dict[asyncio.Task[None], Connection] = {}
        self._listening: Listening | None = None
        self._accepting: asyncio.Server | None = None
        self._closing = False

    @property
    def address(self) -> Address | None:
        """Where it is found, as `start` returns it; None before."""
        return self._listening.address if self._listening else None

    async def start(self, address: Address) -> Address:
        """Listen at `address` and serve until `close`; a server starts once.

        Returns:
            Where it is found: of TCP with the port that the system chose.

        Raises:
            AddressInUseError: a live service has the address.
            AddressError: the address cannot be used, or not safely.
        """
        self._listening = listen(address)
        self._publisher.start()
        # Of asyncio's ways this one takes any listening stream socket, and removes no file.
        self._accepting = await asyncio.start_server(
            self._welcome, sock=self._listening.sock, limit=_READ_BYTES // 2
        )
        return self._listening.address

    async def close(self) -> None:
        """Take no more connections or requests, send the answers under way, and stop.

        Waits `close_seconds` for those answers at the most. Closing again does nothing.
        """
        self._closing = True
        if self._accepting is not None:
            self._accepting.close()
        if self._listening is not None:
            self._listening.release()
        await self._publisher.close()
        for connection in self._connections.values():
            connection.finish()
        if self._connections:
            await asyncio.wait(set(self._connections), timeout=self._limits.close_seconds)
        late = set(self._connections)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _welcome(self, reader: StreamReader, writer: StreamWriter) -> None:
        # Else asyncio takes in 256 KiB at once, of each peer that is due to be read later.
        writer.transport.max_size = _READ_BYTES  # type: ignore[attr-defined] # no public name
        refusal = self._refusal(writer)
        if refusal is not None:
            self._shared.complaints.note(f"connection refused: {refusal}")
            writer.transport.abort()
            return
        token = self._listening.token if self._listening else None
        connection = Connection(reader, writer, self._shared, token=token)
        task = asyncio.create_task(connection.run(), name="amp-tray-rpc-connection")
        self._connections[task] = connection
        task.add_done_callback(self._forget)

    def _refusal(self, writer: StreamWriter) -> str | None:
        if self._closing or self._listening is None:
            return "the service stops"
        if not self._listening.admits(writer.get_extra_info("socket")):
            return "another user"
        if len(self._connections) >= self._limits.connections and not self._make_room():
            return "too many connections"
        return None

    def _make_room(self) -> bool:
        """End the connection that is of the least use, if one may be ended for another.

        Who opens connections and leaves them would otherwise keep the user's next client out.
        Half of them may be silent: who just came has not had the time to speak.
        """
        uses = ((one.use, one) for one in self._connections.values())
        known = sorted(((use, one) for use, one in uses if use is not None), key=itemgetter(0))
        if not known:
            return False
        silent = sum(not use.spoke for use, _ in known)
        enough = silent > self._limits.connections // 2 or silent == len(known)
        _, least = known[0 if enough else silent]
        self._shared.complaints.note("connection closed: of too many it was used the least")
        least.cut_off()
        return True

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._connections[task]
        if not task.cancelled() and task.exception() is not None:
            _LOG.error("a connection failed: %s", type(task.exception()).__name__)
