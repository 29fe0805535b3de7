"""The snapshot: everything a reader may ask about, frozen at one revision.

Readers hold it by reference and never lock; the writer makes the next one. All figures are
derived from the sessions' rollups, so a snapshot grown step by step equals one made at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from amp_tray.core.choices import Mode
from amp_tray.core.days import CalendarDays
from amp_tray.core.diagnostics import Diagnostic
from amp_tray.core.events import UsageEvent
from amp_tray.core.rollup import PriceList, Rollup, in_mode, recent_costs, roll_up


@dataclass(frozen=True, slots=True)
class SessionUsage:
    """One session: what is known of it and its usage.

    Attributes:
        session_id: for Amp the root thread's id.
        source: the log format it came from, such as `amp`.
        title, project: as the file has them (uncleaned), None when it has none.
        rollups: oldest first, at least one.
        first_at, last_at: instants of the first and last usage.
        recent: (instant, picodollars) of events young enough for the burn rate, in the mode
            `auto` always.
        rows: what reports keep of it between two of them (`core.report_rows`).
    """

    session_id: str
    source: str
    title: str | None
    project: str | None
    rollups: tuple[Rollup, ...]
    first_at: int
    last_at: int
    recent: tuple[tuple[int, int], ...] = ()
    rows: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def same_usage(self, other: "SessionUsage") -> bool:
        """Say whether no report tells the two apart (the burn rate's events aside)."""
        return replace(self, recent=()) == replace(other, recent=())

    def in_mode(self, mode: Mode) -> "SessionUsage":
        """Return the session with the costs of a mode; itself in `auto`."""
        if mode == "auto":
            return self
        return replace(self, rollups=tuple(in_mode(rollup, mode) for rollup in self.rollups))


def session_usage(
    events: Sequence[UsageEvent],
    prices: PriceList,
    *,
    session_id: str,
    source: str,
    title: str | None,
    project: str | None,
    recent_since: int,
) -> SessionUsage:
    """Price and roll up one session's events (at least one).

    Args:
        recent_since: events from this instant on are kept one by one for the burn rate.
    """
    rollups = roll_up(events, prices)
    return SessionUsage(
        session_id=session_id,
        source=source,
        title=title,
        project=project,
        rollups=rollups,
        first_at=min(rollup.first_at for rollup in rollups),
        last_at=max(rollup.last_at for rollup in rollups),
        recent=recent_costs(events, prices.card_of, recent_since),
    )


class PricingInfo(NamedTuple):
    """Where the rates in force came from: `bundled`, `download` or `overlay`, and of when."""

    origin: str
    as_of: str


class Snapshot(NamedTuple):
    """One published state.

    Attributes:
        revision: rises by one with every published change.
        sessions: by session id.
        sources: the log formats read.
        scanned_at: when the last full scan ended, epoch milliseconds; None before the first.
        paused: the user asked to stop reading.
        watching: whether the file watcher works.
        roots: the directories covered, as the system spells them.
        days: all usage by day, in place of the sessions, where a report asks for no more.
        resets: (source, instant, when the limit that was reached then ends), in no order.
    """

    revision: int
    sessions: Mapping[str, SessionUsage]
    diagnostics: tuple[Diagnostic, ...]
    pricing: PricingInfo
    sources: tuple[str, ...]
    scanned_at: int | None = None
    paused: bool = False
    watching: bool = True
    roots: tuple[str, ...] = ()
    days: CalendarDays | None = None
    resets: tuple[tuple[str, int, int], ...] = ()

    @property
    def newest_event_at(self) -> int | None:
        """Return the instant of the newest usage of all, None when there is none."""
        if self.days is not None:
            return self.days.newest_at
        return max((session.last_at for session in self.sessions.values()), default=None)

    @property
    def used_sources(self) -> tuple[str, ...]:
        """Return the log formats that there is usage of; all that are read where there is none."""
        if self.days is not None:
            return self.days.sources or self.sources
        used = {session.source for session in self.sessions.values()}
        return tuple(source for source in self.sources if source in used) or self.sources

    def in_mode(self, mode: Mode) -> "Snapshot":
        """Return the snapshot with the costs of a mode; itself in `auto`.

        The other modes are derived where they are asked for: a snapshot is made at each change.
        """
        if mode == "auto":
            return self
        sessions = {key: session.in_mode(mode) for key, session in self.sessions.items()}
        return self._replace(sessions=sessions, days=self._days_in_mode(mode))

    def _days_in_mode(self, mode: Mode) -> CalendarDays | None:
        if self.days is None:
            return None
        rollups = {
            day: [in_mode(rollup, mode) for rollup in group]
            for day, group in self.days.rollups.items()
        }
        return self.days._replace(rollups=rollups)
