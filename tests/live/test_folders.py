"""Walking the directories below a log directory, and the names files get there."""

import os
from pathlib import Path

import pytest

from amp_tray.live import folders
from amp_tray.live.folders import name_below, reaches, walk

posix = pytest.mark.skipif(os.name != "posix", reason="making links takes rights elsewhere")


def make(root: Path, *places: str) -> None:
    for place in places:
        (root / place).mkdir(parents=True)


def prefixes(root: Path, skip: frozenset[str] = frozenset()) -> list[str]:
    return [folder.prefix for folder in walk(root, skip)]


def test_near_directories_are_walked_the_nearest_first(tmp_path: Path) -> None:
    make(tmp_path, "b", "a/2025/01/01", ".git/objects", "a/.cache")
    assert prefixes(tmp_path) == ["", "a/", "b/", "a/2025/", "a/2025/01/"]


def test_what_lies_in_a_directory_comes_by_name(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / name).touch()
    (folder,) = walk(tmp_path)
    assert [entry.name for entry in folder.entries] == ["a", "b", "c"]
    assert folder.trouble is None


@posix
def test_links_are_not_followed_but_for_the_first(tmp_path: Path) -> None:
    make(tmp_path, "real/sub", "outside/deep")
    (tmp_path / "real/loop").symlink_to(tmp_path / "real")
    (tmp_path / "real/sub/up").symlink_to("..")
    (tmp_path / "real/out").symlink_to(tmp_path / "outside")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert prefixes(tmp_path / "link") == ["", "sub/"]


@posix
def test_what_others_read_is_left_to_them(tmp_path: Path) -> None:
    make(tmp_path, "real/mine/deep", "real/theirs/deep")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    skip = frozenset({os.path.realpath(tmp_path / "real/theirs")})
    assert prefixes(tmp_path / "link", skip) == ["", "mine/", "mine/deep/"]


@pytest.mark.parametrize("missing", ["missing", "file"])
def test_no_directory_is_nothing(tmp_path: Path, missing: str) -> None:
    (tmp_path / "file").touch()
    assert prefixes(tmp_path / missing) == []


def test_one_that_cannot_be_listed_is_told_and_the_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a", "b")
    real = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("amp_tray.live.folders.os.scandir", refuse)
    assert [(folder.prefix, folder.trouble) for folder in walk(tmp_path)] == [
        ("", None),
        ("a/", "the directory cannot be read: Permission denied"),
        ("b/", None),
    ]


def test_only_so_many_are_walked_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a", "b", "c")
    monkeypatch.setattr(folders, "MAX_FOLDERS", 3)
    *walked, last = walk(tmp_path)
    assert [folder.prefix for folder in walked] == ["", "a/", "b/"]
    assert (last.prefix, last.trouble) == ("", "only 3 of its directories are read")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/t/T-1.json", "T-1.json"),
        ("/t/a/b/c/T-1.json", "a/b/c/T-1.json"),
        ("/t/a/b/c/d/T-1.json", None),
        ("/t/.hidden/T-1.json", None),
        ("/t/a/.hidden/T-1.json", None),
        ("/other/T-1.json", None),
        ("/t", None),
    ],
)
def test_a_file_is_named_by_its_place_if_the_walk_would_find_it(
    path: str, name: str | None
) -> None:
    assert name_below(Path("/t"), Path(path)) == name


def test_the_walk_reaches_what_it_walks(tmp_path: Path) -> None:
    make(tmp_path, "a/b/c/d/e", ".hidden/f")
    walked = {tmp_path / prefix for prefix in prefixes(tmp_path)}
    there = {tmp_path, *(path for path in tmp_path.rglob("*") if path.is_dir())}
    assert {place for place in there if reaches(tmp_path, place)} == walked
