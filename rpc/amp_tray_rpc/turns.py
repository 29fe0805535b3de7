"""Whose turn it is: what one peer asks at once leaves room between for what others ask.

A server has one thread. Whatever takes long is therefore done in parts, and between two parts of
one peer's work each other peer has a part of its own done.
"""

import asyncio
from collections import deque

_AT_ONCE = 4  # parts of work in one turn of the event loop


class Turns:
    """The order of all connections of one server; used on its event loop.

    Attributes:
        long_frames: held by the one connection that reads a long frame, so that slow peers
            cannot fill the memory together.
    """

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self.long_frames = asyncio.Lock()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._left = _AT_ONCE  # in this turn of the event loop
        self._giving = False

    async def next(self) -> None:
        """Wait for a place in a turn of the event loop, of which each has few, in order of asking.

        Who asks alone has it at once. Ask once for each part of a work that never waits itself.
        """
        loop = asyncio.get_running_loop()
        if not self._giving:
            self._giving = True
            loop.call_soon(self._give)
        if self._left:
            self._left -= 1
            return
        mine = loop.create_future()
        self._waiting.append(mine)
        await mine

    def _give(self) -> None:
        """Begin a turn: its places go to those who wait, and what is left to who comes."""
        self._left = _AT_ONCE
        while self._waiting and self._left:
            first = self._waiting.popleft()
            if not first.done():  # who was cancelled waits no more
                first.set_result(None)
                self._left -= 1
        self._giving = self._left < _AT_ONCE
        if self._giving:
            asyncio.get_running_loop().call_soon(self._give)
