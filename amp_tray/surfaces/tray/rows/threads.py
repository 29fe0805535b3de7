"""Where the usage went: threads of today and of late, models and projects of the month."""

from collections.abc import Sequence
from datetime import datetime

from amp_tray.sources import SOURCES
from amp_tray.surfaces.tray import text, thread_text
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.menu import Entry, Row, Separator
from amp_tray.surfaces.tray.summary import Summary, Thread

MOST_SHARES = 10
"""Models and projects shown; what is left is counted."""


def thread_rows(summary: Summary, now: datetime) -> list[Row]:
    """Return the four submenus; each row has its place even where it has nothing to show."""
    month = summary.month
    today = [
        _thread("thread", thread, thread_text.thread(thread), now)
        for thread in summary.today.threads
    ]
    recent = [
        _thread("recent", thread, thread_text.recent_thread(thread, now), now)
        for thread in summary.recent_threads
    ]
    models = [(item.model, thread_text.model_share(item)) for item in month.models]
    projects = [(item.project, thread_text.project_share(item)) for item in month.projects]
    label_today = text.WORDS.threads_today if today else text.WORDS.no_threads_today
    return [
        _submenu("threads", label_today, today),
        _submenu("recent-threads", text.WORDS.recent_threads, recent),
        _submenu("models", text.WORDS.models, _shares("model", models)),
        _submenu("projects", text.WORDS.projects, _shares("project", projects)),
    ]


def link_of(source: str, thread_id: str) -> str | None:
    """Return a thread's page on the web; None where its log format has none for such an id."""
    return SOURCES[source].link_of(thread_id) if source in SOURCES else None


def _submenu(row_id: str, label: str, rows: Sequence[Row]) -> Row:
    return Row(row_id, label, enabled=bool(rows), children=tuple(rows))


def _thread(kind: str, thread: Thread, label: str, now: datetime) -> Row:
    # What comes before the first colon is ours alone: no id of a thread makes two rows one.
    name = thread.session_id
    details = {
        "cost": thread_text.thread_cost(thread),
        **thread_text.thread_tokens(thread),
        "models": thread_text.models(thread.models_used),
        "project": thread_text.project(thread.project),
        "activity": thread_text.last_activity(thread.last_activity_at, now),
    }
    entries: list[Entry] = [Row(f"{kind}.{what}:{name}", said) for what, said in details.items()]
    entries.append(Separator(f"{kind}.separator:{name}"))
    offers = {
        ActionKind.OPEN_THREAD: text.WORDS.open_thread,
        ActionKind.COPY_ID: text.WORDS.copy_id,
        ActionKind.SHOW_FILE: text.WORDS.show_file,
    }
    if link_of(thread.source, name) is None:
        del offers[ActionKind.OPEN_THREAD]
    entries += [
        Row(f"{kind}.{action}:{name}", said, Action(action, name))
        for action, said in offers.items()
    ]
    return Row(f"{kind}:{name}", label, children=tuple(entries))


def _shares(kind: str, shares: Sequence[tuple[str | None, str]]) -> list[Row]:
    rows: dict[str, Row] = {}
    for name, label in shares[:MOST_SHARES]:
        # Two names may be the same once they are made harmless.
        row_id = f"no-{kind}" if name is None else f"{kind}:{name}"
        while row_id in rows:
            row_id += "'"
        rows[row_id] = Row(row_id, label)
    shown = list(rows.values())
    if len(shares) > MOST_SHARES:
        shown.append(Row(f"more-{kind}s", text.others(len(shares) - MOST_SHARES), enabled=False))
    return shown
