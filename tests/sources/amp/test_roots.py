"""Where Amp's thread files lie."""

from pathlib import Path

import pytest

from amp_tray.sources import SOURCES
from amp_tray.sources.amp.roots import find_roots, is_thread_file, threads_folder

HOME = Path("/home/u")


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, ["/home/u/.local/share/amp"]),
        ({"XDG_DATA_HOME": "/data"}, ["/data/amp"]),
        ({"XDG_DATA_HOME": "relative"}, ["/home/u/.local/share/amp"]),
        ({"XDG_DATA_HOME": ""}, ["/home/u/.local/share/amp"]),
        ({"AMP_DATA_DIR": "/a", "XDG_DATA_HOME": "/data"}, ["/a"]),
        ({"AMP_DATA_DIR": " /a , ,/b,"}, ["/a", "/b"]),
        ({"AMP_DATA_DIR": "~"}, ["/home/u"]),
        ({"AMP_DATA_DIR": "~/amp,/a"}, ["/home/u/amp", "/a"]),
        ({"AMP_DATA_DIR": " , "}, ["/home/u/.local/share/amp"]),
        ({"AMP_DATA_DIR": "/a,/a/,/a/../a"}, ["/a"]),
    ],
)
def test_roots_come_from_the_environment(env: dict[str, str], expected: list[str]) -> None:
    assert [str(root) for root in find_roots(env, HOME)] == expected


def test_one_real_directory_is_one_root_by_its_first_spelling(tmp_path: Path) -> None:
    (tmp_path / "amp/threads").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "amp")
    listed = [tmp_path / "link", tmp_path / "amp", tmp_path / "amp/threads"]
    assert find_roots({"AMP_DATA_DIR": ",".join(map(str, listed))}, HOME) == (tmp_path / "link",)


def test_a_root_holds_threads_or_is_them(tmp_path: Path) -> None:
    assert threads_folder(tmp_path) == tmp_path / "threads"
    assert threads_folder(tmp_path / "threads") == tmp_path / "threads"
    (tmp_path / "threads/threads").mkdir(parents=True)
    assert threads_folder(tmp_path / "threads") == tmp_path / "threads/threads"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("T-1.json", True),
        ("T-1.json.amptmp", False),
        ("T-1.json~", False),
        ("x.json", False),
        ("T-1", False),
    ],
)
def test_thread_files_by_name(name: str, expected: bool) -> None:
    assert is_thread_file(name) is expected


def test_the_registry_lists_amp() -> None:
    assert SOURCES["amp"].is_log("T-1.json")
