"""Bar charts: scaled, with figures, in what characters and colours there are."""

from decimal import Decimal

import pytest

from amp_tray.surfaces.cli.render.chart import chart_text
from amp_tray.surfaces.cli.render.lines import View
from amp_tray.surfaces.cli.terminal import encoded
from tests.surfaces.cli.render.documents import (
    active,
    block,
    document,
    row,
    session,
    usage,
    view,
    without_cost,
)

DAYS = (
    row({"date": "2026-11-18"}, m=usage(10, cost="8")),
    row({"date": "2026-11-19"}, m=usage(30, cost="4")),
    row({"date": "2026-11-20"}, m=usage(20, cost="0.001"), n=usage(20, unpriced=20)),
)


def chart(shown: View, width: int = 60) -> list[str]:
    """Return the chart's lines below its title."""
    return chart_text(shown, width=width, colour=False).splitlines()[3:]


def test_a_bar_is_as_long_as_its_cost_and_stands_beside_it() -> None:
    assert chart(view("daily", *DAYS)) == [
        "Date        Cost (USD)",
        "2026-11-18     $8.00    ████████████████████████████████████",
        "2026-11-19     $4.00    ██████████████████",
        "2026-11-20    <$0.01 *  ▏",  # as small as may be, and not nothing
        "Total         $12.00 *",
        "* without 20 tokens that have no known price: model-x",
    ]


def test_without_costs_it_is_of_tokens() -> None:
    lines = chart(View("daily", without_cost(document("daily", *DAYS))))
    assert [line.split()[:2] for line in lines] == [
        ["Date", "Total"],
        ["2026-11-18", "10"],
        ["2026-11-19", "30"],
        ["2026-11-20", "40"],
        ["Total", "80"],
    ]
    assert [line.count("█") for line in lines] == [0, 8, 25, 34, 0]


def test_a_breakdown_has_a_bar_for_each_model() -> None:
    lines = chart(view("daily", DAYS[0], DAYS[2], breakdown=True))
    assert [line.split("$")[0].rstrip(" <") for line in lines[1:6]] == [
        *("2026-11-18", "└─ m", "2026-11-20", "└─ m", "└─ n")
    ]


def test_an_active_block_reaches_to_where_it_is_projected_and_a_gap_has_no_bar() -> None:
    running = block("2026-11-20T15:00", "2026-11-20T20:00", m=usage(1, cost="5"))
    lines = chart(
        view(
            "blocks",
            block("2026-11-18T10:00", "2026-11-18T15:00", m=usage(1, cost="10")),
            block("2026-11-18T15:00", "2026-11-20T15:00", gap=True),
            active(running, tokens=4, cost="20", minutes=60),
        )
    )
    assert lines == [
        "Block Start       Cost (USD)",
        "2026-11-18 10:00      $10.00  ███████████████",
        "2026-11-18 15:00      gap 2d",
        "2026-11-20 15:00       $5.00  ███████▌░░░░░░░░░░░░░░░░░░░░░░",
        "Total                 $15.00",
        "░ projected to the block's end",
    ]


def test_where_labels_and_bars_have_no_room_side_by_side_labels_stand_above() -> None:
    shown = view("session", session("T-a-bcd", "A title that is rather long", m=DAYS[0]))
    assert chart(shown, 40)[:2] == [
        "A title that is rather long (bcd)",
        "     $8.00  ████████████████████████████",
    ]


def test_bars_of_nothing_but_zeros_are_empty() -> None:
    shown = view("daily", row({"date": "2026-11-20"}, m=usage(1, unpriced=1)))
    assert chart(shown)[1].split() == ["2026-11-20", "$0.00", "*"]


def test_no_usage_is_said() -> None:
    assert chart(view("daily")) == ["No usage found."]


@pytest.mark.parametrize(
    ("encoding", "bars"), [("ascii", "##################"), ("cp437", "██████████████████")]
)
def test_an_encoding_without_the_signs_gets_others_as_wide(encoding: str, bars: str) -> None:
    text = chart_text(view("daily", *DAYS), width=60, colour=False)
    plain = encoded(text, encoding).decode(encoding)
    assert f"$4.00    {bars}\n" in plain
    assert "* without 20 tokens" in plain
    assert list(map(len, plain.splitlines())) == list(map(len, text.splitlines()))


def test_bars_have_a_colour_and_the_total_another() -> None:
    text = chart_text(view("daily", *DAYS), width=60, colour=True)
    assert "\x1b[36m  ██" in text
    assert "\x1b[1;33mTotal" in text


def test_every_projection_is_of_what_is_measured() -> None:
    running = block("2026-11-20T15:00", "2026-11-20T20:00", m=usage(10, cost="5"))
    found = document("blocks", active(running, tokens=40, cost="6", minutes=60))
    with_cost = chart(View("blocks", found))[1]
    without = chart(View("blocks", without_cost(found)))[1]
    assert with_cost.count("█") / (with_cost.count("█") + with_cost.count("░")) == pytest.approx(
        5 / 6, abs=0.05
    )
    assert without.count("█") / (without.count("█") + without.count("░")) == pytest.approx(
        float(Decimal(10) / 40), abs=0.05
    )
