"""Rows of a report by blocks of five hours, and the gaps between them."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from amp_tray.core.blocks import Block, blocks_of, fill, pace
from amp_tray.core.document import Document, rounded
from amp_tray.core.filters import sessions_of
from amp_tray.core.periods import day_of, iso_instant
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.report_rows import Row, usage_row
from amp_tray.core.rollup import Rollup
from amp_tray.core.snapshot import SessionUsage, Snapshot
from amp_tray.core.tokens import Totals

_PICO = 1e12


def by_block(snapshot: Snapshot, options: ReportOptions, now: int) -> list[Row]:
    """Return a row a block that has usage, and one for each gap, oldest first.

    Blocks are those of all usage; filters choose what is counted in each. Since and until go
    by the day a block begins on. A gap is shown between the two blocks that it parts.
    """
    blocks = blocks_of(_rollups(snapshot.sessions.values()))
    filled = fill(blocks, _rollups(sessions_of(snapshot, options)))
    shown = [block for block in filled if options.covers(day_of(block.start, options.zone))]
    if options.last is not None:
        shown = shown[-options.last :]
    kept = set(shown)
    gaps = {
        before: _gap_row(before.end, after.start)
        for before, after in pairwise(blocks)
        if before.idle_until(after) and {before, after} <= kept
    }
    rows = []
    for block in shown:
        row = _block_row(block, filled[block], now)
        ends_at = _reset_in(block, snapshot, options.source)
        if ends_at is not None:
            row.document["limitResetsAt"] = iso_instant(ends_at)
        rows.append(row)
        if block in gaps:
            rows.append(gaps[block])
    return rows


def _reset_in(block: Block, snapshot: Snapshot, source: str | None) -> int | None:
    """Return when the limit ends that was last reached in a block, None where none was."""
    reached = [
        (at, ends_at)
        for name, at, ends_at in snapshot.resets
        if block.start <= at < block.end and source in (None, name)
    ]
    return max(reached)[1] if reached else None


def _rollups(sessions: Iterable[SessionUsage]) -> list[Rollup]:
    return [rollup for session in sessions for rollup in session.rollups]


def _block_row(block: Block, rollups: Iterable[Rollup], now: int) -> Row:
    active = block.active(now)
    row = usage_row(_head(block.start, block.end, active=active), rollups)
    if not active:
        return row
    return row._replace(document=row.document | _pace_columns(block, row.totals, now))


def _gap_row(start: int, end: int) -> Row:
    return usage_row(_head(start, end, gap=True), ())


def _head(start: int, end: int, *, active: bool = False, gap: bool = False) -> Document:
    return {
        "startTime": iso_instant(start),
        "endTime": iso_instant(end),
        "isActive": active,
        "isGap": gap,
        "burnRate": None,
        "projection": None,
    }


def _pace_columns(block: Block, used: Totals, now: int) -> Document:
    current = pace(block, used, now)
    return {
        "burnRate": {
            "tokensPerMinute": rounded(current.tokens_per_minute, 2),
            "costPerHour": _dollars(current.cost_per_hour),
        },
        "projection": {
            "totalTokens": current.projected_tokens,
            "totalCost": _dollars(current.projected_cost),
            "remainingMinutes": current.remaining_minutes,
        },
    }


def _dollars(picodollars: int) -> Decimal:
    return rounded(picodollars / _PICO, 6)
