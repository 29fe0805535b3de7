"""The status line: its words, its template, its JSON for a bar, and what it loads and waits for."""

import contextlib
import json
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from amp_tray.core.errors import UsageError
from amp_tray.surfaces.cli import statusline as module
from amp_tray.surfaces.cli.main import run_command_line
from amp_tray.surfaces.cli.statusline_text import (
    NAMES,
    check_template,
    escaped,
    filled,
    line_of,
    tooltip_of,
)
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox

HOSTILE = "</span><b>bold</b> & \x1b[31m\"quoted\" 'title'"

Run = Callable[..., str]


@pytest.fixture
def run(user: Sandbox, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the command in this process; it must succeed, and print one line."""

    def run_one(*args: str) -> str:
        assert run_command_line(user.program, ("statusline", *args)) == 0
        printed = capfdbinary.readouterr()
        assert printed.err == b""
        text = printed.out.decode()
        assert text.endswith("\n")
        assert text.count("\n") == 1
        return text.removesuffix("\n")

    return run_one


def bar(run: Run, *args: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(run("--waybar", *args))
    assert said["alt"] == said["class"]
    assert set(said) == {"text", "alt", "tooltip", "class"}  # no percentage
    return said


def period(key: str, **members: Any) -> dict[str, Any]:
    return {
        "key": key,
        "totalTokens": 3_200_000,
        "credits": Decimal("45.1"),
        "totalCost": Decimal("3.12"),
        "unpricedTokens": 0,
        "threads": [],
        **members,
    }


def summary(**members: Any) -> dict[str, Any]:
    return {
        "today": period("2026-11-22"),
        "month": period("2026-11", totalCost=Decimal("84.1"), totalTokens=45_100_000),
        "last7Days": [{"totalCost": Decimal(cost)} for cost in (0, 1, 2, 4, 0, 8, 1)],
        "burnRate": Decimal("1.2"),
        "projection": Decimal("301.5"),
        "newestEventAt": "2026-11-22T04:17:55.000Z",
        "generatedAt": "2026-11-22T04:20:00.000Z",
        "stale": False,
        "paused": False,
        **members,
    }


@pytest.mark.parametrize(
    ("members", "line"),
    [
        ({}, "$3.12 today · $84.10 Nov · $1.20/h"),
        ({"burnRate": 0}, "$3.12 today · $84.10 Nov"),
        ({"stale": True}, "$3.12 today · $84.10 Nov · $1.20/h · stale"),
        ({"paused": True, "burnRate": 0}, "$3.12 today · $84.10 Nov · paused"),
        ({"today": period("", unpricedTokens=7), "burnRate": 0}, "$3.12* today · $84.10 Nov"),
        ({"today": period("", totalCost=Decimal("0.001")), "burnRate": 0},
         "<$0.01 today · $84.10 Nov"),
        ({"newestEventAt": None}, "no usage found"),
    ],
)  # fmt: skip
def test_the_line(members: dict[str, Any], line: str) -> None:
    assert line_of(summary(**members)) == line


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{today}/{month} {monthName}", "$3.12/$84.10 November"),
        ("{burn} {projection} {week} {spark}", "$1.20/h $301.50 $16.00 ▁▂▃▅▁█▂"),
        ("{todayTokens} {monthTokens} {credits} {unpriced}", "3.2M 45.1M 45.1 credits 0"),
        ("{age} [{stale}] [{paused}] {state}", "2 min ago [] [] ok"),
        ("{{today}} 100%s {{{today}}}", "{today} 100%s {$3.12}"),
        ("{{{today}", "{$3.12"),
        ("two\nlines of {today}", "two lines of $3.12"),
        ("", ""),
    ],
)
def test_a_template_is_filled(template: str, line: str) -> None:
    check_template(template)
    assert filled(template, summary(), "ok", str) == line


@pytest.mark.parametrize(
    "template",
    ["{tomorrow}", "{}", "{0}", "{today.real}", "{today[0]}", "{today!r}", "{today:>9}",
     "{ today }", "{today", "today}", "{today}}", "{to{today}day}", "{__class__}"],
)  # fmt: skip
def test_a_template_with_anything_else_in_braces_is_refused(template: str) -> None:
    with pytest.raises(UsageError) as refusal:
        check_template(template)
    assert "--format" in refusal.value.message
    assert refusal.value.hint


def test_an_unknown_name_is_told_with_those_there_are(user: Sandbox) -> None:
    done = user.run("statusline", "--format", "{today} {tomorrow}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'{tomorrow}'" in done.stderr
    for name in NAMES:
        assert name in done.stderr


def test_the_help_lists_every_name(user: Sandbox) -> None:
    shown = user.run("statusline", "--help").stdout
    for name, value in NAMES.items():
        assert f"  {{{name}}} " in shown
        assert " ".join(value.help.split()) in " ".join(shown.split())
    assert "\n    amp-tray statusline --format '{today} today, {burn}'\n" in shown


def test_values_are_escaped_for_a_bar_and_the_template_is_not() -> None:
    cheap = summary(today=period("", totalCost=Decimal("0.001")))
    assert filled("<b>{today}</b>", cheap, "ok", escaped) == "<b>&lt;$0.01</b>"


def test_the_tooltip_has_the_figures_and_the_threads_of_today() -> None:
    threads = [
        {"title": "x" * 90, "totalCost": Decimal(2), "unpricedTokens": 0},
        {"title": None, "totalCost": Decimal(1), "unpricedTokens": 9},
    ]
    assert tooltip_of(summary(today=period("", threads=threads))).splitlines() == [
        "Today: $3.12 · 3.2M tokens · 45.1 credits",
        "November: $84.10 · 45.1M tokens · 45.1 credits",
        "Burn rate: $1.20/h",
        "Projection: $301.50",
        "",
        "Threads today:",
        f"$2.00  {'x' * 59}…",
        "$1.00 + 9 unpriced tokens  Untitled",
        "",
        "Newest usage: 2 min ago",
    ]
    assert "No threads today" in tooltip_of(summary())


def test_with_and_without_a_service_the_figures_are_the_same(user: Sandbox, run: Run) -> None:
    user.write(thread(answer(now()), title=HOSTILE))
    alone, alone_bar = run(), bar(run)
    with user.serving():
        assert run() == alone
        served = bar(run)
    assert alone.startswith(f"$0.01 today · $0.01 {now():%b} · $0.01/h")
    assert (alone_bar["class"], served["class"]) == ("offline", "ok")
    assert served["text"] == alone
    assert (
        "$0.01  &lt;/span&gt;&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot;" in served["tooltip"]
    )
    assert "&apos;title&apos;" in served["tooltip"]
    assert "<" not in served["tooltip"]
    assert "\x1b" not in served["tooltip"]


def test_a_paused_service_is_told(user: Sandbox, run: Run) -> None:
    user.write(thread(answer(now())))
    with user.serving():
        with user.client() as client:
            client.call("service.pause", {"paused": True})
        assert run().endswith(" · paused")
        assert bar(run)["class"] == "paused"
        assert run("--format", "{state} {paused}") == "paused paused"


def test_nothing_at_all_is_a_line_too(run: Run) -> None:
    assert run() == "no usage found"
    assert bar(run)["class"] == "offline"
    assert run("--format", "{today} {age} {credits}") == "$0.00 no usage no credits"


def test_what_cannot_be_read_is_named(user: Sandbox, run: Run) -> None:
    ledger = user.program.ledger_path
    ledger.parent.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(ledger)) as database:
        database.execute("PRAGMA user_version = 99")
    assert run().startswith("amp-tray: ")
    assert bar(run)["class"] == "offline"


def test_a_long_first_read_is_told_and_goes_on_the_next_time(
    user: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_READ_SECONDS", -1.0)
    for number in range(60):
        user.write(thread(answer(now()), thread_id=f"T-{number:03}"))
    assert run() == "reading threads… 32 of 60"
    assert run("--format", "{todayTokens}") == "366.6k"


@contextlib.contextmanager
def listening(user: Sandbox, reply: bytes | None) -> Iterator[None]:
    """A stand-in for the service: it takes one connection, and replies, is silent, or hangs up."""
    path = user.socket
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        done = threading.Event()

        def serve() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(4096)
                if reply is None:
                    return
                peer.sendall(reply)
                done.wait()

        worker = threading.Thread(target=serve)
        worker.start()
        try:
            yield
        finally:
            done.set()
            worker.join()
    path.unlink()


def refusal(code: int) -> bytes:
    error = {"code": code, "message": "No"}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "error": error}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ANSWER_SECONDS", 0.2)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("reply", "line", "state"),
    [
        (refusal(-32001), "reading threads…", "stale"),
        (refusal(-32603), "amp-tray: the service fails", "stale"),
        (b"", "amp-tray: the service does not answer", "stale"),
        (None, "amp-tray: the service stopped", "offline"),
    ],
)
def test_a_service_without_figures_is_told_in_time(
    user: Sandbox, run: Run, reply: bytes | None, line: str, state: str
) -> None:
    with listening(user, reply):
        assert run() == line
    with listening(user, reply):
        said = bar(run)
    assert (said["text"], said["tooltip"], said["class"]) == (line, line, state)


def test_an_encoding_without_our_signs_gets_others(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    done = user.run(
        "statusline", "--format", "{today} · {spark}", env={"PYTHONIOENCODING": "ascii"}
    )
    assert done.returncode == 0
    assert done.stdout.startswith("$0.01 - ")


def test_through_the_service_it_loads_little(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    code = (
        "import runpy, sys\n"
        "sys.argv = ['amp-tray', 'statusline', '--waybar']\n"
        "try:\n"
        "    runpy.run_module('amp_tray', run_name='__main__')\n"
        "except SystemExit as end:\n"
        "    print(*sorted(sys.modules), file=sys.stderr)\n"
        "    raise\n"
    )
    with user.serving():
        done = subprocess.run(
            [sys.executable, "-c", code], env=user.env, capture_output=True, text=True, check=True
        )
    assert json.loads(done.stdout)["class"] == "ok"
    heavy = {
        *("pydantic", "msgspec", "httpx", "jsonrpcserver", "rich", "watchfiles", "sqlite3"),
        *("PIL", "pystray", "dbus_fast", "asyncio", "tzlocal", "platformdirs", "logging"),
        *("zoneinfo", "amp_tray.ledger", "amp_tray.live", "amp_tray.sources", "amp_tray.pricing"),
    }
    assert heavy & set(done.stderr.split()) == set()
