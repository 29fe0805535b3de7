"""Blocks: the windows of five hours that usage falls into, one after the other.

The first usage begins a block at its full hour (UTC); the next usage at or after the block's
end begins another. Rollups are by quarter hours, so none lies in two blocks.
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from amp_tray.core.money import Usd
from amp_tray.core.rollup import Rollup
from amp_tray.core.tokens import Totals

MINUTE_MS = 60 * 1000
HOUR_MS = 60 * MINUTE_MS
BLOCK_MS = 5 * HOUR_MS


class Block(NamedTuple):
    """One window: [start, end), and the first and last usage in it, epoch milliseconds."""

    start: int
    first_at: int
    last_at: int

    @property
    def end(self) -> int:
        """Return the instant after the window's last."""
        return self.start + BLOCK_MS

    def active(self, now: int) -> bool:
        """Say whether the present lies in it, whose usage is then less than five hours old."""
        return self.start <= now < self.end

    def idle_until(self, following: "Block") -> bool:
        """Say whether there was nothing for five hours, and time between the two windows."""
        return following.first_at - self.last_at >= BLOCK_MS and following.start > self.end


class Pace(NamedTuple):
    """How fast an active block is used up, and what it comes to at that pace.

    Attributes:
        elapsed_ms: from the block's first usage to the present, at least a minute.
        remaining_ms: from the present to the block's end.
        used: the usage so far.
    """

    elapsed_ms: int
    remaining_ms: int
    used: Totals

    @property
    def tokens_per_minute(self) -> float:
        """Return the tokens of an average minute so far."""
        return self.used.total_tokens * MINUTE_MS / self.elapsed_ms

    @property
    def cost_per_hour(self) -> Usd:
        """Return the picodollars of an average hour so far."""
        return Usd(self.used.cost * HOUR_MS // self.elapsed_ms)

    @property
    def remaining_minutes(self) -> int:
        """Return the whole minutes that remain."""
        return self.remaining_ms // MINUTE_MS

    @property
    def projected_tokens(self) -> int:
        """Return the tokens at the block's end."""
        return self._projected(self.used.total_tokens)

    @property
    def projected_cost(self) -> Usd:
        """Return the picodollars at the block's end."""
        return Usd(self._projected(self.used.cost))

    def _projected(self, amount: int) -> int:
        return amount + amount * self.remaining_ms // self.elapsed_ms


def pace(block: Block, used: Totals, now: int) -> Pace:
    """Return the pace of a block that is active now."""
    return Pace(max(now - block.first_at, MINUTE_MS), block.end - now, used)


def blocks_of(rollups: Iterable[Rollup]) -> list[Block]:
    """Return the blocks of some usage, oldest first."""
    blocks: list[Block] = []
    start = first_at = last_at = 0
    for begin, end in sorted((rollup.first_at, rollup.last_at) for rollup in rollups):
        if not blocks or begin >= start + BLOCK_MS:
            start, first_at, last_at = begin // HOUR_MS * HOUR_MS, begin, end
            blocks.append(Block(start, first_at, last_at))
        elif end > last_at:
            last_at = end
            blocks[-1] = Block(start, first_at, last_at)
    return blocks


def fill(blocks: list[Block], rollups: Iterable[Rollup]) -> dict[Block, list[Rollup]]:
    """Return the rollups of each block that has some, in the order of the blocks.

    Args:
        blocks: as `blocks_of` returns them for these rollups, or for more.
        rollups: in any order.
    """
    starts = [block.start for block in blocks]
    filled: dict[int, list[Rollup]] = {}
    for rollup in rollups:
        filled.setdefault(bisect_right(starts, rollup.first_at) - 1, []).append(rollup)
    return {blocks[index]: filled[index] for index in sorted(filled)}
