"""What tests say to a server: the usual messages, and answers held back on purpose."""

import asyncio
import json

from amp_tray_rpc.backend import EncodedJson, Json
from tests.rpc.fakes import Running, Wire

HELLO = b'{"jsonrpc":"2.0","id":1,"method":"session.hello"}'
ASK_SUMMARY = b'{"jsonrpc":"2.0","id":2,"method":"usage.summary"}'
SUBSCRIBE = b'{"jsonrpc":"2.0","id":3,"method":"usage.subscribe"}'


def counted(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


async def subscribed(running: Running, **options: int) -> Wire:
    wire = await running.open(**options)
    wire.send(SUBSCRIBE + b"\n")
    assert b'"subscribed":true' in await wire.line()
    return wire


async def revision_told(wire: Wire) -> int:
    message = json.loads(await wire.line())
    assert message["method"] == "usage.changed"
    revision: int = message["params"]["revision"]
    return revision


async def alive(running: Running) -> bool:
    wire = await running.open()
    wire.send(HELLO + b"\n")
    said = await wire.line()
    await wire.close()
    return said.startswith(b'{"jsonrpc":"2.0","id":1,"result":')


class Gate:
    """A summary that waits until the test opens the gate."""

    def __init__(self, text: bytes = b"{}") -> None:
        self.entered = asyncio.Event()
        self.open = asyncio.Event()
        self._text = text

    async def summary(self) -> Json:
        self.entered.set()
        await self.open.wait()
        return EncodedJson(self._text)
