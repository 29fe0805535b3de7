"""Parameters of every method.

They go by their camelCase names, unknown ones are refused, and types are not guessed at:
`"true"` is no boolean. An optional parameter may also be null. What methods return is
described in `results`.

Each field's description says in a few words what it takes; a refusal shows it as the hint.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Day = Annotated[str, Field(min_length=1, max_length=32)]
"""A day as the command line takes it: `2026-11-21`, `20261121`, `today`, `yesterday`, `7d`."""


Name = Annotated[str, Field(max_length=1000)]


class Params(BaseModel):
    """Base of all parameters: by name, strict, nothing unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NoParams(Params):
    """A method that takes none."""


class HelloParams(Params):
    """Who connects; both are for the log and for people."""

    client: Annotated[str, Field(max_length=100)] | None = Field(
        default=None, description="the client's name, a string of at most 100 characters"
    )
    protocol: Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,4}$")] | None = Field(
        default=None, description='the protocol the client was written for, such as "1.0"'
    )


class AuthenticateParams(Params):
    """What shows that the peer is the user's own."""

    token: Annotated[str, Field(min_length=1, max_length=1000)] = Field(
        description="the token that rpc.json tells"
    )


class ReportParams(Params):
    """What a report covers, whatever its kind; absent means the program's default.

    Both days are inclusive, in the report's zone.
    """

    since: Day | None = Field(default=None, description='first day, such as "2026-11-21" or "7d"')
    until: Day | None = Field(default=None, description='last day, such as "2026-11-21" or "today"')
    order: Literal["asc", "desc"] | None = Field(default=None, description='"asc" or "desc"')
    timezone: Annotated[str, Field(min_length=1, max_length=64)] | None = Field(
        default=None, description='a zone such as "Europe/Berlin", or "local"'
    )
    mode: Literal["auto", "calculate", "display"] | None = Field(
        default=None, description='"auto", "calculate" or "display"'
    )
    project: Name | None = Field(default=None, description="a project's name")
    source: Name | None = Field(default=None, description='a log format, such as "amp"')
    model: Name | None = Field(default=None, description="a part of a model's name")
    no_cost: bool | None = Field(default=None, alias="noCost", description="true or false")


class PeriodReportParams(ReportParams):
    """A report by days, weeks, months or blocks, or of the newest of them."""

    last: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        default=None, description="a whole number, 1 to 10,000"
    )


class WeeklyReportParams(PeriodReportParams):
    """A report by week, which begins on Monday unless told otherwise."""

    start_of_week: (
        Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] | None
    ) = Field(default=None, alias="startOfWeek", description='a weekday, such as "sunday"')


class SessionReportParams(ReportParams):
    """A session report, or the report of one session."""

    session_id: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None, alias="sessionId", description="a session's id or unique prefix"
    )


class ThreadParams(Params):
    """One session."""

    session_id: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        alias="sessionId", description="a session's id or unique prefix"
    )


class PauseParams(Params):
    """Whether to stop reading files, or to go on."""

    paused: bool = Field(description="true or false")
