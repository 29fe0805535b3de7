"""The service's end of the wire: listens, lets the user's own clients in, and closes in order.

It owns the listening socket, the connections and the publisher. What a message means is
`dispatch`'s business, and what it answers the backend's.
"""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter

from amp_tray_rpc.address import Address
from amp_tray_rpc.backend import Backend
from amp_tray_rpc.connection import Connection
from amp_tray_rpc.limits import DEFAULT_LIMITS, Limits
from amp_tray_rpc.listener import Listening, listen
from amp_tray_rpc.publisher import Publisher

_LOG = logging.getLogger("amp_tray_rpc")


class Server:
    """A server over one backend. Everything happens on the event loop that starts it."""

    def __init__(self, backend: Backend, limits: Limits = DEFAULT_LIMITS) -> None:
        self._backend = backend
        self._limits = limits
        self._publisher = Publisher(backend, limits)
        self._connections: dict[asyncio.Task[None], Connection] = {}
        self._listening: Listening | None = None
        self._accepting: asyncio.Server | None = None
        self._closing = False

    async def start(self, address: Address) -> None:
        """Listen at `address` and serve until `close`; a server starts once.

        Raises:
            AddressInUseError: a live service has the address.
            AddressError: the address cannot be used, or not safely.
        """
        self._listening = listen(address)
        self._publisher.start()
        # Of asyncio's ways this one takes any listening stream socket, and removes no file.
        self._accepting = await asyncio.start_server(self._welcome, sock=self._listening.sock)

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
        refusal = self._refusal(writer)
        if refusal is not None:
            _LOG.warning("connection refused: %s", refusal)
            writer.transport.abort()
            return
        connection = Connection(
            reader,
            writer,
            backend=self._backend,
            publisher=self._publisher,
            limits=self._limits,
        )
        task = asyncio.create_task(connection.run(), name="amp-tray-rpc-connection")
        self._connections[task] = connection
        task.add_done_callback(self._forget)

    def _refusal(self, writer: StreamWriter) -> str | None:
        if self._closing or self._listening is None:
            return "the service stops"
        if len(self._connections) >= self._limits.connections:
            return "too many connections"
        return None if self._listening.admits(writer.get_extra_info("socket")) else "another user"

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._connections[task]
        if not task.cancelled() and task.exception() is not None:
            _LOG.error("a connection failed: %s", type(task.exception()).__name__)
