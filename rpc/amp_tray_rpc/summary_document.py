"""The document of `usage.summary` as models; the notification `usage.changed` carries it too.

As with the reports no answer passes through here: the models say what the program writes.
"""

from typing import Annotated, Literal

from pydantic import Field

from amp_tray_rpc.documents import Counts, Day, Instant, Model, Month, Number, SessionRow, Tokens


class Usage(Counts):
    """What some usage adds up to, its cost always told."""

    total_cost: Number = Field(description="USD at list price, or as the log recorded it")
    unpriced_tokens: Tokens = Field(description="tokens whose model has no price")


class ModelUsage(Usage):
    """The part of one model."""

    model: str


class ProjectUsage(Usage):
    """The part of one project."""

    project: str | None = Field(description="null: usage that belongs to none")


class ThreadUsage(SessionRow):
    """A session's part of a period."""

    total_cost: Number = Field(description="USD")
    unpriced_tokens: Tokens
    model_breakdowns: list[ModelUsage]  # type: ignore[assignment] # the same, its cost always told


class Period(Usage):
    """A day or a month in the zone."""

    key: Day | Month = Field(description='such as "2026-11-22" or "2026-11"')
    threads: Annotated[list[ThreadUsage], Field(max_length=10)] = Field(
        description="the dearest of the period, with their usage in it alone"
    )
    models: list[ModelUsage] = Field(description="by cost, highest first")
    projects: list[ProjectUsage] = Field(description="by cost, highest first")


class DayCost(Model):
    """What a day cost."""

    date: Day
    total_cost: Number = Field(description="USD")


class BudgetState(Model):
    """How a budget stands in its period."""

    period: Literal["daily", "weekly", "monthly"]
    unit: Literal["usd", "tokens", "credits"]
    key: Day | Month = Field(description="the period: its first day, or the month")
    limit: Number
    used: Number
    share: Number = Field(description="used ÷ limit; above 1 when it is over")
    level: Literal["ok", "near", "over"] = Field(description="near from 80 %, over from 100 %")
    since: Instant = Field(description="when the period began")
    near_at: Instant | None = Field(description="when the usage passed 80 %")
    over_at: Instant | None = Field(description="when it passed 100 %")


class BalanceEntry(Model):
    """One thing that something is left of; figures that were not told are null."""

    kind: Literal["free", "subscription", "individual", "workspace", "other"] = Field(
        description="other: the line was not understood, and `text` is all there is"
    )
    name: str | None = Field(description="of the plan or the workspace")
    text: str = Field(description="the vendor's own line")
    remaining: Number | None = Field(description="USD")
    limit: Number | None = Field(description="USD")
    percent: Number | None = Field(description="of the quota, or of agent usage, that is left")
    orb_percent: Number | None = Field(description="of orb usage that is left")
    orb_hours: Number | None = Field(description="hours of orbs that are left")
    orb_hours_limit: Number | None
    hourly: Number | None = Field(description="USD that come back an hour")
    resets: str | None = Field(description="when it begins anew, in the vendor's words")


class Balance(Model):
    """What is left with the vendor, as it last told."""

    as_of: Instant
    text: str = Field(description="all of it in a few words")
    entries: list[BalanceEntry]


class UnpricedModel(Model):
    """A model without a price."""

    model: str
    tokens: Tokens = Field(description="this month's that have no cost")


class SourceUsage(Model):
    """The part of one log format."""

    source: str = Field(description='such as "amp"')
    today: Usage
    month: Usage


class Summary(Model):
    """Today and this month, and how fresh that is."""

    today: Period
    month: Period
    last7_days: Annotated[list[DayCost], Field(min_length=7, max_length=7)] = Field(
        alias="last7Days", description="oldest first, today last"
    )
    recent_threads: Annotated[list[ThreadUsage], Field(max_length=10)] = Field(
        description="those used last, newest first, with all their usage"
    )
    burn_rate: Number = Field(description="USD an hour over the last 60 minutes")
    projection: Number | None = Field(
        description="what the month comes to at this pace, USD; null if that cannot be said"
    )
    budgets: list[BudgetState]
    balance: Balance | None = Field(description="what is left with the vendor, if that is known")
    newest_event_at: Instant | None = Field(description="of all usage; null without any")
    stale: bool = Field(description="the files may have moved on unseen; not the data's age")
    paused: bool
    diagnostics: Annotated[int, Field(ge=0)] = Field(
        description="how many files or records could not be used"
    )
    unpriced_models: list[UnpricedModel]
    sources: list[SourceUsage] = Field(description="of each log format that has usage")
    revision: Annotated[int, Field(ge=0)]
    generated_at: Instant
    timezone: str = Field(description="whose days count")


class Changed(Model):
    """The params of `usage.changed`."""

    revision: Annotated[int, Field(ge=0)] = Field(description="at least that of the summary asked")
    summary: Summary


class Crossed(Model):
    """The params of `budget.crossed`."""

    name: str = Field(description='the setting, such as "budgets.daily.usd"')
    level: Literal["near", "over"] = Field(description="80 % or 100 % are used")
    period: Literal["daily", "weekly", "monthly"]
    period_key: Day | Month = Field(description="the period: its first day, or the month")
    unit: Literal["USD", "tokens", "credits"]
    used: Number
    limit: Number
