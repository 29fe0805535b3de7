"""Filters: the part of a snapshot that a report is about.

By session, source, project and model; which days count is each kind's own business.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from amp_tray.core.choices import ALL_SOURCES
from amp_tray.core.errors import UnknownSessionError, UsageError
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.snapshot import SessionUsage, Snapshot
from amp_tray.core.text import clean

_SEPARATORS = re.compile(r"[/\\]")


def sessions_of(snapshot: Snapshot, options: ReportOptions) -> list[SessionUsage]:
    """Return the sessions that pass the filters, each with the usage that passes.

    A session keeps its own first and last activity, whichever of its models are shown.

    Raises:
        UsageError: the snapshot has no such source.
        UnknownSessionError: the options name a session that is not there, or several.
    """
    chosen = (
        list(snapshot.sessions.values())
        if options.session_id is None
        else [session_named(snapshot, options.session_id)]
    )
    if options.source is not None:
        _check_source(snapshot, options.source)
        chosen = [session for session in chosen if session.source == options.source]
    if options.project is not None:
        chosen = [session for session in chosen if _is_named(session.project, options.project)]
    return chosen if options.model is None else _of_model(chosen, options.model)


def session_named(snapshot: Snapshot, name: str) -> SessionUsage:
    """Return the session of an id, or of a prefix that no other has.

    Raises:
        UnknownSessionError: no such session, or several.
    """
    exact = snapshot.sessions.get(name)
    if exact is not None:
        return exact
    matching = [key for key in snapshot.sessions if key.startswith(name)]
    if len(matching) != 1:
        found = f"{len(matching):,} sessions begin" if matching else "no session begins"
        raise UnknownSessionError(
            f"{found} with {clean(name)!r}", hint="the session report lists their ids"
        )
    return snapshot.sessions[matching[0]]


def _check_source(snapshot: Snapshot, source: str) -> None:
    if source not in snapshot.sources:
        raise UsageError(
            f"source: {clean(source)!r} is no source",
            hint=f"accepted: {', '.join((*snapshot.sources, ALL_SOURCES))}",
        )


def _is_named(project: str | None, name: str) -> bool:
    """Say whether a project has this name, or a path that ends in it, in whatever case.

    Names are compared as the file has them and as surfaces show them.
    """
    if project is None:
        return False
    wanted = _folded(name)
    spellings = (_folded(project), _folded(clean(project)))
    return any(wanted in (spelling, _SEPARATORS.split(spelling)[-1]) for spelling in spellings)


def _folded(name: str) -> str:
    return name.rstrip("/\\").casefold()


def _of_model(sessions: Iterable[SessionUsage], part: str) -> list[SessionUsage]:
    wanted = part.casefold()
    known: dict[str, bool] = {}
    kept = []
    for session in sessions:
        rollups = tuple(
            rollup
            for rollup in session.rollups
            if known.setdefault(rollup.model, wanted in clean(rollup.model).casefold())
        )
        if rollups:
            kept.append(replace(session, rollups=rollups))
    return kept
