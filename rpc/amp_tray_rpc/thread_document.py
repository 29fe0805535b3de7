"""The document of `usage.thread` as models: one session by model and by hour."""

from typing import Annotated

from pydantic import Field

from amp_tray_rpc.documents import Instant, Model
from amp_tray_rpc.summary_document import ModelUsage, Usage

Hour = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:00:00[+-]\d{2}:\d{2}(:\d{2})?$")]


class HourUsage(Usage):
    """The part of one hour of the zone's clock."""

    hour: Hour = Field(description='its beginning, such as "2026-11-22T13:00:00+01:00"')


class SubThread(Model):
    """A thread whose usage belongs to the session."""

    thread_id: str
    title: str | None
    first_activity_at: Instant | None = Field(description="null: it has no usage of its own")
    last_activity_at: Instant | None


class Thread(Usage):
    """A session, whole."""

    session_id: str
    title: str | None
    project: str | None
    source: str = Field(description='the log format, such as "amp"')
    url: str | None = Field(description="the web page that shows the thread, if there is one")
    file: str | None = Field(
        description="the path of the thread's newest file, if it is there and can be written here"
    )
    first_activity_at: Instant
    last_activity_at: Instant
    models: list[ModelUsage] = Field(description="by cost, highest first")
    hours: list[HourUsage] = Field(description="those with usage, oldest first")
    sub_threads: list[SubThread] = Field(description="by id")
    revision: Annotated[int, Field(ge=0)]
    generated_at: Instant
    timezone: str = Field(description="whose hours count")
