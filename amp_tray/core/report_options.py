"""What a report is asked to show: whose days, which of them, which usage, at which cost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from amp_tray.core.choices import MOST_PERIODS, Mode, Order, Weekday
from amp_tray.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What to report; the same names as the command line's options and the RPC's params.

    Attributes:
        zone: whose days count; `zone_name` is how the document names it.
        since, until: days in that zone, both inclusive; None is open.
        order: None is the kind's own order.
        session_id: show one session alone: its id, or a prefix that no other has.
        mode: which costs are shown.
        last: so many periods (or blocks) and no more, the newest ones; not with `since`.
        project: show usage of the project of this name, or whose path ends in it.
        source: show usage of this log format.
        model: show usage of the models whose name has this in it.
        start_of_week: the day a week begins with; None is Monday.
        no_cost: leave out what is told in money.
        pack: writes a session's row, which is then kept with the session; None keeps none.
    """

    zone: tzinfo
    zone_name: str
    since: date | None = None
    until: date | None = None
    order: Order | None = None
    session_id: str | None = None
    mode: Mode = "auto"
    last: int | None = None
    project: str | None = None
    source: str | None = None
    model: str | None = None
    start_of_week: Weekday | None = None
    no_cost: bool = False
    pack: Callable[[dict[str, Any]], Any] | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise UsageError(
                f"since {self.since} is after until {self.until}",
                hint="swap them, or leave one out",
            )
        if self.last is None:
            return
        if not 1 <= self.last <= MOST_PERIODS:
            raise UsageError(
                f"last: {self.last} is no number of periods",
                hint=f"accepted: 1 to {MOST_PERIODS:,}",
            )
        if self.since:
            raise UsageError(
                f"last {self.last} and since {self.since} exclude each other",
                hint="leave one of them out",
            )

    def covers(self, day: date) -> bool:
        """Say whether a day lies within since and until."""
        return (self.since is None or day >= self.since) and (
            self.until is None or day <= self.until
        )
