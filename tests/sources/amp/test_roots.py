"""Where Amp's thread files lie."""

import os
from pathlib import Path

import pytest

from amp_tray.sources import SOURCES
from amp_tray.sources.amp.roots import find_roots, is_thread_file, may_be_thread, threads_folder

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
        ({"AMP_DATA_DIR": "~/"}, ["/home/u"]),
        ({"AMP_DATA_DIR": "~//amp"}, ["/home/u/amp"]),
        ({"AMP_DATA_DIR": "/a/~/b"}, ["/a/~/b"]),
        ({"AMP_DATA_DIR": ",,~/a, ,~/a/"}, ["/home/u/a"]),
        ({"AMP_DATA_DIR": "~/amp,/a"}, ["/home/u/amp", "/a"]),
        ({"AMP_DATA_DIR": " , "}, ["/home/u/.local/share/amp"]),
        ({"AMP_DATA_DIR": "/a,/a/,/a/../a"}, ["/a"]),
    ],
)
def test_roots_come_from_the_environment(env: dict[str, str], expected: list[str]) -> None:
    assert [str(root) for root in find_roots(env, HOME)] == expected


@pytest.mark.skipif(os.name != "posix", reason="other systems know no homes by name")
def test_a_root_may_be_in_another_users_home() -> None:
    import pwd  # noqa: PLC0415 - POSIX only

    user = pwd.getpwuid(os.getuid())
    listed = f"/a,~{user.pw_name}/amp,~no-such-user/amp"
    assert find_roots({"AMP_DATA_DIR": listed}, HOME) == (
        Path("/a"),
        Path(user.pw_dir, "amp"),
        Path("~no-such-user/amp").absolute(),
    )


def test_one_real_directory_is_one_root_by_its_first_spelling(tmp_path: Path) -> None:
    (tmp_path / "amp/threads").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "amp")
    listed = [tmp_path / "link", tmp_path / "amp", tmp_path / "amp/threads"]
    assert find_roots({"AMP_DATA_DIR": ",".join(map(str, listed))}, HOME) == (tmp_path / "link",)


def test_a_root_holds_threads_or_is_them(tmp_path: Path) -> None:
    assert threads_folder(tmp_path) == tmp_path / "threads"
    assert threads_folder(tmp_path / "threads") == tmp_path / "threads"
    (tmp_path / "T-1.json.amptmp").touch()
    (tmp_path / "secrets.json").touch()
    assert threads_folder(tmp_path) == tmp_path / "threads"
    (tmp_path / "T-1.json").touch()
    assert threads_folder(tmp_path) == tmp_path
    (tmp_path / "threads/threads").mkdir(parents=True)
    assert threads_folder(tmp_path) == tmp_path / "threads"
    assert threads_folder(tmp_path / "threads") == tmp_path / "threads/threads"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("T-1.json", True),
        ("my thread.json", True),
        ("T-1.json.amptmp", False),
        ("T-1.json~", False),
        ("T-1.json.part", False),
        (".T-1.json", False),
        ("T-1", False),
    ],
)
def test_what_may_be_a_thread_by_its_name(name: str, expected: bool) -> None:
    assert may_be_thread(name) is expected


def test_amps_own_names_say_that_it_is_one() -> None:
    assert is_thread_file("T-1.json")
    assert not is_thread_file("export.json")


def test_the_registry_lists_amp() -> None:
    assert SOURCES["amp"].is_log("T-1.json")
