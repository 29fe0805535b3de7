"""The menu as data, for everything a service may say."""

from datetime import timedelta
from typing import Any

import pytest

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.layout import MOST_ROWS, build_menu
from amp_tray.surfaces.tray.menu import MenuModel, Row
from amp_tray.surfaces.tray.state import Connection, LoginStart, TrayState
from amp_tray.surfaces.tray.summary import (
    SummaryError,
    Trouble,
    read_summary,
    read_troubles,
)
from tests.surfaces.tray.summaries import NOW, budget, empty_summary, period, share, summary, thread

ACTIONS = [
    *("Refresh", "Pause", "Show: Cost", "Start at login", "Open report", "Settings…", "Quit"),
]
CONNECTED = TrayState(Connection.CONNECTED, login=LoginStart(on=False))
AMP_ID = "T-0199aaaa-bbbb-7ccc-8ddd-00000000000a"


def menu(document: dict[str, Any] | None, state: TrayState = CONNECTED) -> MenuModel:
    return build_menu(None if document is None else read_summary(document), state, NOW)


def outline(model: MenuModel) -> list[str]:
    """The first level's rows as text; separators as dashes."""
    return [entry.label if isinstance(entry, Row) else "-" for entry in model.entries]


def row(model: MenuModel, row_id: str) -> Row:
    return next(found for found in model.rows() if found.id == row_id)


def below(model: MenuModel, row_id: str) -> list[str]:
    """The labels of a submenu; separators as dashes."""
    return outline(MenuModel(row(model, row_id).children))


def ids(model: MenuModel) -> list[str]:
    return [found.id for found in model.rows()]


def day(*threads: dict[str, Any], **members: Any) -> dict[str, Any]:
    return period("2026-11-22", totalCost=3, threads=list(threads), **members)


def test_a_usual_day() -> None:
    assert outline(menu(summary())) == [
        "Today: $12.34 · 3.2M tokens · 45.1 credits",
        "November: $210.02 · 61.4M tokens · 812.0 credits (projected $301.50)",
        "Last 7 days: ▁▃▂▄█▂█ · $36.34",
        "-",
        "Threads today",
        "Recent threads",
        "Models this month",
        "Projects this month",
        "-",
        "Newest thread: 3 min ago",
        "-",
        *ACTIONS,
    ]


def test_no_usage_at_all_is_said_in_words() -> None:
    assert outline(menu(empty_summary())) == [
        "No usage found yet",
        "-",
        "Amp keeps new threads on its servers since April 2026",
        "-",
        *ACTIONS,
    ]


@pytest.mark.parametrize(
    ("connection", "words"),
    [
        (Connection.CONNECTING, "Connecting to the service…"),
        (Connection.STARTING, "Reading threads…"),
        (Connection.FAILED, "The service's answer cannot be used, trying again"),
        (Connection.OFFLINE, "No connection to the service, trying again"),
    ],
)
def test_before_the_first_summary_the_menu_says_why(connection: Connection, words: str) -> None:
    model = menu(None, TrayState(connection))
    assert outline(model) == [words, "-", *ACTIONS]
    enabled = {found.id for found in model.rows() if found.enabled and found.action}
    assert enabled == {
        *("open-report", "settings", "quit"),
        *("show:cost", "show:tokens", "show:credits"),
    }


def test_a_day_without_usage_in_a_month_with_some() -> None:
    nothing = empty_summary()["today"]
    model = menu(summary(today=nothing, projection=None))
    assert row(model, "today").label == "Today: nothing yet"
    assert row(model, "month").label == "November: $210.02 · 61.4M tokens · 812.0 credits"
    assert row(model, "threads") == Row("threads", "No threads today", enabled=False)


def test_threads_keep_the_summarys_order_and_rows_their_ids() -> None:
    threads = [thread("T-b", "Second", totalCost=1), thread("T-a", "First", totalCost=2)]
    model = menu(summary(today=day(*threads), recentThreads=threads[::-1]))
    assert below(model, "threads") == ["Second — $1.00", "First — $2.00"]
    assert [child.id for child in row(model, "threads").children] == ["thread:T-b", "thread:T-a"]
    assert below(model, "recent-threads") == [
        "First — $2.00 · 3 min ago",
        "Second — $1.00 · 3 min ago",
    ]
    assert len(ids(model)) == len(set(ids(model)))


def test_a_threads_submenu_tells_what_is_known_and_what_can_be_done() -> None:
    models = ["claude-opus-4-20250514", "gpt-5"]
    model = menu(summary(today=day(thread(AMP_ID, modelsUsed=models))))
    assert below(model, f"thread:{AMP_ID}") == [
        *("Cost: $4.20 · 45.1 credits", "Total: 3.2M tokens", "Input: 200.0k tokens"),
        *("Output: 100.0k tokens", "Cache writes: 400.0k tokens", "Cache reads: 2.5M tokens"),
        *("Models: opus-4, gpt-5", "Project: shop", "Last activity: 3 min ago"),
        *("-", "Open in browser", "Copy id", "Show file"),
    ]
    for kind in (ActionKind.OPEN_THREAD, ActionKind.COPY_ID, ActionKind.SHOW_FILE):
        assert row(model, f"thread.{kind}:{AMP_ID}").action == Action(kind, AMP_ID)


@pytest.mark.parametrize(
    ("thread_id", "source"),
    [("T-1", "amp"), (f"{AMP_ID}/../x", "amp"), (f"{AMP_ID}\n", "amp"), (AMP_ID, "another")],
)
def test_only_a_thread_with_a_page_opens_in_the_browser(thread_id: str, source: str) -> None:
    model = menu(summary(today=day(thread(thread_id, source=source))))
    assert below(model, f"thread:{thread_id}")[-3:] == ["-", "Copy id", "Show file"]


def test_what_a_thread_does_not_tell_is_said_to_be_missing() -> None:
    missing: dict[str, Any] = {
        "project": None,
        "credits": 0,
        "modelsUsed": [],
        "lastActivityAt": None,
    }
    bare = {**thread("T-1", "", unpricedTokens=77), **missing}
    model = menu(summary(today=day(bare), recentThreads=[bare]))
    assert row(model, "thread:T-1").label == "Untitled thread — $4.20 + 77 unpriced tokens"
    assert row(model, "recent:T-1").label == row(model, "thread:T-1").label
    assert row(model, "thread.cost:T-1").label == "Cost: $4.20 + 77 unpriced tokens"
    assert row(model, "thread.models:T-1").label == "Model: not recorded"
    assert row(model, "thread.project:T-1").label == "Project: not recorded"
    assert row(model, "thread.activity:T-1").label == "Last activity: not recorded"


def test_ten_threads_in_each_list_leave_the_first_level_as_it_is() -> None:
    threads = [thread(f"T-{number}") for number in range(10)]
    model = menu(summary(today=day(*threads), recentThreads=threads))
    assert outline(model)[1:] == outline(menu(summary()))[1:]
    assert len(below(model, "threads")) == len(below(model, "recent-threads")) == 10
    assert len(ids(model)) == len(set(ids(model)))


def test_models_and_projects_of_the_month_come_with_what_is_left_out() -> None:
    models = [share(model=f"claude-model-{number}-20250514") for number in range(12)]
    projects = [share(project="shop"), share(project=None, totalCost=0, unpricedTokens=77)]
    month = period("2026-11", totalCost=1, models=models, projects=projects)
    model = menu(summary(month=month))
    assert below(model, "models")[0] == "model-0 — $4.20 · 3.2M tokens"
    assert below(model, "models")[10:] == ["and 2 more"]
    assert below(model, "projects") == [
        "shop — $4.20 · 3.2M tokens",
        "No project — $0.00 + 77 unpriced tokens · 3.2M tokens",
    ]
    assert row(menu(summary(month=period("2026-11", totalCost=1))), "models") == Row(
        "models", "Models this month", enabled=False
    )


HOSTILE = "\x1b]0;owned\x07Rename\nfoo_bar \u202egnp.exe & <b>{0}{title}%s\u2028\x00" + "x" * 10_000


def test_hostile_text_is_made_harmless_and_cut() -> None:
    hostile = thread("T-1", HOSTILE, project="\x1b[31mred", modelsUsed=["m\x00\r\nm"])
    shares = [share(model=HOSTILE, project=HOSTILE)]
    document = summary(
        today=day(hostile),
        recentThreads=[hostile],
        month=period("2026-11\n", totalCost=1, models=shares, projects=shares),
        unpricedModels=[{"model": HOSTILE, "tokens": 1}],
        diagnostics=1,
    )
    troubles = (Trouble(path=f"/x/{HOSTILE}", message=HOSTILE),)
    model = menu(document, TrayState(Connection.CONNECTED, troubles=troubles))
    label = row(model, "thread:T-1").label
    assert label.startswith("Rename foo_bar gnp.exe & <b>{0}{title}%s xxx")
    assert label.endswith("x… — $4.20")
    assert len(label) <= 60 + len(" — $4.20")
    assert row(model, "thread.project:T-1").label == "Project: red"
    assert all(found.label.isprintable() for found in model.rows())
    assert max(len(found.label) for found in model.rows()) < 140


def test_names_and_ids_that_look_alike_make_no_two_rows_one() -> None:
    threads = [thread("T-1"), thread("T-1:cost"), thread("cost:T-1"), thread("")]
    shares = [share(model="m", project="p"), share(model="m", project="p"), share(model="m'")]
    month = period("2026-11", totalCost=1, models=shares, projects=shares)
    model = menu(summary(today=day(*threads), recentThreads=threads, month=month))
    assert len(ids(model)) == len(set(ids(model)))


def test_unpriced_usage_is_told_and_never_shown_as_free() -> None:
    today = period("2026-11-22", totalCost=0, unpricedTokens=77, totalTokens=77)
    costs = [{"date": "2026-11-22", "totalCost": 0}]
    unpriced = [{"model": "model-x", "tokens": 77}]
    model = menu(summary(today=today, last7Days=costs, unpricedModels=unpriced))
    assert row(model, "today").label == "Today: $0.00 + 77 unpriced tokens · 77 tokens"
    assert row(model, "week").label == "Last 7 days: ▁"
    assert row(model, "unpriced").label == "Unpriced: model-x (77 tokens)"


def test_one_budget_is_a_row_and_several_have_a_submenu() -> None:
    daily = budget("daily", "usd", 12.34, 15)
    monthly = budget("monthly", "tokens", 61_400_000, 60_000_000)
    assert row(menu(summary(budgets=[daily])), "budgets") == Row(
        "budgets", "Daily budget: $12.34 of $15.00 (82 %)"
    )
    model = menu(summary(budgets=[daily, monthly]))
    assert row(model, "budgets").label == "Monthly budget: 61.4M of 60.0M tokens (102 %)"
    assert below(model, "budgets") == [
        "Daily budget: $12.34 of $15.00 (82 %)",
        "Monthly budget: 61.4M of 60.0M tokens (102 %)",
    ]


def test_what_could_not_be_read_is_counted_and_named() -> None:
    troubles = read_troubles(
        {
            "state": "ready",
            "diagnostics": [
                {"code": "torn-file", "path": f"/home/me/T-{number}.json", "message": "cut short"}
                for number in range(12)
            ],
        }
    )
    state = TrayState(Connection.CONNECTED, troubles=troubles)
    model = menu(summary(diagnostics=12), state)
    assert row(model, "unreadable").label == "12 files could not be read"
    assert below(model, "unreadable") == [
        *(f"T-{number}.json: cut short" for number in range(10)),
        "and 2 more",
    ]
    # Before they are known the row tells their number alone; later there are fewer.
    assert row(menu(summary(diagnostics=2)), "unreadable").children == ()
    assert below(menu(summary(diagnostics=1), state), "unreadable") == ["T-0.json: cut short"]
    assert "unreadable" not in ids(menu(summary(diagnostics=0), state))


@pytest.mark.parametrize(("days", "told"), [(0, False), (7, False), (8, True), (200, True)])
def test_old_usage_tells_where_new_threads_are(days: int, told: bool) -> None:
    newest = (NOW - timedelta(days=days)).isoformat()
    model = menu(summary(newestEventAt=newest))
    assert ("server-threads" in ids(model)) is told
    assert ("newest" in ids(model)) is not told
    if told:
        age = f"Newest thread: {days} days ago"
        notice = "Amp keeps new threads on its servers since April 2026"
        assert row(model, "server-threads").label == f"{age} — {notice}"


@pytest.mark.parametrize("known", [None, True, False])
def test_sync_is_offered_where_it_is_known_to_be_off(*, known: bool | None) -> None:
    old = (NOW - timedelta(days=20)).isoformat()
    state = TrayState(Connection.CONNECTED, sync=known)
    offer = row(menu(summary(newestEventAt=old), state), "server-threads")
    kinds = [
        None if each.action is None else each.action.kind
        for each in MenuModel(offer.children).rows()
    ]
    assert kinds == ([None, None, ActionKind.TURN_ON_SYNC] if known is False else [])
    assert offer.enabled is (known is False)


def test_figures_of_several_agents_are_told_apart() -> None:
    today, month = share(totalCost=1.2), share(totalCost=20)
    nothing = share(totalCost=0, totalTokens=0, credits=0)
    amp = {"source": "amp", "today": today, "month": month}
    claude = {"source": "claude", "today": nothing, "month": share(totalCost=3)}
    model = menu(summary(sources=[amp, claude]))
    assert below(model, "today") == [
        "Amp: $1.20 · 3.2M tokens",
        "Claude Code: nothing yet",
    ]
    assert below(model, "month")[1] == "Claude Code: $3.00 · 3.2M tokens"
    assert below(menu(summary(sources=[amp])), "today") == []
    other = {**claude, "source": "a\u202e_b"}
    assert below(menu(summary(sources=[amp, other])), "today")[1].startswith("a_b: ")


def test_a_stale_summary_tells_its_age() -> None:
    assert row(menu(summary(stale=True)), "stale").label == (
        "Figures may be out of date: last read 1 min ago"
    )


def test_offline_keeps_the_last_figures_and_says_so() -> None:
    model = menu(summary(), TrayState(Connection.OFFLINE))
    assert row(model, "today").label.startswith("Today: $12.34")
    assert row(model, "connection").label == "No connection to the service, trying again"
    assert row(model, "gathered").label == (
        "Figures may be out of date: last read 1 min ago, and 1 more"
    )
    assert not row(model, "pause").enabled


def test_paused_is_checked_and_said() -> None:
    model = menu(summary(), TrayState(Connection.CONNECTED, paused=True))
    assert row(model, "pause") == Row("pause", "Pause", Action(ActionKind.PAUSE), checked=True)
    assert row(model, "paused").label == "Paused: new usage is not read"
    assert row(menu(summary()), "pause").checked is False


def test_what_a_click_came_to_is_said_first() -> None:
    state = TrayState(Connection.CONNECTED, failure="Copy id: no program for the clipboard")
    model = menu(summary(), state)
    shown = outline(model)
    assert shown[shown.index("Projects this month") + 2] == state.failure


def test_the_first_level_stays_short_whatever_there_is_to_tell() -> None:
    state = TrayState(Connection.OFFLINE, paused=True, failure="Open report: no report")
    document = summary(
        budgets=[budget("daily", "usd", 1, 2)],
        stale=True,
        diagnostics=3,
        unpricedModels=[{"model": "model-x", "tokens": 77}],
        newestEventAt="2026-01-01T00:00:00Z",
    )
    model = menu(document, state)
    assert len([entry for entry in model.entries if isinstance(entry, Row)]) == MOST_ROWS
    assert row(model, "gathered").label == "Open report: no report, and 6 more"
    assert below(model, "gathered") == [
        "Open report: no report",
        "No connection to the service, trying again",
        "Paused: new usage is not read",
        "Figures may be out of date: last read 1 min ago",
        "Newest thread: 325 days ago — Amp keeps new threads on its servers since April 2026",
        "3 files could not be read",
        "Unpriced: model-x (77 tokens)",
    ]
    assert row(model, "quit").enabled


def test_the_figure_that_is_shown_is_chosen_among_three() -> None:
    model = menu(summary(), TrayState(Connection.CONNECTED, metric="tokens"))
    assert row(model, "show").label == "Show: Tokens"
    choices = [child for child in row(model, "show").children if isinstance(child, Row)]
    assert [(child.label, child.checked, child.radio) for child in choices] == [
        ("Cost", False, True),
        ("Tokens", True, True),
        ("Credits", False, True),
    ]
    assert choices[2].action == Action(ActionKind.SHOW_METRIC, "credits")


@pytest.mark.parametrize(
    ("login", "shown"),
    [
        (None, ("Start at login", False, False)),
        (LoginStart(on=False), ("Start at login", False, True)),
        (LoginStart(on=True), ("Start at login", True, True)),
        (
            LoginStart(on=False, impossible="the program is not there"),
            ("Start at login: the program is not there", False, False),
        ),
    ],
)
def test_start_at_login_is_checked_or_says_why_it_cannot_be(
    login: LoginStart | None, shown: tuple[str, bool, bool]
) -> None:
    found = row(menu(summary(), TrayState(Connection.CONNECTED, login=login)), "start-at-login")
    assert (found.label, found.checked, found.enabled) == shown
    assert found.action == Action(ActionKind.START_AT_LOGIN)


def test_same_shape_means_same_ids() -> None:
    other = summary(today=day(thread(totalCost=50, title="Renamed")))
    assert ids(menu(summary())) == ids(menu(other))


def test_members_of_a_newer_service_are_ignored_and_missing_ones_refused() -> None:
    assert read_summary(summary(novelty={"a": 1})).revision == 12
    broken = summary()
    del broken["today"]["totalCost"]
    broken["month"]["threads"] = [thread(totalCost="secret text")]
    with pytest.raises(SummaryError, match=r"today\.totalCost") as caught:
        read_summary(broken)
    assert "secret" not in caught.value.message


def test_a_service_of_an_older_version_has_no_recent_threads() -> None:
    older = summary()
    del older["recentThreads"]
    assert not row(menu(older), "recent-threads").enabled
