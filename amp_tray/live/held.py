"""The sessions that a writer holds: priced, and kept in the ledger by the prices that made them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TypeAlias
from zoneinfo import ZoneInfo

from amp_tray.core.days import CalendarDays
from amp_tray.core.events import UsageEvent
from amp_tray.core.periods import QUARTER_MS
from amp_tray.core.rates import RateCard
from amp_tray.core.rollup import ROLLUPS_VERSION, PriceList, Rollup, recent_costs
from amp_tray.core.snapshot import SessionUsage, session_usage
from amp_tray.core.summary import BURN_WINDOW_MS
from amp_tray.ledger.store import Ledger, Scope, Stretch
from amp_tray.live.digest import AloneUsage, session_of
from amp_tray.live.held_days import HeldDays
from amp_tray.pricing.book import PriceBook

Fresh: TypeAlias = dict[str, SessionUsage | None]
"""Sessions that changed, by id; None where one is no more."""


class HeldSessions:
    """The sessions of some scopes of a ledger, by id, at the prices of now.

    Attributes:
        prices: the prices in force.
        by_day: what the sessions come to by day.
    """

    def __init__(self, ledger: Ledger, prices: PriceBook, clock: Callable[[], int]) -> None:
        """Hold nothing yet.

        Args:
            clock: returns the current instant, epoch milliseconds.
        """
        self._ledger = ledger
        self._clock = clock
        self._stamp = ""
        self._scopes: tuple[Scope, ...] = ()
        self._sessions: dict[str, SessionUsage] | None = {}
        self._prices = PriceList(self.card_of)
        self.prices = prices
        self.by_day = HeldDays(ledger)

    @property
    def sessions(self) -> dict[str, SessionUsage]:
        """The sessions by id, loaded if need be; only `load` and `take` change it."""
        if self._sessions is None:
            self._sessions = self._loaded()
        return self._sessions

    def load(self, scopes: Iterable[Scope], *, lazily: bool = False) -> None:
        """Take the sessions that the ledger keeps at these prices, or make all of them anew.

        Args:
            lazily: leave those that the ledger keeps there until they are asked for.
        """
        self._stamp = price_stamp(self.prices)
        self._prices = PriceList(self.card_of)
        self._scopes = tuple(scopes)
        self.by_day.leave()
        kept = (self._ledger.sessions.are_at(each.scope_id, self._stamp) for each in self._scopes)
        self._sessions = None if lazily and all(kept) else self._loaded()
        if lazily and self._stamp and not self._sessions:
            self._sessions = None  # what comes can be left in the ledger, too

    def gather(self, zone: ZoneInfo) -> bool:
        """Have days of a zone added up while sessions arrive, for those of scopes without any.

        Returns:
            Whether there are such scopes: then what arrives is to tell its days.
        """
        # Without a name for the prices the ledger has no sessions, whatever is held.
        new = [
            scope
            for scope in self._scopes
            if self._stamp and self._ledger.sessions.newest_at(scope.scope_id) is None
        ]
        return self.by_day.gather(zone, new)

    def _loaded(self) -> dict[str, SessionUsage]:
        loaded: dict[str, SessionUsage] = {}
        for scope in self._scopes:
            kept = self._ledger.sessions.all_of(scope.scope_id, scope.source, self._stamp)
            if kept is None:
                kept = [
                    self._session(scope, session_id, events)
                    for session_id, events in self._ledger.session_events(scope)
                ]
                with self._ledger.transaction():
                    self._ledger.sessions.replace_all(scope.scope_id, self._stamp, kept)
                    self.by_day.forget(scope)
            else:
                since = self._clock() - BURN_WINDOW_MS
                kept = [
                    self._with_recent(scope, session, since)
                    if session.last_at >= since
                    else session
                    for session in kept
                ]
            loaded |= {session.session_id: session for session in kept}
        return loaded

    def days(self, zone: ZoneInfo) -> CalendarDays:
        """Return all usage by the days of a zone, and have the ledger keep it."""
        days = {
            scope.source: self.by_day.of(
                scope, zone, partial(self._rollups, scope), keep=bool(self._stamp)
            )
            for scope in self._scopes
        }
        return CalendarDays.of(days, zone, self._newest_at())

    def _rollups(self, scope: Scope) -> Iterator[Rollup]:
        return rollups_of(each for each in self.sessions.values() if each.source == scope.source)

    def _newest_at(self) -> int | None:
        if self._sessions is not None:
            return max((session.last_at for session in self._sessions.values()), default=None)
        newest = (self._ledger.sessions.newest_at(scope.scope_id) for scope in self._scopes)
        return max((at for at in newest if at is not None), default=None)

    def reprice(self, prices: PriceBook, scopes: Iterable[Scope]) -> None:
        """Price everything anew from what the ledger holds."""
        self.prices = prices
        self.load(scopes)

    def card_of(self, model: str, at: int) -> RateCard | None:
        """Return the rate card of a model at an instant, None when it has no price."""
        return self.prices.catalogue.card_of(model, at)

    def arrived(self, scope: Scope, alone: Sequence[AloneUsage]) -> Fresh:
        """Keep sessions that are new; inside a transaction.

        Returns:
            The sessions, where some are held.
        """
        arriving = (session_of(each, scope.source) for each in alone)
        sessions = arriving if self._sessions is None else list(arriving)
        if self._stamp:
            self._ledger.sessions.put_encoded(
                scope.scope_id,
                (
                    (name, title, project, first_at, last_at, rollups)
                    for (name, title, project, _, first_at, last_at), _, rollups, _ in alone
                ),
            )
            number = sum(each.number for each in alone)
            self.by_day.arrived(scope, number, rollups_of(sessions))
        return {} if self._sessions is None else {each.session_id: each for each in sessions}

    def refreshed(
        self,
        scope: Scope,
        touched: Mapping[str, Stretch],
        before: Mapping[str, SessionUsage | None],
    ) -> Fresh:
        """Price some sessions anew and keep them; return those that differ, None for gone.

        Args:
            touched: the sessions, and the time in which they may be other than they were.
            before: sessions of this transaction, over those that are held.
        """
        fresh: Fresh = {}
        old: list[SessionUsage] = []
        for session_id, stretch in touched.items():
            held = before.get(session_id) or self._one(scope, session_id)
            session = self._anew(scope, session_id, held, stretch)
            if session is None:
                if held is not None:
                    fresh[session_id] = None
            elif held is None or not session.same_usage(held):
                fresh[session_id] = session
            if held is not None and session_id in fresh:
                old.append(held)
        if self._stamp:
            gone = (session_id for session_id, session in fresh.items() if session is None)
            self._ledger.sessions.drop(scope.scope_id, gone)
            self._ledger.sessions.put(scope.scope_id, filter(None, fresh.values()))
            self.by_day.exchange(scope, rollups_of(old), rollups_of(filter(None, fresh.values())))
        return fresh

    def _one(self, scope: Scope, session_id: str) -> SessionUsage | None:
        """Return a session as it is kept, or held."""
        if self._sessions is not None:
            return self._sessions.get(session_id)
        try:
            return self._ledger.sessions.one_of(scope.scope_id, scope.source, session_id)
        except (ValueError, RecursionError):
            self.by_day.forget(scope)
            return None

    def _anew(
        self, scope: Scope, session_id: str, held: SessionUsage | None, stretch: Stretch
    ) -> SessionUsage | None:
        """Return a session as the ledger has it now, None where it has no usage any more."""
        first, last = stretch[0] // QUARTER_MS * QUARTER_MS, -(-(stretch[1] + 1) // QUARTER_MS)
        until = last * QUARTER_MS  # whole quarter hours, as rollups are
        if held is None or (first <= held.first_at and held.last_at < until):
            for _, events in self._ledger.session_events(scope, session_id):
                return self._session(scope, session_id, events)
            return None
        found = self._ledger.session_events(scope, session_id, (first, until - 1))
        within = [event for _, events in found for event in events if first <= event.at < until]
        part = self._session(scope, session_id, within) if within else None
        return with_part(held, part, self._info(scope, session_id), (first, until - 1))

    def _session(self, scope: Scope, session_id: str, events: Sequence[UsageEvent]) -> SessionUsage:
        title, project = self._info(scope, session_id)
        return session_usage(
            events,
            self._prices,
            session_id=session_id,
            source=scope.source,
            title=title,
            project=project,
            recent_since=self._clock() - BURN_WINDOW_MS,
        )

    def _info(self, scope: Scope, session_id: str) -> tuple[str | None, str | None]:
        info = self._ledger.session(scope, session_id)
        return (None, None) if info is None else (info.title, info.project)

    def _with_recent(self, scope: Scope, session: SessionUsage, since: int) -> SessionUsage:
        for _, events in self._ledger.session_events(scope, session.session_id):
            return replace(session, recent=recent_costs(events, self.card_of, since))
        return session

    def take(self, fresh: Fresh) -> bool:
        """Hold what a transaction made, once it is kept: what it undoes must not be shown."""
        for session_id, session in fresh.items() if self._sessions is not None else ():
            if session is None:
                self.sessions.pop(session_id, None)
            else:
                self.sessions[session_id] = session
        return bool(fresh)


def rollups_of(sessions: Iterable[SessionUsage]) -> Iterator[Rollup]:
    """Yield the rollups of some sessions."""
    return chain.from_iterable(session.rollups for session in sessions)


def with_part(
    held: SessionUsage,
    part: SessionUsage | None,
    info: tuple[str | None, str | None],
    stretch: Stretch,
) -> SessionUsage | None:
    """Return a session whose usage of some whole quarter hours is another, None for no usage.

    Args:
        part: the usage of that time alone, None where there is none.
        info: title and project.
    """
    first, last = stretch
    rollups = [each for each in held.rollups if not first <= each.first_at <= last]
    recent = [each for each in held.recent if not first <= each[0] <= last]
    if part is not None:
        rollups += part.rollups
        recent += part.recent
    if not rollups:
        return None
    rollups.sort(key=lambda each: (each.first_at // QUARTER_MS, each.model))
    return replace(
        held,
        title=info[0],
        project=info[1],
        rollups=tuple(rollups),
        first_at=min(each.first_at for each in rollups),
        last_at=max(each.last_at for each in rollups),
        recent=tuple(sorted(recent)),
    )


def price_stamp(prices: PriceBook) -> str:
    """Return what names costs by these prices and this way of making them; "" for no name."""
    return f"{ROLLUPS_VERSION} {prices.stamp}" if prices.stamp else ""
