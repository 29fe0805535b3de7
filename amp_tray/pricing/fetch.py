"""Fetching the price file from a server that may be away, slow, broken or hostile.

What the answer says is judged elsewhere; here it is only kept from doing harm.
"""

import http
import re
import socket
import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amp_tray.core.errors import AmpTrayError
from amp_tray.core.text import clean
from amp_tray.pricing.addresses import is_loopback, shown, trouble
from amp_tray.pricing.line import Line, cut_off

if TYPE_CHECKING:  # httpx is loaded by the refresh that needs it, once a day
    import httpx

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Printable, and not the wildcard: "*" in a request means "any version at all".
_ETAG = re.compile(r"(?!\*$)[ -~]{1,256}")
_GZIP = 16 + zlib.MAX_WBITS
_KEPT = "the prices known so far stay in force"
_CHECK_NETWORK = f"check the network and its proxy settings; {_KEPT}"
_CHECK_ADDRESS = f"check the address of the price file; {_KEPT}"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a fetch may take.

    Attributes:
        connect_seconds: to connect, and again to agree on TLS.
        read_seconds: until the next bytes come.
        total_seconds: for everything together, whatever hangs.
        body_bytes: the largest body, counted before and after decompression.
        redirects: how many are followed.
    """

    connect_seconds: float = 10
    read_seconds: float = 20
    total_seconds: float = 60
    body_bytes: int = 32 * 2**20
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body, decompressed, and what names its version for the next time."""

    body: bytes
    etag: str | None


class FetchError(AmpTrayError):
    """The file could not be fetched; the message names the host and the cause.

    Attributes:
        of_network: the network failed, not the answer: another try may soon succeed.
    """

    title = "the prices could not be fetched"

    def __init__(self, message: str, *, hint: str = _KEPT, of_network: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.of_network = of_network


def fetch(
    url: str, *, etag: str | None, user_agent: str, limits: Limits | None = None
) -> Fetched | None:
    """Return what lies at an address, or None if it is still what `etag` names.

    Proxies and certificates that the environment names are used, except for this machine
    itself. Cookies, passwords and `.netrc` are never sent, and TLS is always verified.

    Args:
        url: https, or http on this machine.
        user_agent: all that the server learns of the user.
        limits: those of `Limits()` when None.

    Raises:
        FetchError: there is no answer, or none that could be used.
    """
    limits = limits or Limits()
    asked = _parsed(url)
    headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip", "Connection": "close"}
    if etag is not None and _ETAG.fullmatch(etag):
        headers["If-None-Match"] = etag
    line = Line(shown(asked))
    try:
        return cut_off(line, limits.total_seconds, lambda: _follow(asked, headers, limits, line))
    except TimeoutError:
        raise FetchError(
            f"{line.host} did not finish its answer within {limits.total_seconds:g} s",
            hint=_CHECK_NETWORK,
            of_network=True,
        ) from None


def _follow(
    url: "httpx.URL", headers: Mapping[str, str], limits: Limits, line: Line
) -> Fetched | None:
    """Ask an address, and those it redirects to."""
    for _ in range(limits.redirects + 1):
        line.turn_to(shown(url))
        with (
            _told(url, limits, line),
            _client(url, limits) as client,  # one each: no cookie outlives its answer
            client.stream("GET", url, headers=headers, extensions={"trace": line.trace}) as answer,
        ):
            line.answering = True
            if answer.status_code not in _REDIRECTS:
                return _read(answer, line.host, limits, asked="If-None-Match" in headers)
            url = _redirected(answer)
    raise FetchError(f"{line.host} is one redirect too many; {limits.redirects} are followed")


def _client(url: "httpx.URL", limits: Limits) -> "httpx.Client":
    """Return a client for one request.

    Raises:
        FetchError: the environment names a proxy or certificates that cannot be used.
    """
    import httpx  # noqa: PLC0415 - slow to load

    try:
        # Loading whom to trust takes a while, and plain http needs it not: then nobody.
        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if url.scheme == "https":
            trusted = httpx.create_ssl_context()
        return httpx.Client(
            verify=trusted,
            # What is allowed without TLS since it stays on this machine must not go to a proxy.
            trust_env=not is_loopback(url),
            timeout=httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds),
            event_hooks={"response": [_check]},
        )
    except (httpx.InvalidURL, ImportError, OSError, ValueError) as error:
        raise FetchError(  # without what the error says: a proxy's address may hold a password
            "the proxy or the certificates that the environment names cannot be used",
            hint="check HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE; only http proxies are known",
        ) from error


def _read(answer: "httpx.Response", host: str, limits: Limits, *, asked: bool) -> Fetched | None:
    status = answer.status_code
    if status == http.HTTPStatus.NOT_MODIFIED and asked:
        return None
    if status != http.HTTPStatus.OK:
        known = {each.value: f" {each.phrase}" for each in http.HTTPStatus}
        raise FetchError(f"{host} answered {status}{known.get(status, '')}", hint=_CHECK_ADDRESS)
    announced = answer.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limits.body_bytes:
        raise _too_large(host, limits)
    etag = answer.headers.get("ETag", "")
    return Fetched(_body(answer, host, limits), etag if _ETAG.fullmatch(etag) else None)


def _body(answer: "httpx.Response", host: str, limits: Limits) -> bytes:
    """Return the body, decompressed here: httpx would inflate without bounds."""
    coding = answer.headers.get("Content-Encoding", "").strip().lower()
    if coding not in {"", "identity", "gzip", "x-gzip"}:
        raise FetchError(f"{host} sent its answer in a coding that was not asked for")
    inflate = zlib.decompressobj(_GZIP) if coding.endswith("gzip") else None
    body, received = bytearray(), 0
    for chunk in answer.iter_raw():
        received += len(chunk)
        # One byte more than may be, to see that there is more; 0 would mean no bound.
        rest = limits.body_bytes + 1 - len(body)
        body += chunk if inflate is None else inflate.decompress(chunk, rest)
        if max(len(body), received) > limits.body_bytes:
            raise _too_large(host, limits)
    if inflate is not None and (not inflate.eof or inflate.unused_data):
        raise zlib.error("not one whole stream")
    return bytes(body)


def _too_large(host: str, limits: Limits) -> FetchError:
    size = f"{limits.body_bytes / 2**20:.4g} MiB"
    return FetchError(f"{host} sent more than {size}", hint=_CHECK_ADDRESS)


def _parsed(text: str) -> "httpx.URL":
    """Return an address that may be asked; raises FetchError."""
    import httpx  # noqa: PLC0415 - slow to load

    try:
        url = httpx.URL(text)
        why = trouble(url)
    except (httpx.InvalidURL, ValueError):
        why = "it is none"
    if why:
        raise FetchError(f"the address of the prices cannot be used: {why}", hint=_CHECK_ADDRESS)
    return url


def _check(answer: "httpx.Response") -> None:
    """Judge a redirect before httpx does, which reads it even if it does not follow it."""
    if answer.status_code in _REDIRECTS:
        _redirected(answer)


def _redirected(answer: "httpx.Response") -> "httpx.URL":
    """Return where an answer leads to; raises FetchError if that may not be followed."""
    import httpx  # noqa: PLC0415 - slow to load

    url, location = answer.request.url, answer.headers.get("Location", "")
    try:
        target = url.join(location)
        # From https even to this machine: an address on the net has no say in what is asked here.
        why = trouble(target, https_only=url.scheme == "https") if location else "it is none"
    except (httpx.InvalidURL, ValueError):
        why = "it is none"
    if why:
        raise FetchError(
            f"{shown(url)} redirects to an address that cannot be used: {why}", hint=_CHECK_ADDRESS
        )
    return target


@contextmanager
def _told(url: "httpx.URL", limits: Limits, line: Line) -> Iterator[None]:
    """Turn what can go wrong on the way into a FetchError."""
    import httpx  # noqa: PLC0415 - slow to load

    try:
        yield
    except httpx.HTTPError as error:
        proxied = line.peer not in {"", url.raw_host.decode("ascii")}
        goal = f"{line.host} through the proxy {clean(line.peer, 100)}" if proxied else line.host
        why = _why(error, goal, limits, answering=line.answering)
        raise FetchError(why, hint=_CHECK_NETWORK, of_network=True) from error
    except zlib.error as error:
        raise FetchError(f"{line.host} sent an answer whose compression is damaged") from error
    except (httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
        raise FetchError(f"{line.host} cannot be asked ({type(error).__name__})") from error


def _why(error: "httpx.HTTPError", goal: str, limits: Limits, *, answering: bool) -> str:
    import httpx  # noqa: PLC0415 - slow to load

    match error:
        case httpx.ConnectTimeout():
            why = f"cannot reach {goal}: no connection within {limits.connect_seconds:g} s"
        case httpx.ConnectError():
            why = f"cannot reach {goal}: {_cause(error)}"
        case httpx.ProxyError():
            why = f"cannot reach {goal}: the proxy refuses"
        case httpx.TimeoutException() if answering:
            why = f"{goal} stopped in its answer; no more came within {limits.read_seconds:g} s"
        case httpx.TimeoutException():
            why = f"{goal} did not answer within {limits.read_seconds:g} s"
        case httpx.RemoteProtocolError():
            why = f"{goal} {_breach(error)}"
        case httpx.NetworkError():
            why = f"{goal} broke the connection off"
        case _:
            why = f"{goal} cannot be asked ({type(error).__name__})"
    return why


def _cause(error: BaseException) -> str:
    """Return what the system or the TLS library said."""
    origin: BaseException | None = error
    while origin is not None and not isinstance(origin, OSError):
        origin = origin.__cause__ or origin.__context__
    match origin:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted ({clean(origin.verify_message)})"
        case ssl.SSLError():
            return "it does not speak TLS as it should"
        case socket.gaierror():
            return "its name cannot be looked up"
        case ConnectionRefusedError():
            return "it refuses the connection"
        case OSError(strerror=str() as said):
            return clean(said)
        case _:
            return "no connection"


def _breach(error: BaseException) -> str:
    """Return how an answer fails to be one; the error's own words may quote the answer."""
    said = str(error)
    if said.startswith("peer closed connection"):
        return "broke off in the middle of its answer"
    if said.startswith("Server disconnected"):
        return "closed the connection without an answer"
    return "does not answer as HTTP demands"
