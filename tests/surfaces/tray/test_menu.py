"""The menu as data, for everything a service may say."""

from datetime import timedelta
from typing import Any

import pytest

from amp_tray.surfaces.tray.menu import (
    Action,
    Connection,
    MenuModel,
    Row,
    TrayState,
    build_menu,
)
from amp_tray.surfaces.tray.summary import SummaryError, read_summary
from tests.surfaces.tray.summaries import NOW, empty_summary, period, summary, thread

CONNECTED = TrayState(Connection.CONNECTED, version="0.1.0")


def menu(document: dict[str, Any] | None, state: TrayState = CONNECTED) -> MenuModel:
    return build_menu(None if document is None else read_summary(document), state, NOW)


def outline(model: MenuModel) -> list[str]:
    """The first level's rows as text; separators as dashes."""
    return [entry.label if isinstance(entry, Row) else "-" for entry in model.entries]


def row(model: MenuModel, row_id: str) -> Row:
    return next(found for found in model.rows() if found.id == row_id)


def ids(model: MenuModel) -> set[str]:
    return {found.id for found in model.rows()}


def test_a_usual_day() -> None:
    assert outline(menu(summary())) == [
        "Today: $12.34 · 3.2M tokens · 45.1 credits",
        "November: $210.02 · 61.4M tokens · 812.0 credits (projected $301.50)",
        "Last 7 days: ▁▃▂▄█▂█ · $36.34",
        "-",
        "Threads today",
        "-",
        "Newest usage: 3 min ago",
        "amp-tray 0.1.0",
        "-",
        "Refresh",
        "Pause",
        "Quit",
    ]


def test_no_usage_at_all_is_said_in_words() -> None:
    assert outline(menu(empty_summary())) == [
        "No usage found yet",
        "-",
        "Amp keeps new threads on its servers since April 2026",
        "amp-tray 0.1.0",
        "-",
        "Refresh",
        "Pause",
        "Quit",
    ]


@pytest.mark.parametrize(
    ("connection", "words"),
    [
        (Connection.CONNECTING, "Connecting to the service…"),
        (Connection.STARTING, "Reading threads…"),
        (Connection.OFFLINE, "No connection to the service, trying again"),
    ],
)
def test_before_the_first_summary_the_menu_says_why(connection: Connection, words: str) -> None:
    model = menu(None, TrayState(connection))
    assert outline(model) == [words, "amp-tray", "-", "Refresh", "Pause", "Quit"]
    assert not row(model, "refresh").enabled
    assert not row(model, "pause").enabled
    assert row(model, "quit").enabled


def test_a_day_without_usage_in_a_month_with_some() -> None:
    nothing = empty_summary()["today"]
    model = menu(summary(today=nothing, projection=None))
    assert row(model, "today").label == "Today: nothing yet"
    assert row(model, "month").label == "November: $210.02 · 61.4M tokens · 812.0 credits"
    assert row(model, "threads") == Row("threads", "No threads today", enabled=False)


def test_threads_keep_the_summarys_order_and_rows_their_ids() -> None:
    threads = [thread("T-b", "Second", totalCost=1), thread("T-a", "First", totalCost=2)]
    model = menu(summary(today=period("2026-11-22", totalCost=3, threads=threads)))
    submenu = [child for child in row(model, "threads").children if isinstance(child, Row)]
    assert [(child.id, child.label) for child in submenu] == [
        ("thread:T-b", "Second — $1.00"),
        ("thread:T-a", "First — $2.00"),
    ]
    every_id = [found.id for found in model.rows()]
    assert len(every_id) == len(set(every_id))


def test_a_threads_submenu_tells_what_is_known() -> None:
    bare = thread(
        "T-1", "", project=None, credits=0, modelsUsed=[], lastActivityAt=None, unpricedTokens=77
    )
    model = menu(summary(today=period("2026-11-22", totalCost=1, threads=[bare])))
    assert row(model, "thread:T-1").label == "Untitled thread — $4.20 + 77 unpriced tokens"
    assert row(model, "thread:T-1:cost").label == "Cost: $4.20 + 77 unpriced tokens"
    assert row(model, "thread:T-1:models").label == "Model: not recorded"
    assert row(model, "thread:T-1:project").label == "Project: not recorded"
    assert row(model, "thread:T-1:activity").label == "Last activity: not recorded"


def test_hostile_text_is_made_harmless_and_cut() -> None:
    title = "\x1b]0;owned\x07Rename\nfoo_bar \u202egnp.exe & <b>" + "x" * 5_000
    hostile = thread("T-1", title, project="\x1b[31mred", modelsUsed=["m\x00\r\nm"])
    model = menu(summary(today=period("2026-11-22", totalCost=1, threads=[hostile])))
    label = row(model, "thread:T-1").label
    assert label.startswith("Rename foo_bar gnp.exe & <b>xxx")
    assert label.endswith("x… — $4.20")
    assert len(label) <= 60 + len(" — $4.20")
    assert row(model, "thread:T-1:project").label == "Project: red"
    assert all(found.label.isprintable() for found in model.rows())


def test_unpriced_usage_is_told_and_never_shown_as_free() -> None:
    day = period("2026-11-22", totalCost=0, unpricedTokens=77, totalTokens=77)
    costs = [{"date": "2026-11-22", "totalCost": 0}]
    unpriced = [{"model": "model-x", "tokens": 77}]
    model = menu(summary(today=day, last7Days=costs, unpricedModels=unpriced))
    today = "Today: $0.00 + 77 unpriced tokens · 77 tokens"
    assert row(model, "today").label == today
    assert row(model, "week").label == "Last 7 days: ▁"
    assert row(model, "unpriced").label == "Unpriced: model-x (77 tokens)"


def test_unreadable_files_are_counted() -> None:
    assert row(menu(summary(diagnostics=2)), "unreadable").label == "2 files could not be read"
    assert "unreadable" not in ids(menu(summary(diagnostics=0)))


@pytest.mark.parametrize(("days", "told"), [(0, False), (7, False), (8, True), (200, True)])
def test_old_usage_tells_where_new_threads_are(days: int, told: bool) -> None:
    newest = (NOW - timedelta(days=days)).isoformat()
    assert ("server-threads" in ids(menu(summary(newestEventAt=newest)))) is told


def test_a_stale_summary_tells_its_age() -> None:
    assert row(menu(summary(stale=True)), "stale").label == (
        "Figures may be out of date: last read 1 min ago"
    )


def test_offline_keeps_the_last_figures_and_says_so() -> None:
    model = menu(summary(), TrayState(Connection.OFFLINE))
    assert row(model, "today").label.startswith("Today: $12.34")
    assert row(model, "connection").label == "No connection to the service, trying again"
    assert "stale" in ids(model)
    assert not row(model, "pause").enabled


def test_paused_is_checked_and_said() -> None:
    model = menu(summary(), TrayState(Connection.CONNECTED, paused=True))
    assert row(model, "pause") == Row("pause", "Pause", Action.PAUSE, checked=True)
    assert row(model, "paused").label == "Paused: new usage is not read"
    assert row(menu(summary()), "pause").checked is False


def test_same_shape_means_same_ids() -> None:
    other = summary(today=period("2026-11-22", totalCost=99, threads=[thread(totalCost=50)]))
    assert ids(menu(summary())) == ids(menu(other))


def test_members_of_a_newer_service_are_ignored_and_missing_ones_refused() -> None:
    assert read_summary(summary(novelty={"a": 1})).revision == 12
    broken = summary()
    del broken["today"]["totalCost"]
    broken["month"]["threads"] = [thread(totalCost="secret text")]
    with pytest.raises(SummaryError, match=r"today\.totalCost") as caught:
        read_summary(broken)
    assert "secret" not in caught.value.message
