"""Rows of a report: what every row shows of its usage, and the rows by session and project."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import tzinfo
from typing import NamedTuple

from amp_tray.core.document import Document, counts, model_rows, shown, without_money
from amp_tray.core.filters import sessions_of
from amp_tray.core.periods import day_of, iso_instant
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.rollup import Rollup, by_model, sum_of
from amp_tray.core.snapshot import SessionUsage, Snapshot
from amp_tray.core.text import clean
from amp_tray.core.tokens import Totals

_MOST_KEPT = 2


class Row(NamedTuple):
    """A row of a report.

    Attributes:
        document: as the report shows it (`ReportOptions.pack` may have written it already).
        totals: the sums it shows.
        unpriced: its models with tokens that have no price.
    """

    document: Document
    totals: Totals
    unpriced: tuple[str, ...]


def usage_row(head: Document, rollups: Iterable[Rollup]) -> Row:
    """Return the row that begins with `head` and goes on with what the rollups add up to."""
    models = by_model(rollups)
    totals = sum_of(each for _, each in models)
    columns = {
        **counts(totals),
        "modelsUsed": sorted({clean(model) for model, _ in models}),
        "modelBreakdowns": model_rows(models),
    }
    unpriced = tuple(clean(model) for model, total in models if total.unpriced_tokens)
    return Row({**head, **columns}, totals, unpriced)


def session_row(session: SessionUsage, rollups: Iterable[Rollup], zone: tzinfo) -> Row:
    """Return a session's row with the counts of the given rollups of it."""
    head = {
        "sessionId": session.session_id,
        "title": shown(session.title),
        "project": shown(session.project),
        "firstActivity": day_of(session.first_at, zone).isoformat(),
        "lastActivity": day_of(session.last_at, zone).isoformat(),
        "lastActivityAt": iso_instant(session.last_at),
        "source": session.source,
    }
    return usage_row(head, rollups)


def cost_order(session: SessionUsage, totals: Totals) -> tuple[int, int, str]:
    """Return the sort key of session rows: cost, then last activity, highest first, then id."""
    return (-totals.cost, -session.last_at, session.session_id)


def by_session(snapshot: Snapshot, options: ReportOptions, _now: int) -> list[Row]:
    """Return a row a session, the dearest first; since and until go by its last activity."""
    pairs = [
        (session, _whole_session_row(session, options))
        for session in sessions_of(snapshot, options)
        if options.covers(day_of(session.last_at, options.zone))
    ]
    pairs.sort(key=lambda pair: cost_order(pair[0], pair[1].totals))
    return [row for _, row in pairs]


def _whole_session_row(session: SessionUsage, options: ReportOptions) -> Row:
    """Return the row of all of a session's usage, kept with it where rows can be packed.

    A service is asked again and again, and between two reports few sessions change.
    """
    if options.pack is None:
        return session_row(session, session.rollups, options.zone)
    key = (options.zone, options.no_cost)
    kept: Row | None = session.rows.get(key)
    if kept is None:
        made = session_row(session, session.rollups, options.zone)
        shown_of = without_money(made.document) if options.no_cost else made.document
        kept = made._replace(document=options.pack(shown_of))
        if len(session.rows) >= _MOST_KEPT:  # every zone of the world might be asked for
            session.rows.clear()
        session.rows[key] = kept
    return kept


def by_project(snapshot: Snapshot, options: ReportOptions, _now: int) -> list[Row]:
    """Return a row a project, the dearest first, then by name; null is usage without one.

    Since and until go by the usage's day; `sessions` counts those with usage in that time.
    """
    rollups: dict[str | None, list[Rollup]] = defaultdict(list)
    sessions: dict[str | None, int] = defaultdict(int)
    for session in sessions_of(snapshot, options):
        kept = [
            rollup
            for rollup in session.rollups
            if options.covers(day_of(rollup.first_at, options.zone))
        ]
        if kept:
            rollups[session.project] += kept
            sessions[session.project] += 1
    pairs = [
        (name, usage_row({"project": shown(name), "sessions": sessions[name]}, used))
        for name, used in rollups.items()
    ]
    pairs.sort(key=lambda pair: (-pair[1].totals.cost, pair[0] is not None, pair[0] or ""))
    return [row for _, row in pairs]
