"""What `amp usage` says: understood where it can be, shown as it stands where not."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amp_tray.core.text import clean
from amp_tray.sync.balance import balance_text
from amp_tray.sync.usage_text import parse_usage

UNDERSTOOD: dict[str, dict[str, Any]] = {
    "Amp Free: $4.20/$10 remaining": {"kind": "free", "remaining": "4.20", "limit": "10"},
    "Amp Free: $0/$10.00 remaining (replenishes +$0.42/hour)": {
        "kind": "free",
        "remaining": "0",
        "limit": "10.00",
        "hourly": "0.42",
    },
    "Amp Free: 87% remaining": {"kind": "free", "percent": "87"},
    "Amp Free: 87.5% remaining today (resets daily)": {
        "kind": "free",
        "percent": "87.5",
        "resets": "resets daily",
    },
    "Subscription Pro: 40% other usage and 100% orb usage remaining"
    " - resets upon renewal in 12 days": {
        "kind": "subscription",
        "name": "Pro",
        "percent": "40",
        "orb_percent": "100",
        "resets": "resets upon renewal in 12 days",
    },
    "Amp Max Subscription: 4% other usage and 0% orb usage remaining"
    " - resets upon renewal in 1 month": {
        "kind": "subscription",
        "name": "Max",
        "percent": "4",
        "orb_percent": "0",
        "resets": "resets upon renewal in 1 month",
    },
    "Amp Max Tier: agent usage $180.25 of $200 remaining (90%), orb usage 9.5h of 10h a1.small orb"
    " hours remaining (95%) - period 2026-11-01 to 2026-12-01, resets upon renewal in 9 days": {
        "kind": "subscription",
        "name": "Max",
        "remaining": "180.25",
        "limit": "200",
        "percent": "90",
        "orb_hours": "9.5",
        "orb_hours_limit": "10",
        "orb_percent": "95",
        "resets": "resets upon renewal in 9 days",
    },
    "Individual credits: $1,234.56 remaining": {"kind": "individual", "remaining": "1234.56"},
    "Individual credits: -$0.50 remaining": {"kind": "individual", "remaining": "-0.50"},
    "Workspace Acme: the shop: $7 remaining": {
        "kind": "workspace",
        "name": "Acme: the shop",
        "remaining": "7",
    },
}


def members(line: str) -> dict[str, Any]:
    (entry,) = parse_usage(line)
    found = {name: value for name, value in entry._asdict().items() if value is not None}
    assert found.pop("text") == line
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in found.items()
    }


@pytest.mark.parametrize("line", UNDERSTOOD)
def test_each_form_is_understood(line: str) -> None:
    assert members(line) == UNDERSTOOD[line]


@pytest.mark.parametrize(
    "line",
    [
        "Amp Free: $4.20 of $10 remaining",
        "Amp Free: about 87% remaining",
        "Amp Free: 870% remaining",
        "Individual credits: $12.50.3 remaining",
        "Individual credits: €12.50 remaining",
        "Individual credits: $1,23 remaining",
        "Individual credits: $1e9 remaining",
        "Individual credits: $12.50 remaining, of which $3 expire",
        "Credits left: $12.50",
        "Workspace Acme: none",
    ],
)
def test_a_line_in_other_words_is_shown_as_it_stands_and_has_no_figure(line: str) -> None:
    assert members(line) == {"kind": "other"}


def test_markup_order_and_other_lines_do_not_matter() -> None:
    text = (
        "\x1b[1m# Usage\x1b[0m\n\nSee the manual for more\n"
        "**Individual credits:** `$12.50` remaining - https://ampcode.com/settings\n"
        "Signed in as someone@example.com (Some One)\r\n"
        "## \x1b[32mAmp Free: $4.20/$10 remaining\x1b[0m\n"
    )
    entries = parse_usage(text)
    assert [entry.kind for entry in entries] == ["individual", "free"]
    assert balance_text(entries) == "Individual $12.50 · Free $4.20 of $10.00"


def test_who_is_signed_in_is_never_kept() -> None:
    assert parse_usage("Signed in as someone@example.com") == ()
    kept = parse_usage("Workspace someone@example.com: $7 left\nsomeone@example.com: hello")
    assert "someone" not in str(kept)


def test_a_text_in_quite_other_words_is_shown_from_its_beginning() -> None:
    entries = parse_usage("Your plan\nis fine\nfor now\nsays Amp")
    assert [(entry.kind, entry.text) for entry in entries] == [
        ("other", "Your plan"),
        ("other", "is fine"),
        ("other", "for now"),
    ]
    assert parse_usage("") == ()


def test_a_debt_is_shown_as_one() -> None:
    entries = parse_usage("Individual credits: -$0.50 remaining")
    assert balance_text(entries) == "Individual -$0.50"


@settings(max_examples=200)
@given(
    st.text()
    | st.sampled_from(list(UNDERSTOOD)).flatmap(lambda line: st.permutations(line).map("".join))
)
def test_no_text_fails_and_figures_stand_in_the_line(text: str) -> None:
    for entry in parse_usage(text):
        assert entry.text == clean(entry.text)
        for name in ("remaining", "limit", "percent"):
            amount = getattr(entry, name)
            if amount is not None:
                assert str(abs(amount)) in entry.text.replace(",", "")
