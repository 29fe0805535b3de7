"""The written conversations, played to dispatch and over the socket in both framings.

In a file, `//` begins a comment, `>>` a message that is sent, `<<` one that must come, byte
for byte. The service that answers them is scripted: version 0.1.0, pid 4242, revision 7; in
the cases called `not_ready` its first scan still runs.
"""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from amp_tray_rpc.dispatch import answer
from amp_tray_rpc.framing import Framing, encode
from amp_tray_rpc.methods.context import Context
from amp_tray_rpc.methods.table import METHODS
from tests.rpc.fakes import Running, ScriptedBackend, Wire

VECTORS = Path(__file__).parents[2] / "rpc" / "vectors"
FILES = sorted(VECTORS.glob("*/*.io"))
SENTINEL = b'{"jsonrpc":"2.0","id":"that was all","method":"service.status"}'
NOTIFICATION = b'{"jsonrpc":"2.0","method":'

each_vector = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}"
)


def exchanges(path: Path) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield each sent message with the messages that must come before the next is sent."""
    sent, expected = b"", list[bytes]()
    for line in path.read_bytes().splitlines():
        mark, _, text = line.partition(b" ")
        if mark == b">>":
            if sent:
                yield sent, expected
            sent, expected = text, []
        elif mark == b"<<":
            assert sent, "an answer before the first question"
            expected.append(text)
        else:
            assert mark == b"//", f"{path.name}: a line begins with //, >> or <<"
    assert sent, f"{path.name}: nothing is sent"
    yield sent, expected


@pytest.fixture(autouse=True)
def scripted_pid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amp_tray_rpc.methods.session.getpid", lambda: 4242)


def set_up(path: Path, backend: ScriptedBackend) -> None:
    backend.ready = path.stem != "not_ready"


def test_every_method_has_a_vector() -> None:
    assert {path.parent.name for path in FILES} == {*METHODS, "jsonrpc"}


@each_vector
async def test_dispatch_plays(path: Path, backend: ScriptedBackend, context: Context) -> None:
    set_up(path, backend)
    for sent, expected in exchanges(path):
        reply = await answer(sent, context)
        told = [text for text in expected if not text.startswith(NOTIFICATION)]
        assert ([] if reply is None else [reply]) == told


@each_vector
@pytest.mark.parametrize("framing", Framing)
async def test_socket_plays(path: Path, framing: Framing, running: Running) -> None:
    set_up(path, running.backend)
    wire = await running.open()
    receive = receiver(wire, framing)
    for sent, expected in exchanges(path):
        wire.send(encode(framing, sent))
        # A notification may overtake an answer: only the sentinel below has to come last.
        assert sorted([await receive() for _ in expected]) == sorted(expected)
    wire.send(encode(framing, SENTINEL))
    assert (await receive()).startswith(b'{"jsonrpc":"2.0","id":"that was all","result":')


def receiver(wire: Wire, framing: Framing) -> Callable[[], Awaitable[bytes]]:
    return wire.line if framing is Framing.LINE else wire.counted
