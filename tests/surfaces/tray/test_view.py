"""Icon, label and tooltip for what is known."""

from typing import Any

import pytest

from amp_tray.core.choices import Metric
from amp_tray.surfaces.tray.icon import IconState
from amp_tray.surfaces.tray.state import Connection, TrayState
from amp_tray.surfaces.tray.summary import read_summary
from amp_tray.surfaces.tray.view import TrayView, build_view
from tests.surfaces.tray.summaries import NOW, empty_summary, period, summary


def view(document: dict[str, Any] | None, connection: Connection, *, paused: bool) -> TrayView:
    known = None if document is None else read_summary(document)
    return build_view(known, TrayState(connection, paused=paused), NOW)


UNPRICED = period("2026-11-22", totalCost=0, unpricedTokens=77, totalTokens=77, credits=0)
GLANCE = "Today: $12.34 · 3.2M tokens · 45.1 credits — November: $210.02"
LOST = "No connection to the service, trying again"


@pytest.mark.parametrize(
    ("document", "connection", "paused", "glance"),
    [
        (summary(), Connection.CONNECTED, False, (IconState.OK, "$12.34", GLANCE)),
        (
            summary(),
            Connection.CONNECTED,
            True,
            (IconState.STALE, "$12.34", f"{GLANCE} (Paused: new usage is not read)"),
        ),
        (summary(stale=True), Connection.CONNECTED, False, (IconState.STALE, "$12.34", GLANCE)),
        (
            summary(),
            Connection.STARTING,
            False,
            (IconState.STALE, "$12.34", f"{GLANCE} (Reading threads…)"),
        ),
        (
            summary(today=UNPRICED),
            Connection.CONNECTED,
            False,
            (
                IconState.OK,
                "$0.00 +?",
                "Today: $0.00 + 77 unpriced tokens · 77 tokens — November: $210.02",
            ),
        ),
        (
            summary(today=empty_summary()["today"]),
            Connection.OFFLINE,
            False,
            (IconState.OFFLINE, "$0.00", f"Today: nothing yet — November: $210.02 ({LOST})"),
        ),
        (
            empty_summary(),
            Connection.CONNECTED,
            False,
            (IconState.NO_DATA, "", "No usage found yet"),
        ),
        (None, Connection.STARTING, False, (IconState.NO_DATA, "", "Reading threads…")),
        (None, Connection.OFFLINE, False, (IconState.OFFLINE, "", LOST)),
    ],
)
def test_the_glance(
    document: dict[str, Any] | None,
    connection: Connection,
    paused: bool,
    glance: tuple[IconState, str, str],
) -> None:
    shown = view(document, connection, paused=paused)
    assert (shown.icon.state, shown.label, shown.tooltip) == glance


@pytest.mark.parametrize(
    ("metric", "label", "tooltip"),
    [
        ("cost", "$12.34", GLANCE),
        (
            *("tokens", "3.2M tokens"),
            "Today: 3.2M tokens · $12.34 · 45.1 credits — November: 61.4M tokens",
        ),
        (
            *("credits", "45.1 credits"),
            "Today: 45.1 credits · $12.34 · 3.2M tokens — November: 812.0 credits",
        ),
    ],
)
def test_label_and_tooltip_show_what_was_chosen(metric: Metric, label: str, tooltip: str) -> None:
    state = TrayState(Connection.CONNECTED, metric=metric)
    shown = build_view(read_summary(summary()), state, NOW)
    assert (shown.label, shown.tooltip) == (label, tooltip)
