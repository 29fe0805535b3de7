"""What is told, when, and how often."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from amp_tray.config.notifications import NotificationWishes, quiet_hours
from amp_tray.core.errors import UsageError
from amp_tray.host.once import Once
from amp_tray.surfaces.tray.actions import Action
from amp_tray.surfaces.tray.notice_text import Notice
from amp_tray.surfaces.tray.notices import Notices
from amp_tray.surfaces.tray.summary import read_crossing, read_summary
from tests.surfaces.tray.summaries import NOW, empty_summary, period, summary, thread

SECONDS = 10.0
NO_USAGE_TITLE, OLD_USAGE_TITLE = "No usage found yet", "New threads may be missing"


def crossing(level: str = "over", **members: Any) -> dict[str, Any]:
    return {
        "name": "budgets.daily.usd",
        "level": level,
        "period": "daily",
        "periodKey": "2026-11-22",
        "unit": "USD",
        "used": 16.2,
        "limit": 20,
        **members,
    }


MONTHLY = crossing(name="budgets.monthly.usd", period="monthly", periodKey="2026-11")
WEEKLY = crossing(name="budgets.weekly.usd", period="weekly", periodKey="2026-11-16")


@dataclass
class FakeNotifier:
    """A desktop that shows notifications, or does not while `broken`."""

    broken: bool = False
    raises: Exception | None = None
    told: list[Notice] = field(default_factory=list)
    attempts: int = 0
    closed: bool = False
    act: Callable[[Action], None] | None = None
    on_change: Callable[[], object] = print

    async def tell(self, notice: Notice, act: Callable[[Action], None]) -> bool:
        self.attempts += 1
        self.act = act
        self.on_change()
        if self.raises is not None:
            raise self.raises
        if not self.broken:
            self.told.append(notice)
        return not self.broken

    async def close(self) -> None:
        self.closed = True


@dataclass
class Desk:
    """Notices around which everything can be set."""

    path: Path
    notifier: FakeNotifier = field(default_factory=FakeNotifier)
    wishes: NotificationWishes = field(default_factory=NotificationWishes)
    trouble: Exception | None = None
    now: datetime = NOW
    settle: float = 0.0
    notices: Notices = field(init=False)
    clicked: list[Action] = field(default_factory=list)
    looks: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def __post_init__(self) -> None:
        self.notifier.on_change = lambda: self.loop.call_soon(self.changed.set)
        self.start()

    def start(self) -> None:
        """Begin as a tray does that is started (again)."""
        self.notices = Notices(
            self.notifier,
            wishes=self.ask,
            once=Once(self.path),
            clock=lambda: self.now,
            patience=0.0,
            settle=self.settle,
        )
        self.notices.start(self.clicked.append)

    def ask(self) -> NotificationWishes:
        self.looks += 1
        self.loop.call_soon_threadsafe(self.changed.set)
        if self.trouble is not None:
            raise self.trouble
        return self.wishes

    def cross(self, document: dict[str, Any]) -> None:
        self.notices.on_crossing(read_crossing(document))

    def publish(self, document: dict[str, Any]) -> None:
        self.notices.on_summary(read_summary(document))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that changes when the notices look or tell."""
        async with asyncio.timeout(SECONDS):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    async def told(self, count: int = 1) -> list[str]:
        """Wait until so much was told; its titles."""
        await self.until(lambda: len(self.notifier.told) >= count)
        return [notice.title for notice in self.notifier.told]

    async def told_at_last(self, document: dict[str, Any]) -> set[str]:
        """Cross a budget until that is told, since a look may be under way that drops it."""

        def told() -> bool:
            if not self.notifier.told:
                self.cross(document)
            return bool(self.notifier.told)

        await self.until(told)
        return {notice.title for notice in self.notifier.told}

    async def one_more_look(self) -> None:
        """Wait until a look that was under way, or due, is over and another one began."""
        before = self.looks
        await self.until(lambda: self.looks >= before + 2)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path / "data" / "notices.json")
    yield desk
    await desk.notices.close()
    assert desk.notifier.closed


async def test_a_crossed_budget_is_told_once_and_a_click_goes_to_the_menus_handler(
    desk: Desk,
) -> None:
    desk.publish(summary())
    desk.cross(crossing())
    assert await desk.told() == ["Daily budget used up"]
    desk.publish(summary(revision=13))
    desk.cross(MONTHLY)
    assert await desk.told(2) == ["Daily budget used up", "Monthly budget used up"]
    assert desk.notifier.act is not None
    desk.notifier.act(desk.notifier.told[0].click)
    assert desk.clicked == [desk.notifier.told[0].click]


async def test_a_crossing_waits_for_the_figures_that_come_with_it(desk: Desk) -> None:
    await desk.notices.close()
    desk.settle = 60.0
    desk.start()
    desk.publish(summary())
    desk.cross(crossing())
    for _ in range(3):  # long enough for a look to begin
        await asyncio.to_thread(threading.get_ident)
    assert desk.looks == 0
    desk.publish(summary(today=period("2026-11-22", threads=[thread(title="Newer")])))
    await desk.told()
    assert "Newer" in desk.notifier.told[0].body


async def test_of_two_levels_at_once_the_newer_is_told(desk: Desk) -> None:
    desk.cross(crossing("near"))
    desk.cross(crossing("over"))
    desk.cross(MONTHLY)
    assert await desk.told(2) == ["Daily budget used up", "Monthly budget used up"]


async def test_quiet_hours_hold_it_back_until_they_are_over(desk: Desk) -> None:
    desk.wishes = NotificationWishes(quiet=quiet_hours("11:00-13:00"))
    desk.cross(crossing("near"))
    await desk.one_more_look()
    assert desk.notifier.told == []
    desk.now = NOW.replace(hour=13)
    assert await desk.told() == ["Daily budget nearly used up"]


@pytest.mark.parametrize(
    ("crossed", "later"),
    [
        (crossing(), summary(today=period("2026-11-23"))),
        (WEEKLY, summary(today=period("2026-11-23"))),
        (MONTHLY, summary(today=period("2026-12-01"), month=period("2026-12"))),
    ],
    ids=["daily", "weekly", "monthly"],
)
async def test_what_could_not_be_told_in_its_period_is_dropped(
    desk: Desk, crossed: dict[str, Any], later: dict[str, Any]
) -> None:
    desk.publish(summary())
    desk.notifier.broken = True
    desk.cross(crossed)
    await desk.until(lambda: desk.notifier.attempts > 0)
    desk.publish(later)
    desk.notifier.broken = False
    desk.cross(crossing(name="budgets.daily.credits", periodKey="2099-01-01", unit="credits"))
    assert await desk.told() == ["Daily budget used up"]
    assert "credits used" in desk.notifier.told[0].body


@pytest.mark.parametrize("crossed", [crossing(), WEEKLY, MONTHLY])
async def test_figures_that_lag_behind_a_crossing_do_not_drop_it(
    desk: Desk, crossed: dict[str, Any]
) -> None:
    before = summary(today=period("2026-10-31"), month=period("2026-10"))
    desk.publish(before)
    desk.cross(crossed)
    assert len(await desk.told()) == 1


@pytest.mark.parametrize(
    "wishes", [NotificationWishes(mute=True), NotificationWishes(budgets=False)]
)
async def test_what_is_not_wanted_is_never_told(desk: Desk, wishes: NotificationWishes) -> None:
    desk.wishes = wishes
    desk.cross(crossing())
    await desk.until(lambda: desk.looks > 0)
    desk.cross(WEEKLY)  # looked at once that look is over
    await desk.until(lambda: desk.looks > 1)
    desk.wishes = NotificationWishes()
    assert await desk.told_at_last(MONTHLY) == {"Monthly budget used up"}


async def test_while_reading_is_paused_nothing_is_told(desk: Desk) -> None:
    desk.publish(summary(paused=True))
    desk.cross(crossing())
    await desk.one_more_look()
    assert desk.notifier.attempts == 0
    desk.publish(summary())
    assert await desk.told() == ["Daily budget used up"]


async def test_a_desktop_that_shows_notifications_later_shows_it_then(desk: Desk) -> None:
    desk.notifier.broken = True
    desk.cross(crossing())
    await desk.until(lambda: desk.notifier.attempts > 1)
    desk.notifier.broken = False
    assert await desk.told() == ["Daily budget used up"]


@pytest.mark.parametrize("where", ["the notifier", "the settings"])
async def test_what_fails_is_logged_without_its_words_and_the_next_is_told(
    desk: Desk, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    if where == "the notifier":
        desk.notifier.raises = ValueError("a title")
    else:
        desk.trouble = UsageError("a title")
    with caplog.at_level(logging.WARNING):
        desk.cross(crossing())
        await desk.until(lambda: desk.looks > 0)
        desk.cross(crossing())
        await desk.until(lambda: desk.looks > 1)
    assert "a notification failed" in caplog.text
    assert "a title" not in caplog.text
    desk.notifier.raises, desk.trouble = None, None
    assert await desk.told_at_last(MONTHLY) == {"Monthly budget used up"}


OLD = summary(newestEventAt=(NOW - timedelta(days=8)).isoformat())


@pytest.mark.parametrize(
    ("document", "title"), [(OLD, OLD_USAGE_TITLE), (empty_summary(), NO_USAGE_TITLE)]
)
async def test_where_new_threads_are_is_told_once_ever(
    desk: Desk, document: dict[str, Any], title: str
) -> None:
    desk.publish(document)
    assert await desk.told() == [title]
    desk.publish(document)
    await desk.notices.close()
    desk.start()
    desk.publish(document)
    desk.cross(crossing())
    assert await desk.told(2) == [title, "Daily budget used up"]


async def test_it_is_not_told_before_it_is_wanted_or_could_be_shown(desk: Desk) -> None:
    desk.notifier.broken = True
    desk.publish(OLD)
    await desk.until(lambda: desk.notifier.attempts > 0)
    assert not desk.path.exists()
    desk.notifier.broken = False
    desk.wishes = NotificationWishes(mute=True)
    desk.publish(OLD)
    desk.cross(crossing())
    await desk.until(lambda: desk.looks > 1)
    desk.cross(crossing())
    await desk.until(lambda: desk.looks > 2)
    assert desk.notifier.told == []
    desk.wishes = NotificationWishes()
    desk.publish(OLD)
    assert await desk.told() == [OLD_USAGE_TITLE]


async def test_recent_usage_is_nothing_to_tell_and_costs_no_look(desk: Desk) -> None:
    for revision in range(50):
        desk.publish(summary(revision=revision))
    desk.cross(crossing())
    assert await desk.told() == ["Daily budget used up"]
    assert desk.looks == 1
