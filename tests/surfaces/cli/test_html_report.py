"""The report's page: figures in place, hostile text harmless, nothing asked of a network."""

import base64
import hashlib
import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.surfaces.cli.html.markup import Markup, tag
from amp_tray.surfaces.cli.html.series import (
    OTHERS,
    Measure,
    measure_of,
    ranked_models,
    ranked_projects,
    timeline,
)
from amp_tray.surfaces.cli.html_report import html_page
from tests.support.report_documents import HOSTILE, UNPRICED, documents
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox

COST = Measure("totalCost", "Cost")
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """A page taken apart; asserts that what is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def inside(self, tag: str) -> list[str]:
        return [text for where, text in self.texts if where == tag]

    @property
    def text(self) -> str:
        """All that is shown, in order."""
        shown = (text for where, text in self.texts if where not in {"script", "style"})
        return " ".join(" ".join(shown).split())


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(html_page(documents()))


def test_the_totals_are_on_the_page(page: Page) -> None:
    totals = documents()["daily"]["totals"]
    assert f"Cost ${totals['totalCost']:,.2f}" in page.text
    assert f"Amp credits {totals['credits']:,.2f}" in page.text
    assert "Sessions 120" in page.text
    assert f"{totals['totalTokens']:,}" in page.text


def test_the_facts_behind_the_figures_are_on_the_page(page: Page) -> None:
    for fact in (
        "Made 22 Nov 2026, 05:20",
        "Newest usage 22 Nov 2026, 04:02 (1 hour ago)",
        "vendors' list prices (auto)",
        "as of 2026-11-16 (bundled)",
        "Time zone Europe/Berlin",
    ):
        assert fact in page.text


def test_every_session_is_a_row_with_its_figures(page: Page) -> None:
    rows = documents()["session"]["sessions"]
    shown = page.text
    for row in rows:
        assert row["sessionId"] in shown
        assert f"{row['totalTokens']:,}" in shown


def test_nothing_is_asked_of_a_network_and_no_other_program_may_run(page: Page) -> None:
    for _, attributes in page.attributes:
        for name, value in attributes.items():
            assert name not in {"src", "href", "style", "action", "srcset"}
            assert not name.startswith("on")
            assert "//" not in (value or "")
    (policy,) = [
        attributes["content"]
        for tag, attributes in page.attributes
        if tag == "meta" and "http-equiv" in attributes
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for kind in ("style", "script"):
        (text,) = page.inside(kind)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
        assert "://" not in text
        assert "@import" not in text
        assert "url(" not in text


def test_a_hostile_title_is_text(page: Page) -> None:
    assert HOSTILE in page.inside("span")  # the title of its row, and the project
    assert page.tags["img"] == 0
    assert page.tags["script"] == 1


@given(text=st.text(st.characters(codec="utf-8"), max_size=40), data=st.data())
def test_no_text_of_a_thread_becomes_markup(text: str, data: st.DataObject) -> None:
    made = documents(days=3, sessions=3)
    plain = Page(html_page(made))
    row = data.draw(st.sampled_from(made["session"]["sessions"]))
    row["title"], row["project"], row["sessionId"] = text, text, text
    row["modelsUsed"] = [text for _ in row["modelsUsed"]]
    made["project"]["projects"][0]["project"] = text
    made["daily"]["daily"][0]["modelBreakdowns"][0]["model"] = text
    made["daily"]["meta"]["unpricedModels"] = [text]
    changed = Page(html_page(made))
    loose = {"rect", "li", "i", "th", "td", "tr", "span", "svg", "title"}  # one model more or less
    assert {key: count for key, count in changed.tags.items() if key not in loose} == {
        key: count for key, count in plain.tags.items() if key not in loose
    }


def test_markup_escapes_all_but_markup() -> None:
    made = tag("p", {"title": '"<', "hidden": True, "id": None}, "<b>", tag("i", {}, "&"))
    assert made == '<p title="&quot;&lt;" hidden>&lt;b&gt;<i>&amp;</i></p>'
    assert isinstance(made, Markup)


def test_every_chart_has_a_title_a_description_and_its_figures_as_text(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.attributes if "id" in attributes]
    assert len(ids) == len(set(ids))
    charts = [
        attributes
        for tag, attributes in page.attributes
        if tag == "svg" and "aria-labelledby" in attributes
    ]
    assert len(charts) == 2
    for attributes in charts:
        assert set((attributes["aria-labelledby"] or "").split()) <= set(ids)
    assert "Show as a table" in page.text
    assert "Cost by model" in page.text
    assert "claude-opus-4-5-20251101" in page.text


def test_the_columns_heights_add_up_to_the_cost() -> None:
    made = documents(days=10, sessions=30)
    plot = re.search(r'<svg class="plot".*?</svg>', html_page(made), re.DOTALL)
    assert plot is not None
    heights = [
        sum(map(Decimal, re.findall(r'class="(?:s\d|rest)"[^>]* height="([\d.]+)"', group)))
        for group in re.findall(r'<g class="column">.*?</g>', plot[0], re.DOTALL)
    ]
    costs = {row["date"]: row["totalCost"] for row in made["daily"]["daily"]}
    first, last = (date.fromisoformat(edge(costs)) for edge in (min, max))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    by_day = [costs.get(day.isoformat(), Decimal(0)) for day in days]
    assert len(heights) == len(by_day)
    factor = sum(heights) / sum(by_day)
    assert max(heights) <= 220
    for height, cost in zip(heights, by_day, strict=True):
        assert height == pytest.approx(cost * factor, abs=Decimal("0.1"))


@pytest.mark.parametrize(
    ("span", "step", "columns"), [(1, "day", 1), (100, "day", 100), (101, "week", 15),
                                  (800, "month", 27)]
)  # fmt: skip
def test_days_become_weeks_and_months_where_there_are_too_many(
    span: int, step: str, columns: int
) -> None:
    first, model = date(2024, 1, 1), {"model": "m", "totalCost": Decimal(1), "totalTokens": 1}
    rows = [
        {"date": day.isoformat(), "totalCost": Decimal(1), "totalTokens": 1, "credits": 0,
         "unpricedTokens": 0, "modelBreakdowns": [{**model, "unpricedTokens": 0}]}
        for day in sorted({first, first + timedelta(days=span - 1)})
    ]  # fmt: skip
    data = timeline(rows, COST)
    assert (data.step, len(data.columns)) == (step, columns)
    assert sum(column.total for column in data.columns) == len(rows)
    between = data.columns[1:-1]
    assert {column.detail for column in between} <= {("no usage",)}


def test_ages_apart_are_drawn_without_the_time_between() -> None:
    made = documents(days=2, sessions=9)["daily"]
    rows = made["daily"]
    rows[0]["date"], rows[-1]["date"] = "0001-01-01", "9999-12-31"
    data = timeline(rows, COST)
    assert 2 <= len(data.columns) <= 3
    assert data.columns[0].name == "January 1"


def test_the_smallest_models_are_drawn_as_one() -> None:
    rows = documents()["daily"]["daily"]
    data = timeline(rows, COST)
    assert len(data.series) == 7
    assert data.series[-1] == OTHERS
    total = sum(row["totalCost"] for row in rows)
    assert sum(column.total for column in data.columns) == total
    shares = ranked_models(rows, COST)
    assert [share.name for share in shares[:6]] == list(data.series[:6])
    assert sum(share.amount for share in shares) == total
    assert {share.name: share.text for share in shares}[UNPRICED] == "no known price"


def test_projects_are_ranked_and_the_nameless_is_named() -> None:
    shares = ranked_projects(documents()["project"]["projects"], COST)
    assert [share.amount for share in shares] == sorted(
        (share.amount for share in shares), reverse=True
    )
    assert "no project" in {share.name for share in shares}
    assert any(share.text.endswith("*") for share in shares)  # some of its tokens are unpriced


@pytest.mark.parametrize(
    ("value", "said"),
    [("0.05", "$0.05"), ("2.5", "$2.50"), ("50", "$50"), ("7500", "$7,500"), ("20000", "$20k")],
)
def test_an_axis_is_short(value: str, said: str) -> None:
    assert COST.tick(Decimal(value)) == said


def test_without_cost_the_charts_measure_tokens_and_no_dollar_is_shown() -> None:
    made = documents(cost=False)
    assert measure_of(made["daily"]["totals"]).noun == "Tokens"
    shown = Page(html_page(made)).text
    assert "Tokens by day" in shown
    assert "$" not in shown
    assert "no known price" not in shown


def test_no_usage_is_a_page_that_says_so() -> None:
    page = Page(html_page(documents(days=0)))
    assert "No usage found." in page.text
    assert "$0.00" in page.text
    assert "Newest usage no usage yet" in page.text


def change(**members: Any) -> dict[str, dict[str, Any]]:
    made = documents(days=5, sessions=5)
    made["daily"]["meta"].update(members)
    return made


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"stale": True}, "may be behind the thread files"),
        ({"diagnostics": [{}, {}]}, "2 files or records could not be used"),
        ({"newestEventAt": "2026-10-01T00:00:00.000Z"}, "on its servers since April 2026"),
        ({"mode": "display"}, "one cent each (display)"),
        ({"timezone": "Mars/Olympus"}, "Made 22 Nov 2026, 04:20"),
        ({"sources": ["amp", "claude"]}, "Token usage"),
    ],
)
def test_what_must_be_known_is_said(members: dict[str, Any], said: str) -> None:
    assert said in Page(html_page(change(**members))).text


def test_unpriced_tokens_are_counted_and_their_models_named(page: Page) -> None:
    tokens = documents()["daily"]["totals"]["unpricedTokens"]
    sentence = f"The cost is without {tokens:,} tokens that have no known price: {UNPRICED}."
    assert sentence in page.text


def test_the_command_writes_the_page_of_real_threads(user: Sandbox) -> None:
    user.write(thread(answer(now()), title=HOSTILE, env={"initial": {"trees": []}}))
    done = user.run("report", "--html", str(user.home / "page.html"))
    assert (done.returncode, done.stdout) == (0, "")
    page = Page((user.home / "page.html").read_text("utf-8"))
    assert "Cost by project no project $0.01" in page.text
    assert "<img src=x" in page.text
    assert page.tags["img"] == 0
