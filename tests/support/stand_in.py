"""A program at the service's socket that answers what a test says, or nothing at all.

    with StandIn(user, {"usage.summary": [summary]}) as service:
        ...
        service.tell("usage.changed", {"summary": ..., "revision": 8})

It speaks both framings, each peer in its own.
"""

import contextlib
import json
import queue
import socket
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Self

from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.framing import FrameParser, Framing, encode
from tests.support.sandbox import SECONDS, Sandbox

HELLO = {"server": "amp-tray", "version": "0.1.0", "protocol": "1.0", "pid": 1, "revision": 7}
COUNTS: Mapping[str, Any] = {
    "inputTokens": 10,
    "outputTokens": 20,
    "cacheCreationTokens": 30,
    "cacheReadTokens": 40,
    "totalTokens": 100,
    "credits": 0,
    "totalCost": 1.1,
    "unpricedTokens": 0,
}
SUMMARY: Mapping[str, Any] = {
    "today": {"key": "2026-11-22", **COUNTS},
    "month": {"key": "2026-11", **COUNTS},
    "budgets": [],
    "newestEventAt": "2026-11-22T00:00:00.000Z",
    "stale": False,
    "paused": False,
    "revision": 7,
}


class StandIn:
    """Listens where the user's service would, from its making on.

    Args:
        answers: for each method its results, the last of which is given again and again; an
            exception's arguments are an error's code and message. What is not among them is
            never answered.
        greeting: bytes that are sent to whoever connects.
    """

    def __init__(
        self, user: Sandbox, answers: Mapping[str, Sequence[Any]], *, greeting: bytes = b""
    ) -> None:
        address = user.program.address
        assert isinstance(address, UnixAddress)
        self._path = address.path
        self._answers = {method: list(results) for method, results in answers.items()}
        self._greeting = greeting
        self._called: queue.Queue[str] = queue.Queue()
        self._peers: list[tuple[socket.socket, Framing]] = []
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self._path))
        self._listening.listen()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._path.unlink()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._threads[0].join(SECONDS)
        self._listening.close()
        for peer, _ in self._peers:
            with contextlib.suppress(OSError):  # it has gone by itself
                peer.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join(SECONDS)

    def tell(self, method: str, params: object) -> None:
        """Notify everybody who is connected and has asked something."""
        for peer, framing in self._peers:
            with contextlib.suppress(OSError):  # it has gone by itself
                peer.sendall(_message(framing, {"method": method, "params": params}))

    def wait_for_call(self, method: str) -> None:
        """Wait until a method is called that was not waited for yet."""
        while self._called.get(timeout=SECONDS) != method:
            pass

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listening.accept()
            except OSError:  # shut down
                return
            self._threads.append(threading.Thread(target=self._serve, args=(peer,)))
            self._threads[-1].start()

    def _serve(self, peer: socket.socket) -> None:
        parser = FrameParser()
        with peer, contextlib.suppress(ConnectionError):
            peer.sendall(self._greeting)
            while data := peer.recv(1 << 16):
                for frame in parser.feed(data):
                    self._answer(peer, frame.framing, json.loads(frame.body))

    def _answer(self, peer: socket.socket, framing: Framing, request: dict[str, Any]) -> None:
        if (peer, framing) not in self._peers:
            self._peers.append((peer, framing))
        self._called.put(request["method"])
        results = self._answers.get(request["method"])
        if results is None:
            return
        result = results.pop(0) if len(results) > 1 else results[0]
        answer: dict[str, Any] = {"id": request["id"]}
        if isinstance(result, Exception):
            code, message = result.args
            answer["error"] = {"code": code, "message": message, "data": {"hint": "a hint"}}
        else:
            answer["result"] = result
        peer.sendall(_message(framing, answer))


def _message(framing: Framing, members: Mapping[str, Any]) -> bytes:
    return encode(framing, json.dumps({"jsonrpc": "2.0", **members}).encode())
