"""The listening socket: who can reach it, and whose place it takes."""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.listener import AddressError, AddressInUseError, listen


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def dead_socket(path: Path) -> None:
    """Leave a socket behind as a killed service does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))


def connects(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as sock:
        try:
            sock.connect(str(path))
        except OSError:
            return False
        return True


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_modes_do_not_depend_on_the_umask(
    address: UnixAddress, stack: ExitStack, umask: int
) -> None:
    before = os.umask(umask)
    stack.callback(os.umask, before)
    stack.enter_context(listen(address).sock)
    assert mode(address.path.parent) == 0o700
    assert mode(address.path) == 0o600


def test_its_own_directory_is_tightened(address: UnixAddress, stack: ExitStack) -> None:
    address.path.parent.mkdir(mode=0o700)
    address.path.parent.chmod(0o777)
    stack.enter_context(listen(address).sock)
    assert mode(address.path.parent) == 0o700


def test_a_directory_it_did_not_name_keeps_its_mode(tmp_path: Path, stack: ExitStack) -> None:
    directory = tmp_path / "mine"
    directory.mkdir()
    directory.chmod(0o755)
    stack.enter_context(listen(UnixAddress(directory / "s")).sock)
    assert mode(directory) == 0o755
    assert mode(directory / "s") == 0o600


def test_a_shared_sticky_directory_will_do(tmp_path: Path, stack: ExitStack) -> None:
    directory = tmp_path / "shared"
    directory.mkdir()
    directory.chmod(0o1777)
    stack.enter_context(listen(UnixAddress(directory / "s")).sock)
    assert mode(directory) == 0o1777


def test_a_directory_others_write_to_is_refused(tmp_path: Path) -> None:
    directory = tmp_path / "open"
    directory.mkdir()
    directory.chmod(0o777)
    with pytest.raises(AddressError, match="others may write"):
        listen(UnixAddress(directory / "s"))


def test_another_users_directory_is_refused(
    address: UnixAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    address.path.parent.mkdir(mode=0o700)
    monkeypatch.setattr("amp_tray_rpc.peer.own_uid", lambda: 54321)
    with pytest.raises(AddressError, match="another user"):
        listen(address)


def test_a_link_in_the_directorys_place_is_refused(tmp_path: Path, address: UnixAddress) -> None:
    address.path.parent.symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(AddressError, match="not a directory"):
        listen(address)


def test_a_dead_socket_is_replaced(address: UnixAddress, stack: ExitStack) -> None:
    dead_socket(address.path)
    stack.enter_context(listen(address).sock)
    assert connects(address.path)


def test_a_live_socket_is_not_stolen(address: UnixAddress, stack: ExitStack) -> None:
    first = stack.enter_context(listen(address).sock)
    with pytest.raises(AddressInUseError):
        listen(address)
    assert connects(address.path)
    assert first.fileno() >= 0


def test_a_live_socket_with_a_full_queue_is_not_stolen(
    address: UnixAddress, stack: ExitStack
) -> None:
    address.path.parent.mkdir(mode=0o700)
    busy = stack.enter_context(socket.socket(socket.AF_UNIX))
    busy.bind(str(address.path))
    busy.listen(0)
    waiting = stack.enter_context(socket.socket(socket.AF_UNIX))
    waiting.connect(str(address.path))
    with pytest.raises(AddressInUseError):
        listen(address)
    assert address.path.is_socket()


def test_a_file_in_the_sockets_place_is_left_alone(address: UnixAddress) -> None:
    address.path.parent.mkdir(mode=0o700)
    address.path.write_text("mine")
    with pytest.raises(AddressError, match="lies a file"):
        listen(address)
    assert address.path.read_text() == "mine"


def test_a_path_too_long_is_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(AddressError) as caught:
        listen(UnixAddress(tmp_path / ("x" * 104)))
    assert "AMP_TRAY_SOCKET" in caught.value.hint


def test_what_the_system_refuses_is_an_address_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AddressError, match="cannot listen"):
        listen(UnixAddress(tmp_path / "file" / "directory" / "s"))


def test_release_removes_its_own_file_only(address: UnixAddress, stack: ExitStack) -> None:
    first = listen(address)
    first.sock.close()
    # A second name keeps the dead socket's number from being given away at once.
    os.link(address.path, address.path.with_name("kept"))
    second = listen(address)
    stack.enter_context(second.sock)
    first.release()
    assert connects(address.path)
    second.release()
    second.release()
    assert not address.path.exists()
