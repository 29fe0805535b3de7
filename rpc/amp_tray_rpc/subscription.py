"""One connection's subscription: the mailbox that fills, and the task that empties it."""

import asyncio

from amp_tray_rpc.mailbox import Mailbox
from amp_tray_rpc.outgoing import Outgoing
from amp_tray_rpc.shared import Shared


class Subscription:
    """Whether and how one peer is told of changes; a `methods.context.Subscriber`.

    Attributes:
        active: the peer is told.
    """

    def __init__(self, shared: Shared, outgoing: Outgoing) -> None:
        self.active = False
        self._publisher = shared.publisher
        self._outgoing = outgoing
        self._mailbox = Mailbox(shared.limits.events)
        self._telling: asyncio.Task[None] | None = None

    def subscribe(self) -> None:
        """See `methods.context.Subscriber`."""
        self._publisher.add(self._mailbox)
        self.active = True
        if self._telling is None:
            telling = self._outgoing.tell(self._mailbox)
            self._telling = asyncio.create_task(telling, name="amp-tray-rpc-notify")

    def unsubscribe(self) -> None:
        """See `methods.context.Subscriber`."""
        self.active = False
        self._publisher.remove(self._mailbox)
        self._mailbox.clear()

    async def close(self) -> None:
        """Tell nothing any more."""
        self.unsubscribe()
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)
            self._telling = None
