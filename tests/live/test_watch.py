"""Watching directories, whether they exist yet or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from amp_tray.live import native, polling, watch
from amp_tray.live.changes import RESCAN, Changed
from amp_tray.live.targets import folders_below, watch_targets
from amp_tray.live.watch import Watcher
from tests.support.scans import put
from tests.support.threads import answer, encode, thread

SECONDS = 10


def test_a_directory_is_watched_with_its_parent(tmp_path: Path) -> None:
    folder = tmp_path / "amp/threads"
    folder.mkdir(parents=True)
    assert watch_targets([folder]) == {folder, folder.parent}


@pytest.mark.parametrize(
    ("there", "watched"), [("", ""), ("a", "a"), ("a/amp", "a/amp"), ("a/amp/threads", None)]
)
def test_of_a_missing_directory_the_nearest_ancestor_is(
    tmp_path: Path, there: str, watched: str | None
) -> None:
    folder = tmp_path / "a/amp/threads"
    (tmp_path / there).mkdir(parents=True, exist_ok=True)
    expected = {folder, folder.parent} if watched is None else {tmp_path / watched}
    assert watch_targets([folder]) == expected


def test_a_file_in_a_directorys_place_is_not_watched(tmp_path: Path) -> None:
    (tmp_path / "amp").touch()
    assert watch_targets([tmp_path / "amp/threads"]) == {tmp_path}


def test_several_directories_share_their_targets(tmp_path: Path) -> None:
    assert watch_targets([tmp_path / "a/threads", tmp_path / "b/threads"]) == {tmp_path}
    assert watch_targets([]) == frozenset()


def how(watcher: Watcher) -> tuple[str | None, str | None]:
    return watcher.mode, watcher.reason


@asynccontextmanager
async def changes(folder: Path) -> AsyncIterator[tuple[Watcher, AsyncIterator[Changed]]]:
    watcher = Watcher(lambda: [folder])
    try:
        async with asyncio.timeout(SECONDS):
            yield watcher, watcher.changes()
    finally:
        watcher.close()


async def test_a_rename_over_a_log_is_told_by_its_path(tmp_path: Path) -> None:
    path = put(tmp_path, thread())
    async with changes(path.parent) as (watcher, told):
        assert await anext(told) == Changed(frozenset(), rescan=True)
        put(tmp_path, thread(answer()))
        seen: set[Path] = set()
        while path not in seen:
            change = await anext(told)
            assert not change.rescan
            seen |= change.paths
        assert how(watcher) == ("native", None)


async def test_a_root_that_appears_is_told_step_by_step(tmp_path: Path) -> None:
    folder = tmp_path / "share/amp/threads"
    async with changes(folder) as (_, told):
        assert (await anext(told)).rescan
        path = put(folder.parent, thread())
        # Every beginning asks for a rescan; once the directory itself is watched, logs are told.
        rescans = 0
        while True:
            change = await anext(told)
            rescans += change.rescan
            if path in change.paths:
                break
            if change.rescan and folder.is_dir():
                put(folder.parent, thread(answer()))
        assert rescans >= 1


async def test_the_end_of_the_directory_asks_for_a_rescan(tmp_path: Path) -> None:
    path = put(tmp_path, thread())
    async with changes(path.parent) as (_, told):
        await anext(told)
        path.parent.rename(tmp_path / "elsewhere")
        while not (await anext(told)).rescan:
            pass


async def test_a_check_begins_anew_when_the_directories_are_others(tmp_path: Path) -> None:
    folders = [tmp_path / "one"]
    folders[0].mkdir()
    watcher = Watcher(lambda: folders)
    async with asyncio.timeout(SECONDS):
        told = watcher.changes()
        await anext(told)
        following = asyncio.ensure_future(anext(told))
        watcher.check()
        (tmp_path / "two/deep").mkdir(parents=True)
        folders[0] = tmp_path / "two/deep"
        watcher.check()
        assert (await following).rescan
        watcher.close()


async def test_closing_ends_the_changes(tmp_path: Path) -> None:
    async with changes(tmp_path) as (watcher, told):
        await anext(told)
        following = asyncio.ensure_future(anext(told, None))
        watcher.close()
        assert await following is None


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have looks follow one another, and native watching tried again, at once."""
    monkeypatch.setattr(polling, "SHORTEST_SECONDS", 0.01)
    monkeypatch.setattr(polling, "LONGEST_SECONDS", 0.02)
    monkeypatch.setattr(watch, "_RETRY_SECONDS", 0)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError("OS file watch limit reached. about [...]"), "directories is reached"),
        (WatchfilesRustInternalError("... (os error 24)"), "limit of watchers or of open files"),
        (OSError("No space left on device (os error 28)"), "directories is reached"),
        (PermissionError("never"), "the system does not watch: never"),
    ],
)
async def test_where_the_system_does_not_watch_logs_are_looked_at_until_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hasty: None, error: Exception, reason: str
) -> None:
    path = put(tmp_path, thread())
    refusing = [True]

    def begin(*arguments: object) -> object:
        if refusing[-1]:
            raise error
        return RustNotify(*arguments)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(native, "RustNotify", begin)
    async with changes(path.parent) as (watcher, told):
        assert how(watcher)[0] is None
        assert await anext(told) == RESCAN
        assert how(watcher)[0] == "polling"
        assert reason in str(watcher.reason)
        put(tmp_path, thread(answer()))
        assert await anext(told) == Changed(frozenset({path}))
        refusing.append(False)
        assert await anext(told) == RESCAN
        assert how(watcher) == ("native", None)


async def test_a_limit_that_is_reached_at_a_new_directory_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hasty: None
) -> None:
    """Watchfiles passes over it where it is told to pass over missing permissions."""
    path = put(tmp_path, thread())
    given: list[tuple[object, ...]] = []

    def begin(*arguments: object) -> object:
        given.append(arguments)
        return RustNotify(*arguments)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(native, "RustNotify", begin)
    async with changes(path.parent) as (_, told):
        await anext(told)
    assert given[0][-1] is False
    with pytest.raises(FileNotFoundError):
        RustNotify([str(tmp_path / "missing")], False, False, 0, False, False)


async def test_on_a_network_file_system_logs_are_looked_at(tmp_path: Path, hasty: None) -> None:
    path = put(tmp_path, thread())
    kinds: list[str | None] = ["nfs4"]
    watcher = Watcher(lambda: [path.parent], network=lambda _path: kinds[-1])
    async with asyncio.timeout(SECONDS), aclosing(watcher.changes()) as told:
        assert await anext(told) == RESCAN
        assert how(watcher)[0] == "polling"
        assert how(watcher)[1] == f"{path.parent} is on a network file system (nfs4)"
        kinds.append(None)  # a local disk was mounted over it
        assert await anext(told) == RESCAN
        assert how(watcher)[0] == "native"
        watcher.close()


async def test_who_asks_for_it_has_a_network_watched_or_a_disk_looked_at(
    tmp_path: Path, hasty: None
) -> None:
    path = put(tmp_path, thread())
    watcher = Watcher(lambda: [path.parent], wish="native", network=lambda _path: "nfs")
    async with asyncio.timeout(SECONDS), aclosing(watcher.changes()) as told:
        assert await anext(told) == RESCAN
        assert how(watcher)[0] == "native"
        watcher.watch_as("poll")
        assert await anext(told) == RESCAN
        assert how(watcher) == ("polling", "it was asked for")
        watcher.watch_as("native")
        assert await anext(told) == RESCAN
        assert how(watcher)[0] == "native"
        watcher.close()
    assert how(watcher)[0] is None


async def test_the_end_of_looking_is_at_once(tmp_path: Path) -> None:
    watcher = Watcher(lambda: [tmp_path], wish="poll")
    async with asyncio.timeout(SECONDS):
        told = watcher.changes()
        await anext(told)
        following = asyncio.ensure_future(anext(told, None))
        watcher.close()
        assert await following is None


def test_near_directories_below_are_watched(tmp_path: Path) -> None:
    (tmp_path / "archive/2025/12/31").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "round").symlink_to(tmp_path)
    below = folders_below([tmp_path, tmp_path / "missing"])
    assert below.read == {
        tmp_path / place for place in ("archive", "archive/2025", "archive/2025/12")
    }
    assert below.locked == frozenset()


async def test_a_log_in_an_archive_is_told_by_its_path(tmp_path: Path) -> None:
    put(tmp_path, thread())
    archive = tmp_path / "threads/archive"
    async with changes(archive.parent) as (_, told):
        assert (await anext(told)).rescan
        archive.mkdir()
        assert await anext(told) == Changed(frozenset(), rescan=True)
        path = archive / "export.json"
        path.write_bytes(encode(thread(answer())))
        while True:
            change = await anext(told)
            assert not change.rescan
            if path in change.paths:
                break
        archive.rename(tmp_path / "elsewhere")
        while not (await anext(told)).rescan:
            pass


async def test_directories_that_nobody_reads_change_nothing(tmp_path: Path) -> None:
    path = put(tmp_path, thread())
    async with changes(path.parent) as (_, told):
        await anext(told)
        (path.parent / ".hidden").mkdir()
        (tmp_path / "beside").mkdir()
        (path.parent / "link").symlink_to(tmp_path)
        put(tmp_path, thread(answer()))
        seen: set[Path] = set()
        while path not in seen:
            change = await anext(told)
            assert not change.rescan
            seen |= change.paths


async def test_a_directory_that_comes_while_watching_begins_is_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, thread())
    archive = path.parent / "archive"

    def begin(*arguments: object) -> object:
        # After the directories were found and before they are watched.
        archive.mkdir(exist_ok=True)
        return RustNotify(*arguments)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(native, "RustNotify", begin)
    async with changes(path.parent) as (_, told):
        assert (await anext(told)).rescan
        log = archive / path.name
        log.write_bytes(encode(thread()))
        while log not in (await anext(told)).paths:
            pass
