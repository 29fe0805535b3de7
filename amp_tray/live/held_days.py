"""What sessions come to by day, kept in the ledger and changed in each transaction with them.

While the sessions of a scope come for the first time, its days are added up beside the ledger,
and go there when they are asked for: else each transaction would write most of them anew.
"""

from collections.abc import Callable, Collection, Iterable
from zoneinfo import ZoneInfo

from amp_tray.core.days import Days, Gathering, Part, days_of
from amp_tray.core.errors import UsageError
from amp_tray.core.periods import zone_named
from amp_tray.core.rollup import Rollup
from amp_tray.ledger.sessions import decode_rollups
from amp_tray.ledger.store import Ledger, Scope
from amp_tray.live.digest import AloneUsage


class HeldDays:
    """The days of some scopes of a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        """Gather nothing yet."""
        self._ledger = ledger
        self._gathered: dict[int, Gathering] = {}

    def gather(self, zone: ZoneInfo, scopes: Collection[Scope]) -> bool:
        """Have days of a zone added up while sessions arrive, for scopes that have none.

        Returns:
            Whether there are such scopes: then what arrives is to tell its days.
        """
        self._gathered = {scope.scope_id: Gathering(zone) for scope in scopes}
        if scopes:
            with self._ledger.transaction():
                for scope in scopes:
                    self.forget(scope)
        return bool(scopes)

    def leave(self) -> None:
        """Gather no days any longer."""
        self._gathered = {}

    def of(
        self, scope: Scope, zone: ZoneInfo, rollups: Callable[[], Iterable[Rollup]], *, keep: bool
    ) -> Days:
        """Return the days of a scope in a zone.

        Args:
            rollups: returns those of all its sessions, where they are needed.
            keep: have the ledger keep what it does not have.
        """
        kept = self._ledger.days.all_of(scope.scope_id, zone.key)
        if kept is not None:
            return kept
        gathering = self._gathered.pop(scope.scope_id, None)
        if gathering is not None and gathering.zone == zone and not gathering.missing:
            days = gathering.days()
        else:
            days = days_of(rollups(), zone)
        if keep:
            with self._ledger.transaction():
                self._ledger.days.replace_all(scope.scope_id, zone.key, days)
        return days

    def arrived(self, scope: Scope, number: int, rollups: Iterable[Rollup]) -> None:
        """Add what sessions come to that are new; inside a transaction.

        Args:
            number: of their rollups.
            rollups: taken where nobody else tells their sums.
        """
        gathering = self._gathered.get(scope.scope_id)
        if gathering is not None:
            gathering.await_sums(number)
        else:
            self.exchange(scope, (), rollups)

    def add_sums(self, scope: Scope, parts: Iterable[Part]) -> None:
        """Add what threads come to by day that have arrived, or will."""
        gathering = self._gathered.get(scope.scope_id)
        if gathering is not None:
            gathering.add_sums(parts)

    def refuse(self, scope: Scope, alone: Iterable[AloneUsage]) -> None:
        """Take what some threads come to out of the days that are added, or will be."""
        gathering = self._gathered.get(scope.scope_id)
        if gathering is not None:
            for each in alone:
                gathering.await_sums(each.number)
                gathering.take(decode_rollups(each.rollups))

    def exchange(self, scope: Scope, old: Iterable[Rollup], new: Iterable[Rollup]) -> None:
        """Exchange a part of a scope's usage for another; inside a transaction."""
        gathering = self._gathered.get(scope.scope_id)
        if gathering is not None:
            gathering.take(old)
            gathering.add(new)
            return
        name = self._ledger.days.zone_of(scope.scope_id)
        if not name:
            return
        try:
            zone = zone_named(name)
        except UsageError:  # it was known when the days were made
            self.forget(scope)
            return
        self._ledger.days.exchange(scope.scope_id, days_of(old, zone), days_of(new, zone))

    def forget(self, scope: Scope) -> None:
        """Have the ledger keep no days of a scope: what took part in them is not known."""
        self._ledger.days.forget(scope.scope_id)
