"""One session in detail: its usage by model and by hour, and its sub-threads.

The figures are those of the session's row in the report.
"""

from collections.abc import Iterable
from datetime import tzinfo

from amp_tray.core.document import Document, counts, model_rows, shown
from amp_tray.core.family import ThreadSpan
from amp_tray.core.periods import instant, iso_instant
from amp_tray.core.report import optional_instant
from amp_tray.core.rollup import Rollup, by_model, sum_of
from amp_tray.core.snapshot import SessionUsage


def build_thread(
    session: SessionUsage,
    threads: Iterable[ThreadSpan],
    *,
    link: str | None,
    file: str | None,
    revision: int,
    now: int,
    zone: tzinfo,
    zone_name: str,
) -> Document:
    """Return the `usage.thread` document of a session.

    Args:
        threads: of the session, itself among them or not.
        link: the web page that shows it.
        file: the path of its log file; one that cannot be shown as it is is not told.
        zone: whose hours count.
    """
    models = by_model(session.rollups)
    return {
        "sessionId": session.session_id,
        "title": shown(session.title),
        "project": shown(session.project),
        "source": session.source,
        "url": link,
        "file": file if file is not None and file.isprintable() else None,
        "firstActivityAt": iso_instant(session.first_at),
        "lastActivityAt": iso_instant(session.last_at),
        **counts(sum_of(total for _, total in models)),
        "models": model_rows(models),
        "hours": _hours(session.rollups, zone),
        "subThreads": [
            {
                "threadId": thread.thread_id,
                "title": shown(thread.title),
                "firstActivityAt": optional_instant(thread.first_at),
                "lastActivityAt": optional_instant(thread.last_at),
            }
            for thread in threads
            if thread.thread_id != session.session_id
        ],
        "revision": revision,
        "generatedAt": iso_instant(now),
        "timezone": zone_name,
    }


def _hours(rollups: Iterable[Rollup], zone: tzinfo) -> list[Document]:
    """Return a row for each hour of a zone's clock that has usage, oldest first."""
    groups: dict[str, list[Rollup]] = {}
    for rollup in rollups:
        groups.setdefault(_hour_of(rollup.first_at, zone), []).append(rollup)
    return [{"hour": hour, **counts(sum_of(group))} for hour, group in groups.items()]


def _hour_of(at: int, zone: tzinfo) -> str:
    # With its offset: when clocks are set back, two hours of a day have one name.
    local = instant(at).astimezone(zone).replace(minute=0, second=0, microsecond=0)
    return local.isoformat(timespec="seconds")
