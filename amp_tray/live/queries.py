"""The query façade: questions about a snapshot, answered as JSON text.

One producer for every surface: the command line without a service, the RPC methods and so the
tray all get their documents here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple, TypeVar

import msgspec

from amp_tray.core.budgets import NO_BUDGETS, Budgets
from amp_tray.core.choices import MODES, ORDERS, WEEKDAYS
from amp_tray.core.document import Document
from amp_tray.core.errors import UsageError
from amp_tray.core.periods import day_of, parse_day, zone_named
from amp_tray.core.report import build_report
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.snapshot import Snapshot
from amp_tray.core.summary import build_summary
from amp_tray.live.query import ReportQuery

STALE_AFTER_MS = 5 * 60 * 1000
"""A snapshot is stale when no scan has ended for this long."""

_Word = TypeVar("_Word", bound=str)

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Zone(NamedTuple):
    """A time zone and the name that documents show."""

    info: tzinfo
    name: str


@dataclass(frozen=True, slots=True)
class Queries:
    """What answers need besides a snapshot.

    Attributes:
        clock: the current instant, epoch milliseconds.
        local_zone: the system's zone now.
        budgets: the user's own.
        keeps_rows: whether more than one report is asked for, so that rows are worth keeping.
    """

    clock: Callable[[], int]
    local_zone: Callable[[], Zone]
    budgets: Budgets = NO_BUDGETS
    keeps_rows: bool = False

    def report(self, snapshot: Snapshot, query: ReportQuery) -> bytes:
        """Return a report document.

        Raises:
            UsageError: options that cannot be.
            UnknownSessionError: no such session, or several.
        """
        now = self.clock()
        options = self._options(query, now)
        stale = is_stale(snapshot, now)
        return encode(build_report(snapshot, query.kind, options, now=now, stale=stale))

    def summary(self, snapshot: Snapshot) -> bytes:
        """Return the summary document of today and this month in the system's zone."""
        now, zone = self.clock(), self.local_zone()
        stale = is_stale(snapshot, now)
        return encode(
            build_summary(
                snapshot,
                now=now,
                zone=zone.info,
                zone_name=zone.name,
                stale=stale,
                budgets=self.budgets,
            )
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
            query.source,
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


def _packed(row: Document) -> msgspec.Raw:
    """Return a row as the JSON that the document takes in as it is."""
    return msgspec.Raw(_ENCODER.encode(row))


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
