"""The whole menu from what is known: four groups, and a first level that stays short.

In: a `Summary` (or None before the first), a `TrayState`, the current instant. Out: a
`MenuModel`. `rows` says what is in the groups.
"""

from collections.abc import Sequence
from datetime import datetime

from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.menu import Entry, MenuModel, Row, Separator
from amp_tray.surfaces.tray.rows.actions import action_rows
from amp_tray.surfaces.tray.rows.figures import figure_rows
from amp_tray.surfaces.tray.rows.state import state_rows
from amp_tray.surfaces.tray.rows.threads import thread_rows
from amp_tray.surfaces.tray.state import TrayState
from amp_tray.surfaces.tray.summary import Summary

MOST_ROWS = 16
"""Rows of the first level: some panels' menus leave the screen when they are longer."""


def build_menu(summary: Summary | None, state: TrayState, now: datetime) -> MenuModel:
    """Return the menu for what is known.

    Args:
        summary: the newest summary, kept while the service is away; None before the first.
        state: how the tray stands with the service, and its settings.
        now: the current instant, aware.
    """
    figures = [] if summary is None else figure_rows(summary)
    threads = [] if summary is None or summary.is_empty else thread_rows(summary, now)
    actions = action_rows(state)
    room = MOST_ROWS - len(figures) - len(threads) - len(actions)
    groups = {
        "figures": figures,
        "threads": threads,
        "state": gathered(state_rows(summary, state, now), room),
        "actions": actions,
    }
    entries: list[Entry] = []
    for name, rows in groups.items():
        if rows and entries:
            entries.append(Separator(f"separator:{name}"))
        entries.extend(rows)
    return MenuModel(tuple(entries))


def gathered(rows: Sequence[Row], room: int) -> list[Row]:
    """Return at most `room` rows (at least 1): those that are too many go below the last."""
    if len(rows) <= room:
        return list(rows)
    shown, rest = rows[: room - 1], rows[room - 1 :]
    label = text.gathered(rest[0].label, len(rest) - 1)
    return [*shown, Row("gathered", label, children=tuple(rest))]
