"""A report as asked for, on the command line or over the wire: the options' texts."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """A report as asked for: the options' texts, None where not given."""

    kind: str
    since: str | None = None
    until: str | None = None
    order: str | None = None
    timezone: str | None = None
    session_id: str | None = None

    @property
    def params(self) -> dict[str, str]:
        """The same as parameters of the RPC method `report.<kind>`."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        del given["kind"]
        session_id = given.pop("session_id", None)
        return given if session_id is None else {**given, "sessionId": session_id}
