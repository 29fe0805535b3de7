"""The written conversations, played to dispatch, the socket and TCP, in both framings.

In a file, `//` begins a comment, `>>` a message that is sent, `<<` one that must come, byte for
byte, and `<~` the beginning of one; `--` says that the service ends the connection. The service
that answers is scripted: version 0.1.0, pid 4242, revision 7. A case's name can say how it is:

- `not_ready`: its first scan still runs.
- `too_many`: it keeps no further subscription.
- `offline`: it must not use the network.
- `crosses`: when it is refreshed, it finds a budget crossed.
- `fails`: its program has a fault.

Those of `session.authenticate` are played to a service that asks for a token, on any transport.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from amp_tray_rpc.address import Address, UnixAddress
from amp_tray_rpc.admission import Admission
from amp_tray_rpc.backend import Json
from amp_tray_rpc.dispatch import answer
from amp_tray_rpc.errors import Code, too_many_subscriptions
from amp_tray_rpc.framing import Framing, encode
from amp_tray_rpc.limits import Limits
from amp_tray_rpc.listener import Listening, listen
from amp_tray_rpc.methods.context import Context
from amp_tray_rpc.methods.table import METHODS
from amp_tray_rpc.server import Server
from tests.rpc.fakes import Connections, ScriptedBackend, Wire

VECTORS = Path(__file__).parents[2] / "rpc" / "vectors"
FILES = sorted(VECTORS.glob("*/*.io"))
SENTINEL = b'{"jsonrpc":"2.0","id":"that was all","method":"service.status"}'
NOTIFICATION = b'{"jsonrpc":"2.0","method":'
TOKEN = "the token of rpc.json"

each_vector = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}"
)


@dataclass
class Exchange:
    """A message that is sent, what must come before the next, and whether all ends with it."""

    sent: bytes
    expected: list[bytes] = field(default_factory=list)
    begun: list[bytes] = field(default_factory=list)
    ends: bool = False


class Refusing(Connections):
    """A connection of a service that keeps no further subscription."""

    def subscribe(self) -> None:
        raise too_many_subscriptions()


def exchanges(path: Path) -> Iterator[Exchange]:
    now: Exchange | None = None
    for line in path.read_bytes().splitlines():
        mark, _, text = line.partition(b" ")
        if mark == b">>":
            if now is not None:
                yield now
            now = Exchange(text)
            continue
        assert mark == b"//" or now is not None, f"{path.name}: an answer before a question"
        match mark, now:
            case b"//", _:
                pass
            case b"<<", Exchange():
                now.expected.append(text)
            case b"<~", Exchange():
                now.begun.append(text)
            case b"--", Exchange():
                now.ends = True
            case _:
                pytest.fail(f"{path.name}: a line begins with //, >>, <<, <~ or --")
    assert now is not None, f"{path.name}: nothing is sent"
    yield now


def check(exchange: Exchange, came: list[bytes]) -> None:
    """Compare what came; a notification may overtake an answer, so in any order."""
    begun = [text for text in came if any(map(text.startswith, exchange.begun))]
    assert sorted(text for text in came if text not in begun) == sorted(exchange.expected)
    assert len(begun) == len(exchange.begun)


@pytest.fixture(autouse=True)
def scripted_pid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amp_tray_rpc.methods.session.getpid", lambda: 4242)


async def fail() -> Json:
    raise ValueError("a fault")


def set_up(path: Path, backend: ScriptedBackend) -> None:
    backend.ready = path.stem != "not_ready"
    backend.offline = path.stem == "offline"
    backend.crosses = path.stem == "crosses"
    backend.instead = fail if path.stem == "fails" else None


def asks_for_token(path: Path) -> bool:
    return path.parent.name == "session.authenticate"


def listen_with_token(address: Address) -> Listening:
    return replace(listen(address), token=TOKEN)


Play = Callable[[Path, Framing], Awaitable[Wire]]


@pytest.fixture
async def opened(
    backend: ScriptedBackend, address: UnixAddress, monkeypatch: pytest.MonkeyPatch, transport: str
) -> AsyncIterator[Play]:
    """Return what opens a connection to a service for a case, ready to be asked."""
    async with AsyncExitStack() as stack:

        async def begin(path: Path, framing: Framing) -> Wire:
            set_up(path, backend)
            if asks_for_token(path):
                monkeypatch.setattr("amp_tray_rpc.server.listen", listen_with_token)
            most = 0 if path.stem == "too_many" else 32
            server = Server(backend, Limits(notify_seconds=0.0, subscriptions=most))
            found = await server.start(address if transport == "unix" else address.tcp)
            stack.push_async_callback(server.close)
            wire = await Wire.open(found, shows=not asks_for_token(path))
            stack.push_async_callback(wire.close)
            return wire

        yield begin


def test_every_method_has_vectors() -> None:
    assert {path.parent.name for path in FILES} == {*METHODS, "jsonrpc"}


def test_every_method_that_can_be_too_early_says_so() -> None:
    told = {path.parent.name for path in FILES if path.stem == "not_ready"}
    assert {name for name, row in METHODS.items() if not row.before_ready} <= told


def test_every_code_is_answered_somewhere() -> None:
    answers = b"".join(path.read_bytes() for path in FILES)
    assert [code for code in Code if b'"code":%d,' % code not in answers] == []


@each_vector
async def test_dispatch_plays(path: Path, backend: ScriptedBackend) -> None:
    set_up(path, backend)
    connection = Refusing() if path.stem == "too_many" else Connections()
    admission = Admission(TOKEN if asks_for_token(path) else None)
    context = Context(backend, connection, admission=admission)
    for exchange in exchanges(path):
        reply = await answer(exchange.sent, context)
        told = [text for text in exchange.expected if not text.startswith(NOTIFICATION)]
        check(replace(exchange, expected=told), [] if reply is None else [reply])
        assert admission.refused is exchange.ends


@each_vector
@pytest.mark.parametrize("transport", ["unix", "tcp"])
@pytest.mark.parametrize("framing", Framing)
async def test_the_wire_plays(path: Path, framing: Framing, opened: Play) -> None:
    wire = await opened(path, framing)
    receive = wire.line if framing is Framing.LINE else wire.counted
    for exchange in exchanges(path):
        wire.send(encode(framing, exchange.sent))
        count = len(exchange.expected) + len(exchange.begun)
        check(exchange, [await receive() for _ in range(count)])
    if exchange.ends:
        assert await wire.rest() == b""
        return
    # What came too late, or too much, would be in the place of its answer.
    wire.send(encode(framing, SENTINEL))
    assert (await receive()).startswith(b'{"jsonrpc":"2.0","id":"that was all",')
