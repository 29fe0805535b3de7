"""Roots that come, go, are replaced, locked and moved, with a service that watches or looks."""

import os
import shutil
from pathlib import Path

import pytest

from amp_tray.live import polling, timekeeper
from amp_tray.live.watch import WatchWish
from tests.support import samples
from tests.support.sandbox import Sandbox
from tests.support.scans import drop, put
from tests.support.services import running
from tests.support.threads import ID, answer, thread

OTHER = "T-0199aaaa-bbbb-7ccc-8ddd-000000000002"
posix = pytest.mark.skipif(os.name != "posix", reason="making links takes rights elsewhere")


@pytest.fixture(params=["native", "poll"])
def wish(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> WatchWish:
    monkeypatch.setattr(polling, "SHORTEST_SECONDS", 0.02)
    monkeypatch.setattr(timekeeper, "LOOK_SECONDS", 0.05)
    chosen: WatchWish = request.param
    return chosen


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "share/amp"


async def test_one_that_appears_is_read(root: Path, wish: WatchWish) -> None:
    async with running(root, watch=wish) as (service, follower):
        assert follower.tokens() == 0
        put(root, thread(answer()))
        await follower.until(lambda: follower.tokens() == 100)
        mode = {"native": "native", "poll": "polling"}[wish]
        assert service.status()["watchMode"] == mode


async def test_one_that_vanishes_keeps_its_usage_and_is_read_when_it_is_back(
    root: Path, wish: WatchWish
) -> None:
    put(root, thread(answer()))
    async with running(root, watch=wish) as (service, follower):
        shutil.rmtree(root.parent)
        put(root, thread(answer(), id=OTHER), OTHER)
        await follower.until(lambda: follower.tokens() == 200)
        put(root, thread(answer(), answer(2), id=OTHER), OTHER)
        await follower.until(lambda: follower.tokens() == 300)
        assert service.status()["state"] == "ready"


@pytest.mark.parametrize("level", [0, 1, 2])
async def test_one_that_is_replaced_is_read_anew(root: Path, wish: WatchWish, level: int) -> None:
    """By another directory of the same name: the threads' own, the root, or one above it."""
    put(root, thread(answer()))
    place = (root / "threads", root, root.parent)[level]
    new = root.parents[1] / "new"
    inner = new / (root / "threads").relative_to(place)
    drop(inner, f"{OTHER}.json", thread(answer(), id=OTHER))
    async with running(root, watch=wish) as (_, follower):
        place.rename(root.parents[1] / "old")
        new.rename(place)
        await follower.until(lambda: follower.tokens() == 200)
        put(root, thread(answer(), answer(2), id=OTHER), OTHER)
        await follower.until(lambda: follower.tokens() == 300)


async def test_one_that_is_locked_is_told_and_read_when_it_is_open_again(
    root: Path, wish: WatchWish, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(root, thread(answer()))
    real = os.scandir

    def refuse(folder: str | Path) -> object:
        if Path(folder) == path.parent:
            raise PermissionError(13, "Permission denied")
        return real(folder)

    async with running(root, watch=wish) as (service, follower):
        with monkeypatch.context() as context:
            context.setattr("amp_tray.live.folders.os.scandir", refuse)
            context.setattr(
                "amp_tray.live.targets.os.access", lambda folder, _mode: folder != path.parent
            )
            await follower.until(lambda: follower.codes() == ["unreadable-root"])
            assert follower.tokens() == 100
            put(root, thread(answer(), answer(2)))
        await follower.until(lambda: follower.codes() == [])
        assert follower.tokens() == 200
        put(root, thread(answer(), answer(2), answer(3)))
        await follower.until(lambda: follower.tokens() == 300)
        assert service.status()["state"] == "ready"


@posix
async def test_one_whose_threads_lie_behind_a_link_that_moves_is_read_anew(
    tmp_path: Path, root: Path, wish: WatchWish
) -> None:
    drop(tmp_path / "one", f"{ID}.json", thread(answer()))
    drop(tmp_path / "two", f"{OTHER}.json", thread(answer(), id=OTHER))
    drop(root, "session.json", {})
    (root / "threads").symlink_to(tmp_path / "one")
    async with running(root, watch=wish) as (_, follower):
        (root / "aside").symlink_to(tmp_path / "two")
        (root / "aside").replace(root / "threads")
        await follower.until(lambda: follower.tokens() == 200)
        drop(tmp_path / "two", f"{OTHER}.json", thread(answer(), answer(2), id=OTHER))
        await follower.until(lambda: follower.tokens() == 300)


@posix
@pytest.mark.parametrize("mode", ["native", "poll"])
def test_a_root_that_is_a_link_is_followed_when_it_moves(mode: str) -> None:
    """The real program: another place is another root, with the usage that was read there."""
    with Sandbox() as user:
        for name in ("one", "two"):
            document = samples.thread(samples.answer(samples.now()), thread_id=f"T-{name}")
            drop(user.home / name / "threads", f"T-{name}.json", document)
        link = user.home / "link"
        link.symlink_to(user.home / "one")
        user.env |= {"AMP_DATA_DIR": str(link), "AMP_TRAY_WATCH": mode}
        with user.serving(), user.client() as client, user.client() as asked:
            client.call("usage.subscribe")
            assert _sessions(asked.call("report.session")) == ["T-one"]
            (user.home / "aside").symlink_to(user.home / "two")
            (user.home / "aside").replace(link)
            for _ in client.notifications():
                if _sessions(asked.call("report.session")) == ["T-two"]:
                    break
            assert asked.call("service.status")["roots"][0]["path"] == str(user.home / "two")


def _sessions(report: dict[str, list[dict[str, str]]]) -> list[str]:
    return [row["sessionId"] for row in report["sessions"]]
