"""Figures and sentences as the user reads them."""

import ast
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core import figures
from amp_tray.core.choices import Metric
from amp_tray.surfaces.tray import text, thread_text
from amp_tray.surfaces.tray.catalogue import ENGLISH, Catalogue, Plural
from amp_tray.surfaces.tray.state import Connection, LoginStart, TrayState
from amp_tray.surfaces.tray.summary import Budget, Period, read_summary
from amp_tray.surfaces.tray.view import build_view
from tests.surfaces.tray.summaries import NOW, budget, period, summary, thread

TRAY = Path(text.__file__).parent


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        ("0", "$0.00"),
        ("0.000001", "<$0.01"),
        ("0.0099", "<$0.01"),
        ("0.01", "$0.01"),
        ("12.345", "$12.35"),
        ("1234567.891", "$1,234,567.89"),
        ("1e3", "$1,000.00"),
    ],
)
def test_money(usd: str, shown: str) -> None:
    assert figures.money(Decimal(usd)) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (45_100, "45.1k"),
        (999_949, "999.9k"),
        (999_950, "1.0M"),
        (3_200_000, "3.2M"),
        (61_400_000, "61.4M"),
        (2_500_000_000, "2.5B"),
        (7 * 10**12, "7.0T"),
        (1_234 * 10**12, "1,234T"),
    ],
)
def test_short_numbers(count: int, shown: str) -> None:
    assert figures.short_number(count) == shown


@given(st.integers(min_value=0, max_value=10**15))
def test_a_short_number_is_never_wider_than_six_characters(count: int) -> None:
    assert len(figures.short_number(count)) <= len("1,000T")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0.0 credits"),
        ("0.04", "<0.1 credits"),
        ("45.1", "45.1 credits"),
        ("812", "812.0 credits"),
        ("12345.66", "12,345.7 credits"),
    ],
)
def test_credits(amount: str, shown: str) -> None:
    assert figures.credits_text(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("usd", "unpriced", "shown"),
    [
        ("4.2", 0, "$4.20"),
        ("0", 77, "$0.00 + 77 unpriced tokens"),
        ("4.2", 1, "$4.20 + 1 unpriced token"),
        ("0", 3_200_000, "$0.00 + 3.2M unpriced tokens"),
    ],
)
def test_unpriced_tokens_never_look_free(usd: str, unpriced: int, shown: str) -> None:
    assert figures.cost(Decimal(usd), unpriced) == shown


def test_usage_shows_no_credits_where_none_were_recorded() -> None:
    assert figures.usage(Decimal(1), 0, 1, Decimal(0)) == "$1.00 · 1 token"
    assert figures.usage(Decimal(1), 0, 2, Decimal("4.51")) == "$1.00 · 2 tokens · 4.5 credits"


@pytest.mark.parametrize(
    ("key", "shown"),
    [("2026-11", "November"), ("2026-01", "January"), ("2026-13", "2026-13"), ("\x1b[31m?", "?")],
)
def test_month_names(key: str, shown: str) -> None:
    assert text.month(key) == shown


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=3), "3 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_ages(age: timedelta, shown: str) -> None:
    assert figures.ago(NOW - age, NOW) == shown


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([], "Model: not recorded"),
        (["a"], "Model: a"),
        (["a", "b"], "Models: a, b"),
        (["a", "b", "c", "d"], "Models: a, b and 2 more"),
        (["\x1b[2J"], "Model: ?"),
    ],
)
def test_models_are_named_up_to_two(values: list[str], shown: str) -> None:
    assert thread_text.models(values) == shown


def test_unpriced_models_are_named_up_to_two() -> None:
    values = [("model-x", 77), ("model-y", 1), ("model-z", 5)]
    assert text.unpriced_models(values[:1]) == "Unpriced: model-x (77 tokens)"
    assert text.unpriced_models(values) == (
        "Unpriced: model-x (77 tokens), model-y (1 token) and 1 more"
    )


def test_one_file_and_many_files() -> None:
    assert text.unreadable(1) == "1 file could not be read"
    assert text.unreadable(2) == "2 files could not be read"


@pytest.mark.parametrize(
    ("unit", "used", "limit", "shown"),
    [
        ("usd", "4.1", "5", "Weekly budget: $4.10 of $5.00 (82 %)"),
        ("usd", "4.999", "5", "Weekly budget: $5.00 of $5.00 (99 %)"),
        ("tokens", "1", "2", "Weekly budget: 1 of 2 tokens (50 %)"),
        ("credits", "45.06", "1", "Weekly budget: 45.1 of 1.0 credits (4,506 %)"),
    ],
)
def test_budgets(
    unit: Literal["usd", "tokens", "credits"], used: str, limit: str, shown: str
) -> None:
    share = Decimal(used) / Decimal(limit)
    found = Budget(
        period="weekly",
        unit=unit,
        limit=Decimal(limit),
        used=Decimal(used),
        share=share,
        level="ok",
    )
    assert text.budget_row(found) == shown


@pytest.mark.parametrize(
    ("metric", "recorded", "shown", "short"),
    [
        ("cost", "45.1", "$1.20 · 3.2k tokens · 45.1 credits", "$1.20"),
        ("cost", "0", "$1.20 · 3.2k tokens", "$1.20"),
        ("tokens", "45.1", "3.2k tokens · $1.20 · 45.1 credits", "3.2k tokens"),
        ("tokens", "0", "3.2k tokens · $1.20", "3.2k tokens"),
        ("credits", "45.1", "45.1 credits · $1.20 · 3.2k tokens", "45.1 credits"),
        ("credits", "0", "0.0 credits · $1.20 · 3.2k tokens", "0.0 credits"),
    ],
)
def test_the_chosen_figure_comes_first(
    metric: Metric, recorded: str, shown: str, short: str
) -> None:
    found = Period.model_validate(
        period("2026-11-22", totalCost=1.2, totalTokens=3_200, credits=recorded)
    )
    assert text.usage(found, metric) == shown
    assert text.short_amount(found, metric) == short


def test_what_failed_is_one_harmless_line() -> None:
    told = text.failed("Copy id", "no\nprogram\x1b[31m " + "x" * 500)
    assert told.startswith("Copy id: no program x")
    assert told.isprintable()
    assert len(told) <= 90


SPOKEN = {spec.name: getattr(ENGLISH, spec.name) for spec in fields(Catalogue)}
TEMPLATES = {name: said for name, said in SPOKEN.items() if isinstance(said, str)}
PLURALS = {name: said for name, said in SPOKEN.items() if isinstance(said, Plural)}


def test_every_argument_of_a_sentence_has_a_name() -> None:
    sentences = [*TEMPLATES.values(), *(form for said in PLURALS.values() for form in said.forms)]
    names = [name for said in sentences for _, name, _, _ in Formatter().parse(said)]
    assert all(name is None or name.isidentifier() for name in names)


def marked() -> Catalogue:
    """A language in which every sentence has marks, with three forms and other numbers."""
    changes: dict[str, Any] = {name: f"[{said}]" for name, said in TEMPLATES.items()}
    form_of = lambda count: 0 if count == 1 else 1 if count % 10 in {2, 3, 4} else 2  # noqa: E731 - short
    for name, said in PLURALS.items():
        forms = (f"[1 {said.forms[0]}]", f"[2 {said.forms[1]}]", f"[3 {said.forms[1]}]")
        changes[name] = Plural(forms, form_of)
    changes["number"] = "{:_}".format
    changes["ago"] = lambda _then, _now: "dawno"
    changes["month_name"] = lambda _key: "listopad"
    return replace(ENGLISH, **changes)


def test_a_translation_reaches_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (text, thread_text):
        monkeypatch.setattr(module, "WORDS", marked())
    document = summary(
        diagnostics=12_345,
        budgets=[budget("daily", "usd", 1, 2)],
        recentThreads=[thread(totalCost=1)],
    )
    state = TrayState(Connection.CONNECTED, login=LoginStart(on=False))
    view = build_view(read_summary(document), state, NOW)
    labels = {row.id: row.label for row in view.menu.rows()}
    assert {label for label in labels.values() if not label.startswith("[")} == set()
    assert labels["unreadable"] == "[3 12_345 files could not be read]"
    assert labels["month"].startswith("[listopad: ")
    assert view.tooltip.startswith("[[[Today]: $12.34[ · ]")


@pytest.mark.parametrize(
    ("count", "shown"), [(1, "[1 1 file could not be read]"), (3, "[2 3 files could not be read]")]
)
def test_a_language_has_its_own_plurals(
    monkeypatch: pytest.MonkeyPatch, count: int, shown: str
) -> None:
    monkeypatch.setattr(text, "WORDS", marked())
    assert text.unreadable(count) == shown


LOGGED = {"catalogue", "desktop_notices", "summary"}  # the one place, and words for the log alone


@pytest.mark.parametrize(
    "path",
    [path for path in (*TRAY.glob("*.py"), *TRAY.glob("rows/*.py")) if path.stem not in LOGGED],
    ids=lambda path: path.stem,
)
def test_no_sentence_stands_outside_the_catalogue(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    # Names of log records, and what an exception says that nobody is shown.
    unspoken = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _is_log(node.func))
        for part in ast.walk(node)
    }
    said = [
        node.value
        for parent in ast.walk(tree)
        if not isinstance(parent, ast.Expr)  # a docstring
        for node in ast.iter_child_nodes(parent)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in unspoken and " " in node.value.strip()
    ]
    assert said == []


def _is_log(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "_log"
