"""Everything a backend needs to draw the tray once: icon, label, tooltip, menu.

In: a `Summary` or None, a `TrayState`, the current instant. Out: a `TrayView`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amp_tray.core.choices import Metric
from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.icon import FILL_STEPS, IconLook, IconState
from amp_tray.surfaces.tray.layout import build_menu
from amp_tray.surfaces.tray.menu import MenuModel
from amp_tray.surfaces.tray.state import Connection, TrayState
from amp_tray.surfaces.tray.summary import Budget, Summary


@dataclass(frozen=True, slots=True)
class TrayView:
    """One picture of the tray; equal values look the same.

    Attributes:
        icon: which icon to draw.
        label: text beside the icon where the platform has room for it; may be empty.
        tooltip: one line, plain text, neither cut nor escaped for a platform.
        menu: the menu.
    """

    icon: IconLook
    label: str
    tooltip: str
    menu: MenuModel


def build_view(summary: Summary | None, state: TrayState, now: datetime) -> TrayView:
    """Return the view for what is known; the arguments are those of `build_menu`."""
    return TrayView(
        icon=_icon(summary, state),
        label=_label(summary, state.metric),
        tooltip=_tooltip(summary, state),
        menu=build_menu(summary, state, now),
    )


def _icon(summary: Summary | None, state: TrayState) -> IconLook:
    if state.connection is Connection.OFFLINE:
        return IconLook(IconState.OFFLINE)
    if state.connection is Connection.FAILED:
        return IconLook(IconState.ERROR)
    if summary is None or summary.is_empty:
        unreadable = summary is not None and summary.diagnostics
        return IconLook(IconState.ERROR if unreadable else IconState.NO_DATA)
    fill = _fill(summary.budgets)
    if summary.stale or state.paused or state.connection is not Connection.CONNECTED:
        return IconLook(IconState.STALE, fill)
    levels = {budget.level for budget in summary.budgets}
    for level, shown in (("over", IconState.OVER), ("near", IconState.NEAR)):
        if level in levels:
            return IconLook(shown, fill)
    return IconLook(IconState.OK, fill)


def _fill(budgets: Sequence[Budget]) -> int | None:
    """Return the share of the daily budget in dollars, or of the daily one most used."""
    daily = [budget for budget in budgets if budget.period == "daily"]
    if not daily:
        return None
    shown = max(daily, key=lambda budget: (budget.unit == "usd", budget.share))
    # The first cent shows, and only a budget used up looks full.
    return min(FILL_STEPS, max(int(shown.share * FILL_STEPS), int(shown.share > 0)))


def _label(summary: Summary | None, metric: Metric) -> str:
    if summary is None or summary.is_empty:
        return ""
    return text.short_amount(summary.today, metric)


def _tooltip(summary: Summary | None, state: TrayState) -> str:
    note = text.connection_note(state.connection) or (text.WORDS.paused if state.paused else "")
    if summary is None:
        return note or text.WORDS.no_usage
    shown = text.WORDS.no_usage
    if not summary.is_empty:
        shown = text.glance(summary.today, summary.month, state.metric)
    return text.WORDS.noted.format(glance=shown, note=note) if note else shown
