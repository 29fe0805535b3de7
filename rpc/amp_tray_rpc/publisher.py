"""Every new revision, told to the subscribed connections: newest only, a few a second.

One summary and one encoding a revision serve all subscribers. Each of them has room for one
notification: a newer one takes the place of an older one that is not sent yet.
"""

import asyncio
import logging
from collections.abc import Callable

from amp_tray_rpc.backend import Backend
from amp_tray_rpc.encoding import changed_notification, encode_value
from amp_tray_rpc.errors import RpcError, too_many_subscriptions
from amp_tray_rpc.limits import Limits

_LOG = logging.getLogger("amp_tray_rpc")

Post = Callable[[bytes], None]
"""Takes a notification's JSON; never blocks, and forgets the one before if it still waits."""


class Publisher:
    """The one listener to the backend's revisions. `start` it and `close` it."""

    def __init__(self, backend: Backend, limits: Limits) -> None:
        self._backend = backend
        self._limits = limits
        self._posts: dict[Post, int] = {}  # with the revision each has seen already
        self._changed = asyncio.Event()
        self._unsubscribe: Callable[[], None] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Listen to the backend from now on; needs the running event loop."""
        self._unsubscribe = self._backend.subscribe(self._changed.set)
        self._task = asyncio.create_task(self._run(), name="amp-tray-rpc-publisher")

    async def close(self) -> None:
        """Listen no more."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def add(self, post: Post) -> None:
        """Give `post` every later notification; adding it again changes nothing.

        Raises:
            RpcError: there are as many subscribers as the limits allow.
        """
        if post not in self._posts and len(self._posts) >= self._limits.subscriptions:
            raise too_many_subscriptions()
        self._posts.setdefault(post, self._backend.revision)

    def remove(self, post: Post) -> None:
        """Give `post` nothing more; removing it again changes nothing."""
        self._posts.pop(post, None)

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            if not self._posts:
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
        for post, seen in self._posts.items():
            if revision > seen:
                self._posts[post] = revision
                post(body)
