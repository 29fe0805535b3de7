"""The menu as a pure value: which rows there are, what they say and what they do.

In: a `Summary` (or None before the first), a `TrayState`, the current instant.
Out: a `MenuModel`. Row ids are stable from one model to the next, so that a backend can tell
a changed label from a changed shape. Rendering and platform escaping are left to backends,
wording to `text`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from amp_tray.core import figures
from amp_tray.core.figures import sparkline
from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.summary import Period, Summary, Thread

OLD_USAGE = timedelta(days=7)
"""Age of the newest usage from which the menu tells where new threads may be."""


class Action(StrEnum):
    """What a row does when it is clicked."""

    REFRESH = "refresh"
    PAUSE = "pause"
    QUIT = "quit"


class Connection(StrEnum):
    """How the tray stands with the service.

    `CONNECTING` before the first contact, `STARTING` while the service does its first scan,
    `CONNECTED`, and `OFFLINE` after a contact failed or was lost.
    """

    CONNECTING = "connecting"
    STARTING = "starting"
    CONNECTED = "connected"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class TrayState:
    """What the tray knows besides the summary.

    Attributes:
        connection: how it stands with the service.
        paused: the user has stopped the reading of threads.
        version: the program's version, or empty when unknown.
    """

    connection: Connection
    paused: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        id: stable and unique within the model.
        label: plain text, one line, not escaped for any platform.
        action: what a click does, or None for a row that only tells something.
        checked: the state of a check row, or None for a row without a check.
        enabled: False shows the row greyed out.
        children: the submenu; empty for a plain row.
    """

    id: str
    label: str
    action: Action | None = None
    checked: bool | None = None
    enabled: bool = True
    children: tuple["Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class Separator:
    """A line between groups of rows; `id` as in `Row`."""

    id: str


Entry = Row | Separator


@dataclass(frozen=True, slots=True)
class MenuModel:
    """The whole menu, first row on top."""

    entries: tuple[Entry, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Yield every row, submenus included, each before its children."""
        stack = list(reversed(self.entries))
        while stack:
            entry = stack.pop()
            if isinstance(entry, Row):
                yield entry
                stack.extend(reversed(entry.children))


def build_menu(summary: Summary | None, state: TrayState, now: datetime) -> MenuModel:
    """Return the menu for what is known.

    Args:
        summary: the newest summary, kept while the service is away; None before the first.
        state: how the tray stands with the service.
        now: the current instant, aware.
    """
    groups = [
        ("figures", [] if summary is None else _figures(summary)),
        ("threads", [] if summary is None or summary.is_empty else [_threads(summary, now)]),
        ("state", [*_state(summary, state, now), _about(state)]),
        ("actions", _actions(state)),
    ]
    entries: list[Entry] = []
    for name, rows in groups:
        if rows and entries:
            entries.append(Separator(f"separator:{name}"))
        entries.extend(rows)
    return MenuModel(tuple(entries))


def usage_of(period: Period) -> str:
    """Return what a period cost, its tokens and its credits, as one line."""
    return figures.usage(
        period.total_cost, period.unpriced_tokens, period.total_tokens, period.credits
    )


def _figures(summary: Summary) -> list[Row]:
    if summary.is_empty:
        return [Row("no-usage", text.NO_USAGE)]
    today, month = summary.today, summary.month
    day = text.NOTHING_TODAY if today.is_empty else usage_of(today)
    so_far = usage_of(month)
    name = text.month(month.key)
    rows = [
        Row("today", f"{text.TODAY}: {day}"),
        Row("month", f"{name}: {so_far}{text.projected(summary.projection)}"),
    ]
    costs = [day.total_cost for day in summary.last_7_days]
    if costs:
        total = sum(costs)
        # Days of unpriced tokens alone cost nothing that is known: better no sum than $0.00.
        suffix = f" · {figures.money(total)}" if total else ""
        rows.append(Row("week", f"{text.LAST_7_DAYS}: {sparkline(costs)}{suffix}"))
    return rows


def _threads(summary: Summary, now: datetime) -> Row:
    if not summary.today.threads:
        return Row("threads", text.NO_THREADS_TODAY, enabled=False)
    rows = tuple(_thread(thread, now) for thread in summary.today.threads)
    return Row("threads", text.THREADS_TODAY, children=rows)


def _thread(thread: Thread, now: datetime) -> Row:
    prefix = f"thread:{thread.session_id}"
    spent = figures.cost(thread.total_cost, thread.unpriced_tokens)
    if thread.credits:
        spent = f"{spent} · {figures.credits_text(thread.credits)}"
    details = (
        ("cost", f"Cost: {spent}"),
        ("total", f"Total: {figures.tokens(thread.total_tokens)}"),
        ("input", f"Input: {figures.tokens(thread.input_tokens)}"),
        ("output", f"Output: {figures.tokens(thread.output_tokens)}"),
        ("cache-write", f"Cache writes: {figures.tokens(thread.cache_creation_tokens)}"),
        ("cache-read", f"Cache reads: {figures.tokens(thread.cache_read_tokens)}"),
        ("models", text.models(thread.models_used)),
        ("project", text.project(thread.project)),
        ("activity", text.last_activity(thread.last_activity_at, now)),
    )
    children = tuple(Row(f"{prefix}:{name}", label) for name, label in details)
    label = text.thread_row(thread.title, thread.total_cost, thread.unpriced_tokens)
    return Row(prefix, label, children=children)


def _state(summary: Summary | None, state: TrayState, now: datetime) -> list[Row]:
    rows = []
    match state.connection:
        case Connection.CONNECTING:
            rows.append(Row("connection", text.CONNECTING, enabled=False))
        case Connection.STARTING:
            rows.append(Row("connection", text.STARTING, enabled=False))
        case Connection.OFFLINE:
            rows.append(Row("connection", text.OFFLINE, enabled=False))
        case Connection.CONNECTED:
            pass
        case _:
            assert_never(state.connection)
    if state.paused:
        rows.append(Row("paused", text.PAUSED, enabled=False))
    if summary is None:
        return rows
    lost = state.connection is Connection.OFFLINE
    if (summary.stale or lost) and summary.generated_at is not None:
        rows.append(Row("stale", text.figures_from(summary.generated_at, now), enabled=False))
    return rows + _data_state(summary, now)


def _data_state(summary: Summary, now: datetime) -> list[Row]:
    newest = summary.newest_event_at
    rows = []
    if newest is not None:
        rows.append(Row("newest", text.newest_usage(newest, now), enabled=False))
    if newest is None or now - newest > OLD_USAGE:
        rows.append(Row("server-threads", figures.SERVER_THREADS, enabled=False))
    if summary.diagnostics:
        rows.append(Row("unreadable", text.unreadable(summary.diagnostics), enabled=False))
    if summary.unpriced_models:
        models = [(item.model, item.tokens) for item in summary.unpriced_models]
        rows.append(Row("unpriced", text.unpriced_models(models), enabled=False))
    return rows


def _about(state: TrayState) -> Row:
    return Row("about", text.about(state.version), enabled=False)


def _actions(state: TrayState) -> list[Row]:
    reachable = state.connection is Connection.CONNECTED
    return [
        Row("refresh", text.REFRESH, action=Action.REFRESH, enabled=reachable),
        Row("pause", text.PAUSE, action=Action.PAUSE, checked=state.paused, enabled=reachable),
        Row("quit", text.QUIT, action=Action.QUIT),
    ]
