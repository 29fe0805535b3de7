"""The summary: today, this month and what stands out, for the tray and the editors' bars."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta, tzinfo
from decimal import Decimal

from amp_tray.core.budgets import NO_BUDGETS, Budgets, budget_rows
from amp_tray.core.document import Document, counts, model_rows, rounded, shown
from amp_tray.core.money import usd_decimal
from amp_tray.core.periods import day_of, elapsed_share_of_month, iso_instant, month_of
from amp_tray.core.report import optional_instant, unpriced_models
from amp_tray.core.report_rows import cost_order, session_row
from amp_tray.core.rollup import Rollup, by_model, sum_of
from amp_tray.core.snapshot import SessionUsage, Snapshot

TOP_THREADS = 10
BURN_WINDOW_MS = 60 * 60 * 1000

Part = tuple[SessionUsage, tuple[Rollup, ...]]
"""A session and those of its rollups that lie in some period."""


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
    today = day_of(now, zone)
    week = [today - timedelta(days=back) for back in range(6, -1, -1)]
    first = min(week[0], today.replace(day=1))
    days: dict[date, list[Part]] = defaultdict(list)
    for session in snapshot.sessions.values():
        if day_of(session.last_at, zone) < first:
            continue
        for day, rollups in _by_day(session, zone):
            days[day].append((session, rollups))
    month = [
        part for day, parts in days.items() if month_of(day) == month_of(today) for part in parts
    ]
    month_period = _period(month_of(today), _merged(month), zone)
    return {
        "today": _period(today.isoformat(), days[today], zone),
        "month": month_period,
        "last7Days": [{"date": day.isoformat(), "totalCost": _cost_of(days[day])} for day in week],
        "burnRate": _burn_rate(snapshot, now),
        "projection": rounded(
            float(month_period["totalCost"]) / elapsed_share_of_month(now, zone), 2
        ),
        "budgets": budget_rows(snapshot, budgets, now=now, zone=zone),
        "balance": None,
        "newestEventAt": optional_instant(snapshot.newest_event_at),
        "stale": stale,
        "paused": snapshot.paused,
        "diagnostics": len(snapshot.diagnostics),
        "unpricedModels": unpriced_models(_rollups(month)),
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
    groups: dict[date, list[Rollup]] = defaultdict(list)
    for rollup in session.rollups:
        groups[day_of(rollup.first_at, zone)].append(rollup)
    return ((day, tuple(rollups)) for day, rollups in groups.items())


def _rollups(parts: Iterable[Part]) -> list[Rollup]:
    return [rollup for _, rollups in parts for rollup in rollups]


def _cost_of(parts: Iterable[Part]) -> Decimal:
    return usd_decimal(sum_of(_rollups(parts)).cost)


def _burn_rate(snapshot: Snapshot, now: int) -> Decimal:
    since = now - BURN_WINDOW_MS
    spent = sum(
        cost
        for session in snapshot.sessions.values()
        for at, cost in session.recent
        if since < at <= now
    )
    return rounded(spent / 1e12, 6)
