"""A service to drive the tray with, in memory: the client's side of the wire only."""

import asyncio
from collections.abc import Mapping
from typing import Any

from amp_tray.surfaces.tray.follow import OnNotification, ServiceClient
from amp_tray_rpc.remote import RemoteError, ServiceUnavailableError


class FakeClient:
    """One connection; `end` breaks it as the service would."""

    def __init__(self, service: "FakeService", on_notification: OnNotification) -> None:
        self.closed = asyncio.Event()
        self.on_notification = on_notification
        self._service = service

    async def call(self, method: str, params: Mapping[str, object] | None = None) -> Any:
        if self.closed.is_set():
            raise ServiceUnavailableError("the service closed the connection")
        return self._service.answer(method, params)

    async def close(self) -> None:
        self.closed.set()


class FakeService:
    """Answers calls from its attributes and remembers them.

    Attributes:
        summary: what `usage.summary` answers.
        ready: False refuses as during the first scan.
        running: False refuses connections.
        calls: methods called, with their params, oldest first.
        refused: methods answered with an error.
        threads: what `usage.thread` answers, by session id.
        troubles: names of files that `service.status` says are cut short.
    """

    def __init__(self, summary: dict[str, Any]) -> None:
        self.summary = summary
        self.ready = True
        self.running = True
        self.calls: list[tuple[str, Mapping[str, object] | None]] = []
        self.refused: set[str] = set()
        self.threads: dict[str, Any] = {}
        self.troubles: list[str] = []
        self.connections = 0
        self._changed = asyncio.Event()
        self._client: FakeClient | None = None

    async def connect(self, on_notification: OnNotification) -> ServiceClient:
        self.connections += 1
        self._changed.set()
        if not self.running:
            raise ServiceUnavailableError("no service listens")
        self._client = FakeClient(self, on_notification)
        return self._client

    def answer(self, method: str, params: Mapping[str, object] | None) -> Any:
        self.calls.append((method, params))
        self._changed.set()
        if method in self.refused:
            raise RemoteError(-32603, "Internal error")
        if method == "session.hello":
            return {"server": "amp-tray", "version": "0.1.0", "protocol": "1.0", "revision": 1}
        if not self.ready:
            raise RemoteError(-32001, "Not ready")
        if method == "usage.summary":
            return self.summary
        if method == "usage.thread":
            return self.threads[str((params or {})["sessionId"])]
        if method == "service.status":
            return {
                "diagnostics": [
                    {"code": "torn-file", "path": f"/home/me/{name}", "message": "it is cut short"}
                    for name in self.troubles
                ]
            }
        if method == "service.pause":
            return {"paused": (params or {})["paused"]}
        return {}

    def notify(self, summary: dict[str, Any]) -> None:
        """Publish a summary to the subscriber."""
        self.tell("usage.changed", {"revision": summary["revision"], "summary": summary})

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Send the subscriber any notification."""
        assert self._client is not None
        self._client.on_notification(method, params)

    def end(self) -> None:
        """Stop: break the connection and refuse new ones."""
        self.running = False
        assert self._client is not None
        self._client.closed.set()

    async def called(self, method: str, times: int = 1) -> Mapping[str, object] | None:
        """Wait until a method was called so often, and return the last params."""
        async with asyncio.timeout(10):
            while True:
                found = [params for name, params in self.calls if name == method]
                if len(found) >= times:
                    return found[-1]
                self._changed.clear()
                await self._changed.wait()
