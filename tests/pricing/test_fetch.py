"""Fetching the price file, from servers that mean well and from those that do not."""

import errno
import gzip
import random
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx  # so that no test's time limit includes loading it
import pytest

from amp_tray.pricing.fetch import Fetched, FetchError, Limits, fetch
from tests.support.http_server import (
    SECONDS,
    Answer,
    Exchange,
    Server,
    announced,
    chunked_head,
    endless,
    hang,
    http_server,
    packed,
    page,
    raw,
    redirect,
    status,
    trickle,
)

AGENT = "amp-tray/1.2.3"
BODY = b'{"model-x": {"mode": "chat"}}'
MIB = 2**20
SOON = 0.2
ENOUGH = 2.0
"""Seconds: what is cut off at `SOON` may not take longer on a busy machine."""


@pytest.fixture(autouse=True)
def a_plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def a_quick_end() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < ENOUGH


def get(url: str, etag: str | None = None, limits: Limits | None = None) -> Fetched | None:
    return fetch(url, etag=etag, user_agent=AGENT, limits=limits)


def failure(url: str, limits: Limits | None = None, etag: str | None = None) -> FetchError:
    """Fetch what cannot be fetched; what every failure has in common is checked here."""
    with pytest.raises(FetchError) as caught:
        get(url, etag, limits)
    error = caught.value
    assert error.title == "the prices could not be fetched"
    assert error.hint
    assert "the body" not in error.message
    assert error.message.isprintable()
    assert len(error.message) < 300
    return error


class TestAnAnswer:
    def test_is_a_body_and_the_name_of_its_version(self, server: Server) -> None:
        url = server.on("/prices.json", page(BODY, '"v1"'))
        assert get(url) == Fetched(BODY, '"v1"')

    def test_is_none_where_the_version_is_known(self, server: Server) -> None:
        url = server.on("/prices.json", page(BODY, 'W/"v1"'))
        assert get(url, 'W/"v1"') is None
        assert get(url, '"v0"') == Fetched(BODY, 'W/"v1"')
        assert [request.headers["if-none-match"] for request in server.requests] == [
            'W/"v1"',
            '"v0"',
        ]

    def test_may_be_compressed(self, server: Server) -> None:
        body = random.Random(1).randbytes(3 * MIB)
        url = server.on("/prices.json", packed(body), packed(b""))
        assert get(url) == Fetched(body, None)
        assert get(url) == Fetched(b"", None)

    def test_may_come_in_chunks_and_without_a_length(self, server: Server) -> None:
        chunks = chunked_head() + b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"
        until_closed = b"HTTP/1.0 200 OK\r\n\r\nhello!"
        url = server.on("/prices.json", raw(chunks), raw(until_closed))
        assert get(url) == get(url) == Fetched(b"hello!", None)

    def test_may_be_as_large_as_is_allowed(self, server: Server) -> None:
        url = server.on("/prices.json", page(b"x" * 1000), packed(b"x" * 1000))
        limits = Limits(body_bytes=1000)
        assert get(url, limits=limits) == get(url, limits=limits) == Fetched(b"x" * 1000, None)

    @pytest.mark.parametrize("etag", ["x" * 257, '"\x1b[31m"', '"a\tb"', '"\xe9"', "*", ""])
    def test_names_no_version_by_what_is_not_to_be_kept(self, server: Server, etag: str) -> None:
        url = server.on("/prices.json", page(BODY, etag))
        assert get(url) == Fetched(BODY, None)

    def test_may_name_its_version_at_length(self, server: Server) -> None:
        url = server.on("/prices.json", page(BODY, "x" * 256))
        assert get(url) == Fetched(BODY, "x" * 256)


class TestTheRequest:
    def test_tells_the_version_of_the_program_and_nothing_of_the_user(self, server: Server) -> None:
        get(server.on("/prices.json", page(BODY)))
        (request,) = server.requests
        assert request.method == "GET"
        assert request.headers == {
            "host": f"127.0.0.1:{server.port}",
            "accept": "*/*",
            "accept-encoding": "gzip",
            "connection": "close",
            "user-agent": AGENT,
        }

    @pytest.mark.parametrize("etag", ["x" * 257, '"a"\r\nX-Evil: 1', "*", ""])
    def test_does_not_pass_on_a_bad_etag(self, server: Server, etag: str) -> None:
        get(server.on("/prices.json", page(BODY)), etag)
        assert "if-none-match" not in server.requests[0].headers
        assert "x-evil" not in server.requests[0].headers

    def test_sends_no_password_from_netrc(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        netrc = tmp_path / ".netrc"
        netrc.write_text("machine 127.0.0.1 login me password secret\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        monkeypatch.setenv("HOME", str(tmp_path))
        get(server.on("/prices.json", page(BODY)))
        assert "authorization" not in server.requests[0].headers

    @pytest.mark.parametrize(
        ("url", "why"),
        [
            ("http://prices.example/x", "prices.example would be asked without TLS"),
            ("http://127.0.0.1.prices.example/x", "without TLS"),
            ("file:///etc/passwd", "'file' is neither https nor http"),
            ("ftp://prices.example/x", "'ftp' is neither https nor http"),
            ("prices.example/x", "'' is neither https nor http"),
            ("https:///x", "names no host"),
            ("https://prices.example:99999/x", "names no host and port"),
            ("https://prices.example:0/x", "names no host and port"),
            ("https://me:secret@prices.example/x", "never sent"),
            ("https://prices.example:port/x", "it is none"),
            ("https://\x1b[31m/x", "it is none"),
            ("", "'' is neither https nor http"),
        ],
    )
    def test_is_not_made_to_an_address_that_cannot_be(
        self, url: str, why: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(socket, "create_connection", None)  # not even tried
        error = failure(url)
        assert why in error.message
        assert "secret" not in error.message
        assert not error.of_network


class TestRedirects:
    def test_are_followed_and_forgotten(self, server: Server) -> None:
        with http_server() as other:
            goal = other.on("/there", page(BODY, '"v1"'))
            server.on("/2", redirect(goal, 307))
            url = server.on("/prices.json", redirect("2", 301))
            assert get(url, '"v0"') == Fetched(BODY, '"v1"')
            assert get(url, '"v1"') is None
            requests = [*server.requests, *other.requests]
        assert [request.target for request in requests] == [
            *("/prices.json", "/2", "/prices.json", "/2", "/there", "/there")
        ]
        assert all("cookie" not in request.headers for request in requests)
        assert all(request.headers["user-agent"] == AGENT for request in requests)

    def test_are_followed_thrice_and_no_further(self, server: Server) -> None:
        for number in range(4):
            server.on(f"/{number}", redirect(f"/{number + 1}", 308))
        server.on("/4", page(BODY))
        assert get(server.url("/1")) == Fetched(BODY, None)
        assert "3 are followed" in failure(server.url("/0")).message

    def test_in_a_loop_end(self, server: Server) -> None:
        error = failure(server.on("/prices.json", redirect("/prices.json")))
        assert "one redirect too many" in error.message
        assert f"127.0.0.1:{server.port}" in error.message
        assert not error.of_network
        assert len(server.requests) == 4

    @pytest.mark.parametrize(
        "location",
        [
            *("file:///etc/passwd", "ftp://127.0.0.1/x", "http://prices.example/x", "gopher:x"),
            *("https://me:secret@127.0.0.1/x", "https://", "javascript:alert(1)", ""),
            *("http://127.0.0.1:port/", "https://\xff\xfe\x1b/", "//prices.example/x"),
        ],
    )
    def test_to_what_may_not_be_asked_are_not_followed(self, server: Server, location: str) -> None:
        error = failure(server.on("/prices.json", redirect(location)))
        assert "redirects to an address that cannot be used" in error.message
        assert f"127.0.0.1:{server.port}" in error.message
        assert "secret" not in error.message
        assert len(server.requests) == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "said"),
        [
            (404, "answered 404 Not Found"),
            (500, "answered 500 Internal Server Error"),
            (503, "answered 503 Service Unavailable"),
            (204, "answered 204 No Content"),
            (206, "answered 206 Partial Content"),
            (300, "answered 300 Multiple Choices"),
            (304, "answered 304 Not Modified"),  # though no version was named
            (799, "answered 799"),
        ],
    )
    def test_of_every_other_status(self, server: Server, code: int, said: str) -> None:
        error = failure(server.on("/prices.json", status(code)))
        assert error.message == f"127.0.0.1:{server.port} {said}"
        assert not error.of_network

    def test_of_a_body_that_is_announced_too_large(self, server: Server) -> None:
        url = server.on("/prices.json", announced(2**30, b"the body"))
        error = failure(url)
        assert error.message.endswith("sent more than 32 MiB")
        assert not error.of_network

    @pytest.mark.parametrize(
        "answer",
        [
            endless(b"HTTP/1.0 200 OK\r\n\r\n", b"x" * 65536),
            endless(chunked_head(), b"10000\r\n" + b"x" * 65536 + b"\r\n"),
            endless(chunked_head(Content_Encoding="gzip"), b"10000\r\n" + bytes(65536) + b"\r\n"),
        ],
        ids=["until it closes", "in chunks", "compressed garbage"],
    )
    def test_of_a_body_without_end(self, server: Server, answer: Answer) -> None:
        url = server.on("/prices.json", answer)
        assert peak_of(lambda: failure(url, Limits(body_bytes=MIB))) < 6 * MIB
        assert server.broken_off.wait(SECONDS)

    def test_of_a_body_that_grows_when_it_is_unpacked(self, server: Server) -> None:
        bomb = gzip.compress(bytes(64 * MIB))
        assert len(bomb) < MIB // 8
        url = server.on("/prices.json", page(bomb, Content_Encoding="gzip"))
        limits = Limits(body_bytes=MIB)
        assert peak_of(lambda: failure(url, limits)) < 6 * MIB
        assert failure(url, limits).message.endswith("sent more than 1 MiB")

    def test_of_empty_blocks_that_never_become_a_body(self, server: Server) -> None:
        squeeze = zlib.compressobj(wbits=31)
        head = chunked_head(Content_Encoding="gzip")
        head += b"a\r\n" + squeeze.compress(b"") + b"\r\n"
        block = squeeze.flush(zlib.Z_FULL_FLUSH)[-5:] * 1000
        url = server.on("/prices.json", endless(head, b"1388\r\n" + block + b"\r\n"))
        error = failure(url, Limits(body_bytes=MIB))
        assert error.message.endswith("sent more than 1 MiB")

    @pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip", "\x1b"])
    def test_of_codings_that_were_not_asked_for(self, server: Server, coding: str) -> None:
        url = server.on("/prices.json", page(b"the body", Content_Encoding=coding))
        assert "coding" in failure(url).message

    @pytest.mark.parametrize(
        "packed_body",
        [b"the body", b"", gzip.compress(BODY)[:-9], gzip.compress(BODY) + b"more"],
        ids=["none", "nothing", "cut short", "more after its end"],
    )
    def test_of_damaged_compression(self, server: Server, packed_body: bytes) -> None:
        url = server.on("/prices.json", page(packed_body, Content_Encoding="gzip"))
        error = failure(url)
        assert "compression is damaged" in error.message
        assert not error.of_network


@pytest.mark.usefixtures("a_quick_end")
class TestTimeLimits:
    def test_on_the_first_byte(self, server: Server) -> None:
        error = failure(server.on("/prices.json", hang()), Limits(read_seconds=SOON))
        assert error.message == f"127.0.0.1:{server.port} did not answer within 0.2 s"
        assert error.of_network

    def test_on_the_next_byte(self, server: Server) -> None:
        url = server.on("/prices.json", hang(chunked_head() + b"5\r\nhel"))
        error = failure(url, Limits(read_seconds=SOON))
        assert "stopped in its answer" in error.message
        assert error.of_network

    def test_on_agreeing_on_tls(self, server: Server) -> None:
        url = f"https://127.0.0.1:{server.port}/"
        error = failure(url, Limits(connect_seconds=SOON))
        assert error.message.startswith(f"cannot reach 127.0.0.1:{server.port}: no connection")
        assert error.of_network

    @pytest.mark.parametrize(
        "before", [b"", chunked_head() + b"fffff\r\n"], ids=["the head", "the body"]
    )
    def test_on_all_of_it_whoever_trickles(self, server: Server, before: bytes) -> None:
        slow = trickle(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000, 0.02)

        def answer(exchange: Exchange) -> None:
            exchange.send(before)
            slow(exchange)

        error = failure(server.on("/prices.json", answer), Limits(total_seconds=SOON))
        assert error.message == f"127.0.0.1:{server.port} did not finish its answer within 0.2 s"
        assert error.of_network
        assert server.broken_off.wait(SECONDS)  # nor does the connection outlive it
        assert_no_thread_is_left()

    def test_on_looking_a_name_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        released = threading.Event()

        def look_up(*_: object, **__: object) -> object:
            released.wait(SECONDS)
            raise socket.gaierror(socket.EAI_AGAIN, "try again")

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        error = failure("https://prices.example/x", Limits(total_seconds=SOON))
        assert error.message == "prices.example did not finish its answer within 0.2 s"
        released.set()
        assert_no_thread_is_left()


class TestANetworkThatFails:
    def test_since_nobody_listens(self) -> None:
        with socket.socket() as reserved:
            reserved.bind(("127.0.0.1", 0))
            host = f"127.0.0.1:{reserved.getsockname()[1]}"
            error = failure(f"http://{host}/")
        assert error.message == f"cannot reach {host}: it refuses the connection"
        assert error.of_network

    def test_since_no_name_is_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def look_up(*_: object, **__: object) -> object:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        error = failure("https://prices.example/x")
        assert error.message == "cannot reach prices.example: its name cannot be looked up"
        assert error.of_network

    def test_since_there_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def connect(*_: object, **__: object) -> object:
            raise OSError(errno.ENETUNREACH, "Network is unreachable")

        monkeypatch.setattr(socket, "create_connection", connect)
        error = failure("https://prices.example/x")
        assert error.message == "cannot reach prices.example: Network is unreachable"
        assert error.of_network

    def test_since_a_name_is_none(self) -> None:
        assert "cannot be asked" in failure(f"https://{'a' * 64}.example/x").message

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "closed the connection without an answer"),
            (b"HTTP/1.1 200 OK\r\nContent-Le", "closed the connection without an answer"),
            (b"\x00\xff the body \x1b[31m\r\n\r\n", "does not answer as HTTP demands"),
            (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "does not answer as HTTP demands"),
            (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000, "does not answer as HTTP demands"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "does not answer as HTTP demands"),
            (chunked_head() + b"the body\r\n", "does not answer as HTTP demands"),
            (chunked_head() + b"5\r\nhel", "broke off in the middle of its answer"),
            (
                b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nthe body",
                "broke off in the middle of its answer",
            ),
        ],
    )
    def test_in_the_middle(self, server: Server, data: bytes, said: str) -> None:
        error = failure(server.on("/prices.json", raw(data)))
        assert error.message == f"127.0.0.1:{server.port} {said}"
        assert error.of_network

    def test_in_ways_nobody_thought_of(self, server: Server) -> None:
        chance = random.Random(20_261_122)
        whole = chunked_head(ETag='"v"', Location="/x") + b"5\r\nhello\r\n0\r\n\r\n"
        url = server.on("/prices.json", *(raw(spoilt(chance, whole)) for _ in range(20)))
        outcomes = []
        for _ in range(20):
            try:
                outcomes.append(isinstance(get(url, limits=Limits(read_seconds=0.05)), Fetched))
            except FetchError:
                outcomes.append(False)
        assert {True, False} == set(outcomes)


class TestProxies:
    def test_that_the_environment_names_are_used(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@127.0.0.1:{server.port}")
        server.on("prices.example:443", status(407))
        error = failure("https://prices.example/x")
        assert [(request.method, request.target) for request in server.requests] == [
            ("CONNECT", "prices.example:443")
        ]
        assert "if-none-match" not in server.requests[0].headers
        through = "cannot reach prices.example through the proxy 127.0.0.1"
        assert error.message == f"{through}: the proxy refuses"
        assert error.of_network

    def test_that_are_away_are_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.socket() as reserved:
            reserved.bind(("127.0.0.1", 0))
            port = reserved.getsockname()[1]
            monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{port}")
            error = failure("https://prices.example/x")
        through = "cannot reach prices.example through the proxy 127.0.0.1"
        assert error.message == f"{through}: it refuses the connection"

    def test_are_not_asked_for_what_is_on_this_machine(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        assert get(server.on("/prices.json", page(BODY))) == Fetched(BODY, None)

    @pytest.mark.parametrize("proxy", ["ftp://me:secret@x:1", "http://me:secret@x:port"])
    def test_that_are_none_are_told_of(self, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        error = failure("https://prices.example/x")
        assert "the environment names cannot be used" in error.message
        assert "secret" not in error.message


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate of this machine that nobody but itself vouches for."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "own.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=own"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-addext", "keyUsage=critical,digitalSignature,keyCertSign"),
            *("-keyout", path, "-out", path.with_name("certificate.pem")),
        ],
        check=True,
        capture_output=True,
    )
    return path.with_name("certificate.pem")


@pytest.fixture
def secure(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("own.pem"))
    with http_server(context) as running:
        yield running


class TestTls:
    def test_is_verified(self, secure: Server) -> None:
        error = failure(secure.on("/prices.json", page(BODY)))
        assert "its certificate is not trusted (self" in error.message
        assert error.of_network
        assert secure.requests == []

    def test_may_be_vouched_for_by_whom_the_environment_names(
        self, secure: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert get(secure.on("/prices.json", page(BODY))) == Fetched(BODY, None)

    def test_is_never_left_by_a_redirect(
        self,
        server: Server,
        secure: Server,
        certificate: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        goal = server.on("/prices.json", page(BODY))
        error = failure(secure.on("/prices.json", redirect(goal)))
        assert f"127.0.0.1:{server.port} would be asked without TLS" in error.message
        assert server.requests == []
        assert get(server.on("/up", redirect(secure.on("/2", page(BODY))))) == Fetched(BODY, None)

    @pytest.mark.usefixtures("a_quick_end")
    def test_is_cut_off_as_any_other(
        self, secure: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        url = secure.on("/prices.json", trickle(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000, 0.02))
        error = failure(url, Limits(total_seconds=SOON))
        assert "did not finish its answer" in error.message
        assert secure.broken_off.wait(SECONDS)
        assert_no_thread_is_left()

    def test_is_not_what_some_speak(self) -> None:
        with http_server(greeting=b"220 mail.example ESMTP\r\n") as plain:
            error = failure(f"https://127.0.0.1:{plain.port}/")
        assert error.message.endswith("it does not speak TLS as it should")
        assert error.of_network

    def test_needs_certificates_that_are_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
        error = failure("https://prices.example/x")
        assert "the environment names cannot be used" in error.message


def test_httpx_is_loaded_by_a_fetch_alone() -> None:
    code = "import sys, amp_tray.pricing.fetch; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"httpx", "httpcore", "anyio", "certifi"} & set(done.stdout.split()) == set()
    assert httpx.__name__ in sys.modules


def peak_of(work: Callable[[], object]) -> int:
    """Return how many bytes of memory some work takes at its height."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def spoilt(chance: random.Random, data: bytes) -> bytes:
    """Change, cut or double a few bytes."""
    spoiled = bytearray(data)
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(spoiled))
        with_what = chance.choice([b"", b"\x00", b"\r\n", b":", b"9", spoiled[at : at + 30] * 2])
        spoiled[at : at + chance.randrange(4)] = with_what
    return bytes(spoiled)


def assert_no_thread_is_left() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("line to"):
            thread.join(SECONDS)
            assert not thread.is_alive()
