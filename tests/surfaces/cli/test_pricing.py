"""`amp-tray pricing`: which card a model has and why, as people and scripts see it."""

import json
from typing import Any

import pytest

from tests.support.sandbox import Sandbox
from tests.support.threads import ID, answer, thread


def shown(user: Sandbox, *args: str, code: int = 0) -> dict[str, Any]:
    done = user.run("pricing", "show", *args, "--json")
    assert (done.returncode, done.stderr) == (code, "")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def write_prices(user: Sandbox, text: str) -> None:
    folder = user.home / ".config/amp-tray"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pricing.toml").write_text(text)


def test_a_model_s_card_on_a_day_is_shown_with_its_reason(user: Sandbox) -> None:
    document = shown(user, "x-ai/grok-code-fast-1", "--at", "2025-11-01")
    assert (document["priced"], document["why"], document["at"]) == (True, "provider", "2025-11-01")
    rates = document["rates"]
    assert (rates["card"], rates["origin"]) == ("xai/grok-code-fast-1", "bundled")
    assert (rates["inputPerMillion"], rates["cacheReadPerMillion"]) == (0.2, 0.02)
    assert [card["since"] for card in document["history"]] == ["2025-08-30", "2026-08-22"]


def test_it_reads_as_text_too(user: Sandbox) -> None:
    done = user.run("pricing", "show", "claude-sonnet-4-20250514", "--at", "20251001")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "claude-sonnet-4-20250514 on 2025-10-01, USD per million tokens"
    assert lines[1].split()[:3] == ["Rates", "input", "$3.00,"]
    assert lines[2].startswith("> 200k     input $6.00, output $22.50")
    assert "seen from 2025-05-28 until 2026-" in done.stdout
    assert "bundled" in done.stdout


@pytest.mark.parametrize(
    ("model", "why"), [("no-such-model", "unknown"), ("gpt-oss-120b", "ambiguous")]
)
def test_a_model_without_a_price_exits_1_and_says_what_to_do(
    user: Sandbox, model: str, why: str
) -> None:
    document = shown(user, model, code=1)
    assert (document["priced"], document["why"], document["rates"]) == (False, why, None)
    assert bool(document["rivals"]) is (why == "ambiguous")
    done = user.run("pricing", "show", model)
    assert done.returncode == 1
    assert "has no price" in done.stdout
    assert "pricing.toml" in done.stdout


def test_the_user_s_own_price_is_shown_as_such(user: Sandbox) -> None:
    write_prices(user, '[[price]]\nmodel = "no-such-model"\ninput = 1.5\noutput = 2\n')
    document = shown(user, "no-such-model")
    assert (document["why"], document["rates"]["origin"]) == ("overlay", "overlay")
    assert (document["rates"]["inputPerMillion"], document["rates"]["since"]) == (1.5, None)


def test_prices_that_cannot_be_used_are_told_and_lose_nothing(user: Sandbox) -> None:
    write_prices(user, '[[price]]\nmodel = "x"\ninput = -1\noutput = 2\n')
    done = user.run("pricing", "show", "gpt-5")
    assert done.returncode == 0
    assert "line 1: input" in done.stdout
    assert "line 1: input" in user.run("pricing", "status").stdout


def test_hostile_names_do_no_harm(user: Sandbox) -> None:
    done = user.run("pricing", "show", "\x1b[31mred\u202e")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout


def test_a_day_that_is_none_is_a_usage_error(user: Sandbox) -> None:
    done = user.run("pricing", "show", "gpt-5", "--at", "soon")
    assert done.returncode == 2
    assert "'soon'" in done.stderr


def test_offline_refuses_a_refresh(user: Sandbox) -> None:
    done = user.run("pricing", "refresh")
    assert done.returncode == 1
    assert "offline" in done.stderr


def test_a_variable_that_cannot_be_is_named(user: Sandbox) -> None:
    done = user.run("pricing", "status", env={"AMP_TRAY_OFFLINE": "perhaps"})
    assert done.returncode == 2
    assert "AMP_TRAY_OFFLINE is 'perhaps'" in done.stderr


SONNET = "claude-sonnet-4-5-20250929"  # listed with a tier above 200,000 tokens at that time
AT = "2026-01-20T10:00:00.000Z"


def cost(user: Sandbox, *requests: tuple[int, int, int, int]) -> float:
    answers = [
        answer(number, *counts, model=SONNET, timestamp=AT)
        for number, counts in enumerate(requests, 1)
    ]
    user.write(thread(*answers))
    (row,) = user.report("session", ID)["sessions"]
    total: float = row["totalCost"]
    return total


def test_a_large_request_is_priced_whole_at_its_tier(user: Sandbox) -> None:
    assert cost(user, (150_000, 1_000, 0, 100_000)) == 0.9825  # $6, $22.50 and $0.60 a million


def test_two_requests_of_one_session_are_priced_each_by_its_own_size(user: Sandbox) -> None:
    assert cost(user, (150_000, 1_000, 0, 0), (150_000, 1_000, 0, 0)) == 0.93  # $3 and $15
