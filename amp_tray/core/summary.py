"""The summary: today, this month and what stands out, for the tray and the editors' bars."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from heapq import nlargest
from operator import itemgetter
from typing import NamedTuple

from amp_tray.core.budgets import NO_BUDGETS, Budgets, budget_rows
from amp_tray.core.days import FIRST_AT
from amp_tray.core.document import Document, counts, model_rows, rounded, shown
from amp_tray.core.money import usd_decimal
from amp_tray.core.periods import by_day as by_calendar_day
from amp_tray.core.periods import (
    day_of,
    elapsed_share_of_month,
    iso_instant,
    month_of,
    start_of_day,
)
from amp_tray.core.report import optional_instant, unpriced_models
from amp_tray.core.report_rows import cost_order, session_row
from amp_tray.core.rollup import Rollup, by_model, sum_of
from amp_tray.core.snapshot import SessionUsage, Snapshot

TOP_THREADS = 10
BURN_WINDOW_MS = 60 * 60 * 1000

Part = tuple[SessionUsage, tuple[Rollup, ...]]
"""A session and those of its rollups that lie in some period."""


class Figures(NamedTuple):
    """What a summary shows that stays as it is until the usage or the day changes.

    Attributes:
        document: `today`, `month`, `last7Days`, `recentThreads`, `newestEventAt`,
            `unpricedModels` and `sources`.
        month_cost: of this month so far, USD.
        recent: (instant, picodollars) of events that were young enough for the burn rate, oldest
            first.
    """

    document: Document
    month_cost: float
    recent: list[tuple[int, int]]


def build_summary(
    snapshot: Snapshot,
    *,
    now: int,
    zone: tzinfo,
    zone_name: str,
    stale: bool,
    budgets: Budgets = NO_BUDGETS,
) -> Document:
    """Return the `usage.summary` document for an instant and a zone."""
    figures = summary_figures(snapshot, day_of(now, zone), zone)
    rows = budget_rows(snapshot, budgets, now=now, zone=zone)
    return summary_document(
        figures, snapshot, now=now, zone=zone, zone_name=zone_name, stale=stale, budgets=rows
    )


def summary_figures(snapshot: Snapshot, today: date, zone: tzinfo) -> Figures:
    """Return what a summary shows of the usage as of a day."""
    week = [today - timedelta(days=back) for back in range(6, -1, -1)]
    first = start_of_day(min(week[0], today.replace(day=1)), zone)
    days: dict[date, list[Part]] = defaultdict(list)
    for session in snapshot.sessions.values():
        if session.last_at >= first:
            for day, rollups in _by_day(session, zone):
                days[day].append((session, rollups))
    month = [
        part for day, parts in days.items() if month_of(day) == month_of(today) for part in parts
    ]
    month_period = _period(month_of(today), _merged(month), zone)
    document = {
        "today": _period(today.isoformat(), days[today], zone),
        "month": month_period,
        "last7Days": [{"date": day.isoformat(), "totalCost": _cost_of(days[day])} for day in week],
        "recentThreads": _recent(snapshot.sessions.values(), zone),
        "newestEventAt": optional_instant(snapshot.newest_event_at),
        "unpricedModels": unpriced_models(_rollups(month)),
        "sources": [
            {
                "source": source,
                "today": _counts_of(days[today], source),
                "month": _counts_of(month, source),
            }
            for source in snapshot.used_sources
        ],
    }
    recent = [spent for session in snapshot.sessions.values() for spent in session.recent]
    return Figures(document, float(month_period["totalCost"]), sorted(recent))


def summary_document(
    figures: Figures,
    snapshot: Snapshot,
    *,
    now: int,
    zone: tzinfo,
    zone_name: str,
    stale: bool,
    budgets: list[Document],
    balance: Document | None = None,
) -> Document:
    """Return figures with all that an instant adds to them."""
    projection = figures.month_cost / elapsed_share_of_month(now, zone)
    shown_of = figures.document
    return {
        "today": shown_of["today"],
        "month": shown_of["month"],
        "last7Days": shown_of["last7Days"],
        "recentThreads": shown_of["recentThreads"],
        "burnRate": _burn_rate(figures.recent, now),
        "projection": rounded(projection, 2),
        "budgets": budgets,
        "balance": balance,
        "newestEventAt": shown_of["newestEventAt"],
        "stale": stale,
        "paused": snapshot.paused,
        "diagnostics": len(snapshot.diagnostics),
        "unpricedModels": shown_of["unpricedModels"],
        "sources": shown_of["sources"],
        "revision": snapshot.revision,
        "generatedAt": iso_instant(now),
        "timezone": zone_name,
    }


def _period(key: str, parts: list[Part], zone: tzinfo) -> Document:
    ranked = sorted(parts, key=lambda part: cost_order(part[0], sum_of(part[1])))
    every = _rollups(parts)
    return {
        "key": key,
        **counts(sum_of(every)),
        "threads": [session_row(*part, zone)[0] for part in ranked[:TOP_THREADS]],
        "models": model_rows(by_model(every)),
        "projects": _projects(parts),
    }


def _recent(sessions: Iterable[SessionUsage], zone: tzinfo) -> list[Document]:
    """Return a row for each of the sessions that were used last, newest first, all usage in it."""
    newest = nlargest(TOP_THREADS, sessions, key=lambda each: (each.last_at, each.session_id))
    return [_whole_row(session, zone) for session in newest]


def _whole_row(session: SessionUsage, zone: tzinfo) -> Document:
    # Kept with the session: of those used last, few change from one summary to the next.
    key = ("recent", zone)
    if key not in session.rows:
        session.rows[key] = session_row(session, session.rollups, zone)[0]
    row: Document = session.rows[key]
    return row


def _counts_of(parts: Iterable[Part], source: str) -> Document:
    return counts(sum_of(_rollups(part for part in parts if part[0].source == source)))


def _projects(parts: list[Part]) -> list[Document]:
    groups: dict[str | None, list[Rollup]] = defaultdict(list)
    for session, rollups in parts:
        groups[session.project].extend(rollups)
    totals = [(project, sum_of(rollups)) for project, rollups in groups.items()]
    totals.sort(key=lambda item: (-item[1].cost, item[0] or ""))
    return [{"project": shown(project), **counts(total)} for project, total in totals]


def _merged(parts: Iterable[Part]) -> list[Part]:
    sessions: dict[str, tuple[SessionUsage, list[Rollup]]] = {}
    for session, rollups in parts:
        sessions.setdefault(session.session_id, (session, []))[1].extend(rollups)
    return [(session, tuple(rollups)) for session, rollups in sessions.values()]


def _by_day(session: SessionUsage, zone: tzinfo) -> Iterable[tuple[date, tuple[Rollup, ...]]]:
    days = by_calendar_day(session.rollups, FIRST_AT, zone)
    return ((day, tuple(rollups)) for day, rollups in days.items())


def _rollups(parts: Iterable[Part]) -> list[Rollup]:
    return [rollup for _, rollups in parts for rollup in rollups]


def _cost_of(parts: Iterable[Part]) -> Decimal:
    return usd_decimal(sum_of(_rollups(parts)).cost)


def _burn_rate(recent: list[tuple[int, int]], now: int) -> Decimal:
    after, until = (
        bisect_right(recent, at, key=itemgetter(0)) for at in (now - BURN_WINDOW_MS, now)
    )
    return rounded(sum(cost for _, cost in recent[after:until]) / 1e12, 6)
