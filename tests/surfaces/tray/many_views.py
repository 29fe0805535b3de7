"""Views as a tray shows them in weeks: one shape, always other figures."""

from collections.abc import Iterator
from dataclasses import replace

from amp_tray.surfaces.tray.icon_look import FILL_STEPS, IconLook, IconState
from amp_tray.surfaces.tray.menu import Entry, MenuModel, Row
from amp_tray.surfaces.tray.state import Connection, TrayState
from amp_tray.surfaces.tray.summary import read_summary
from amp_tray.surfaces.tray.view import TrayView, build_view
from tests.surfaces.tray.summaries import NOW, summary

UPDATES = 5_000
WARM_UP = 1_000
BATCH = 50
"""How many may be under way to whoever shows them."""


def views() -> Iterator[TrayView]:
    """Yield `WARM_UP` and `UPDATES` views in which every row says something new each time."""
    view = build_view(read_summary(summary()), TrayState(Connection.CONNECTED), NOW)
    for count in range(WARM_UP + UPDATES):
        yield TrayView(
            icon=IconLook(IconState.OK, count % FILL_STEPS),
            label=f"${count}",
            tooltip=f"Today: ${count}",
            menu=MenuModel(tuple(_relabelled(entry, count) for entry in view.menu.entries)),
        )


def _relabelled(entry: Entry, count: int) -> Entry:
    if not isinstance(entry, Row):
        return entry
    children = tuple(_relabelled(child, count) for child in entry.children)
    return replace(entry, label=f"{entry.label} {count}", children=children)
