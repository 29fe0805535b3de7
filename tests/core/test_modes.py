"""Cost modes: which known cost counts, to the picodollar, and that credits stay out of `auto`."""

from datetime import UTC
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.choices import MODES, Mode
from amp_tray.core.events import UsageEvent
from amp_tray.core.explain import build_explanation
from amp_tray.core.family import FamilyUsage, ThreadUsage
from amp_tray.core.modes import auto_cost, recorded_cost
from amp_tray.core.money import Credits, Usd
from amp_tray.core.rates import Prices, RateCard, Rates
from amp_tray.core.snapshot import Snapshot
from amp_tray.core.summary import build_summary
from tests.support.usage import EVENTS, NOW, SUMS, build, figures, snapshot

CENT = 10**10  # picodollars
CREDIT = 10**9  # nanocredits


def event(
    model: str = "m-one",
    *,
    credits_: int | None = None,
    recorded: int | None = None,
    session: str = "T-a",
    at: int = NOW,
) -> UsageEvent:
    """An event of 1,000 tokens; of m-one they cost 3,000 picodollars at list price."""
    return UsageEvent(
        *(session, session, at, 0, "message", model, 100, 200, 300, 400),
        credits=None if credits_ is None else Credits(credits_),
        recorded_cost=None if recorded is None else Usd(recorded),
    )


MIXED = [
    event(credits_=5 * CREDIT // 2),  # 2.5 credits
    event(recorded=50 * CENT, credits_=7 * CREDIT),
    event(),
    event(credits_=0),
    event("unpriced", credits_=CREDIT),
    event("unpriced"),
    event("unpriced", recorded=25 * CENT),
]


@pytest.mark.parametrize(
    ("credits_", "recorded", "cost"),
    [
        (None, None, None),
        (0, None, None),  # none recorded, not free
        (1, None, 10),
        (CREDIT, None, CENT),
        (CREDIT, 7, 7),
        (CREDIT, 0, 0),
        (None, 0, 0),
    ],
)
def test_a_recorded_cost_is_usd_or_else_a_cent_a_credit(
    credits_: int | None, recorded: int | None, cost: int | None
) -> None:
    assert recorded_cost(event(credits_=credits_, recorded=recorded)) == cost


@pytest.mark.parametrize(
    ("recorded", "listed", "cost"), [(None, None, None), (None, 3, 3), (7, 3, 7), (0, 3, 0)]
)
def test_auto_is_usd_as_recorded_or_else_the_list_price(
    recorded: int | None, listed: int | None, cost: int | None
) -> None:
    assert auto_cost(event(recorded=recorded), None if listed is None else Usd(listed)) == cost


@pytest.mark.parametrize(
    ("mode", "picodollars", "unpriced", "models"),
    [
        ("auto", 3 * 3000 + 75 * CENT, 2000, ["unpriced"]),
        ("calculate", 4 * 3000, 3000, ["unpriced"]),
        ("display", (5 * CENT) // 2 + 50 * CENT + CENT + 25 * CENT, 3000, ["m-one", "unpriced"]),
    ],
)
@pytest.mark.parametrize("kind", ["daily", "monthly", "session"])
def test_a_mixed_session_in_each_mode(
    mode: Mode, picodollars: int, unpriced: int, models: list[str], kind: str
) -> None:
    document = build(MIXED, kind, mode=mode)
    totals = document["totals"]
    assert totals["totalCost"] == Decimal(picodollars).scaleb(-12)
    assert totals["unpricedTokens"] == unpriced
    assert totals["totalTokens"] == 7000
    assert totals["credits"] == Decimal("10.5")
    assert document["meta"]["mode"] == mode
    assert document["meta"]["unpricedModels"] == models


def test_the_order_of_rows_and_of_models_follows_the_mode() -> None:
    events = [
        event("m-one", credits_=CREDIT),
        event("m-two", credits_=2 * CREDIT, session="T-b", at=NOW - 1),
        event("unpriced", credits_=3 * CREDIT, session="T-b"),
    ]
    orders = {
        mode: [
            (row["sessionId"], [item["model"] for item in row["modelBreakdowns"]])
            for row in build(events, "session", mode=mode)["sessions"]
        ]
        for mode in MODES
    }
    listed = [("T-b", ["m-two", "unpriced"]), ("T-a", ["m-one"])]
    assert orders["auto"] == orders["calculate"] == listed
    assert orders["display"] == [("T-b", ["unpriced", "m-two"]), ("T-a", ["m-one"])]
    dear = [event("m-one", credits_=CREDIT), event("m-two", session="T-b")]
    first = {mode: build(dear, "session", mode=mode)["sessions"][0] for mode in MODES}
    assert [first[mode]["sessionId"] for mode in MODES] == ["T-b", "T-b", "T-a"]


def test_no_mode_asked_for_is_auto() -> None:
    held = snapshot(MIXED)
    assert held.in_mode("auto") is held
    assert build(MIXED, "daily") == build(MIXED, "daily", mode="auto")


def without_credits(events: list[UsageEvent]) -> list[UsageEvent]:
    return [event._replace(credits=None) for event in events]


@given(EVENTS, st.sampled_from(["auto", "calculate"]))
def test_credits_never_change_a_cost_but_in_display(events: list[UsageEvent], mode: Mode) -> None:
    names = [*SUMS, "totalCost", "unpricedTokens"]
    with_them, without = (
        build(each, "session", mode=mode)["totals"] for each in (events, without_credits(events))
    )
    assert [with_them[name] for name in names] == [without[name] for name in names]


@given(EVENTS)
def test_the_summary_and_the_burn_rate_are_of_auto(events: list[UsageEvent]) -> None:
    def summary(held: Snapshot) -> dict[str, Any]:
        now = max((event.at for event in events), default=NOW)
        return build_summary(held, now=now, zone=UTC, zone_name="UTC", stale=False)

    shown, bare = summary(snapshot(events)), summary(snapshot(without_credits(events)))
    for name in ("last7Days", "burnRate", "projection", "unpricedModels"):
        assert shown[name] == bare[name]
    assert shown["month"]["totalCost"] == bare["month"]["totalCost"]
    recent = [cost for held in snapshot(events).sessions.values() for _, cost in held.recent]
    total = build(events, "daily")["totals"]["totalCost"]
    assert Decimal(sum(recent)).scaleb(-12) == total


@given(EVENTS, st.sampled_from(MODES), st.data())
def test_sessions_one_by_one_in_any_order_are_all_at_once(
    events: list[UsageEvent], mode: Mode, data: st.DataObject
) -> None:
    whole = snapshot(events).in_mode(mode)
    mixed = data.draw(st.permutations(events))
    alone = {
        session: snapshot([event for event in mixed if event.session_id == session])
        for session in whole.sessions
    }
    for session, held in alone.items():
        grown = held.in_mode(mode).sessions[session]
        assert sorted(grown.rollups) == sorted(whole.sessions[session].rollups)


@given(EVENTS)
def test_an_explanation_adds_up_to_its_row_in_auto_and_recorded_costs_to_display(
    events: list[UsageEvent],
) -> None:
    cards = {
        name: RateCard(name, "vendor", 0, None, Prices(Rates(rate, rate, rate, rate)))
        for name, rate in (("m-one", 3), ("m-two", 7))
    }
    held = snapshot(events)
    threads = {
        name: ThreadUsage(name, name, None, None, tuple(e for e in events if e.session_id == name))
        for name in held.sessions
    }
    family = FamilyUsage(threads, (), frozenset())
    shown = {row["sessionId"]: row for row in build(events, "session", mode="display")["sessions"]}
    for row in build(events, "session")["sessions"]:
        document = build_explanation(
            held.sessions[row["sessionId"]],
            family,
            files={},
            card_of=lambda model, _at: cards.get(model),
            pricing=held.pricing,
            now=NOW,
        )
        assert figures(document["totals"]) == figures(row)
        assert sum(told["cost"] or 0 for told in document["events"]) == row["totalCost"]
        recorded = [(told["recordedCost"], told["totalTokens"]) for told in document["events"]]
        displayed = shown[row["sessionId"]]
        assert sum(cost or 0 for cost, _ in recorded) == displayed["totalCost"]
        unpriced = sum(tokens for cost, tokens in recorded if cost is None)
        assert unpriced == displayed["unpricedTokens"]
