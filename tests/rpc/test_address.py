"""Where the service listens, as a table of what the system offers."""

from pathlib import Path

import pytest

from amp_tray_rpc.address import MAX_PATH_BYTES, TcpAddress, UnixAddress, default_address, fits

TEMP = Path("/temp")
CACHE = Path("/Users/me/Library/Caches")
LONG = "/" + "long/" * 24


@pytest.mark.parametrize(
    ("env", "platform", "expected"),
    [
        ({"XDG_RUNTIME_DIR": "/run/user/7"}, "linux", "/run/user/7/amp-tray/rpc.sock"),
        ({}, "linux", "/temp/amp-tray-7/rpc.sock"),
        ({"XDG_RUNTIME_DIR": ""}, "linux", "/temp/amp-tray-7/rpc.sock"),
        ({"XDG_RUNTIME_DIR": "run"}, "linux", "/temp/amp-tray-7/rpc.sock"),
        ({"XDG_RUNTIME_DIR": LONG}, "linux", "/temp/amp-tray-7/rpc.sock"),
        ({}, "darwin", "/Users/me/Library/Caches/amp-tray/rpc.sock"),
        ({"XDG_RUNTIME_DIR": "/run/x"}, "darwin", "/Users/me/Library/Caches/amp-tray/rpc.sock"),
        ({"AMP_TRAY_SOCKET": "/x/y.sock", "XDG_RUNTIME_DIR": "/run"}, "linux", "/x/y.sock"),
        ({"AMP_TRAY_SOCKET": "", "XDG_RUNTIME_DIR": "/r"}, "linux", "/r/amp-tray/rpc.sock"),
        ({"AMP_TRAY_SOCKET": LONG + "s"}, "darwin", LONG + "s"),
    ],
)
def test_default_address(env: dict[str, str], platform: str, expected: str) -> None:
    found = default_address(env, uid=7, platform=platform, temp_dir=TEMP, cache_dir=CACHE)
    assert found == UnixAddress(Path(expected))


def test_a_long_cache_directory_gives_way_to_the_short_fallback() -> None:
    cache = Path("/Users/" + "n" * 90)
    found = default_address({}, uid=7, platform="darwin", temp_dir=TEMP, cache_dir=cache)
    assert found == UnixAddress(TEMP / "amp-tray-7" / "rpc.sock")


def test_without_cache_directory_the_fallback_stands_in() -> None:
    found = default_address({}, uid=7, platform="darwin", temp_dir=TEMP)
    assert found == UnixAddress(TEMP / "amp-tray-7" / "rpc.sock")


def test_the_file_that_tells_a_port_lies_beside_the_socket() -> None:
    socket = default_address(
        {"XDG_RUNTIME_DIR": "/run/user/7"}, uid=7, platform="linux", temp_dir=TEMP
    )
    assert isinstance(socket, UnixAddress)
    assert socket.tcp == TcpAddress(Path("/run/user/7/amp-tray/rpc.json"))
    named = default_address({"AMP_TRAY_SOCKET": "/x/y"}, uid=7, platform="linux", temp_dir=TEMP)
    assert named == UnixAddress(Path("/x/y"))
    assert UnixAddress(Path("/x/y")).tcp == TcpAddress(Path("/x/rpc.json"))


def test_a_port_can_be_named_and_its_file_lies_where_it_would_without() -> None:
    env = {"AMP_TRAY_SOCKET": "tcp://127.0.0.1:4242", "XDG_RUNTIME_DIR": "/run/user/7"}
    found = default_address(env, uid=7, platform="linux", temp_dir=TEMP)
    assert found == TcpAddress(Path("/run/user/7/amp-tray/rpc.json"), 4242)
    assert str(found) == env["AMP_TRAY_SOCKET"]


@pytest.mark.parametrize(
    "text",
    [
        "tcp://localhost:4242",
        "tcp://0.0.0.0:4242",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:0",
        "tcp://127.0.0.1:65536",
        "tcp://127.0.0.1:99999999",
        "tcp://127.0.0.1:4242/x",
        "tcp://[::1]:4242",
    ],
)
def test_what_is_no_port_of_this_machine_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="tcp://127"):
        default_address({"AMP_TRAY_SOCKET": text}, uid=7, platform="linux", temp_dir=TEMP)


def test_length_counts_bytes() -> None:
    assert fits(Path("/" + "a" * (MAX_PATH_BYTES - 1)))
    assert not fits(Path("/" + "a" * MAX_PATH_BYTES))
    assert not fits(Path("/" + "ä" * (MAX_PATH_BYTES // 2 + 1)))
