"""The sessions that a writer holds: priced, and kept in the ledger by the prices that made them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from amp_tray.core.events import UsageEvent
from amp_tray.core.rates import RateCard
from amp_tray.core.rollup import ROLLUPS_VERSION, recent_costs
from amp_tray.core.snapshot import SessionUsage, session_usage
from amp_tray.core.summary import BURN_WINDOW_MS
from amp_tray.ledger.store import Ledger, Scope
from amp_tray.pricing.book import PriceBook

Fresh: TypeAlias = dict[str, SessionUsage | None]
"""Sessions that changed, by id; None where one is no more."""


class HeldSessions:
    """The sessions of some scopes of a ledger, by id, at the prices of now.

    Attributes:
        sessions: by id; only `load` and `take` change it.
        prices: the prices in force.
    """

    def __init__(self, ledger: Ledger, prices: PriceBook, clock: Callable[[], int]) -> None:
        """Hold nothing yet.

        Args:
            clock: returns the current instant, epoch milliseconds.
        """
        self._ledger = ledger
        self._clock = clock
        self._stamp = ""
        self.prices = prices
        self.sessions: dict[str, SessionUsage] = {}

    def load(self, scopes: Iterable[Scope]) -> None:
        """Take the sessions that the ledger keeps at these prices, or make all of them anew."""
        self._stamp = price_stamp(self.prices)
        loaded: dict[str, SessionUsage] = {}
        for scope in scopes:
            kept = self._ledger.sessions.all_of(scope.scope_id, scope.source, self._stamp)
            if kept is None:
                kept = [
                    self._session(scope, session_id, events)
                    for session_id, events in self._ledger.session_events(scope)
                ]
                with self._ledger.transaction():
                    self._ledger.sessions.replace_all(scope.scope_id, self._stamp, kept)
            else:
                since = self._clock() - BURN_WINDOW_MS
                kept = [
                    self._with_recent(scope, session, since)
                    if session.last_at >= since
                    else session
                    for session in kept
                ]
            loaded |= {session.session_id: session for session in kept}
        self.sessions = loaded

    def reprice(self, prices: PriceBook, scopes: Iterable[Scope]) -> None:
        """Price everything anew from what the ledger holds."""
        self.prices = prices
        self.load(scopes)

    def card_of(self, model: str, at: int) -> RateCard | None:
        """Return the rate card of a model at an instant, None when it has no price."""
        return self.prices.catalogue.card_of(model, at)

    def arrived(self, scope: Scope, sessions: Sequence[tuple[SessionUsage, str]]) -> Fresh:
        """Keep sessions that are new, each with its rollups' text; inside a transaction."""
        if self._stamp:
            self._ledger.sessions.put_encoded(scope.scope_id, sessions)
        return {session.session_id: session for session, _ in sessions}

    def refreshed(
        self,
        scope: Scope,
        session_ids: Iterable[str],
        before: Mapping[str, SessionUsage | None],
    ) -> Fresh:
        """Price some sessions anew and keep them; return those that differ, None for gone."""
        fresh: Fresh = {}
        for session_id in session_ids:
            held = before.get(session_id) or self.sessions.get(session_id)
            session = next(
                (
                    self._session(scope, session_id, events)
                    for _, events in self._ledger.session_events(scope, session_id)
                ),
                None,
            )
            if session is None:
                if held is not None:
                    fresh[session_id] = None
            elif held is None or not session.same_usage(held):
                fresh[session_id] = session
        if self._stamp:
            gone = (session_id for session_id, session in fresh.items() if session is None)
            self._ledger.sessions.drop(scope.scope_id, gone)
            self._ledger.sessions.put(scope.scope_id, filter(None, fresh.values()))
        return fresh

    def _session(self, scope: Scope, session_id: str, events: Sequence[UsageEvent]) -> SessionUsage:
        info = self._ledger.session(scope, session_id)
        return session_usage(
            events,
            self.card_of,
            session_id=session_id,
            source=scope.source,
            title=None if info is None else info.title,
            project=None if info is None else info.project,
            recent_since=self._clock() - BURN_WINDOW_MS,
        )

    def _with_recent(self, scope: Scope, session: SessionUsage, since: int) -> SessionUsage:
        for _, events in self._ledger.session_events(scope, session.session_id):
            return replace(session, recent=tuple(recent_costs(events, self.card_of, since)))
        return session

    def take(self, fresh: Fresh) -> bool:
        """Hold what a transaction made, once it is kept: what it undoes must not be shown."""
        for session_id, session in fresh.items():
            if session is None:
                self.sessions.pop(session_id, None)
            else:
                self.sessions[session_id] = session
        return bool(fresh)


def price_stamp(prices: PriceBook) -> str:
    """Return what names costs by these prices and this way of making them; "" for no name."""
    return f"{ROLLUPS_VERSION} {prices.stamp}" if prices.stamp else ""
