"""What can be set in `config.toml`: names, types, bounds and what each is for.

Each setting has a variable of the environment that goes over it, and the rest of the program
reads variables alone (`config.environment`).
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from amp_tray.config.budgets import budget_variable
from amp_tray.config.environment import source_variable
from amp_tray.config.notifications import quiet_hours
from amp_tray.config.sync import (
    CALL_SECONDS,
    INTERVAL_MINUTES,
    INTERVAL_VARIABLE,
    MAX_THREADS,
    MOST_VARIABLE,
    PROGRAM_VARIABLE,
    SECONDS_VARIABLE,
    SYNC_VARIABLE,
    Bounds,
)
from amp_tray.core.choices import Metric, Mode
from amp_tray.host.log_levels import LEVELS
from amp_tray.pricing.litellm import DEFAULT_URL

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


Amount = Annotated[int | float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
Whole = Annotated[int, Field(gt=0, le=10**15)]


def _zone(name: str) -> str:
    if name != "local":
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(
                "no such zone; use an IANA name such as Europe/Berlin, or local"
            ) from error
    return name


def _root(path: str) -> str:
    if "," in path:
        raise ValueError("a comma stands between roots and cannot be part of one")
    return path


def _level(level: int | str) -> int | str:
    if str(level).lower() not in LEVELS:
        raise ValueError(f"use one of {', '.join(LEVELS)}")
    return level


def _quiet(text: str) -> str:
    quiet_hours(text)
    return text


def _setting(default: Any, variable: str, description: str) -> Any:
    return Field(default=default, description=description, json_schema_extra={"variable": variable})


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


_Roots = Annotated[
    list[Annotated[str, Field(min_length=1), AfterValidator(_root)]], Field(min_length=1)
]


class AmpSettings(_Table):
    """`[sources.amp]`: Amp's thread files."""

    enabled: bool = _setting(True, source_variable("amp"), "read them")
    roots: _Roots | None = _setting(
        None, "AMP_DATA_DIR", "directories with threads; left out: where Amp writes them"
    )


class ClaudeSettings(_Table):
    """`[sources.claude]`: Claude Code's session logs."""

    enabled: bool = _setting(True, source_variable("claude"), "read them")
    roots: _Roots | None = _setting(
        None,
        "CLAUDE_CONFIG_DIR",
        "directories with `projects`; left out: where Claude Code writes them",
    )


class SourcesSettings(_Table):
    """`[sources]`: a table for each log format."""

    amp: AmpSettings = Field(default=AmpSettings(), description="Amp's thread files")
    claude: ClaudeSettings = Field(
        default=ClaudeSettings(), description="Claude Code's session logs"
    )


class ReportSettings(_Table):
    """`[report]`: what reports do where no option says otherwise."""

    mode: Mode = _setting("auto", "AMP_TRAY_MODE", "cost mode")
    start_of_week: Weekday = _setting("monday", "AMP_TRAY_START_OF_WEEK", "first day of a week")


class PricingSettings(_Table):
    """`[pricing]`: where list prices come from."""

    url: Annotated[str, Field(pattern=r"^https?://", max_length=2000)] = _setting(
        DEFAULT_URL, "AMP_TRAY_PRICES_URL", "LiteLLM's price file, or one of its form"
    )


class TraySettings(_Table):
    """`[tray]`: the icon and its menu."""

    backend: Literal["auto", "status-notifier", "gtk", "appindicator", "none"] = _setting(
        "auto", "AMP_TRAY_BACKEND", "how the icon is shown; none: no tray"
    )
    metric: Metric = _setting("cost", "AMP_TRAY_METRIC", "what is shown beside the icon")


class NotificationsSettings(_Table):
    """`[notifications]`: what the tray tells by a notification."""

    mute: bool = _setting(False, "AMP_TRAY_MUTE", "no notification at all")
    budgets: bool = _setting(
        True, "AMP_TRAY_NOTIFY_BUDGETS", "tell when a budget is nearly or wholly used up"
    )
    quiet: Annotated[str, AfterValidator(_quiet)] | None = _setting(
        None, "AMP_TRAY_QUIET_HOURS", "hours without notifications, such as 22:00-07:00"
    )


def _within(bounds: Bounds) -> Any:
    return Field(ge=bounds.least, le=bounds.most)


class SyncSettings(_Table):
    """`[sync]`: threads that Amp keeps on its servers, fetched through your own `amp` program."""

    enabled: bool = _setting(
        False, SYNC_VARIABLE, "have the service run `amp` to fetch threads and the balance"
    )
    program: Annotated[str, Field(min_length=1)] | None = _setting(
        None, PROGRAM_VARIABLE, "the `amp` program's full path; left out: it is looked for"
    )
    interval_minutes: Annotated[int, _within(INTERVAL_MINUTES)] = _setting(
        INTERVAL_MINUTES.default, INTERVAL_VARIABLE, "minutes between two rounds"
    )
    max_threads: Annotated[int, _within(MAX_THREADS)] = _setting(
        MAX_THREADS.default, MOST_VARIABLE, "most threads that one round exports"
    )
    call_seconds: Annotated[int, _within(CALL_SECONDS)] = _setting(
        CALL_SECONDS.default, SECONDS_VARIABLE, "seconds after which a run of `amp` is killed"
    )


class WatchSettings(_Table):
    """`[watch]`: how changed files are noticed."""

    mode: Literal["auto", "native", "poll"] = _setting(
        "auto", "AMP_TRAY_WATCH", "native: the system tells; poll: by looking now and then"
    )


class ServiceSettings(_Table):
    """`[service]`: how clients reach the service; it counts from its next start."""

    transport: Literal["auto", "unix", "tcp"] = _setting(
        "auto",
        "AMP_TRAY_TRANSPORT",
        "unix: a socket; tcp: a port of this machine, opened by a token; auto: tcp on Windows",
    )


def _limit(span: str, unit: str, description: str) -> Any:
    return _setting(None, budget_variable(span, unit), description)


class DailyBudget(_Table):
    """`[budgets.daily]`: what a day may cost; each unit that is set is a budget of its own."""

    usd: Amount | None = _limit("daily", "usd", "USD a day")
    tokens: Whole | None = _limit("daily", "tokens", "tokens a day")
    credits: Amount | None = _limit("daily", "credits", "Amp credits a day")


class WeeklyBudget(_Table):
    """`[budgets.weekly]`: what a week may cost."""

    usd: Amount | None = _limit("weekly", "usd", "USD a week")
    tokens: Whole | None = _limit("weekly", "tokens", "tokens a week")
    credits: Amount | None = _limit("weekly", "credits", "Amp credits a week")


class MonthlyBudget(_Table):
    """`[budgets.monthly]`: what a month may cost."""

    usd: Amount | None = _limit("monthly", "usd", "USD a month")
    tokens: Whole | None = _limit("monthly", "tokens", "tokens a month")
    credits: Amount | None = _limit("monthly", "credits", "Amp credits a month")


class BudgetsSettings(_Table):
    """`[budgets]`: told at 80 % and at 100 %."""

    daily: DailyBudget = Field(default=DailyBudget(), description="of a day")
    weekly: WeeklyBudget = Field(default=WeeklyBudget(), description="of a week")
    monthly: MonthlyBudget = Field(default=MonthlyBudget(), description="of a month")


class Settings(_Table):
    """All that `config.toml` may hold."""

    model_config = ConfigDict(title="amp-tray's config.toml")

    offline: bool = _setting(False, "AMP_TRAY_OFFLINE", "use no network at all")
    timezone: Annotated[str, AfterValidator(_zone)] = _setting(
        "local", "AMP_TRAY_TIMEZONE", "IANA zone whose days count, or local"
    )
    log_level: Annotated[int | str, AfterValidator(_level)] = _setting(
        "warn", "LOG_LEVEL", "0 to 5, or silent, error, warn, info, debug, trace"
    )
    max_file_mb: Annotated[int, Field(ge=1, le=4096)] = _setting(
        50, "AMP_TRAY_MAX_FILE_MB", "largest log file that is read, in MiB"
    )
    sources: SourcesSettings = Field(default=SourcesSettings(), description="log formats")
    report: ReportSettings = Field(default=ReportSettings(), description="defaults of reports")
    pricing: PricingSettings = Field(default=PricingSettings(), description="list prices")
    service: ServiceSettings = Field(
        default=ServiceSettings(), description="how the service is reached"
    )
    sync: SyncSettings = Field(
        default=SyncSettings(), description="fetching threads that Amp keeps on its servers"
    )
    watch: WatchSettings = Field(default=WatchSettings(), description="noticing changed files")
    budgets: BudgetsSettings = Field(default=BudgetsSettings(), description="limits to be told of")
    tray: TraySettings = Field(default=TraySettings(), description="the icon and its menu")
    notifications: NotificationsSettings = Field(
        default=NotificationsSettings(), description="what the tray tells"
    )


def settings_of(model: BaseModel | type[BaseModel] = Settings) -> Iterator[tuple[str, str, Any]]:
    """Yield each setting's dotted key, its variable and, of a value of it, what it is set to.

    Of the class, the defaults; of an instance only what was given in the file.
    """
    fields = (model if isinstance(model, type) else type(model)).model_fields
    for name, field in fields.items():
        value = field.default if isinstance(model, type) else getattr(model, name)
        if isinstance(value, BaseModel):
            inner = type(value) if isinstance(model, type) else value
            for key, variable, setting in settings_of(inner):
                yield f"{name}.{key}", variable, setting
        elif isinstance(model, type) or name in model.model_fields_set:
            extra = field.json_schema_extra
            assert isinstance(extra, Mapping)
            yield name, str(extra["variable"]), value
