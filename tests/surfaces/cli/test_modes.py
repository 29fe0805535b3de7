"""Cost modes on the command line and over the wire: one mixed session, to the cent."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from amp_tray.core.family import resolve_alone
from amp_tray.core.money import Usd
from amp_tray.ledger.facts import decode_facts
from amp_tray.ledger.usage import encode_events
from amp_tray_rpc.client import RemoteError
from tests.support.samples import MODEL, answer, thread
from tests.support.sandbox import Sandbox

DAY = datetime(2026, 2, 10, 23, 30, tzinfo=UTC)

# Each call has 6,110 tokens: $0.0113 at list price, nothing known of model-x.
CALLS = [
    # message id, model, credits, USD that the log recorded
    (1, MODEL, 2.5, None),
    (2, MODEL, 7, 0.5),
    (3, MODEL, None, None),
    (4, "model-x", 1, None),
    (5, "model-x", None, None),
    (6, "model-x", None, 0.25),
]
EXPECTED = {
    # mode: cost, unpriced tokens, models of those
    "auto": (0.7726, 2 * 6110, ["model-x"]),  # 2 x 0.0113 + 0.5 + 0.25
    "calculate": (0.0339, 3 * 6110, ["model-x"]),  # 3 x 0.0113
    "display": (0.785, 2 * 6110, [MODEL, "model-x"]),  # 0.025 + 0.5 + 0.01 + 0.25
}


@pytest.fixture
def mixed(user: Sandbox) -> Sandbox:
    """A user with one session of which some calls have credits, some a cost, some neither."""
    answers: list[dict[str, Any]] = []
    for message_id, model, amount, _ in CALLS:
        message = answer(DAY, message_id=message_id, model=model)
        if amount is not None:
            message["usage"]["credits"] = amount
        answers.append(message)
    user.write(thread(*answers))
    user.report("daily")
    # Amp records no USD: the ledger is told so by hand, as a source that does would.
    with closing(sqlite3.connect(user.program.ledger_path)) as ledger, ledger:
        costs = {str(call[0]): call[3] for call in CALLS}
        ((facts,),) = ledger.execute("SELECT facts FROM record")
        events = [
            event
            if (cost := costs[str(event.message_id)]) is None
            else event._replace(recorded_cost=Usd(int(cost * 10**12)))
            for event in resolve_alone(decode_facts(facts)).events
        ]
        ledger.execute("UPDATE thread SET events = ?", (encode_events(events),))
        ledger.execute("UPDATE scope SET prices = ''")  # so that all is priced anew
    return user


@pytest.mark.parametrize("mode", EXPECTED)
def test_a_mixed_session_costs_the_same_alone_served_and_over_the_wire(
    mixed: Sandbox, mode: str
) -> None:
    cost, unpriced, models = EXPECTED[mode]
    for kind in ("daily", "monthly", "session"):
        alone = mixed.report(kind, "--mode", mode)
        with mixed.serving(), mixed.client() as client:
            served = mixed.report(kind, "-m", mode)
            asked = client.call(f"report.{kind}", {"mode": mode, "timezone": "UTC"})
        for document in (alone, served, asked):
            del document["meta"]["generatedAt"]
        assert alone == served == asked
        totals, meta = alone["totals"], alone["meta"]
        assert (totals["totalCost"], totals["unpricedTokens"]) == (cost, unpriced)
        assert (totals["credits"], totals["totalTokens"]) == (10.5, 6 * 6110)
        assert (meta["mode"], meta["unpricedModels"]) == (mode, models)


def test_without_a_mode_it_is_auto(mixed: Sandbox) -> None:
    given, absent = mixed.report("session", "--mode", "auto"), mixed.report("session")
    for document in (given, absent):
        del document["meta"]["generatedAt"]
    assert given == absent


@pytest.mark.parametrize(
    ("mode", "shown", "note"),
    [
        ("auto", "$0.77 *", "12,220 tokens that have no known price: model-x"),
        ("calculate", "$0.03 *", "18,330 tokens that have no known price: model-x"),
        ("display", "$0.79 *", f"12,220 tokens that have no recorded cost: {MODEL}, model-x"),
    ],
)
def test_a_table_says_what_its_cost_leaves_out(
    mixed: Sandbox, mode: str, shown: str, note: str
) -> None:
    for kind in ("daily", "monthly", "session"):
        for width in ("200", "80"):
            text = mixed.run("report", kind, "-m", mode, env={"COLUMNS": width}).stdout
            (total,) = (line for line in text.splitlines() if line.startswith("│ Total"))
            assert shown in total
            assert "10.50" in total
            assert note in " ".join(text.split())


def test_another_mode_is_refused_over_the_wire(mixed: Sandbox) -> None:
    with mixed.serving(), mixed.client() as client:
        with pytest.raises(RemoteError) as refused:
            client.call("report.daily", {"mode": "credits"})
        absent = client.call("report.daily", {"mode": None})
    assert absent["meta"]["mode"] == "auto"
    assert refused.value.code == -32602
    assert refused.value.hint == 'mode takes "auto", "calculate" or "display"'


def test_another_mode_is_refused_on_the_command_line(mixed: Sandbox) -> None:
    done = mixed.run("report", "--mode", "credits", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    for word in ("credits", "auto", "calculate", "display"):
        assert word in done.stderr


def test_the_mode_is_in_the_document_and_stands_beside_other_options(mixed: Sandbox) -> None:
    done = mixed.run("report", "session", "T-0199", "-m", "display", "--json", "-z", "Asia/Tokyo")
    document = json.loads(done.stdout)
    (row,) = document["sessions"]
    assert (row["totalCost"], row["lastActivity"]) == (0.785, "2026-02-11")
