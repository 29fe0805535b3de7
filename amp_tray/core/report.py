"""Reports: a snapshot's usage in rows of one kind, their totals and what is to be said of them.

The same document leaves the command line and the RPC methods. To add a kind, add its line to
`KINDS`; whoever offers reports iterates that table.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from amp_tray.core.choices import Order
from amp_tray.core.document import Document, counts, without_money
from amp_tray.core.errors import UsageError
from amp_tray.core.periods import iso_instant
from amp_tray.core.report_blocks import by_block
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.report_periods import by_day, by_month, by_week
from amp_tray.core.report_rows import Row, by_project, by_session
from amp_tray.core.rollup import Rollup, by_model, sum_of
from amp_tray.core.snapshot import Snapshot
from amp_tray.core.text import clean

SCHEMA_VERSION = 1


class Kind(NamedTuple):
    """One kind of report.

    Attributes:
        key: what the document calls its rows.
        rows: (snapshot in the report's cost mode, options, the report's instant in epoch
            milliseconds) to rows in the default order.
        takes: which it takes of the options that are not for every kind.
    """

    key: str
    rows: Callable[[Snapshot, ReportOptions, int], list[Row]]
    default_order: Order
    takes: frozenset[str]


class Figures(NamedTuple):
    """What a report shows of usage: all that does not depend on when it is asked for.

    Attributes:
        document: the rows under the kind's key, and their totals.
        unpriced: the models with tokens that have no price.
        sources: the log formats that it is of.
        newest_event_at: the instant of the newest usage of all, as documents show it.
    """

    document: Document
    unpriced: list[str]
    sources: list[str]
    newest_event_at: str | None


def build_report(
    snapshot: Snapshot, kind: str, options: ReportOptions, *, now: int, stale: bool
) -> Document:
    """Return the report document of one kind.

    Args:
        now: the instant of the report, epoch milliseconds.
        stale: whether the data may be behind the files.

    Raises:
        UsageError: there is no such kind or source, or the kind does not take an option.
        UnknownSessionError: the options name a session that is not there, or several.
    """
    figures = report_figures(snapshot, kind, options, now)
    return report_document(figures, snapshot, options, now=now, stale=stale)


def report_figures(snapshot: Snapshot, kind: str, options: ReportOptions, now: int) -> Figures:
    """Return the usage that a report shows; raises as `build_report` does."""
    try:
        shape = KINDS[kind]
    except KeyError:
        raise UsageError(f"no report {kind!r}", hint=f"there are: {', '.join(KINDS)}") from None
    _check_taken(kind, options)
    rows = shape.rows(snapshot.in_mode(options.mode), options, now)
    if (options.order or shape.default_order) != shape.default_order:
        rows.reverse()
    document: Document = {
        shape.key: [row.document for row in rows],
        "totals": counts(sum_of(row.totals for row in rows)),
    }
    unpriced = {model for row in rows for model in row.unpriced}
    return Figures(
        without_money(document) if options.no_cost else document,
        sorted(unpriced),
        list(snapshot.used_sources) if options.source is None else [options.source],
        optional_instant(snapshot.newest_event_at),
    )


def report_document(
    figures: Figures, snapshot: Snapshot, options: ReportOptions, *, now: int, stale: bool
) -> Document:
    """Return figures with what is to be said of them."""
    return {
        **figures.document,
        "meta": {
            "schemaVersion": SCHEMA_VERSION,
            "generatedAt": iso_instant(now),
            "timezone": options.zone_name,
            "mode": options.mode,
            "sources": figures.sources,
            "pricing": {"origin": snapshot.pricing.origin, "asOf": snapshot.pricing.as_of},
            "newestEventAt": figures.newest_event_at,
            "stale": stale,
            "unpricedModels": figures.unpriced,
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


def _check_taken(kind: str, options: ReportOptions) -> None:
    for name in frozenset[str]().union(*(shape.takes for shape in KINDS.values())):
        value = getattr(options, name)
        if value is not None and name not in KINDS[kind].takes:
            takers = ", ".join(each for each, shape in KINDS.items() if name in shape.takes)
            raise UsageError(
                f"{name.replace('_', ' ')} {clean(str(value))}: the {kind} report takes none",
                hint=f"accepted by: {takers}",
            )


KINDS: Mapping[str, Kind] = {
    "daily": Kind("daily", by_day, "asc", frozenset({"last"})),
    "weekly": Kind("weekly", by_week, "asc", frozenset({"last", "start_of_week"})),
    "monthly": Kind("monthly", by_month, "asc", frozenset({"last"})),
    "session": Kind("sessions", by_session, "desc", frozenset({"session_id"})),
    "blocks": Kind("blocks", by_block, "asc", frozenset({"last"})),
    "project": Kind("projects", by_project, "desc", frozenset()),
}
