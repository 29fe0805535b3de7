"""Killed at any moment: the next start loses nothing and counts nothing twice."""

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from amp_tray.core.family import RULES_VERSION
from amp_tray.ledger.verify import verify
from amp_tray.surfaces.cli.ledger import _resolve_anew
from tests.support.sandbox import SECONDS, Sandbox
from tests.support.scans import figures, scanned
from tests.support.threads import answer, event, thread

THREADS = 150
KILLS = 10


def fill(user: Sandbox, answers: int) -> None:
    """Write threads of both eras, with forks and sub-threads, grown to so many answers."""
    for number in range(THREADS):
        name, of_old = f"T-{number:03}", number % 2
        members: dict[str, Any] = {}
        if of_old:
            members["events"] = [
                event(f"{name}-{key}", toMessageId=key, credits=0.5, timestamp="2025-11-01")
                for key in range(answers)
            ]
        if number % 10 == 3:
            members |= {"mainThreadID": f"T-{number - 1:03}"}
        if number % 10 == 4:
            members |= {"originThreadID": f"T-{number - 2:03}", "forkPointIndex": 3}
        stamp = {} if of_old else {"timestamp": "2026-02-10T10:00:00Z"}
        messages = (answer(key, **stamp) for key in range(answers))
        user.write(thread(*messages, id=name, v=answers, **members))


def fresh_count(user: Sandbox) -> dict[str, Any]:
    """Count what lies in the files, as a program would that was never here before."""
    return figures(scanned(None, user.threads.parent))


def next_start(user: Sandbox) -> dict[str, Any]:
    """Start in this process as `amp-tray report` does; what it counts."""
    _, snapshot = user.program.read_now(lambda _done, _total: None)
    assert snapshot.diagnostics == ()
    return figures(snapshot)


def assert_sound(user: Sandbox) -> None:
    program = user.program
    verdict = verify(
        program.ledger_path,
        RULES_VERSION,
        lambda copy, scope: _resolve_anew(program, copy, scope),
    )
    assert verdict.problems == ()


def start_scan(user: Sandbox) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "amp_tray", "report", "--json"],
        env=user.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed_after(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Kill a process at a moment of its life; whether it still lived then."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(SECONDS)
        return True
    return False


def test_a_scan_killed_at_ten_moments_loses_nothing_and_counts_nothing_twice(
    user: Sandbox,
) -> None:
    gone = user.write(thread(answer(), id="T-gone"))
    fill(user, 5)
    began = time.monotonic()
    assert start_scan(user).wait(SECONDS) == 0
    lasts = time.monotonic() - began
    gone.unlink()
    chance, killed = random.Random(20_260_331), 0
    for number in range(3 * KILLS):
        fill(user, 6 + number)  # so that every file is to be read again
        share = (killed + chance.random()) / KILLS
        began = time.monotonic()
        if killed_after(start_scan(user), lasts * share):
            killed += 1
        else:  # the machine is less busy now: aim at what a scan takes today
            lasts = time.monotonic() - began
        counted = next_start(user)
        assert counted["sessions"].pop("T-gone")["totalTokens"] == 100
        expected = fresh_count(user)
        assert counted["sessions"] == expected["sessions"]
        assert counted["totals"]["totalTokens"] == expected["totals"]["totalTokens"] + 100
        assert counted["totals"]["credits"] == pytest.approx(expected["totals"]["credits"])
        if killed == KILLS:
            break
    assert killed == KILLS
    assert_sound(user)
    assert next_start(user) == next_start(user)


def test_a_service_killed_while_a_thread_grows_loses_nothing(user: Sandbox) -> None:
    chance, answers = random.Random(7), 0
    for _ in range(3):
        with user.serving() as service, user.client() as client:
            client.call("usage.subscribe")
            for _ in range(chance.randrange(1, 12)):
                answers += 1
                grown(user, answers)
            next(client.notifications(timeout=SECONDS))
            answers += 1
            grown(user, answers)
            service.kill()
            service.wait(SECONDS)
        assert next_start(user) == fresh_count(user)
        assert next_start(user)["totals"]["totalTokens"] == answers * 100
        assert_sound(user)


def grown(user: Sandbox, answers: int) -> Path:
    messages = (answer(key, timestamp="2026-02-10") for key in range(answers))
    return user.write(thread(*messages, id="T-grows", v=answers))
