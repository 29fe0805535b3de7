"""A common beat for all that looks at something now and then.

Looks that fall together wake the process once, not once each.
"""

import asyncio


def seconds_to_next(period: float, now: float) -> float:
    """Return the seconds until the next beat: a whole multiple of a period.

    A beat that is all but there counts as gone by: timers may fire a little early.

    Args:
        period: seconds, the same for all that is to fall together.
        now: the event loop's clock.
    """
    left = period - now % period
    return left if left > period / 100 else left + period


async def until_next(period: float) -> None:
    """Wait for the next beat."""
    await asyncio.sleep(seconds_to_next(period, asyncio.get_running_loop().time()))
