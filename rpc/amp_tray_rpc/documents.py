"""The report documents as models, and the JSON Schema that is published of them.

The program writes documents by itself and fast; no answer passes through here. These models
say what it writes: `report.schema.json` is made of them, tests hold real documents against
both, and a client in Python may read documents with them (`json.loads` with
`parse_float=Decimal` before, so that amounts keep their digits).
"""

import json
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema

Tokens = Annotated[int, Field(ge=0)]
Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""An amount; the document's text has all its digits."""

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
Instant = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")]


def _never_null(schema: dict[str, Any]) -> None:
    del schema["default"]


def _unless_no_cost(description: str) -> Any:
    """Return the field of a member that is missing with `noCost`, and never null."""
    return Field(
        default=None,
        description=f"{description}; missing with `noCost`",
        json_schema_extra=_never_null,
    )


class Model(BaseModel):
    """Base of all parts of a document: camelCase names, nothing unknown."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)


class Counts(Model):
    """What some usage adds up to."""

    input_tokens: Tokens = Field(description="input without what the cache holds")
    output_tokens: Tokens
    cache_creation_tokens: Tokens
    cache_read_tokens: Tokens
    total_tokens: Tokens = Field(description="the sum of the four")
    credits: Number = Field(description="as recorded, never part of the cost; 0 without any")
    total_cost: Number = _unless_no_cost("USD in the report's cost mode, of what has a cost")
    unpriced_tokens: Tokens = _unless_no_cost("tokens that have no cost in that mode")


class ModelBreakdown(Counts):
    """The part of one model."""

    model: str


class Row(Counts):
    """What the rows of all kinds have."""

    models_used: list[str] = Field(description="sorted by name")
    model_breakdowns: list[ModelBreakdown] = Field(description="by cost, highest first")


class DayRow(Row):
    """A day in the report's zone."""

    date: Day


class WeekRow(Row):
    """A week in the report's zone."""

    week: Day = Field(description="its first day")


class MonthRow(Row):
    """A month in the report's zone."""

    month: Month


class SessionRow(Row):
    """A session, whole."""

    session_id: str
    title: str | None
    project: str | None
    first_activity: Day = Field(description="in the report's zone")
    last_activity: Day = Field(description="in the report's zone")
    last_activity_at: Instant
    source: str = Field(description='the log format, such as "amp"')


class BurnRate(Model):
    """How fast the active block is used up."""

    tokens_per_minute: Number
    cost_per_hour: Number = _unless_no_cost("USD")


class Projection(Model):
    """What the active block comes to at that rate."""

    total_tokens: Tokens
    total_cost: Number = _unless_no_cost("USD")
    remaining_minutes: Annotated[int, Field(ge=0, le=300)]


class BlockRow(Row):
    """Five hours from the full hour (UTC) of the first usage, or a gap between two such blocks."""

    start_time: Instant
    end_time: Instant
    is_active: bool = Field(description="the present lies in it")
    is_gap: bool = Field(description="nothing was used for at least five hours")
    burn_rate: BurnRate | None = Field(description="of the active block alone")
    projection: Projection | None = Field(description="of the active block alone")
    limit_resets_at: Instant | None = Field(
        default=None, description="there where the log says that a limit was reached in it"
    )


class ProjectRow(Row):
    """A project."""

    project: str | None = Field(description="null: usage that belongs to none")
    sessions: Annotated[int, Field(ge=1)] = Field(description="how many sessions it had")


class Totals(Counts):
    """The sum of the rows."""


class Pricing(Model):
    """Where list prices come from."""

    origin: Literal["bundled", "download", "overlay"]
    as_of: Day


class Diagnostic(Model):
    """A file or record that could not be used."""

    code: str = Field(description="the reason in one stable word")
    path: str
    message: str


class Meta(Model):
    """What is to be said of the report as a whole."""

    schema_version: Literal[1]
    generated_at: Instant
    timezone: str
    mode: Literal["auto", "calculate", "display"]
    sources: list[str]
    pricing: Pricing
    newest_event_at: Instant | None = Field(description="of all usage, filtered out or not")
    stale: bool = Field(description="the files may have moved on unseen")
    unpriced_models: list[str] = Field(description="models with unpriced tokens, sorted")
    diagnostics: list[Diagnostic]


class Report(Model):
    """What the documents of all kinds have."""

    totals: Totals
    meta: Meta


class DailyReport(Report):
    """`report.daily`: usage by day."""

    daily: list[DayRow]


class WeeklyReport(Report):
    """`report.weekly`: usage by week."""

    weekly: list[WeekRow]


class MonthlyReport(Report):
    """`report.monthly`: usage by month."""

    monthly: list[MonthRow]


class SessionReport(Report):
    """`report.session`: usage by session."""

    sessions: list[SessionRow]


class BlocksReport(Report):
    """`report.blocks`: usage by blocks of five hours, with the gaps between them."""

    blocks: list[BlockRow]


class ProjectReport(Report):
    """`report.project`: usage by project."""

    projects: list[ProjectRow]


AnyReport: TypeAlias = (
    DailyReport | WeeklyReport | MonthlyReport | SessionReport | BlocksReport | ProjectReport
)


class NamedMembers(GenerateJsonSchema):
    """Makes schemas whose members have their names and no titles beside them."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        """Return whether a member gets a title of its own: none does."""
        return False


def schema_text() -> str:
    """Return the JSON Schema of all report documents as text; each kind has its own in `$defs`."""
    return json.dumps(_schema(), indent=2, ensure_ascii=False) + "\n"


def _schema() -> dict[str, Any]:
    schema = TypeAdapter[AnyReport](AnyReport).json_schema(schema_generator=NamedMembers)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "amp-tray report",
        "description": "What `amp-tray report … --json` prints and the methods `report.*` return.",
        **schema,
    }
