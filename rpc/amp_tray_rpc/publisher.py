"""What subscribed connections are told: every new revision, and each budget that is crossed.

Of revisions the newest only, a few a second; one summary and one encoding serve all subscribers.
A crossing is told at once and by itself. What waits for one of them is in its mailbox.
"""

import asyncio
import logging
from collections.abc import Callable

from amp_tray_rpc.backend import Backend, Json
from amp_tray_rpc.encoding import changed_notification, crossed_notification, encode_value
from amp_tray_rpc.errors import RpcError, too_many_subscriptions
from amp_tray_rpc.limits import Limits
from amp_tray_rpc.mailbox import Mailbox

_LOG = logging.getLogger("amp_tray_rpc")

_Leave = Callable[[], None]


class Publisher:
    """The one listener to the backend. `start` it and `close` it."""

    def __init__(self, backend: Backend, limits: Limits) -> None:
        self._backend = backend
        self._limits = limits
        self._boxes: dict[Mailbox, int] = {}  # with the revision each has seen already
        self._changed = asyncio.Event()
        self._leave: list[_Leave] = []
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Listen to the backend from now on; needs the running event loop."""
        self._leave = [
            self._backend.subscribe(self._changed.set),
            self._backend.subscribe_crossings(self._tell_crossing),
        ]
        self._task = asyncio.create_task(self._run(), name="amp-tray-rpc-publisher")

    async def close(self) -> None:
        """Listen no more."""
        while self._leave:
            self._leave.pop()()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def add(self, box: Mailbox) -> None:
        """Put every later notification into `box`; adding it again changes nothing.

        Raises:
            RpcError: there are as many subscribers as the limits allow.
        """
        if box not in self._boxes and len(self._boxes) >= self._limits.subscriptions:
            raise too_many_subscriptions()
        self._boxes.setdefault(box, self._backend.revision)

    def remove(self, box: Mailbox) -> None:
        """Put nothing more into `box`; removing it again changes nothing."""
        self._boxes.pop(box, None)

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            if not self._boxes:
                continue
            await self._publish()
            # What changes meanwhile is one notification afterwards: the newest.
            await asyncio.sleep(self._limits.notify_seconds)

    async def _publish(self) -> None:
        try:
            # Read before the summary: a revision that passes it by will be published again.
            revision = self._backend.revision
            summary = encode_value(await self._backend.summary())
        except RpcError as error:
            _LOG.warning("no notification of a revision: %s", error.kind)
            return
        except Exception as error:  # noqa: BLE001 - fault boundary: one notification may fail
            _LOG.error("no notification of a revision: %s", type(error).__name__)
            return
        body = changed_notification(revision, summary)
        for box, seen in self._boxes.items():
            if revision > seen:
                self._boxes[box] = revision
                box.put_newest(body)

    def _tell_crossing(self, params: Json) -> None:
        body = crossed_notification(encode_value(params))
        for box in self._boxes:
            box.put_event(body)
