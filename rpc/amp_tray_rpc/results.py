"""The small results as models; what they say is what the methods return."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel
from pydantic.alias_generators import to_camel

from amp_tray_rpc.documents import Day, Diagnostic, Instant, Model

Revision = Annotated[int, Field(ge=0, description="number of the newest snapshot; 0: none yet")]

Whole = Annotated[int, Field(ge=0)]


class Open(BaseModel):
    """Base of what may have more members than these, now or later."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow", frozen=True)


class Hello(Model):
    """The service introduces itself."""

    server: Literal["amp-tray"]
    version: str = Field(description="the program's version")
    protocol: str = Field(
        pattern=r"^\d+\.\d+$", description="the contract's version, major and minor"
    )
    pid: int = Field(description="the service's process")
    revision: Revision


class Authenticated(Model):
    """The connection may ask everything."""

    authenticated: Literal[True]


class Subscription(Model):
    """Whether this connection is told of changes now."""

    subscribed: bool
    revision: Revision = Field(description="what it is told of is newer")


class Refreshed(Model):
    """All files were looked at."""

    revision: Revision


class Paused(Model):
    """Whether files are read."""

    paused: bool


class Stopping(Open):
    """The service ends; so will the connection."""

    stopping: Literal[True]


class Prices(Model):
    """Where the prices in force are from."""

    origin: Literal["bundled", "download", "overlay"]
    as_of: Day


class PricesState(Open):
    """Where the prices in force are from, and how fresh they are."""

    origin: Literal["bundled", "download", "overlay"]
    as_of: Day
    checked_at: Instant | None = Field(default=None, description="of the last refresh")
    failure: str | None = Field(default=None, description="what that came to")
    offline: bool = Field(default=False, description="none is made")


class Root(Open):
    """A directory that is read."""

    source: str
    path: str
    folder: str = Field(description="where the files lie")
    exists: bool


class Progress(Model):
    """Of the scan that runs, or was the last."""

    done: Whole
    total: Whole


class SyncState(Open):
    """How fetching threads through the user's own `amp` program stands."""

    enabled: bool
    running: bool = Field(description="a round goes on, the service's or a command's")
    last_run_at: Instant | None
    last_good_at: Instant | None = Field(description="of the last round that went well")
    last_error: str | None = Field(description="what ended the last round; null: it went well")
    hint: str | None = Field(description="what to do about that")
    next_run_at: Instant | None = Field(description="null: none is due, as it is turned off")
    exported: Whole = Field(description="threads of the last round")
    waiting: Whole = Field(description="changed threads that it left to the next")


class Status(Open):
    """The service's health."""

    state: Literal["starting", "scanning", "ready", "degraded"] = Field(
        description="degraded: it goes on, and `failure` or the diagnostics say what is wrong"
    )
    failure: str | None = Field(description="what failed and is not yet well again")
    uptime_seconds: Whole
    roots: list[Root]
    watch_mode: str | None = Field(description='"inotify", "polling" …; null: not watched')
    watch_reason: str | None = Field(description="why it is not watched natively")
    files: Whole
    progress: Progress
    sessions: Whole = Field(description="those with usage")
    diagnostics: list[Diagnostic]
    pricing: PricesState | None = Field(description="null before the first scan is done")
    newest_event_at: Instant | None
    scanned_at: Instant | None = Field(description="when all files were last looked at")
    revision: Revision
    paused: bool
    version: str
    pid: int
    memory_bytes: int | None
    socket: str = Field(description="where it listens, as `AMP_TRAY_SOCKET` takes it")
    ledger: str = Field(description="the database file")
    sync: SyncState | None = None


class OpenRpc(RootModel[dict[str, Any]]):
    """An OpenRPC document."""
