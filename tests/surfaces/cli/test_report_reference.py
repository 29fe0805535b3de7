"""What users of @ccusage/amp and ccusage type works with `amp-tray report` in their place.

The command lines are those of the two programs' documentations.

Source: ccusage.com/guide/amp and ccusage.com/guide/session-reports.
"""

import json
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.samples import answer, thread
from tests.support.sandbox import SECONDS, Sandbox

COMMANDS = (
    "npx @ccusage/amp@latest --help",
    "ccusage-amp daily",
    "ccusage-amp monthly --json",
    "npx @ccusage/amp@latest daily",
    "npx @ccusage/amp@latest monthly",
    "npx @ccusage/amp@latest session",
    "npx @ccusage/amp@latest daily --json",
    "npx @ccusage/amp@latest daily --compact",
    "ccusage-amp session",
    "ccusage session",
    "ccusage session --since 20250525",
    "ccusage session --since 20250520 --until 20250530",
    "ccusage session --since $(date -d '7 days ago' +%Y%m%d)",
    "ccusage session --order desc",
    "ccusage session --order asc",
    "ccusage session --mode auto",
    "ccusage session --mode calculate",
    "ccusage session --mode display",
    "ccusage session --breakdown",
    "ccusage session --json",
    "ccusage session --offline",
    "ccusage session -O",
    "ccusage session --since 20250615",
    "ccusage session --since 20250601 --until 20250615",
    "ccusage session --since 20250616 --until 20250630",
)
NAMES = ("npx @ccusage/amp@latest", "ccusage-amp", "ccusage")


@pytest.fixture(scope="module")
def known_user() -> Iterator[Sandbox]:
    """A user with two threads, one dear, whose shell knows `amp-tray`."""
    with Sandbox() as user:
        start = datetime(2025, 6, 20, 12, tzinfo=UTC)
        user.write(thread(*(answer(start, message_id=n) for n in range(9)), thread_id="T-dear"))
        user.write(thread(answer(start), thread_id="T-cheap"))
        program = user.home / "bin/amp-tray"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m amp_tray "$@"\n')
        program.chmod(stat.S_IRWXU)
        user.env["PATH"] = f"{program.parent}:{user.env['PATH']}"
        yield user


def typed(user: Sandbox, command: str) -> str:
    """Return what a command line prints in a shell, the other program's name replaced."""
    for name in NAMES:
        command = command.replace(name, "amp-tray report")
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=user.home,
        env=user.env,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), command
    return done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_documented_commands_work(known_user: Sandbox, command: str) -> None:
    shown = typed(known_user, command)
    if "--json" in command:
        json.loads(shown)
    else:
        assert "Report" in shown
    if command.endswith("--since 20250615"):
        assert "dear" in shown
    if "--until 20250615" in command:
        assert "No usage found" in shown


def test_documents_go_into_files(known_user: Sandbox) -> None:
    assert typed(known_user, "ccusage-amp monthly --json > usage.json") == ""
    assert typed(known_user, "ccusage session --json > sessions.json") == ""
    assert json.loads((known_user.home / "usage.json").read_text())["monthly"]
    assert json.loads((known_user.home / "sessions.json").read_text())["sessions"]


def test_the_documented_filter_finds_the_dear_sessions(known_user: Sandbox) -> None:
    for limit, found in (("50", []), ("0.05", ["T-dear"])):
        program = f".sessions[] | select(.totalCost > {limit})"
        assert [each["sessionId"] for each in filtered(known_user, program, limit)] == found


def filtered(user: Sandbox, program: str, limit: str) -> list[dict[str, Any]]:
    """Return what jq selects; where there is no jq, what the same words mean."""
    if shutil.which("jq"):
        shown = typed(user, f"ccusage session --json | jq -c '{program}'")
        return [json.loads(line) for line in shown.splitlines()]
    document = json.loads(typed(user, "ccusage session --json"))
    return [each for each in document["sessions"] if each["totalCost"] > float(limit)]


def test_the_documented_members_are_there_under_their_names(known_user: Sandbox) -> None:
    document = json.loads(typed(known_user, "ccusage session --json"))
    row = document["sessions"][0]
    assert set(row) >= {
        *("sessionId", "inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens"),
        *("totalTokens", "totalCost", "lastActivity", "modelsUsed", "modelBreakdowns"),
    }
    assert set(row["modelBreakdowns"][0]) >= {"model", "inputTokens", "outputTokens", "totalCost"}
    assert set(document["totals"]) >= {"inputTokens", "outputTokens", "totalCost"}
