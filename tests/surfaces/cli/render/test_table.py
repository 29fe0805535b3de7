"""Tables: whole figures at every width, the columns there is room for, titles and notes."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from amp_tray.core.figures import money
from amp_tray.surfaces.cli.render.chart import chart_text
from amp_tray.surfaces.cli.render.lines import View
from amp_tray.surfaces.cli.render.table import table_text
from tests.surfaces.cli.render.documents import (
    active,
    block,
    document,
    row,
    session,
    usage,
    view,
    views,
    without_cost,
)

WIDTHS = st.integers(20, 300)
OPUS = usage(7_287, 537_491, 2_007_768, 30_201_792, credit="254.85", cost="254.8531")
OTHER = usage(812, 1_945, unpriced=2_757)
WIDE = session("T-1-00000000000a", "Rewrite the invoice parser", claude__opus__4__5=OPUS)
HEADS = (
    *("Session", "Models", "Input", "Output", "Cache Create", "Cache Read", "Total Tokens"),
    *("Credits", "Cost (USD)", "Last Activity"),
)


def table(shown: View, width: int) -> str:
    return table_text(shown, width=width, colour=False)


@given(views(), WIDTHS, st.sampled_from([table_text, chart_text]))
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_cut(
    shown: View, width: int, text_of: Any
) -> None:
    text = text_of(shown, width=width, colour=False)
    assert max(map(cell_len, text.splitlines())) <= width
    digits = re.findall(r"\d(?:[\d,.:-]*\d)?", text)
    assert set(digits) <= set(_figures(shown))


@given(views(), WIDTHS)
def test_a_cost_or_the_sum_of_tokens_is_there_for_every_row(shown: View, width: int) -> None:
    for text in (table(shown, width), chart_text(shown, width=width, colour=False)):
        shown_rows = [each for each in shown.rows if not each.get("isGap")]
        for each in [*shown_rows, shown.totals] if shown.rows else ():
            figure = (
                money(Decimal(each["totalCost"]))
                if shown.tells_cost
                else f"{each['totalTokens']:,}"
            )
            assert figure in text


def test_from_a_hundred_columns_on_every_column_is_there() -> None:
    for width in range(100, 301):
        heads = _heads(table(view("session", WIDE), width))
        assert heads == list(HEADS), width


def test_below_a_hundred_columns_and_on_request_the_compact_ones_are() -> None:
    compact = ["Session", "Models", "Input", "Output", "Credits", "Cost (USD)", "Last Activity"]
    assert _heads(table(view("session", WIDE), 99)) == compact
    assert _heads(table(view("session", WIDE, compact=True), 200)) == compact


@pytest.mark.parametrize(
    ("width", "compact", "said"),
    [
        (99, False, "Columns are hidden: a terminal of 100 columns shows more, --json all."),
        (99, True, "Columns are hidden: a terminal of 100 columns shows more, --json all."),
        (200, True, "Columns are hidden: without --compact there are more, with --json all."),
        (60, False, "Columns are hidden: --json has all."),
        (30, False, "More: --json"),
    ],
)
def test_one_line_says_how_to_see_the_columns_that_are_hidden(
    width: int, compact: bool, said: str
) -> None:
    assert table(view("session", WIDE, compact=compact), width).splitlines()[-1] == said


def test_where_all_is_shown_nothing_is_said() -> None:
    assert "--json" not in table(view("session", WIDE), 200)


def test_digits_stay_and_columns_go_where_both_have_no_room() -> None:
    huge = session("T-x", "t", m=usage(*[10**12] * 4, credit="1e9", cost="1e9"))
    heads = _heads(table(view("session", huge), 100))
    assert heads == ["Session", "Models", "Input", "Output", "Credits", "Cost (USD)",
                     "Last Activity"]  # fmt: skip
    assert _heads(table(view("session", huge), 40)) == ["Session", "Cost (USD)"]


def test_where_no_table_has_room_each_row_is_a_list() -> None:
    listed = [
        *("  Input          100", "  Output     200,000", "  Credits       0.00"),
        *("  Cost (USD)", "           $1,254.85"),
    ]
    dear = row({"date": "2026-11-20"}, m=usage(100, 200_000, cost="1254.85"))
    lines = table(view("daily", dear), 20).splitlines()
    assert lines[4:] == ["2026-11-20", *listed, "Total", *listed, "More: --json"]


@pytest.mark.parametrize(
    ("kind", "sources", "title"),
    [
        ("daily", ["amp"], "Amp Token Usage Report - Daily"),
        ("weekly", ["amp"], "Amp Token Usage Report - Weekly"),
        ("monthly", ["amp"], "Amp Token Usage Report - Monthly"),
        ("session", ["amp"], "Amp Token Usage Report - By Session"),
        ("blocks", ["amp"], "Amp Token Usage Report - 5-Hour Blocks"),
        ("project", ["amp"], "Amp Token Usage Report - By Project"),
        ("daily", ["amp", "other"], "Token Usage Report - Daily"),
        ("daily", [], "Token Usage Report - Daily"),
    ],
)
def test_the_title_stands_in_a_box(kind: str, sources: list[str], title: str) -> None:
    shown = View(kind, document(kind, sources=sources))
    rule = "─" * (len(title) + 2)
    assert table(shown, 120).splitlines() == [
        f"╭{rule}╮",
        f"│ {title} │",
        f"╰{rule}╯",
        "No usage found.",
    ]


def test_costs_without_the_unpriced_are_starred_and_the_points_stay_in_line() -> None:
    lines = table(
        view("daily", row({"date": "2026-11-19"}, a=OPUS), row({"date": "2026-11-20"}, b=OTHER)),
        120,
    ).splitlines()
    costs = [line.split("│")[-2] for line in lines if "$" in line]
    assert costs == ["  $254.85   ", "    $0.00 * ", "  $254.85 * "]
    assert lines[-1] == "* without 2,757 tokens that have no known price: model-x"


def test_the_mode_display_lacks_recorded_costs_not_prices() -> None:
    shown = document("daily", row({"date": "2026-11-20"}, b=usage(1, unpriced=1)), mode="display")
    text = table(View("daily", shown), 120)
    assert "* without 1 token that has no recorded cost: model-x" in text


def test_without_costs_no_cost_is_shown_and_the_tokens_stay_to_the_last() -> None:
    shown = View("session", without_cost(document("session", WIDE)))
    assert _heads(table(shown, 120)) == [head for head in HEADS if head != "Cost (USD)"]
    assert _heads(table(shown, 34)) == ["Session", "Output", "Total Tokens"]
    assert "$" not in table(shown, 120)


def test_a_breakdown_has_a_row_for_each_model() -> None:
    shown = view(
        "session", session("T-1", "Title", claude__opus__4__5=OPUS, o=OTHER), breakdown=True
    )
    lines = [re.sub(r"\s+", " ", line) for line in table(shown, 140).splitlines()]
    assert "│ └─ opus-4-5 │ │ 7,287 │ 537,491 │ 2,007,768 │ 30,201,792 │ 32,754,338 │ 254.85 │" in (
        " ".join(lines)
    )
    assert any(line.startswith("│ └─ o │ │ 812 │ 1,945 │ 0 │ 0 │ 2,757 │ 0.00 │") for line in lines)


def test_blocks_tell_their_length_the_gaps_and_the_pace_of_the_active_one() -> None:
    running = block("2026-11-20T15:00", "2026-11-20T20:00", m=usage(1, cost="5"))
    shown = view(
        "blocks",
        block("2026-11-18T10:00", "2026-11-18T15:00", m=OPUS),
        block("2026-11-18T15:00", "2026-11-20T15:00", gap=True),
        active(running, tokens=987_654, cost="12.5", minutes=130),
    )
    shown.document["meta"]["timezone"] = "Asia/Kolkata"  # half an hour beside the hour
    cells = [[cell.strip() for cell in line.split("│")] for line in table(shown, 200).splitlines()]
    told = [(line[1], line[2], line[8], line[10]) for line in cells if len(line) > 10]
    assert told[1:] == [
        ("2026-11-18 15:30", "5h", "32,754,338", "$254.85"),
        ("2026-11-18 20:30", "gap 2d", "", ""),
        ("2026-11-20 20:30", "2h 10m left", "1", "$5.00"),
        ("└─ burn rate", "", "1,235/min", "$2.40/h"),
        ("└─ projected", "", "987,654", "$12.50"),
        ("Total", "", "32,754,339", "$259.85"),
    ]


def test_wide_characters_leave_the_columns_straight() -> None:
    titles = (
        "会議の議事録を要約してください",
        "🗒️ notes 👩‍💻",
        "e\u0301te\u0301",
        "한글 제목",
        "plain",
    )
    shown = view("session", *(session(f"T-{n}", title, m=OPUS) for n, title in enumerate(titles)))
    for width in (200, 100, 60, 40):
        ruled = [line for line in table(shown, width).splitlines()[3:] if line[0] in "┌│├└"]
        assert len({cell_len(line) for line in ruled}) == 1


def test_colour_is_in_the_heads_and_the_total_and_nowhere_without() -> None:
    shown = view("daily", row({"date": "2026-11-20"}, m=OPUS))
    coloured = table_text(shown, width=80, colour=True)
    assert "\x1b[36m Date" in coloured
    assert "\x1b[1;33m Total" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == table(shown, 80)
    assert "\x1b" not in table(shown, 80)


def _heads(text: str) -> list[str]:
    """Return a table's heads, in one line each."""
    lines = text.splitlines()
    top = next(n for n, line in enumerate(lines) if line.startswith("┌"))
    end = next(n for n, line in enumerate(lines) if line.startswith("├"))
    columns = zip(*(line.split("│")[1:-1] for line in lines[top + 1 : end]), strict=True)
    return [" ".join(" ".join(column).split()) for column in columns]


def _figures(shown: View) -> Iterator[str]:
    """Yield all digits that may stand in a table or a chart of a document."""
    yield from ("5", "100")  # of the title, and of the line about hidden columns
    for each in (*shown.rows, shown.totals):
        yield from _figures_of(each)
        for part in each.get("modelBreakdowns", ()):
            yield from _figures_of(part)


def _figures_of(each: Mapping[str, Any]) -> Iterator[str]:
    for name, value in each.items():
        if isinstance(value, int) and not isinstance(value, bool):
            yield f"{value:,}"
        elif isinstance(value, Decimal):
            yield f"{value:,.2f}"
            yield money(value).lstrip("<$")
        elif isinstance(value, str) and name not in {"title", "project"}:
            yield from (value, value[:10], value[11:16])
    if each.get("burnRate"):
        yield f"{round(each['burnRate']['tokensPerMinute']):,}"
        yield from _figures_of(each["burnRate"])
        yield from _figures_of(each["projection"])
    if "startTime" in each:  # durations: days, hours, minutes
        yield from map(str, range(300))
