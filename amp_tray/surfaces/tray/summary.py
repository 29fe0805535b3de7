"""What the service tells its clients as typed values: the summary, and crossed budgets.

In: the decoded JSON of `usage.summary` or of a notification.
Out: frozen models, names in snake case. Members this version does not know are ignored, so
that a newer service can be read; figures of a wrong shape are refused. Nothing is computed
or worded here.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from amp_tray.core.errors import AmpTrayError


class SummaryError(AmpTrayError):
    """The service sent a summary, or a notification, that this version cannot read."""

    title = "unreadable summary"


class _Wire(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, frozen=True, extra="ignore"
    )


class Counts(_Wire):
    """Token counts; `total_tokens` is the sum of the four kinds."""

    input_tokens: int
    output_tokens: int
    cache_creation_tokens: int
    cache_read_tokens: int
    total_tokens: int


class Share(Counts):
    """A part of some usage.

    Attributes:
        credits: Amp's unit as recorded; 0 when nothing was recorded.
        total_cost: estimated cost in USD, without the unpriced tokens.
        unpriced_tokens: tokens of models without a known price; they are not free.
    """

    credits: Decimal = Decimal(0)
    total_cost: Decimal
    unpriced_tokens: int = 0


class ModelShare(Share):
    """A model's part of a period."""

    model: str


class ProjectShare(Share):
    """A project's part of a period; None is usage that belongs to none."""

    project: str | None = None


class Thread(Share):
    """One thread's share of a period, or of all time.

    Attributes:
        session_id: the thread's stable id.
        title: the user's text, not yet cleaned; may be empty.
        project: the user's text, or None when the log names no project.
        source: the log format that it comes from.
        models_used: model names, in the order of the document.
        last_activity_at: instant of the newest usage event, or None.
    """

    session_id: str
    title: str = ""
    project: str | None = None
    source: str = ""
    models_used: tuple[str, ...] = ()
    last_activity_at: AwareDatetime | None = None


class Period(Share):
    """A day or a month.

    Attributes:
        key: `YYYY-MM-DD` or `YYYY-MM`, in the summary's time zone.
        threads: the most expensive threads, at most ten, in the order to be shown.
        models, projects: in the order to be shown.
    """

    key: str
    threads: tuple[Thread, ...] = ()
    models: tuple[ModelShare, ...] = ()
    projects: tuple[ProjectShare, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was used: no tokens, no cost, no credits."""
        return not (self.total_tokens or self.total_cost or self.credits)


class SourceShare(_Wire):
    """A log format's part of the day and of the month."""

    source: str
    today: Share
    month: Share


class DayCost(_Wire):
    """The cost in USD of one day."""

    date: str
    total_cost: Decimal


class UnpricedModel(_Wire):
    """A model without a known price and the tokens it used."""

    model: str
    tokens: int


class Budget(_Wire):
    """How one budget stands in its current period.

    Attributes:
        limit, used: USD, tokens or credits, as the unit says; the limit is above 0.
        share: the used part of the limit; above 1 when more was used.
        level: `near` from 80 % on, `over` from 100 %.
    """

    period: Literal["daily", "weekly", "monthly"]
    unit: Literal["usd", "tokens", "credits"]
    limit: Decimal
    used: Decimal
    share: Decimal
    level: Literal["ok", "near", "over"]


class Summary(_Wire):
    """Everything the tray shows about usage.

    Attributes:
        today: the current day.
        month: the current month.
        last_7_days: cost a day, oldest first, today last.
        recent_threads: those used last, at most ten, newest first, with all their usage.
        projection: the month's expected cost in USD, or None when it cannot be told.
        budgets: how each budget stands, in the order of the document.
        sources: the part of each log format that there is usage of.
        newest_event_at: instant of the newest usage event, or None when there is none.
        stale: the service has not been able to look at the threads lately.
        paused: the user has stopped the reading of threads.
        diagnostics: number of files that could not be read.
        unpriced_models: models without a known price.
        revision: rises with every published snapshot.
        generated_at: instant of the snapshot, or None.
    """

    today: Period
    month: Period
    last_7_days: tuple[DayCost, ...] = ()
    recent_threads: tuple[Thread, ...] = ()
    projection: Decimal | None = None
    budgets: tuple[Budget, ...] = ()
    sources: tuple[SourceShare, ...] = ()
    newest_event_at: AwareDatetime | None = None
    stale: bool = False
    paused: bool = False
    diagnostics: int = 0
    unpriced_models: tuple[UnpricedModel, ...] = ()
    revision: int = 0
    generated_at: AwareDatetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no usage has been found at all."""
        return self.newest_event_at is None and self.today.is_empty and self.month.is_empty


class Trouble(_Wire):
    """Something that could not be read; `message` is one sentence."""

    path: str
    message: str


class _Status(_Wire):
    diagnostics: tuple[Trouble, ...] = ()


class Crossing(_Wire):
    """A budget that was crossed just now.

    Attributes:
        name: the setting that makes the budget, such as `budgets.daily.usd`.
        level: `near` from 80 % on, `over` from 100 %.
        period_key: the day, the first day of the week, or the month.
        used, limit: USD, tokens or credits, as the unit says.
    """

    name: str
    level: Literal["near", "over"]
    period: Literal["daily", "weekly", "monthly"]
    period_key: str
    unit: Literal["USD", "tokens", "credits"]
    used: Decimal
    limit: Decimal


MOST_TROUBLES = 10
"""Of more only the number is shown."""

_Document = TypeVar("_Document", bound=_Wire)


def read_summary(document: Mapping[str, Any]) -> Summary:
    """Return the document as a `Summary`.

    Raises:
        SummaryError: a member is missing or has the wrong shape; the message names the
            members, never their values.
    """
    return _read(Summary, "usage.summary", document)


def read_crossing(document: Mapping[str, Any]) -> Crossing:
    """Return the params of `budget.crossed` as a `Crossing`; raises SummaryError."""
    return _read(Crossing, "budget.crossed", document)


def read_troubles(document: Mapping[str, Any]) -> tuple[Trouble, ...]:
    """Return the first troubles of `service.status`; raises SummaryError."""
    return _read(_Status, "service.status", document).diagnostics[:MOST_TROUBLES]


def _read(model: type[_Document], name: str, document: Mapping[str, Any]) -> _Document:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        places = sorted({".".join(map(str, item["loc"])) or "document" for item in error.errors()})
        raise SummaryError(
            f"{name} has missing or wrong members: {', '.join(places[:5])}",
            hint="The service and the tray may be of different versions: restart both.",
        ) from None
