"""Markdown: one table, whole names, nothing of a name taken for markup."""

from amp_tray.surfaces.cli.render.lines import View
from amp_tray.surfaces.cli.render.markdown import escaped, markdown_text
from tests.surfaces.cli.render.documents import document, row, session, usage, view, without_cost

USED = usage(1_000, 20, 3, 4, credit="1.5", cost="12.345")


def test_a_report_is_a_github_table_with_its_total() -> None:
    shown = view(
        "daily",
        row({"date": "2026-11-20"}, claude__opus__4__5__20251101=USED, x=usage(7, unpriced=7)),
    )
    assert markdown_text(shown) == (
        "| Date | Models | Input | Output | Cache Create | Cache Read | Total Tokens | Credits"
        " | Cost (USD) |\n"
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| 2026-11-20 | opus-4-5, x | 1,007 | 20 | 3 | 4 | 1,034 | 1.50 | $12.35 \\* |\n"
        "| **Total** |  | **1,007** | **20** | **3** | **4** | **1,034** | **1.50** |"
        " **$12.35 \\*** |\n"
        "\n"
        "\\* without 7 tokens that have no known price: model-x\n"
    )


def test_a_breakdown_adds_rows_and_no_cost_takes_its_column() -> None:
    shown = View(
        "daily",
        without_cost(document("daily", row({"date": "2026-11-20"}, m=USED))),
        breakdown=True,
    )
    lines = markdown_text(shown).splitlines()
    assert "Cost" not in lines[0]
    assert lines[3] == "| └─ m |  | 1,000 | 20 | 3 | 4 | 1,027 | 1.50 |"


def test_names_are_whole_and_harmless() -> None:
    title = "`code` | <img src=x> *b* _i_ [l](u) # & \\ ~s~ @you " + "long" * 40
    line = markdown_text(view("session", session("T-1", title, m=USED))).splitlines()[2]
    assert line.startswith(
        r"| \`code\` \| \<img src=x\> \*b\* \_i\_ \[l\](u) \# \& \\ \~s\~ \@you longlong"
    )
    assert line.count(" | ") == 9
    assert "long" * 40 in line


def test_escaping_leaves_plain_text_alone() -> None:
    assert (
        escaped("Fix the parser (0000000a), 会議: 3.5%") == "Fix the parser (0000000a), 会議: 3.5%"
    )


def test_no_usage_is_a_table_of_zeros() -> None:
    assert markdown_text(view("daily")).splitlines()[2:] == [
        "| **Total** |  | **0** | **0** | **0** | **0** | **0** | **0.00** | **$0.00** |"
    ]
