"""A connection that can be cut from outside, and work that is cut off when its time is over.

Not all that can hang has a time limit: looking a name up has none, and a server that sends a
byte a second keeps every limit there is on a single operation. So the work runs on a thread of
its own, which is waited for so long and no longer.
"""

import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class Line:
    """The connection of the moment.

    Attributes:
        host: who is asked, as it may be shown.
        peer: who the connection is to: the host, or a proxy; empty before there is one.
        answering: whether the head of an answer has come.
    """

    def __init__(self, host: str) -> None:
        self.host = host
        self.peer = ""
        self.answering = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    def turn_to(self, host: str) -> None:
        """Note that another host is asked now."""
        self.host, self.peer, self.answering = host, "", False

    def cut(self) -> None:
        """End the connection, and every later one, so that the thread that uses it ends."""
        with self._lock:
            self._is_cut = True
            self._shut()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note each connection as it is made (httpx's request extension `trace`)."""
        if event == "connection.connect_tcp.started":
            self.peer = str(info["host"])
        elif event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self._is_cut:
                    self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # closed already
                # Not the method of a TLS socket: it would take the TLS away from the reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def cut_off(line: Line, seconds: float, work: Callable[[], _Result]) -> _Result:
    """Return what work on a line comes to, or cut the line when the time is over.

    Raises:
        TimeoutError: the time is over; what the work still comes to is lost.
        Exception: whatever the work raises.
    """
    outcome: Future[_Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            outcome.set_exception(error)

    # A daemon: one that looks a name up cannot be stopped, and must not delay the exit.
    threading.Thread(target=run, name=f"line to {line.host}", daemon=True).start()
    try:
        return outcome.result(seconds)
    finally:
        line.cut()
