"""What waits to be told to one subscriber: the newest revision, and the events before it.

A newer revision takes the place of one that is not sent yet, since it says all that the older
one did. An event is told by itself; of too many the oldest give way.
"""

import asyncio
from collections import deque


class Mailbox:
    """Notifications on their way to one peer, as JSON. Putting in never blocks."""

    def __init__(self, most_events: int) -> None:
        """Begin empty.

        Args:
            most_events: how many events wait at the most.
        """
        self._newest: bytes | None = None
        self._events: deque[bytes] = deque(maxlen=most_events)
        self._came = asyncio.Event()

    def put_newest(self, body: bytes) -> None:
        """Have a revision told, in the place of one that still waits."""
        self._newest = body
        self._came.set()

    def put_event(self, body: bytes) -> None:
        """Have an event told."""
        self._events.append(body)
        self._came.set()

    def clear(self) -> None:
        """Forget all that waits."""
        self._newest = None
        self._events.clear()

    async def filled(self) -> None:
        """Wait until something is in it."""
        while self._newest is None and not self._events:
            self._came.clear()
            await self._came.wait()

    def take(self) -> bytes | None:
        """Return what is to be told next, None where it was forgotten meanwhile."""
        if self._events:
            return self._events.popleft()
        body, self._newest = self._newest, None
        return body
