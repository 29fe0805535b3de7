"""The query façade: questions about a snapshot, answered as JSON text.

One producer for every surface: the command line without a service, the RPC methods and so the
tray all get their documents here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from amp_tray.core.budgets import NO_BUDGETS, Budgets, budget_rows
from amp_tray.core.choices import ALL_SOURCES, MODES, ORDERS, WEEKDAYS
from amp_tray.core.document import Document
from amp_tray.core.errors import UsageError
from amp_tray.core.family import ThreadSpan
from amp_tray.core.periods import day_of, parse_day, zone_named
from amp_tray.core.report import Figures, report_document, report_figures
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.snapshot import SessionUsage, Snapshot
from amp_tray.core.summary import Figures as SummaryFigures
from amp_tray.core.summary import summary_document, summary_figures
from amp_tray.live.kept import Kept
from amp_tray.live.query import ReportQuery
from amp_tray.sources import SOURCES

STALE_AFTER_MS = 5 * 60 * 1000
"""A snapshot is stale when no scan has ended for this long."""

_Word = TypeVar("_Word", bound=str)

_Figures = TypeVar("_Figures", Figures, SummaryFigures)

# Reports that say the same all day, and are worth keeping: small, and made of all usage.
_BY_DAY = frozenset({"daily", "weekly", "monthly"})

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Zone(NamedTuple):
    """A time zone and the name that documents show."""

    info: tzinfo
    name: str


def _unknown() -> None:
    """Know of no balance."""


@dataclass(frozen=True, slots=True)
class Queries:
    """What answers need besides a snapshot.

    Attributes:
        clock: the current instant, epoch milliseconds.
        local_zone: the system's zone now.
        budgets: the user's own.
        balance: what is left with the vendor, as documents have it; None where that is unknown.
        keeps_rows: whether more than one report is asked for, so that rows are worth keeping.
    """

    clock: Callable[[], int]
    local_zone: Callable[[], Zone]
    budgets: Budgets = NO_BUDGETS
    balance: Callable[[], Document | None] = _unknown
    keeps_rows: bool = False
    _kept: Kept = field(default_factory=Kept, init=False, compare=False, repr=False)

    def report(self, snapshot: Snapshot, query: ReportQuery) -> bytes:
        """Return a report document.

        Raises:
            UsageError: options that cannot be.
            UnknownSessionError: no such session, or several.
        """
        now = self.clock()
        options = self._options(query, now)
        if self.keeps_rows and query.kind in _BY_DAY:
            day = day_of(now, options.zone)
            figures = self._kept.part(
                snapshot,
                ("report", query.kind, options, day),
                lambda: _packed_figures(report_figures(snapshot, query.kind, options, now)),
            )
        else:
            figures = report_figures(snapshot, query.kind, options, now)
        stale = is_stale(snapshot, now)
        return encode(report_document(figures, snapshot, options, now=now, stale=stale))

    def zone_of_days(self, query: ReportQuery) -> ZoneInfo | None:
        """Return the zone whose days are all that a report needs; None where it needs sessions."""
        options = self._options(query, self.clock())
        narrowed = (options.session_id, options.project, options.source, options.model)
        if query.kind not in _BY_DAY or any(name is not None for name in narrowed):
            return None
        zone = options.zone
        return zone if isinstance(zone, ZoneInfo) and zone.key else None

    def summary(self, snapshot: Snapshot) -> bytes:
        """Return the summary document of today and this month in the system's zone."""
        now, zone = self.clock(), self.local_zone()
        today = day_of(now, zone.info)
        figures = self._kept.part(
            snapshot,
            ("summary", today, zone.info),
            lambda: _packed_figures(summary_figures(snapshot, today, zone.info)),
        )
        return encode(
            summary_document(
                figures,
                snapshot,
                now=now,
                zone=zone.info,
                zone_name=zone.name,
                stale=is_stale(snapshot, now),
                budgets=self._budget_rows(snapshot, now, zone.info),
                balance=self.balance(),
            )
        )

    def thread(
        self,
        snapshot: Snapshot,
        session: SessionUsage,
        threads: Iterable[ThreadSpan],
        file: str | None = None,
    ) -> bytes:
        """Return a session's document in detail, in the system's zone.

        Args:
            threads: of the session, sub-threads included.
            file: the path of its newest log file that is still there.
        """
        from amp_tray.core.thread_detail import build_thread  # noqa: PLC0415 - a report needs none

        now, zone = self.clock(), self.local_zone()
        return encode(
            build_thread(
                session,
                threads,
                link=SOURCES[session.source].link_of(session.session_id),
                file=file,
                revision=snapshot.revision,
                now=now,
                zone=zone.info,
                zone_name=zone.name,
            )
        )

    def budget_rows(self, snapshot: Snapshot) -> tuple[int, list[Document]]:
        """Return the present instant, and how each budget stands at it in the system's zone."""
        now, zone = self.clock(), self.local_zone()
        return now, self._budget_rows(snapshot, now, zone.info)

    def _budget_rows(self, snapshot: Snapshot, now: int, zone: tzinfo) -> list[Document]:
        return self._kept.part(
            snapshot,
            ("budgets", day_of(now, zone), zone),
            lambda: budget_rows(snapshot, self.budgets, now=now, zone=zone),
        )

    def _options(self, query: ReportQuery, now: int) -> ReportOptions:
        zone = self._zone(query.timezone)
        today = day_of(now, zone.info)
        since, until = (
            None if text is None else parse_day(text, today=today, option=name)
            for name, text in (("since", query.since), ("until", query.until))
        )
        return ReportOptions(
            zone.info,
            zone.name,
            since,
            until,
            _choice("order", "order", query.order, ORDERS),
            query.session_id,
            _choice("mode", "cost mode", query.mode, MODES) or "auto",
            query.last,
            _name("project", query.project),
            None if query.source == ALL_SOURCES else query.source,
            _name("model", query.model),
            _choice("start of week", "weekday", query.start_of_week, WEEKDAYS),
            query.no_cost,
            _packed if self.keeps_rows else None,
        )

    def _zone(self, name: str | None) -> Zone:
        if name is None or name == "local":
            return self.local_zone()
        return Zone(zone_named(name), name)


def is_stale(snapshot: Snapshot, now: int) -> bool:
    """Say whether the files may have moved on unseen; the age of the data is another matter."""
    scanned_at = snapshot.scanned_at
    return scanned_at is None or not snapshot.watching or now - scanned_at > STALE_AFTER_MS


def _packed(part: Any) -> msgspec.Raw:
    """Return part of a document as the JSON that the document takes in as it is."""
    return msgspec.Raw(_ENCODER.encode(part))


def _packed_figures(figures: _Figures) -> _Figures:
    """Return figures written down, for documents that take them in as they are."""
    packed = {name: _packed(part) for name, part in figures.document.items()}
    return figures._replace(document=packed)


def encode(document: Document) -> bytes:
    """Write a document as compact JSON; Decimals become numbers with all their digits."""
    return _ENCODER.encode(document)


def _choice(option: str, what: str, text: str | None, accepted: tuple[_Word, ...]) -> _Word | None:
    if text is None:
        return None
    for word in accepted:
        if word == text:
            return word
    raise UsageError(f"{option}: {text!r} is no {what}", hint=f"accepted: {', '.join(accepted)}")


def _name(option: str, text: str | None) -> str | None:
    if text is not None and not text.strip():
        raise UsageError(f"{option}: {text!r} is no name", hint=f"accepted: the name of a {option}")
    return text
