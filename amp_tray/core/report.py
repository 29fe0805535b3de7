"""Reports: a snapshot's usage grouped by day, month or session, as the one document.

The same document leaves the command line and the RPC methods. To add a kind, add its line to
`KINDS`; whoever offers reports iterates that table.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Literal

from amp_tray.core.document import Document, counts, model_rows, shown
from amp_tray.core.errors import UnknownSessionError, UsageError
from amp_tray.core.periods import day_of, iso_instant, month_of
from amp_tray.core.rollup import Rollup, by_model, sum_of
from amp_tray.core.snapshot import SessionUsage, Snapshot
from amp_tray.core.text import clean
from amp_tray.core.tokens import Totals

SCHEMA_VERSION = 1

Order = Literal["asc", "desc"]

Row = tuple[Document, Totals]
"""A row as the document shows it, and the sums it shows."""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What to report; the same names as the command line's options and the RPC's params.

    Attributes:
        zone: whose days count; `zone_name` is how the document names it.
        since, until: days in that zone, both inclusive; None is open.
        order: None is the kind's own order.
        session_id: show one session alone: its id, or a prefix that no other has.
    """

    zone: tzinfo
    zone_name: str
    since: date | None = None
    until: date | None = None
    order: Order | None = None
    session_id: str | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise UsageError(
                f"since {self.since} is after until {self.until}",
                hint="swap them, or leave one out",
            )

    def covers(self, day: date) -> bool:
        """Say whether a day lies within since and until."""
        return (self.since is None or day >= self.since) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of report: its key in the document and how its rows are made and ordered."""

    key: str
    rows: Callable[[Snapshot, ReportOptions], list[Row]]
    default_order: Order


def build_report(
    snapshot: Snapshot, kind: str, options: ReportOptions, *, now: int, stale: bool
) -> Document:
    """Return the report document of one kind.

    Args:
        now: the instant of the report, epoch milliseconds.
        stale: whether the data may be behind the files.

    Raises:
        UsageError: there is no such kind.
        UnknownSessionError: the options name a session that is not there, or several.
    """
    try:
        shape = KINDS[kind]
    except KeyError:
        raise UsageError(f"no report {kind!r}", hint=f"there are: {', '.join(KINDS)}") from None
    pairs = shape.rows(snapshot, options)
    rows = [row for row, _ in pairs]
    if (options.order or shape.default_order) != shape.default_order:
        rows.reverse()
    return {
        shape.key: rows,
        "totals": counts(sum_of(totals for _, totals in pairs)),
        "meta": {
            "schemaVersion": SCHEMA_VERSION,
            "generatedAt": iso_instant(now),
            "timezone": options.zone_name,
            "mode": "auto",
            "sources": list(snapshot.sources),
            "pricing": {"origin": snapshot.pricing.origin, "asOf": snapshot.pricing.as_of},
            "newestEventAt": optional_instant(snapshot.newest_event_at),
            "stale": stale,
            "unpricedModels": _unpriced_in(rows),
            "diagnostics": diagnostic_rows(snapshot),
        },
    }


def optional_instant(at: int | None) -> str | None:
    """Return an instant as JSON shows it, or null."""
    return None if at is None else iso_instant(at)


def diagnostic_rows(snapshot: Snapshot) -> list[Document]:
    """Return what could not be used: `code`, `path` and a sentence each."""
    return [
        {"code": item.code, "path": clean(item.path, 4096), "message": clean(item.message)}
        for item in snapshot.diagnostics
    ]


def unpriced_models(rollups: Iterable[Rollup]) -> list[Document]:
    """Return the models without a price and their tokens, most tokens first."""
    unpriced = [(model, total.unpriced_tokens) for model, total in by_model(rollups)]
    return [
        {"model": clean(model), "tokens": tokens}
        for model, tokens in sorted(unpriced, key=lambda item: (-item[1], item[0]))
        if tokens
    ]


def session_named(snapshot: Snapshot, name: str) -> SessionUsage:
    """Return the session of an id, or of a prefix that no other has.

    Raises:
        UnknownSessionError: no such session, or several.
    """
    exact = snapshot.sessions.get(name)
    if exact is not None:
        return exact
    matching = [key for key in snapshot.sessions if key.startswith(name)]
    if len(matching) != 1:
        found = f"{len(matching):,} sessions begin" if matching else "no session begins"
        raise UnknownSessionError(
            f"{found} with {clean(name)!r}", hint="the session report lists their ids"
        )
    return snapshot.sessions[matching[0]]


def session_row(session: SessionUsage, rollups: Iterable[Rollup], zone: tzinfo) -> Document:
    """Return a session's row with the counts of the given rollups of it."""
    kept = tuple(rollups)
    return {
        "sessionId": session.session_id,
        "title": shown(session.title),
        "project": shown(session.project),
        "firstActivity": day_of(session.first_at, zone).isoformat(),
        "lastActivity": day_of(session.last_at, zone).isoformat(),
        "lastActivityAt": iso_instant(session.last_at),
        "source": session.source,
        **_usage_columns(kept),
    }


def cost_order(session: SessionUsage, totals: Totals) -> tuple[int, int, str]:
    """Return the sort key of session rows: cost, then last activity, highest first, then id."""
    return (-totals.cost, -session.last_at, session.session_id)


def _daily(snapshot: Snapshot, options: ReportOptions) -> list[Row]:
    return _by_period(snapshot, options, "date", date.isoformat)


def _monthly(snapshot: Snapshot, options: ReportOptions) -> list[Row]:
    return _by_period(snapshot, options, "month", month_of)


def _by_period(
    snapshot: Snapshot, options: ReportOptions, key: str, name_of: Callable[[date], str]
) -> list[Row]:
    periods: dict[str, list[Rollup]] = defaultdict(list)
    for day, rollup in _days(snapshot, options):
        periods[name_of(day)].append(rollup)
    return [
        ({key: name, **_usage_columns(rollups)}, sum_of(rollups))
        for name, rollups in sorted(periods.items())
    ]


def _days(snapshot: Snapshot, options: ReportOptions) -> Iterator[tuple[date, Rollup]]:
    for session in snapshot.sessions.values():
        for rollup in session.rollups:
            day = day_of(rollup.first_at, options.zone)
            if options.covers(day):
                yield day, rollup


def _sessions(snapshot: Snapshot, options: ReportOptions) -> list[Row]:
    wanted = (
        snapshot.sessions.values()
        if options.session_id is None
        else (session_named(snapshot, options.session_id),)
    )
    chosen = [
        (session, sum_of(session.rollups))
        for session in wanted
        if options.covers(day_of(session.last_at, options.zone))
    ]
    chosen.sort(key=lambda item: cost_order(*item))
    return [
        (session_row(session, session.rollups, options.zone), totals) for session, totals in chosen
    ]


def _usage_columns(rollups: Iterable[Rollup]) -> Document:
    kept = tuple(rollups)
    return {
        **counts(sum_of(kept)),
        "modelsUsed": sorted({clean(rollup.model) for rollup in kept}),
        "modelBreakdowns": model_rows(kept),
    }


def _unpriced_in(rows: list[Document]) -> list[str]:
    return sorted(
        {
            breakdown["model"]
            for row in rows
            for breakdown in row["modelBreakdowns"]
            if breakdown["unpricedTokens"]
        }
    )


KINDS: Mapping[str, Kind] = {
    "daily": Kind("daily", _daily, "asc"),
    "monthly": Kind("monthly", _monthly, "asc"),
    "session": Kind("sessions", _sessions, "desc"),
}
