"""A report as asked for, on the command line or over the wire: the options' texts."""

from typing import NamedTuple

_WIRE_NAMES = {"session_id": "sessionId", "start_of_week": "startOfWeek", "no_cost": "noCost"}


class ReportQuery(NamedTuple):  # quicker to make than a dataclass: each report pays for it
    """A report as asked for: the options as given, None (or False) where not.

    The attributes are those of `core.report_options.ReportOptions`, before anybody judged them.
    """

    kind: str
    since: str | None = None
    until: str | None = None
    order: str | None = None
    timezone: str | None = None
    session_id: str | None = None
    mode: str | None = None
    last: int | None = None
    project: str | None = None
    source: str | None = None
    model: str | None = None
    start_of_week: str | None = None
    no_cost: bool = False

    @property
    def params(self) -> dict[str, str | int]:
        """The same as parameters of the RPC method `report.<kind>`."""
        given = self._asdict()
        del given["kind"]
        return {
            _WIRE_NAMES.get(name, name): value
            for name, value in given.items()
            if value is not None and value is not False
        }
