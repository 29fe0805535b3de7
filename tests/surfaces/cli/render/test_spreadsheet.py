"""CSV: the document's names and exact figures, and nothing a spreadsheet would run."""

import csv
from decimal import Decimal
from io import StringIO

import pytest

from amp_tray.surfaces.cli.render.lines import View
from amp_tray.surfaces.cli.render.spreadsheet import csv_text
from tests.surfaces.cli.render.documents import (
    KINDS,
    active,
    block,
    document,
    row,
    session,
    usage,
    view,
    without_cost,
)

USED = usage(1_000, 20, 3, 4, credit="1.5", cost="0.00000123")


def read(shown: View) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(csv_text(shown), newline="")))


def test_a_line_a_row_with_exact_figures_under_the_documents_names() -> None:
    assert csv_text(view("daily", row({"date": "2026-11-20"}, a=USED, b=usage(2)))) == (
        "date,inputTokens,outputTokens,cacheCreationTokens,cacheReadTokens,totalTokens,credits,"
        "totalCost,unpricedTokens,modelsUsed\r\n"
        "2026-11-20,1002,20,3,4,1029,1.5,0.00000123,0,a;b\r\n"
    )


def test_a_breakdown_has_a_line_for_each_row_and_model() -> None:
    rows = read(view("daily", row({"date": "2026-11-20"}, a=USED, b=usage(2)), breakdown=True))
    assert [(each["date"], each["model"], each["inputTokens"]) for each in rows] == [
        ("2026-11-20", "a", "1000"),
        ("2026-11-20", "b", "2"),
    ]


def test_nothing_is_empty_and_what_is_there_or_not_is_said() -> None:
    running = block("2026-11-20T15:00", "2026-11-20T20:00", m=USED)
    gap = block("2026-11-18T15:00", "2026-11-20T15:00", gap=True)
    for breakdown in (False, True):
        over, now = read(
            view(
                "blocks", gap, active(running, tokens=4, cost="20", minutes=60), breakdown=breakdown
            )
        )
        assert (over["isGap"], over["isActive"], over["projection.totalTokens"]) == (
            *("true", "false"),
            "",
        )
        assert (now["isGap"], now["isActive"], now["projection.totalTokens"]) == (
            *("false", "true"),
            "4",
        )
        assert now["burnRate.tokensPerMinute"] == "1234.56"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_a_formula(start: str) -> None:
    title = f"{start}cmd|'/c calc'!A0"
    (found,) = read(view("session", session("T-1", title, m=USED)))
    assert found["title"] == f"'{title}"
    (found,) = read(view("session", session("T-1", f"a{title}", **{title: USED})))
    assert found["title"] == f"a{title}"
    assert found["modelsUsed"] == f"'{title}"


def test_quotes_commas_and_line_ends_are_read_back_as_they_were() -> None:
    title = 'a "quoted", title; with\r\nlines'
    (found,) = read(view("session", session("T-1", title, m=USED)))
    assert found["title"] == title


@pytest.mark.parametrize("kind", KINDS)
def test_without_costs_no_column_is_of_money(kind: str) -> None:
    empty = View(kind, without_cost(document(kind)))
    assert csv_text(empty).count("\r\n") == 1
    assert "ost" not in csv_text(empty)
    assert "unpriced" not in csv_text(empty)
    assert "totalCost" in csv_text(view(kind))


def test_figures_stay_exact_however_small() -> None:
    (found,) = read(view("daily", row({"date": "2026-11-20"}, m=usage(1, cost="1E-12"))))
    assert Decimal(found["totalCost"]) == Decimal("1E-12")
    assert found["totalCost"] == "0.000000000001"
