"""Budgets that are crossed while the service runs: found in each snapshot, told once, logged."""

import logging
from collections.abc import Callable

from amp_tray.core.budgets import Crossings, crossing
from amp_tray.core.document import Document
from amp_tray.live.hub import SnapshotHub
from amp_tray.live.listeners import Listeners
from amp_tray.live.queries import Queries

log = logging.getLogger(__name__)

_LEVELS = {"near": "nearly used up", "over": "used up"}


class BudgetWatch:
    """Looks at the budgets with each snapshot that a hub publishes."""

    def __init__(self, hub: SnapshotHub, queries: Callable[[], Queries]) -> None:
        """Look from now on.

        Args:
            queries: what knows the budgets in force, the clock and the zone.
        """
        self._hub = hub
        self._queries = queries
        self._crossings = Crossings()
        self._listeners = Listeners[Document]("budget")
        hub.subscribe(self._look)

    def subscribe(self, listener: Callable[[Document], None]) -> Callable[[], None]:
        """Call `listener` with each crossing; returns the function that ends it."""
        return self._listeners.add(listener)

    def _look(self) -> None:
        snapshot = self._hub.current
        assert snapshot is not None
        now, rows = self._queries().budget_rows(snapshot)
        for row in self._crossings.new_in(rows, now):
            crossed = crossing(row)
            # What the budget is called and how far it is; no figure of the user's.
            level, period = _LEVELS[crossed["level"]], crossed["periodKey"]
            log.warning("%s is %s in %s", crossed["name"], level, period)
            self._listeners.tell(crossed)
