"""A hostile program in a process of its own, so that what it does costs the tests no time.

    with attack("pipelined flood", user.socket):
        ...  # measure what others notice

As a program: `python -m tests.support.attacker NAME SOCKET [UID]`. It says `begun` when all peers
have come, and goes on until its input ends.
"""

import contextlib
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.discovery import Endpoint, connecting_socket, endpoints
from tests.rpc.hostile import INPUTS, MIB
from tests.rpc.talk import ASK_SUMMARY, HELLO, SUBSCRIBE, counted

ROOT = Path(__file__).parents[2]
NOBODY = 65534
_TURN_SECONDS = 0.05
_MOST_AT_ONCE = 20  # who fills the queue of the socket keeps everybody out, by the kernel's hand
_PIECE = 1 << 16
_SHOWN = b'{"jsonrpc":"2.0","method":"session.authenticate","params":{"token":"%b"}}'


@dataclass(frozen=True)
class Attack:
    """What each of several peers does, until it is cut off and comes again.

    Attributes:
        data: what it sends.
        peers: how many there are at once.
        endless: it sends `data` again and again.
        ends: it ends its side when all is sent.
        reads: it takes what comes.
        shows: it shows the token first, where one is asked for.
    """

    data: bytes = b""
    peers: int = 4
    endless: bool = False
    ends: bool = False
    reads: bool = True
    shows: bool = True


_LINES = (HELLO + b"\n" + ASK_SUMMARY + b"\n") * 200
_UNFINISHED = counted(b" " * (4 * MIB))[:-1]

ATTACKS: Mapping[str, Attack] = MappingProxyType(
    {
        **{name: Attack(case.data, ends=True) for name, case in INPUTS.items()},
        "endless header": Attack(b"Content-Type: application/json" + b" " * _PIECE, endless=True),
        "body never finished": Attack(_UNFINISHED, peers=1),
        "500 bodies never finished": Attack(_UNFINISHED, peers=500, shows=False),
        "500 headers never finished": Attack(b"Content-Length: 1", peers=500, shows=False),
        "pipelined flood": Attack(_LINES, peers=1, endless=True),
        "pipelined flood from 20": Attack(_LINES, peers=20, endless=True),
        "pipelined flood, never read": Attack(_LINES, endless=True, reads=False),
        "flood of notifications": Attack(
            b'{"jsonrpc":"2.0","method":"usage.summary"}\n' * 400, endless=True
        ),
        "flood of reports": Attack(
            b'{"jsonrpc":"2.0","id":1,"method":"report.session"}\n' * 50, endless=True
        ),
        "flood of thread details": Attack(
            b'{"jsonrpc":"2.0","id":1,"method":"usage.thread","params":{"sessionId":"T-1"}}\n' * 50,
            endless=True,
        ),
        "flood of rescans": Attack(
            b'{"jsonrpc":"2.0","method":"service.refresh"}\n' * 50, endless=True
        ),
        "flood of batches": Attack(b"[" + b",".join([ASK_SUMMARY] * 100) + b"]\n", endless=True),
        "flood of blank lines": Attack(HELLO + b"\n" * _PIECE, endless=True),
        "flood of the shortest lines": Attack(b"[]\n" * 20_000, endless=True),
        "500 connections": Attack(peers=500, shows=False),
        "500 connections that greet": Attack(HELLO + b"\n", peers=500, shows=False),
        "connects and leaves": Attack(HELLO + b"\n", peers=20, ends=True),
        "subscribers that never read": Attack(SUBSCRIBE + b"\n", peers=30, reads=False),
        "another uid": Attack(HELLO + b"\n"),
        "wrong token": Attack(_SHOWN % b"wrong" + b"\n", shows=False),
        "no token": Attack(_LINES, endless=True, shows=False),
    }
)


@contextlib.contextmanager
def attack(name: str, place: Path, *, uid: int | None = None) -> Iterator[None]:
    """Have a service attacked, in a process of another user if `uid` says so.

    Args:
        place: its socket, or where that would lie if it did not listen on TCP.
    """
    command = [sys.executable, "-m", "tests.support.attacker", name, str(place)]
    process = subprocess.Popen(
        [*command, *([] if uid is None else [str(uid)])],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        try:
            assert process.stdout.readline() == "begun\n"
            yield
        finally:
            process.stdin.close()
            process.wait(10)


class _Peer:
    """One connection of an attack."""

    def __init__(self, endpoint: Endpoint, plan: Attack) -> None:
        self._plan = plan
        self._unsent = memoryview(_shown(endpoint, plan) + plan.data)
        self.sock = connecting_socket(endpoint)
        self.sock.settimeout(1)
        self.sock.connect(endpoint.target)
        self.sock.setblocking(False)

    @property
    def waits_for(self) -> int:
        """The events of a selector it waits for, 0 for none."""
        reading = selectors.EVENT_READ if self._plan.reads else 0
        return reading | (selectors.EVENT_WRITE if self._unsent else 0)

    def act(self, events: int) -> bool:
        """Do what can be done; tell whether the connection goes on."""
        try:
            if events & selectors.EVENT_WRITE:
                self._send()
            return not events & selectors.EVENT_READ or bool(self.sock.recv(4 * _PIECE))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def _send(self) -> None:
        self._unsent = self._unsent[self.sock.send(self._unsent[: 4 * _PIECE]) :]
        if not self._unsent and self._plan.endless:
            self._unsent = memoryview(self._plan.data)
        elif not self._unsent and self._plan.ends:
            self.sock.shutdown(socket.SHUT_WR)


class _Gang:
    """As many peers as an attack has, one coming for each that is cut off.

    Attributes:
        came: how many came so far.
    """

    def __init__(self, plan: Attack, endpoint: Endpoint) -> None:
        self._plan = plan
        self._endpoint = endpoint
        self._waiting = selectors.DefaultSelector()
        self._peers: set[_Peer] = set()
        self._pause_ends = 0.0
        self.came = 0

    def fill(self) -> None:
        """Let the missing ones come, or some of many, as far as the service takes them."""
        missing = self._plan.peers - len(self._peers)
        if missing > _MOST_AT_ONCE:
            if time.monotonic() < self._pause_ends:
                return
            self._pause_ends = time.monotonic() + _TURN_SECONDS
        with contextlib.suppress(OSError):
            for _ in range(min(missing, _MOST_AT_ONCE)):
                peer = _Peer(self._endpoint, self._plan)
                self._peers.add(peer)
                self.came += 1
                self._waiting.register(peer.sock, selectors.EVENT_WRITE, peer)

    def turn(self) -> None:
        """Let each do what it can do now."""
        for key, events in self._waiting.select(_TURN_SECONDS):
            peer: _Peer = key.data
            if not peer.act(events):
                self._waiting.unregister(peer.sock)
                self._peers.discard(peer)
                peer.sock.close()
            elif not peer.waits_for:
                self._waiting.unregister(peer.sock)
            elif peer.waits_for != key.events:
                self._waiting.modify(peer.sock, peer.waits_for, peer)

    def close(self) -> None:
        """End every connection."""
        self._waiting.close()
        for peer in self._peers:
            peer.sock.close()


def _shown(endpoint: Endpoint, plan: Attack) -> bytes:
    """Return what lets a peer in where a token is asked for, in the framing of what follows."""
    if endpoint.token is None or not plan.shows or plan.data[:1] not in {b"{", b"[", b"C"}:
        return b""
    shown = _SHOWN % endpoint.token.encode()
    return counted(shown) if plan.data.startswith(b"C") else shown + b"\n"


def _wait_for_the_end(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


def main(name: str, place: str, uid: str = "") -> None:
    """Attack until standard input ends."""
    address = UnixAddress(Path(place))
    endpoint = next(endpoints(address if address.path.exists() else address.tcp))
    if uid:
        # What lies above the socket's directory is not for others to pass through.
        os.chdir(address.path.parent)
        endpoint = endpoint._replace(target=address.path.name)
        os.setuid(int(uid))
    stop = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(stop,), daemon=True).start()
    gang = _Gang(ATTACKS[name], endpoint)
    begun = False
    while not stop.is_set():
        gang.fill()
        if not begun and gang.came >= ATTACKS[name].peers:
            begun = True
            print("begun", flush=True)  # noqa: T201 - whoever started it waits for that
        gang.turn()
    gang.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
