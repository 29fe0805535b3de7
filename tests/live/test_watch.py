"""Watching directories, whether they exist yet or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from amp_tray.live import watch
from amp_tray.live.watch import Changed, Watcher, folders_below, watch_targets
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
        assert watcher.working


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


@pytest.mark.parametrize("error", [OSError(28, "limit"), WatchfilesRustInternalError("limit")])
async def test_a_system_that_refuses_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    refusals = [error]

    def refuse(*arguments: object) -> object:
        if refusals:
            raise refusals.pop()
        return RustNotify(*arguments)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(watch, "RustNotify", refuse)
    monkeypatch.setattr(watch, "_RETRY_SECONDS", 0)
    async with changes(tmp_path) as (watcher, told):
        assert (await anext(told)).rescan
        assert not watcher.working
        assert (await anext(told)).rescan
        assert watcher.working


def test_near_directories_below_are_watched(tmp_path: Path) -> None:
    (tmp_path / "archive/2025/12/31").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "round").symlink_to(tmp_path)
    assert folders_below([tmp_path, tmp_path / "missing"]) == {
        tmp_path / place for place in ("archive", "archive/2025", "archive/2025/12")
    }


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

    monkeypatch.setattr(watch, "RustNotify", begin)
    async with changes(path.parent) as (_, told):
        assert (await anext(told)).rescan
        log = archive / path.name
        log.write_bytes(encode(thread()))
        while log not in (await anext(told)).paths:
            pass
