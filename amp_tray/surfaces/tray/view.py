"""Everything a backend needs to draw the tray once: icon, label, tooltip, menu.

In: a `Summary` or None, a `TrayState`, the current instant. Out: a `TrayView`.
"""

from dataclasses import dataclass
from datetime import datetime

from amp_tray.core import figures
from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.icon import IconState
from amp_tray.surfaces.tray.menu import Connection, MenuModel, TrayState, build_menu, usage_of
from amp_tray.surfaces.tray.summary import Summary


@dataclass(frozen=True, slots=True)
class TrayView:
    """One picture of the tray; equal values look the same.

    Attributes:
        icon: which icon to draw.
        label: text beside the icon where the platform has room for it; may be empty.
        tooltip: one line, plain text, neither cut nor escaped for a platform.
        menu: the menu.
    """

    icon: IconState
    label: str
    tooltip: str
    menu: MenuModel


def build_view(summary: Summary | None, state: TrayState, now: datetime) -> TrayView:
    """Return the view for what is known; the arguments are those of `build_menu`."""
    return TrayView(
        icon=_icon(summary, state),
        label=_label(summary),
        tooltip=_tooltip(summary, state),
        menu=build_menu(summary, state, now),
    )


def _icon(summary: Summary | None, state: TrayState) -> IconState:
    if state.connection is Connection.OFFLINE:
        return IconState.OFFLINE
    if summary is None or summary.is_empty:
        return IconState.NO_DATA
    if summary.stale or state.paused or state.connection is not Connection.CONNECTED:
        return IconState.STALE
    return IconState.OK


def _label(summary: Summary | None) -> str:
    if summary is None or summary.is_empty:
        return ""
    today = summary.today
    amount = figures.money(today.total_cost)
    return f"{amount} +?" if today.unpriced_tokens else amount


def _tooltip(summary: Summary | None, state: TrayState) -> str:
    notes = {
        Connection.CONNECTING: text.CONNECTING,
        Connection.STARTING: text.STARTING,
        Connection.OFFLINE: text.OFFLINE,
    }
    note = notes.get(state.connection) or (text.PAUSED if state.paused else "")
    if summary is None:
        return note or text.NO_USAGE
    shown = text.NO_USAGE if summary.is_empty else _glance(summary)
    return f"{shown} ({note})" if note else shown


def _glance(summary: Summary) -> str:
    today, month = summary.today, summary.month
    day = text.NOTHING_TODAY if today.is_empty else usage_of(today)
    so_far = figures.cost(month.total_cost, month.unpriced_tokens)
    return f"{text.TODAY}: {day} — {text.month(month.key)}: {so_far}"
