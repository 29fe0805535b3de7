"""What the passing of time asks of the service: a new day, another zone, a clock set anew.

`step` is pure: it compares two moments and says what is to be done. `keep_time` asks it every
two seconds and when a day begins.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import NamedTuple

from amp_tray.core.periods import day_of, start_of_day
from amp_tray.live.pace import seconds_to_next
from amp_tray.live.queries import Zone

LOOK_SECONDS = 2.0
"""How often the clocks and the zone are looked at."""

RESCAN_SECONDS = 180.0
"""How often everything is looked through, in case a change went unseen."""

_DRIFT_SECONDS = 2.0  # clocks that are set right little by little stay far below
_LATE_SECONDS = 10.0  # a stopped process, or a system whose clocks all stand while it sleeps
_SHORTEST_SECONDS = 0.005  # a day may begin a little later than the wall clock's rate promised


class Moment(NamedTuple):
    """What the clocks and the system's settings say at once.

    Attributes:
        wall: epoch milliseconds.
        monotonic: seconds that only rise and may stand while the system sleeps.
        boottime: seconds that go on while it sleeps, where there are such; else `monotonic`.
        zone: the zone whose days count.
    """

    wall: int
    monotonic: float
    boottime: float
    zone: Zone

    @property
    def day(self) -> date:
        """Return the calendar day."""
        return day_of(self.wall, self.zone.info)


class Kept(NamedTuple):
    """What is remembered from one look to the next.

    Attributes:
        moment: the last look.
        look_at: when the next is due; monotonic, as all times here.
        rescan_at: when everything is to be looked through.
    """

    moment: Moment
    look_at: float
    rescan_at: float


class Actions(NamedTuple):
    """What is to be done.

    Attributes:
        publish: the same usage makes other figures now.
        rescan: changes may have gone unseen.
    """

    publish: bool = False
    rescan: bool = False


def begin(moment: Moment) -> Kept:
    """Return what is remembered of the first moment."""
    return _kept(moment, moment.monotonic + RESCAN_SECONDS)


def step(kept: Kept, now: Moment) -> tuple[Kept, Actions]:
    """Return what is remembered from now on, and what the time since the last look asks for."""
    last = kept.moment
    awake = now.monotonic - last.monotonic
    set_anew = abs((now.wall - last.wall) / 1000 - awake) > _DRIFT_SECONDS
    slept = now.boottime - last.boottime - awake > _DRIFT_SECONDS
    late = now.monotonic - kept.look_at > _LATE_SECONDS
    jumped = set_anew or slept or late
    rescan = jumped or now.monotonic >= kept.rescan_at
    turned = now.day != last.day or now.zone.name != last.zone.name
    rescan_at = now.monotonic + RESCAN_SECONDS if rescan else kept.rescan_at
    return _kept(now, rescan_at), Actions(publish=turned or jumped, rescan=rescan)


def _kept(moment: Moment, rescan_at: float) -> Kept:
    tomorrow = start_of_day(moment.day + timedelta(days=1), moment.zone.info)
    to_day = max((tomorrow - moment.wall) / 1000, _SHORTEST_SECONDS)
    to_look = seconds_to_next(LOOK_SECONDS, moment.monotonic)
    return Kept(moment, moment.monotonic + min(to_day, to_look), rescan_at)


async def keep_time(
    read_clocks: Callable[[], Moment],
    act: Callable[[Actions], Awaitable[None]],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Do what time asks for until cancelled.

    Args:
        read_clocks: the present moment.
        act: called after every look, mostly with nothing to be done.
        sleep: waits some seconds.
    """
    kept = begin(read_clocks())
    while True:
        await sleep(max(0.0, kept.look_at - read_clocks().monotonic))
        kept, actions = step(kept, read_clocks())
        await act(actions)
