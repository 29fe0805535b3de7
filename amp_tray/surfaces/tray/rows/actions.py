"""What can be done: the rows at the end, the same ones always."""

from amp_tray.core.choices import METRICS
from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.menu import Row
from amp_tray.surfaces.tray.state import Connection, TrayState


def action_rows(state: TrayState) -> list[Row]:
    """Return the rows; what needs the service is greyed out without it."""
    reachable = state.connection is Connection.CONNECTED
    words = text.WORDS
    return [
        Row("refresh", words.refresh, Action(ActionKind.REFRESH), enabled=reachable),
        Row("pause", words.pause, Action(ActionKind.PAUSE), state.paused, enabled=reachable),
        _show(state),
        _start_at_login(state),
        Row("open-report", words.open_report, Action(ActionKind.OPEN_REPORT)),
        Row("settings", words.settings, Action(ActionKind.SETTINGS)),
        Row("quit", words.quit, Action(ActionKind.QUIT)),
    ]


def _show(state: TrayState) -> Row:
    choices = tuple(
        Row(
            f"show:{metric}",
            text.metric(metric),
            Action(ActionKind.SHOW_METRIC, metric),
            checked=metric == state.metric,
            radio=True,
        )
        for metric in METRICS
    )
    return Row("show", text.show(state.metric), children=choices)


def _start_at_login(state: TrayState) -> Row:
    login = state.login
    return Row(
        "start-at-login",
        text.start_at_login("" if login is None else login.impossible),
        Action(ActionKind.START_AT_LOGIN),
        checked=login is not None and login.on,
        enabled=login is not None and not login.impossible,
    )
