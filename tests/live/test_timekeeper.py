"""What the passing of time asks for, on clocks that the test turns; moments computed by hand."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from amp_tray.live.queries import Zone
from amp_tray.live.timekeeper import Actions, Kept, Moment, begin, keep_time, step

NOTHING = Actions()
PUBLISH = Actions(publish=True)
JUMPED = Actions(publish=True, rescan=True)


def at(text: str, zone: str = "Europe/Berlin", *, monotonic: float = 1001.0) -> Moment:
    """Return a moment of a UTC time, on clocks that agree."""
    wall = round(datetime.fromisoformat(text + "+00:00").timestamp() * 1000)
    return Moment(wall, monotonic, monotonic, Zone(ZoneInfo(zone), zone))


def later(moment: Moment, seconds: float) -> Moment:
    """Return a moment after some seconds on all clocks."""
    return moment._replace(
        wall=moment.wall + round(seconds * 1000),
        monotonic=moment.monotonic + seconds,
        boottime=moment.boottime + seconds,
    )


def looked(moment: Moment, seconds: float) -> tuple[Kept, Actions]:
    return step(begin(moment), later(moment, seconds))


def test_looks_fall_on_whole_multiples_of_two_seconds() -> None:
    kept = begin(at("2026-03-10T12:00:00", monotonic=1000.5))
    assert kept.look_at == 1002.0
    kept, actions = step(kept, later(kept.moment, 1.5))
    assert (kept.look_at, actions) == (1004.0, NOTHING)


@pytest.mark.parametrize(
    ("midnight", "zone"),
    [
        ("2026-03-10T23:00:00", "Europe/Berlin"),  # UTC+1
        ("2026-03-31T22:00:00", "Europe/Berlin"),  # UTC+2, and a month's end
        ("2026-03-29T22:00:00", "Europe/Berlin"),  # the end of a day of 23 hours
        ("2026-10-25T23:00:00", "Europe/Berlin"),  # of one of 25
        ("2026-04-23T22:00:00", "Africa/Cairo"),  # into a day that begins at 01:00
        ("2026-03-10T18:15:00", "Asia/Kathmandu"),  # UTC+5:45
    ],
)
def test_a_day_turns_at_its_first_instant(midnight: str, zone: str) -> None:
    before = later(at(midnight, zone), -0.7)
    kept = begin(before)
    assert kept.look_at == pytest.approx(before.monotonic + 0.7)
    kept, actions = step(kept, later(before, 0.699))
    assert actions == NOTHING
    assert kept.look_at == pytest.approx(before.monotonic + 0.704)  # never at once
    kept, actions = step(kept, later(before, 0.704))
    assert actions == PUBLISH
    assert step(kept, later(before, 2))[1] == NOTHING


def test_days_of_23_and_25_hours_turn_at_no_other_time() -> None:
    for day, hours in (("2026-03-28T23:00:00", 23), ("2026-10-24T22:00:00", 25)):
        first = at(day)
        turns = []
        kept = begin(first)
        for minute in range(1, 26 * 60):
            now = later(first, minute * 60)
            kept, actions = step(kept._replace(look_at=now.monotonic), now)
            turns += [minute / 60] if actions.publish else []
        assert turns == [hours]


def test_another_zone_is_published_though_the_day_is_the_same() -> None:
    before = at("2026-03-10T12:00:00")
    now = later(before, 2)._replace(zone=Zone(ZoneInfo("Asia/Kathmandu"), "Asia/Kathmandu"))
    kept, actions = step(begin(before), now)
    assert actions == PUBLISH
    assert step(kept, later(now, 2))[1] == NOTHING


@pytest.mark.parametrize("seconds", [3600, -3600, 3, -3])
def test_a_clock_set_anew_rescans_and_publishes(seconds: int) -> None:
    before = at("2026-03-10T12:00:00")
    now = later(before, 2)
    assert step(begin(before), now._replace(wall=now.wall + seconds * 1000))[1] == JUMPED


def test_a_clock_that_is_set_right_little_by_little_does_nothing() -> None:
    now = at("2026-03-10T10:00:00")
    kept = begin(now)
    for _ in range(50):
        now = later(now, 2)._replace(wall=now.wall + 2100)
        kept, actions = step(kept, now)
        assert actions == NOTHING


def test_a_suspended_system_rescans_when_it_is_back() -> None:
    before = at("2026-03-10T12:00:00")
    awake = later(before, 1.5)
    # The monotonic clock stands meanwhile, the others go on.
    slept = awake._replace(wall=awake.wall + 8 * 3600_000, boottime=awake.boottime + 8 * 3600)
    kept, actions = step(begin(before), slept)
    assert actions == JUMPED
    assert step(kept, later(slept, 2))[1] == NOTHING
    # Also where the wall clock was set back by what it slept.
    assert step(begin(before), slept._replace(wall=awake.wall))[1] == JUMPED


def test_a_process_that_was_stopped_rescans() -> None:
    before = at("2026-03-10T12:00:00")
    assert looked(before, 9)[1] == NOTHING  # a busy machine
    assert looked(before, 30)[1] == JUMPED


def test_everything_is_looked_through_every_three_minutes() -> None:
    now = at("2026-03-10T12:00:00", monotonic=1000.0)
    kept, rescans = begin(now), []
    for _ in range(200):
        now = later(now, 2)
        kept, actions = step(kept, now)
        assert not actions.publish
        rescans += [now.monotonic] if actions.rescan else []
    assert rescans == [1180.0, 1360.0]


async def test_keeping_time_sleeps_until_the_next_look_and_acts() -> None:
    now = later(at("2026-03-10T23:00:00"), -3)
    slept, acted = [], []

    async def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(round(seconds, 3))
        now = later(now, seconds)

    async def act(actions: Actions) -> None:
        acted.append(actions)
        if len(acted) == 4:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await keep_time(lambda: now, act, sleep)
    assert slept == [2.0, 1.0, 1.0, 2.0]
    assert acted == [NOTHING, PUBLISH, NOTHING, NOTHING]
