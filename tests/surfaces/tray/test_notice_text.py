"""What notifications say."""

from datetime import timedelta
from typing import Any

import pytest

from amp_tray.core.figures import SERVER_THREADS
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.desktop_notices import body_for
from amp_tray.surfaces.tray.notice_text import Notice, crossing_notice, server_threads_notice
from amp_tray.surfaces.tray.summary import read_crossing, read_summary
from tests.surfaces.tray.summaries import NOW, period, summary, thread

FIRST, SECOND, THIRD = (f"T-0199aaaa-bbbb-7ccc-8ddd-00000000000{number}" for number in "123")


def notice(document: dict[str, Any] | None = None, **members: Any) -> Notice:
    crossed = {
        "name": "budgets.daily.usd",
        "level": "near",
        "period": "daily",
        "periodKey": "2026-11-22",
        "unit": "USD",
        "used": 16.2,
        "limit": 20,
        **members,
    }
    return crossing_notice(
        read_crossing(crossed), None if document is None else read_summary(document)
    )


@pytest.mark.parametrize(
    ("members", "title", "body"),
    [
        ({}, "Daily budget nearly used up", "$16.20 of $20.00 used today"),
        ({"level": "over", "used": 20.5}, "Daily budget used up", "$20.50 of $20.00 used today"),
        (
            {"period": "monthly", "periodKey": "2026-11", "unit": "tokens", "used": 48_880_000,
             "limit": 61_100_000},
            "Monthly budget nearly used up",
            "48.9M of 61.1M tokens used in November",
        ),
        (
            {"period": "weekly", "periodKey": "2026-11-16", "unit": "credits", "used": 80.25,
             "limit": 100},
            "Weekly budget nearly used up",
            "80.2 of 100.0 credits used this week",
        ),
    ],
)  # fmt: skip
def test_a_crossed_budget_is_told_with_its_figures(
    members: dict[str, Any], title: str, body: str
) -> None:
    told = notice(**members)
    assert (told.title, told.body) == (title, body)
    assert told.click == Action(ActionKind.OPEN_REPORT)
    assert [button.action for button in told.buttons] == [told.click]


def test_the_dearest_thread_of_that_day_or_month_is_named_and_can_be_opened() -> None:
    today = period("2026-11-22", threads=[thread(FIRST, "Fix the login"), thread(SECOND, "Other")])
    month = period("2026-11", threads=[thread(THIRD, "Rewrite", totalCost=100, unpricedTokens=7)])
    told = notice(summary(today=today, month=month))
    assert told.body == "$16.20 of $20.00 used today\nMost of it: Fix the login — $4.20"
    assert told.buttons[1].action == Action(ActionKind.OPEN_THREAD, FIRST)
    told = notice(summary(today=today, month=month), period="monthly", periodKey="2026-11")
    assert "Rewrite — $100.00 + 7 unpriced tokens" in told.body
    assert told.buttons[1].action == Action(ActionKind.OPEN_THREAD, THIRD)
    strange = period("2026-11-22", threads=[thread("../../x", "Fix the login")])
    told = notice(summary(today=strange))
    assert "Fix the login" in told.body
    assert len(told.buttons) == 1  # it has no page
    for other in ({"periodKey": "2026-11-23"}, {"period": "weekly", "periodKey": "2026-11-16"}):
        assert len(notice(summary(today=today, month=month), **other).buttons) == 1


def test_a_hostile_title_is_harmless_text() -> None:
    title = "\x1b[31m<b>&\n\u202eR_D" + "x" * 10_000 + "</b><a href='file:///etc'>"
    told = notice(summary(today=period("2026-11-22", threads=[thread(FIRST, title)])))
    first, second = body_for(told.body, "linux").splitlines()
    assert first == "$16.20 of $20.00 used today"
    assert second.startswith("Most of it: &lt;b&gt;&amp; R_Dxxx")
    assert len(told.body) < 120
    assert not set("<>\x1b\u202e") & set(second)


def test_where_new_threads_are_is_told_with_the_age_of_the_newest_usage() -> None:
    told = server_threads_notice(NOW - timedelta(days=12), NOW)
    assert told.title == "New threads may be missing"
    assert told.body == f"Newest thread: 12 days ago — {SERVER_THREADS}"
    told = server_threads_notice(None, NOW)
    assert (told.title, told.body) == ("No usage found yet", SERVER_THREADS)
