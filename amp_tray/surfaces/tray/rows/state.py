"""How things stand: with the service, with the files, with the prices."""

from datetime import datetime

from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.menu import OLD_USAGE, Row
from amp_tray.surfaces.tray.state import Connection, TrayState
from amp_tray.surfaces.tray.summary import Summary, Trouble


def state_rows(summary: Summary | None, state: TrayState, now: datetime) -> list[Row]:
    """Return what there is to tell, the most urgent first."""
    lost = state.connection in (Connection.OFFLINE, Connection.FAILED)
    note = text.connection_note(state.connection)
    rows = [
        Row("failure", state.failure, enabled=False) if state.failure else None,
        Row("connection", note, enabled=False) if note else None,
        Row("paused", text.WORDS.paused, enabled=False) if state.paused else None,
    ]
    if summary is not None:
        generated = summary.generated_at
        if (summary.stale or lost) and generated is not None:
            rows.append(Row("stale", text.figures_from(generated, now), enabled=False))
        rows += [
            _newest(summary, state, now),
            _unreadable(summary, state.troubles),
            _unpriced(summary),
        ]
    return [row for row in rows if row is not None]


def _newest(summary: Summary, state: TrayState, now: datetime) -> Row:
    newest = summary.newest_event_at
    if newest is None or now - newest > OLD_USAGE:
        label = text.server_threads(newest, now)
        if state.sync is False:
            return Row("server-threads", label, children=_sync_offer())
        return Row("server-threads", label, enabled=False)
    return Row("newest", text.newest_usage(newest, now), enabled=False)


def _sync_offer() -> tuple[Row, ...]:
    words = text.WORDS
    return (
        Row("sync-runs", words.sync_runs, enabled=False),
        Row("sync-keeps", words.sync_keeps, enabled=False),
        Row("turn-on-sync", words.turn_on_sync, Action(ActionKind.TURN_ON_SYNC)),
    )


def _unreadable(summary: Summary, troubles: tuple[Trouble, ...]) -> Row | None:
    if not summary.diagnostics:
        return None
    rows = [
        Row(f"trouble:{number}", text.trouble(trouble))
        for number, trouble in enumerate(troubles[: summary.diagnostics])
    ]
    left = summary.diagnostics - len(rows)
    if rows and left:
        rows.append(Row("more-troubles", text.others(left), enabled=False))
    label = text.unreadable(summary.diagnostics)
    return Row("unreadable", label, enabled=bool(rows), children=tuple(rows))


def _unpriced(summary: Summary) -> Row | None:
    if not summary.unpriced_models:
        return None
    models = [(item.model, item.tokens) for item in summary.unpriced_models]
    return Row("unpriced", text.unpriced_models(models), enabled=False)
