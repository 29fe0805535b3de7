"""The report command: documents, tables, options and errors."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from amp_tray.surfaces.cli.main import run_command_line
from tests.support.samples import answer, thread
from tests.support.sandbox import Sandbox

DAY = datetime(2026, 2, 10, 23, 30, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOSTILE = (
    "\x1b[31mred\x1b]8;;http://x\x07 \u202eevil\u2066 [bold]markup[/bold]\nline & 会議 🗒️ "
    + "long" * 50
)

Run = Callable[..., str]


@pytest.fixture
def run(user: Sandbox, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command in this process that must succeed; what it printed on stdout."""

    def run_one(*args: str, **env: str) -> str:
        user.env.update(env)
        assert run_command_line(user.program, args) == 0
        return capfdbinary.readouterr().out.decode()

    return run_one


@pytest.fixture
def rows(run: Run) -> Callable[..., list[dict[str, Any]]]:
    def rows_of(kind: str, *args: str) -> list[dict[str, Any]]:
        document = json.loads(run("report", kind, "--json", *args))
        found: list[dict[str, Any]] = document["sessions" if kind == "session" else kind]
        return found

    return rows_of


def two_threads(user: Sandbox) -> None:
    user.write(thread(answer(DAY), thread_id="T-1", title=HOSTILE))
    user.write(
        thread(
            answer(DAY, message_id=1),
            answer(LATER, message_id=3, model="model-x"),
            thread_id="T-2",
            env={"initial": {"trees": [{"displayName": "shop"}]}},
        )
    )


def test_report_alone_is_the_daily_report(user: Sandbox, run: Run) -> None:
    two_threads(user)
    assert list(json.loads(run("report", "--json"))) == ["daily", "totals", "meta"]
    assert "Report - Daily" in run("report")
    assert "Report - Daily" in run("report", "--since", "2026-01-01")


def test_rows_come_in_the_documented_order_and_turn_on_request(user: Sandbox, rows: Any) -> None:
    two_threads(user)
    assert [row["date"] for row in rows("daily")] == ["2026-02-10", "2026-03-01"]
    assert [row["date"] for row in rows("daily", "-o", "desc")] == ["2026-03-01", "2026-02-10"]
    assert [row["month"] for row in rows("monthly")] == ["2026-02", "2026-03"]
    # Equal cost: the later activity first.
    assert [row["sessionId"] for row in rows("session")] == ["T-2", "T-1"]
    assert [row["sessionId"] for row in rows("session", "--order", "asc")] == ["T-1", "T-2"]


def test_since_and_until_filter_usage_by_day_and_sessions_by_last_activity(
    user: Sandbox, rows: Any
) -> None:
    two_threads(user)
    assert [row["date"] for row in rows("daily", "--until", "20260210")] == ["2026-02-10"]
    assert [row["date"] for row in rows("daily", "-s", "2026-02-11")] == ["2026-03-01"]
    (shown,) = rows("session", "--since", "2026-02-11")
    assert (shown["sessionId"], shown["totalTokens"]) == ("T-2", 2 * 6110)  # shown whole
    assert rows("daily", "--since", "2026-02-11", "--until", "2026-02-20") == []


def test_one_session_is_shown_by_its_id_or_a_prefix_that_no_other_has(
    user: Sandbox, rows: Any
) -> None:
    two_threads(user)
    user.write(thread(answer(DAY), thread_id="T-11"))
    assert [row["sessionId"] for row in rows("session", "T-2")] == ["T-2"]
    assert [row["sessionId"] for row in rows("session", "T-1")] == ["T-1"]  # the exact one
    for name, sentence in (("T-9", "no session begins with 'T-9'"), ("T-", "3 sessions begin")):
        alone = user.run("report", "session", name)
        with user.serving():
            served = user.run("report", "session", name)
        assert alone.stderr == served.stderr
        assert alone.returncode == served.returncode == 1
        assert sentence in alone.stderr


def test_days_follow_the_asked_zone(user: Sandbox, rows: Any) -> None:
    two_threads(user)
    dates = [row["date"] for row in rows("daily", "--timezone", "Asia/Tokyo")]
    assert dates == ["2026-02-11", "2026-03-01"]


def test_a_row_has_every_documented_member_and_an_unknown_price_is_not_zero(
    user: Sandbox, rows: Any
) -> None:
    two_threads(user)
    row = rows("session")[0]
    assert list(row) == [
        *("sessionId", "title", "project", "firstActivity", "lastActivity", "lastActivityAt"),
        *("source", "inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens"),
        *("totalTokens", "credits", "totalCost", "unpricedTokens", "modelsUsed"),
        "modelBreakdowns",
    ]
    assert row["project"] == "shop"
    assert row["lastActivityAt"] == "2026-03-01T12:00:00.000Z"
    assert row["unpricedTokens"] == 6110
    assert row["modelsUsed"] == ["claude-opus-4-5-20251101", "model-x"]


def test_money_has_exact_digits_in_json(user: Sandbox, run: Run) -> None:
    user.write(thread(*(answer(DAY, message_id=number) for number in range(3))))
    text = run("report", "--json")
    # 10 x 5 + 100 x 25 + 1000 x 6.25 + 5000 x 0.5 millionths of a dollar, three times
    assert '"totalCost":0.0339,' in text


def test_no_data_is_the_same_document_with_nothing_in_it(run: Run) -> None:
    document = json.loads(run("report", "session", "--json"))
    assert document["sessions"] == []
    assert set(document["totals"].values()) == {0}
    assert document["meta"]["newestEventAt"] is None
    assert "No usage found" in run("report", "session")


@pytest.mark.parametrize("width", [200, 140, 120, 100, 99, 80, 60, 40])
def test_a_table_is_never_wider_than_asked_and_never_cuts_a_number(
    user: Sandbox, run: Run, width: int
) -> None:
    two_threads(user)
    for kind in ("daily", "monthly", "session"):
        text = run("report", kind, COLUMNS=str(width))
        lines = text.splitlines()
        assert max(map(_cells, lines)) <= width
        (total,) = (line for line in lines if re.match("│ ?Total", line))
        numbers = re.findall(r"[\d,.]+", total)
        assert set(numbers) <= {"1,030", "300", "2,000", "15,000", "18,330", "0.00", "0.02"}
        assert "0.02" in numbers
        assert "6,110 tokens" in text


def test_hostile_titles_reach_terminal_and_json_as_harmless_text(user: Sandbox, run: Run) -> None:
    two_threads(user)
    for text in (run("report", "session"), run("report", "session", "--json")):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "red evil [bold]markup" in run("report", "session", COLUMNS="200")


def test_broken_files_are_one_line_on_stderr_and_leave_the_document_alone(user: Sandbox) -> None:
    two_threads(user)
    user.write_bytes("T-torn.json", b'{"id":')
    user.write_bytes("T-odd.json", b"[]")
    shown = user.run("report")
    assert shown.returncode == 0
    assert shown.stderr.count("\n") == 1
    assert "2 files or records could not be used" in shown.stderr
    document = user.report("daily")
    assert {item["code"] for item in document["meta"]["diagnostics"]} == {
        "torn-file",
        "not-a-thread",
    }


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["report", "daily", "--since", "someday"], "someday"),
        (["report", "daily", "--since", "20260230"], "20260230"),
        (["report", "daily", "--since", "2026-03-01", "--until", "2026-02-01"], "2026-03-01"),
        (["report", "daily", "--timezone", "Mars/Olympus"], "Mars/Olympus"),
        (["report", "daily", "--timezone", "../../etc/passwd"], "passwd"),
        (["report", "daily", "--order", "up"], "up"),
        (["report", "daily", "--mode", "credits"], "credits"),
        (["report", "yearly"], "yearly"),
        (["reprot"], "reprot"),
        (["rpc", "usage.summary", "--params", "{"], "--params"),
    ],
)
def test_wrong_usage_is_two_lines_on_stderr_and_exit_2(
    user: Sandbox, args: list[str], named: str
) -> None:
    if args[0] == "rpc":
        with user.serving():
            done = user.run(*args)
    else:
        done = user.run(*args)
    assert done.returncode == 2
    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert named in first
    assert second.strip()


def test_a_closed_pipe_is_quiet(user: Sandbox) -> None:
    two_threads(user)
    command = f"{sys.executable} -m amp_tray report --json | head -c 1"
    done = subprocess.run(
        ["sh", "-c", command], env=user.env, capture_output=True, text=True, check=True
    )
    assert done.stdout == "{"
    assert done.stderr == ""


def test_a_ledger_that_cannot_be_written_does_not_keep_a_report_from_coming(
    user: Sandbox, run: Run
) -> None:
    two_threads(user)
    (user.home / "in-the-way").write_text("a file, where the data directory should be")
    document = json.loads(
        run("report", "--json", AMP_TRAY_DATA_DIR=str(user.home / "in-the-way/data"))
    )
    assert document["totals"]["totalTokens"] == 3 * 6110


def modules_of_a_report(user: Sandbox) -> set[str]:
    """Return the modules that a report of sessions as JSON loads."""
    code = (
        "import os, sys; from pathlib import Path\n"
        "from amp_tray.app.application import Application\n"
        "from amp_tray.surfaces.cli.main import run_command_line\n"
        "code = run_command_line(Application(dict(os.environ), Path.home()),"
        " ['report', 'session', '--json'])\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=user.env, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["sessions"]
    return set(done.stderr.split())


def test_a_report_through_the_service_loads_no_heavy_library(user: Sandbox) -> None:
    two_threads(user)
    with user.serving():
        loaded = modules_of_a_report(user)
    heavy = {
        *("pydantic", "msgspec", "httpx", "jsonrpcserver", "rich", "watchfiles", "sqlite3"),
        *("PIL", "pystray", "dbus_fast", "asyncio", "tzlocal", "platformdirs"),
    }
    assert heavy & loaded == set()


def test_a_report_without_a_service_loads_no_client_of_it_and_no_log(user: Sandbox) -> None:
    two_threads(user)
    assert {"amp_tray_rpc.client", "json", "logging"} & modules_of_a_report(user) == set()


def _cells(line: str) -> int:
    from rich.cells import cell_len  # noqa: PLC0415 - what the terminal counts

    return cell_len(line)
