"""An HTTP server that does as it is told: also hang, lie about lengths and never end."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

SECONDS = 5.0
"""The longest that anything here waits for the other side."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for; the names of headers are in small letters."""

    method: str
    target: str
    headers: dict[str, str]


class Exchange:
    """One request and the means to answer it, byte by byte."""

    def __init__(self, request: Request, connection: socket.socket, over: threading.Event) -> None:
        self.request = request
        self._connection = connection
        self._over = over

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def wait(self, seconds: float = SECONDS) -> bool:
        """Keep the client waiting; whether the server is still to go on."""
        return not self._over.wait(seconds)

    def wait_for_the_end(self) -> None:
        """Keep the client waiting until it goes."""
        with suppress(OSError):
            while self._connection.recv(4096):
                pass


Answer: TypeAlias = Callable[[Exchange], None]


@dataclass(slots=True)
class Server:
    """A server on this machine; each request for a path takes that path's next answer."""

    port: int
    scheme: str = "http"
    requests: list[Request] = field(default_factory=list)
    broken_off: threading.Event = field(default_factory=threading.Event)
    _answers: dict[str, list[Answer]] = field(default_factory=dict)

    def on(self, path: str, *answers: Answer) -> str:
        """Set a path's answers, the last of which is repeated; return its address."""
        self._answers[path] = list(answers)
        return self.url(path)

    def url(self, path: str = "/prices.json") -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def answer_to(self, request: Request) -> Answer:
        self.requests.append(request)
        answers = self._answers.get(request.target, [status(404)])
        return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def http_server(tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> Iterator[Server]:
    """Serve until the block ends; every connection is on a thread of its own.

    Args:
        greeting: what is sent to everybody who connects, before they say anything.
    """
    over = threading.Event()
    connections: list[socket.socket] = []
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1], "http" if tls is None else "https")

        def accept() -> None:
            with suppress(OSError):  # the listener is closed
                while True:
                    connection, _ = listener.accept()
                    connection.settimeout(SECONDS)
                    connections.append(connection)
                    connection.sendall(greeting)
                    arguments = (server, connection, tls, over)
                    threads.append(threading.Thread(target=_serve, args=arguments))
                    threads[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield server
        finally:
            over.set()
            for open_socket in (listener, *connections):
                with suppress(OSError):  # not connected, or closed already
                    open_socket.shutdown(socket.SHUT_RDWR)
            listener.close()
            for thread in (acceptor, *threads):
                thread.join(SECONDS)
                assert not thread.is_alive()


def _serve(
    server: Server, plain: socket.socket, tls: ssl.SSLContext | None, over: threading.Event
) -> None:
    with plain, suppress(OSError):
        connection = plain if tls is None else tls.wrap_socket(plain, server_side=True)
        with connection:
            request = _read_request(connection)
            if request is None:
                return
            try:
                server.answer_to(request)(Exchange(request, connection, over))
            except OSError:
                server.broken_off.set()


def _read_request(connection: socket.socket) -> Request | None:
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(4096)
        if not data:
            return None
        head += data
    first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    return Request(method, target, {name.lower(): value for name, value in headers.items()})


def _head(code: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {code} Whatever", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def page(body: bytes, etag: str | None = None, **headers: str) -> Answer:
    """Serve a body, or answer 304 to who has the version that the etag names."""
    named = {} if etag is None else {"ETag": etag}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(exchange: Exchange) -> None:
        if etag is not None and exchange.request.headers.get("if-none-match") == etag:
            exchange.send(_head(304, named))
        else:
            exchange.send(_head(200, {"Content-Length": str(len(body)), **named}) + body)

    return answer


def packed(body: bytes) -> Answer:
    """Serve a body compressed."""
    return page(gzip.compress(body, mtime=0), Content_Encoding="gzip")


def status(code: int, body: bytes = b"the body") -> Answer:
    """Answer with a status."""
    return raw(_head(code, {"Content-Length": str(len(body))}) + body)


def redirect(location: str, code: int = 302) -> Answer:
    """Lead elsewhere, with a cookie that is to be forgotten."""
    headers = {"Location": location, "Set-Cookie": "who=you; Path=/", "Content-Length": "0"}
    return raw(_head(code, headers))


def raw(data: bytes) -> Answer:
    """Send these bytes and close the connection."""
    return lambda exchange: exchange.send(data)


def hang(before: bytes = b"") -> Answer:
    """Send nothing more after these bytes, and keep the connection."""

    def answer(exchange: Exchange) -> None:
        exchange.send(before)
        exchange.wait_for_the_end()

    return answer


def trickle(data: bytes, seconds: float) -> Answer:
    """Send a byte at a time."""

    def answer(exchange: Exchange) -> None:
        for byte in data:
            exchange.send(bytes([byte]))
            if not exchange.wait(seconds):
                return

    return answer


def endless(head: bytes, chunk: bytes) -> Answer:
    """Send the same again and again for as long as anybody takes it."""

    def answer(exchange: Exchange) -> None:
        exchange.send(head)
        while exchange.wait(0):
            exchange.send(chunk)

    return answer


def announced(length: int, body: bytes = b"") -> Answer:
    """Announce a length, send another body, and close the connection."""
    return raw(_head(200, {"Content-Length": str(length)}) + body)


def chunked_head(**headers: str) -> bytes:
    """Return the head of an answer in chunks, whose length nobody knows."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _head(200, {"Transfer-Encoding": "chunked", **named})
