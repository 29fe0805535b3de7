"""Who is at the other end, as the kernel says."""

import os
import socket
import sys

import pytest

from amp_tray_rpc import peer


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets here")
class TestUnix:
    def test_this_process_is_its_own_peer(self) -> None:
        left, right = socket.socketpair(socket.AF_UNIX)
        with left, right:
            assert peer.peer_uid(left) in {os.geteuid(), None}
            assert peer.is_own(right)

    def test_another_uid_is_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(peer, "own_uid", lambda: 54321)
        left, right = socket.socketpair(socket.AF_UNIX)
        with left, right:
            assert not peer.is_own(left)

    def test_a_socket_that_cannot_be_asked_is_not(self) -> None:
        left, right = socket.socketpair(socket.AF_UNIX)
        right.close()
        left.close()
        assert not peer.is_own(left)


def test_without_user_ids_the_modes_are_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "SO_PEERCRED", raising=False)
    monkeypatch.setattr(sys, "platform", "elsewhere")
    with socket.socket() as sock:
        assert peer.peer_uid(sock) is None
        assert peer.is_own(sock)


def test_macos_credentials_are_read_where_its_header_puts_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # struct xucred: u_int version; uid_t uid; short ngroups; gid_t groups[16] — 76 bytes.
    class Mac:
        def getsockopt(self, level: int, option: int, size: int) -> bytes:
            assert (level, option, size) == (0, 1, 76)
            numbers = [0, 501, 1, *range(16)]
            return b"".join(number.to_bytes(4, sys.byteorder) for number in numbers)

    monkeypatch.delattr(socket, "SO_PEERCRED", raising=False)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert peer.peer_uid(Mac()) == 501  # type: ignore[arg-type] # as much of a socket as is asked
