"""A real service tells of a budget of `config.toml` that is crossed: once a level."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from amp_tray_rpc.client import Client
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX files")

TOKENS = "[budgets.daily]\ntokens = {}\n"
PRICES = """
[[price]]
model = "claude-opus-4-5-20251101"
input = 1000
output = 1000
"""


class Listening:
    """A subscriber, and what it heard of budgets."""

    def __init__(self, user: Sandbox, client: Client) -> None:
        self._user = user
        self._client = client
        self._crossed: list[dict[str, Any]] = []

    def until(self, **today: object) -> list[tuple[str, str]]:
        """Listen until today's figures are these; return which budgets were crossed how."""
        self._crossed.clear()
        for method, params in self._client.notifications(timeout=SECONDS):
            if method == "budget.crossed":
                self._crossed.append(params)
            elif today.items() <= params["summary"]["today"].items():
                break
        return [(one["name"], one["level"]) for one in self._crossed]

    def grows_to(self, answers: int) -> list[tuple[str, str]]:
        """Have a thread grow to so many answers of 6,110 tokens."""
        self._user.write(thread(*(answer(now(), message_id=key) for key in range(answers))))
        return self.until(totalTokens=answers * 6110)


@contextmanager
def listening(user: Sandbox) -> Iterator[Listening]:
    with user.serving(), user.client() as client:
        client.call("usage.subscribe")
        yield Listening(user, client)


def test_a_thread_that_grows_over_a_budget_is_told_of_once_a_level_and_not_after_a_restart(
    user: Sandbox,
) -> None:
    user.configure(TOKENS.format(61_100))
    with listening(user) as heard:
        assert heard.grows_to(7) == []
        assert heard.grows_to(8) == [("budgets.daily.tokens", "near")]
        (crossed,) = heard._crossed
        today = f"{now():%Y-%m-%d}"
        assert crossed == {
            "name": "budgets.daily.tokens",
            "level": "near",
            "period": "daily",
            "periodKey": today,
            "unit": "tokens",
            "used": 48_880,
            "limit": 61_100,
        }
        assert heard.grows_to(9) == []
        assert heard.grows_to(10) == [("budgets.daily.tokens", "over")]
        assert heard.grows_to(12) == []
    with listening(user) as heard:
        assert heard.grows_to(13) == []
    said = user.program.log_path.read_text("utf-8")
    assert said.count(f"budgets.daily.tokens is nearly used up in {today}\n") == 1
    assert said.count(f"budgets.daily.tokens is used up in {today}\n") == 1


def test_a_raised_budget_is_told_anew_and_one_set_back_is_not(user: Sandbox) -> None:
    user.configure(TOKENS.format(12_220))
    with listening(user) as heard:
        assert heard.grows_to(2) == [("budgets.daily.tokens", "over")]
        user.configure(TOKENS.format(61_100))
        assert heard.until(totalTokens=2 * 6110) == []
        assert heard.grows_to(8) == [("budgets.daily.tokens", "near")]
        user.configure(TOKENS.format(12_220))
        assert heard.until(totalTokens=8 * 6110) == []
        assert heard.grows_to(11) == []


def test_prices_that_change_back_and_forth_tell_nothing_twice(user: Sandbox) -> None:
    user.configure("[budgets.daily]\nusd = 10\n")
    with listening(user) as heard:
        assert heard.grows_to(2) == []
        told = []
        for _ in range(2):  # 12,220 tokens at a tenth of a cent each, and at what they cost
            user.configure(PRICES, "pricing.toml")
            told.append(heard.until(totalCost=12.22))
            user.program.price_files.overlay.unlink()
            told.append(heard.until(totalCost=0.0226))
        assert told == [[("budgets.daily.usd", "over")], [], [], []]
