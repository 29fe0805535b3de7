"""`amp-tray budget`, with and without a service."""

import json

import pytest

from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox


@pytest.fixture
def spender(user: Sandbox) -> Sandbox:
    """A user who spent $0.0113 and 6,110 tokens just now."""
    user.write(thread(answer(now())))
    return user


def test_without_a_budget_it_says_how_to_set_one(spender: Sandbox) -> None:
    done = spender.run("budget", "--check")
    assert done.returncode == 0
    assert "config set budgets.daily.usd" in done.stdout
    assert spender.run("budget", "--json").stdout == "[]\n"


@pytest.mark.parametrize(
    ("limit", "level", "code"), [("0.011", "over", 3), ("0.014", "near", 0), ("1", "ok", 0)]
)
@pytest.mark.parametrize("served", [False, True])
def test_a_check_exits_with_3_when_a_budget_is_used_up(
    spender: Sandbox, limit: str, level: str, code: int, *, served: bool
) -> None:
    folder = spender.home / ".config/amp-tray"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"[budgets.daily]\nusd = {limit}\n")

    def checked() -> tuple[int, str]:
        done = spender.run("budget", "--check", "--json")
        (row,) = json.loads(done.stdout)
        assert (row["used"], row["limit"]) == (0.0113, float(limit))
        assert spender.run("budget").returncode == 0
        return done.returncode, row["level"]

    if served:
        with spender.serving():
            assert checked() == (code, level)
    else:
        assert checked() == (code, level)


def test_a_service_without_the_budget_is_not_asked(spender: Sandbox) -> None:
    with spender.serving():
        done = spender.run("budget", "--check", env={"AMP_TRAY_BUDGET_MONTHLY_TOKENS": "6110"})
    assert done.returncode == 3
    assert "Month" in done.stdout
    assert "6.1k tokens of 6.1k tokens  used up" in done.stdout


def test_a_limit_that_is_none_is_wrong_usage(spender: Sandbox) -> None:
    for text in ("0", "-1", "much", "nan"):
        done = spender.run("budget", env={"AMP_TRAY_BUDGET_DAILY_USD": text})
        assert done.returncode == 2
        assert f"AMP_TRAY_BUDGET_DAILY_USD is {text!r}" in done.stderr
