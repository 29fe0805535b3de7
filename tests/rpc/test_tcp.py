"""A port of this machine, the file that tells of it, and the clients that find both."""

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import pytest

from amp_tray_rpc.address import TcpAddress, UnixAddress
from amp_tray_rpc.aio import AsyncClient
from amp_tray_rpc.client import Client, ServiceUnavailableError
from amp_tray_rpc.listener import AddressError, AddressInUseError, listen
from tests.rpc.fakes import Running
from tests.rpc.talk import ASK_SUMMARY, HELLO

T = TypeVar("T")
Start = Callable[..., Awaitable[Running]]


@pytest.fixture
def transport() -> str:
    return "tcp"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def told(address: TcpAddress) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(address.discovery.read_text())
    return found


def tell(address: TcpAddress, **members: object) -> None:
    """Leave the file of a service behind."""
    port = {"host": "127.0.0.1", "port": 1, "token": "t", "pid": os.getpid(), "protocol": "1.0"}
    address.discovery.parent.mkdir(mode=0o700, exist_ok=True)
    address.discovery.write_text(json.dumps(port | members))


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


async def in_thread(use: Callable[[], T]) -> T:
    """Run what blocks beside the server's loop."""
    async with asyncio.timeout(20):
        return await asyncio.to_thread(use)


def ended_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@contextmanager
def program_on_a_port(reply: bytes | None) -> Iterator[int]:
    """Have another program at a port; it replies once and closes, or says nothing at all."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def serve() -> None:
            peer, _ = listener.accept()
            with peer:
                while peer.recv(1 << 16):
                    if reply is not None:
                        peer.sendall(reply)
                        return

        thread = Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


class TestListening:
    def test_the_file_tells_the_port_and_what_opens_it(
        self, address: UnixAddress, stack: ExitStack
    ) -> None:
        listening = listen(address.tcp)
        sock = stack.enter_context(listening.sock)
        found = told(address.tcp)
        assert sock.getsockname() == (found["host"], found["port"]) == ("127.0.0.1", found["port"])
        assert len(found["token"]) >= 43  # 256 bits
        assert (found["pid"], found["protocol"]) == (os.getpid(), "1.0")
        assert listening.address == TcpAddress(address.tcp.discovery, found["port"])
        assert list(address.path.parent.iterdir()) == [address.tcp.discovery]

    def test_each_service_has_a_token_of_its_own(
        self, address: UnixAddress, stack: ExitStack
    ) -> None:
        tokens = set()
        for _ in range(3):
            listening = listen(address.tcp)
            stack.enter_context(listening.sock)
            tokens.add(listening.token)
            listening.release()
        assert len(tokens) == 3

    @pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
    def test_modes_do_not_depend_on_the_umask(
        self, address: UnixAddress, stack: ExitStack, umask: int
    ) -> None:
        stack.callback(os.umask, os.umask(umask))
        stack.enter_context(listen(address.tcp).sock)
        assert mode(address.tcp.discovery) == 0o600
        assert mode(address.tcp.discovery.parent) == 0o700

    def test_another_users_directory_is_refused(
        self, address: UnixAddress, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address.path.parent.mkdir(mode=0o700)
        monkeypatch.setattr("amp_tray_rpc.peer.own_uid", lambda: 54321)
        with pytest.raises(AddressError, match="another user"):
            listen(address.tcp)
        assert not address.tcp.discovery.exists()

    def test_a_directory_others_write_to_is_refused(self, tmp_path: Path) -> None:
        directory = tmp_path / "open"
        directory.mkdir()
        directory.chmod(0o777)
        with pytest.raises(AddressError, match="others may write"):
            listen(TcpAddress(directory / "rpc.json"))

    def test_where_users_have_no_ids_the_system_keeps_them_apart(
        self, address: UnixAddress, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address.path.parent.mkdir()
        monkeypatch.setattr("amp_tray_rpc.peer.own_uid", lambda: None)
        stack.enter_context(listen(address.tcp).sock)
        assert told(address.tcp)["port"]

    def test_something_else_in_the_files_place_is_left_alone(self, address: UnixAddress) -> None:
        address.tcp.discovery.mkdir(parents=True)
        with pytest.raises(AddressError, match="lies a directory"):
            listen(address.tcp)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
    def test_another_users_file_is_left_alone(self, tmp_path: Path) -> None:
        place = TcpAddress(tmp_path / "shared" / "rpc.json")
        tell(place)
        place.discovery.parent.chmod(0o1777)
        os.chown(place.discovery, 54321, 54321)
        with pytest.raises(AddressError, match="another user's file"):
            listen(place)
        assert told(place)["token"] == "t"

    def test_a_port_can_be_asked_for_and_had_again(self, address: UnixAddress) -> None:
        place = TcpAddress(address.tcp.discovery, free_port())
        for _ in range(2):
            listening = listen(place)
            assert listening.address == place
            with socket.create_connection(("127.0.0.1", place.port)):
                peer, _ = listening.sock.accept()
                peer.close()  # first, so that it is this end that waits
            listening.sock.close()
            listening.release()

    def test_a_port_that_another_program_has_is_not_taken(
        self, address: UnixAddress, stack: ExitStack
    ) -> None:
        other = stack.enter_context(socket.socket())
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(AddressInUseError):
            listen(TcpAddress(address.tcp.discovery, other.getsockname()[1]))
        assert not address.tcp.discovery.exists()

    def test_release_removes_its_own_file_only(self, address: UnixAddress) -> None:
        first = listen(address.tcp)
        first.sock.close()
        # A second name keeps the file's number from being given away at once.
        os.link(address.tcp.discovery, address.path.with_name("kept"))
        second = listen(address.tcp)
        first.release()
        assert told(address.tcp)["token"] == second.token
        second.sock.close()
        second.release()
        second.release()
        assert not address.tcp.discovery.exists()


class TestTakingOver:
    async def test_a_live_service_is_not_replaced(self, running: Running) -> None:
        before = told(running.address.tcp)
        with pytest.raises(AddressInUseError, match=str(before["port"])):
            await in_thread(lambda: listen(running.address.tcp))
        assert told(running.address.tcp) == before
        async with await AsyncClient.connect(running.address) as client:
            assert (await client.call("session.hello"))["server"] == "amp-tray"

    def test_nor_one_that_does_not_answer(self, address: UnixAddress) -> None:
        with program_on_a_port(None) as port:
            tell(address.tcp, port=port)  # with a pid that lives
            with pytest.raises(AddressInUseError):
                listen(address.tcp)

    @pytest.mark.parametrize("reply", [None, b"220 mail.example.org\r\n"])
    def test_a_dead_ones_port_may_be_another_programs(
        self, address: UnixAddress, stack: ExitStack, reply: bytes | None
    ) -> None:
        with program_on_a_port(reply) as port:
            tell(address.tcp, port=port, pid=ended_pid())
            stack.enter_context(listen(address.tcp).sock)
        assert told(address.tcp)["port"] != port

    def test_a_killed_ones_file_is_replaced(self, address: UnixAddress, stack: ExitStack) -> None:
        tell(address.tcp, port=free_port())
        listening = listen(address.tcp)
        stack.enter_context(listening.sock)
        assert told(address.tcp)["token"] == listening.token

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"port": "1"}', "[" * 5000])
    def test_a_damaged_file_is_replaced(
        self, address: UnixAddress, stack: ExitStack, text: str
    ) -> None:
        address.path.parent.mkdir(mode=0o700)
        address.tcp.discovery.write_text(text)
        stack.enter_context(listen(address.tcp).sock)
        assert told(address.tcp)["port"]


class TestClients:
    async def test_they_need_not_be_told(self, running: Running) -> None:
        for address in (running.address, running.address.tcp):
            async with await AsyncClient.connect(address) as client:
                assert (await client.call("usage.summary"))["revision"] == 7

            def ask(address: UnixAddress | TcpAddress = address) -> Any:
                with Client.connect(address) as client:
                    return client.call("usage.summary")["revision"]

            assert await in_thread(ask) == 7

    async def test_a_socket_comes_first(self, running: Running) -> None:
        tell(running.address.tcp, token="of another time", port=free_port())
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(running.address.path))
            listener.listen()
            client = await in_thread(lambda: Client.connect(running.address))
            peer, _ = listener.accept()
            peer.close()
            client.close()

    async def test_a_dead_socket_is_passed_over(self, running: Running) -> None:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(str(running.address.path))
        async with await AsyncClient.connect(running.address) as client:
            assert (await client.call("session.hello"))["server"] == "amp-tray"

    async def test_a_token_of_another_time_is_nobodys(self, running: Running) -> None:
        tell(running.address.tcp, port=told(running.address.tcp)["port"])
        with pytest.raises(ServiceUnavailableError, match="does not take the token"):
            await AsyncClient.connect(running.address)
        with pytest.raises(ServiceUnavailableError, match="does not take the token"):
            await in_thread(lambda: Client.connect(running.address))

    async def test_a_token_is_shown_to_its_own_port_alone(self, running: Running) -> None:
        port = told(running.address.tcp)["port"]
        other = TcpAddress(running.address.tcp.discovery, port + 1 if port < 65535 else 1)
        with pytest.raises(ServiceUnavailableError, match="no service listens at tcp://"):
            await AsyncClient.connect(other)

    async def test_another_users_file_is_not_believed(
        self, running: Running, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("amp_tray_rpc.peer.own_uid", lambda: 54321)
        with pytest.raises(ServiceUnavailableError, match="another user's file"):
            await AsyncClient.connect(running.address)

    @pytest.mark.parametrize(
        "members",
        [
            {"host": "example.org"},
            {"host": "0.0.0.0"},
            {"port": 0},
            {"port": 65536},
            {"port": "1"},
            {"token": ""},
            {"token": "ü"},
            {"pid": None},
            {"protocol": 1},
        ],
    )
    def test_a_file_that_says_something_else_is_nobodys(
        self, address: UnixAddress, members: dict[str, object]
    ) -> None:
        tell(address.tcp, **members)
        with pytest.raises(ServiceUnavailableError, match="no service listens"):
            Client.connect(address)

    def test_nor_is_what_is_no_file(self, address: UnixAddress, tmp_path: Path) -> None:
        tell(TcpAddress(tmp_path / "elsewhere.json"))
        address.path.parent.mkdir()
        os.mkfifo(address.tcp.discovery)
        with pytest.raises(ServiceUnavailableError, match="no service listens"):
            Client.connect(address)
        address.tcp.discovery.unlink()
        address.tcp.discovery.symlink_to(tmp_path / "elsewhere.json")
        with pytest.raises(ServiceUnavailableError, match="no service listens"):
            Client.connect(address)

    def test_another_program_at_the_port_is_no_service(self, address: UnixAddress) -> None:
        with program_on_a_port(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
            tell(address.tcp, port=port)
            with pytest.raises(ServiceUnavailableError):
                Client.connect(address)

    async def test_one_that_gives_up_waiting_leaves_nothing_open(
        self, address: UnixAddress
    ) -> None:
        with program_on_a_port(None) as port:
            tell(address.tcp, port=port)
            with pytest.raises(ServiceUnavailableError):
                await AsyncClient.connect(address, call_seconds=0.05)

    async def test_the_file_goes_with_the_service(self, running: Running) -> None:
        await running.server.close()
        assert not running.address.tcp.discovery.exists()
        with pytest.raises(ServiceUnavailableError):
            await AsyncClient.connect(running.address)


class TestConnections:
    async def test_questions_right_behind_the_token_are_answered(self, running: Running) -> None:
        wire = await running.open()
        wire.send(HELLO + b"\n" + ASK_SUMMARY + b"\n")  # the token goes before, unasked
        assert b'"server"' in await wire.line()
        assert b'"today"' in await wire.line()

    async def test_an_answer_to_a_wrong_token_is_the_last(self, running: Running) -> None:
        wire = await running.open(shows=False)
        shown = b'{"jsonrpc":"2.0","id":1,"method":"session.authenticate","params":{"token":"%b"}}'
        right = told(running.address.tcp)["token"].encode()
        wire.send(shown % b"wrong" + b"\n" + shown % right + b"\n" + HELLO + b"\n")
        said = await wire.rest()
        assert b'"code":-32003' in said
        assert b'"result"' not in said

    async def test_a_long_frame_comes_after_the_token(self, start: Start) -> None:
        running = await start(short_bytes=1000)
        wire = await running.open(shows=False)
        wire.send(b'{"jsonrpc":"2.0","method":"' + b"x" * 40_000 + b'"}\n')
        assert b"the token comes before" in await wire.rest()

    async def test_tokens_are_compared_in_constant_time(
        self, running: Running, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compared: list[tuple[bytes, bytes]] = []

        def compare(shown: bytes, token: bytes) -> bool:
            compared.append((shown, token))
            return False

        monkeypatch.setattr("amp_tray_rpc.admission.hmac.compare_digest", compare)
        token = told(running.address.tcp)["token"].encode()
        with pytest.raises(ServiceUnavailableError):
            await AsyncClient.connect(running.address)
        assert compared == [(token, token)]
