"""What an editor's client has to do, whichever editor it is: seen on the screen, done by keys."""

import contextlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from amp_tray.core import figures
from amp_tray.core.text import clean
from amp_tray.host.directories import socket_address
from tests.support.samples import THREAD_ID, answer, now, thread
from tests.support.sandbox import Sandbox, wait_until_it_listens
from tests.support.screen import Screen
from tests.support.stand_in import COUNTS, HELLO, SUMMARY, StandIn

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOSTILE_TITLE = "100% %{1+1} %= %-5@x@ \x1b]0;gone\x07\x1b[31mred\x1b[0m \u202eevil"
SHOWN_TITLE = "100% %{1+1} %= %-5@x@ red evil"
PROMPT = 2.0
"""Seconds within which a key must show on the screen."""


@dataclass(frozen=True)
class Editor:
    """An editor with the client installed, `x.txt` open, as its user finds it.

    Attributes:
        open: starts it; the context ends it.
        insert: keys before text is typed.
        sessions: keys that ask for the sessions.
        choose: keys that choose the first of them.
        copy, browse: keys for the session that is shown.
    """

    open: Callable[[Sandbox], contextlib.AbstractContextManager[Screen]]
    insert: str
    sessions: str
    choose: str
    copy: str
    browse: str


def follows_the_service(user: Sandbox, editor: Editor) -> None:
    """The item has the right figure, changes live, says offline, and comes back."""
    user.write(thread(answer(now())))
    with editor.open(user) as screen:
        screen.wait_for("Amp offline")
        with user.serving():
            screen.wait_for("Amp $0.01", without="offline")
            user.write(thread(answer(now()), answer(now(), message_id=3)))
            screen.wait_for("Amp $0.02")
        screen.wait_for("Amp $0.02 · offline")
        with user.serving():
            screen.wait_for("Amp $0.02", without="offline")


def shows_a_thread(user: Sandbox, editor: Editor) -> None:
    """From the sessions to one of them, its address and its id."""
    messages = (answer(now()), answer(now(), message_id=3, model="claude-unlisted-1"))
    user.write(thread(*messages, title="Mend the login test"))
    with user.serving(), editor.open(user) as screen:
        screen.wait_for("Amp $0.01 +?")
        screen.type(editor.sessions)
        screen.wait_for("Mend the login test", "just now")
        screen.type(editor.choose)
        screen.wait_for(
            *("Cost            $0.01 + 6.1k unpriced tokens", "Total           12.2k tokens"),
            *("Input           20 tokens", "Output          200 tokens"),
            *("Cache writes    2.0k tokens", "Cache reads     10.0k tokens"),
            *("claude-opus-4-5-20251101: $0.01 · 6.1k tokens", "claude-unlisted-1: $0.00 + 6.1k"),
            THREAD_ID,
        )
        screen.type(editor.copy)
        screen.wait_for(f"opied {THREAD_ID}")
        screen.type(editor.browse)
        screen.wait_for(f"opened https://ampcode.com/threads/{THREAD_ID}")


def shows_hostile_titles_as_text(user: Sandbox, editor: Editor) -> None:
    """A title is text, whether the service cleaned it or not."""
    user.write(thread(answer(now()), title=HOSTILE_TITLE))
    with user.serving(), editor.open(user) as screen:
        screen.wait_for("Amp $0.01")
        screen.type(editor.sessions)
        screen.wait_for(SHOWN_TITLE)
        screen.type(editor.choose)
        screen.wait_for(SHOWN_TITLE, "Cache reads")
    title = f"{HOSTILE_TITLE}\nanother line"
    row = {"sessionId": f"{THREAD_ID}\n%", "title": title, "project": "\x1b[2J%", **COUNTS}
    detail = {**row, "url": "javascript:alert(1)", "models": [{**COUNTS, "model": "m\n\x07"}]}
    said = {
        **answers(SUMMARY),
        "report.session": [{"sessions": [row], "totals": COUNTS}],
        "usage.thread": [detail],
    }
    with StandIn(user, said), editor.open(user) as screen:
        screen.wait_for("Amp $1.10")
        screen.type(editor.sessions)
        screen.wait_for(SHOWN_TITLE[:25])
        screen.type(editor.choose)
        screen.wait_for(f"{SHOWN_TITLE} another line", f"{THREAD_ID} %", "m: $1.10")
        screen.type(editor.browse)
        screen.wait_for("no web address", without="opened")


def says_what_is_to_be_said(user: Sandbox, editor: Editor) -> None:
    """Unpriced tokens, budgets, stale and paused figures; the first scan before them."""
    budgets = [
        {"period": "monthly", "unit": "usd", "level": "near"},
        {"period": "daily", "unit": "usd", "level": "over"},
    ]
    unpriced = {"key": "2026-11-22", **COUNTS, "unpricedTokens": 5}
    first = {**SUMMARY, "today": unpriced, "budgets": budgets}
    said = answers(first) | {"usage.subscribe": [Exception(-32001, "Not ready"), {}]}
    with StandIn(user, said) as service, editor.open(user) as screen:
        screen.wait_for("Amp reading threads…")
        screen.wait_for("Amp $1.10 +? · day used up")
        changes: tuple[tuple[dict[str, Any], str], ...] = (
            ({"budgets": budgets[:1], "revision": 8}, "Amp $1.10 · month nearly used up"),
            ({"stale": True, "paused": True, "revision": 9}, "Amp $1.10 · paused · stale"),
            ({"newestEventAt": None, "revision": 10}, "Amp no usage found"),
        )
        for change, words in changes:
            summary = {**SUMMARY, **change}
            service.tell("usage.changed", {"revision": change["revision"], "summary": summary})
            screen.wait_for(words)
        # One that is older than what is shown came late, and one that is none is left out.
        service.tell("usage.changed", {"revision": 9, "summary": {**SUMMARY, "revision": 9}})
        service.tell("usage.changed", {"revision": 11, "summary": {"revision": 11}})
        service.tell("usage.changed", {"revision": 12, "summary": {**SUMMARY, "revision": 12}})
        screen.wait_for("Amp $1.10")


def survives_answers_of_a_wrong_shape(user: Sandbox, editor: Editor) -> None:
    """Nonsense is no figure, and ends a connection at most."""
    odd = {
        "today": {"totalCost": "much", "unpricedTokens": []},
        "month": {"key": 1},
        "budgets": "none",
    }
    nonsense: tuple[object, ...] = ("text", 7, [], {"today": 1, "month": 1}, {**odd, "revision": 8})
    said = answers([]) | {"report.session": [7]}
    with StandIn(user, said) as service, editor.open(user) as screen:
        screen.wait_for("Amp …")
        service.wait_for_call("usage.summary")
        for summary in nonsense:
            service.tell("usage.changed", {"revision": 8, "summary": summary})
        screen.wait_for("Amp no usage found")
        service.tell("usage.changed", [])
        service.tell("usage.changed", {"revision": 9, "summary": {**SUMMARY, "revision": 9}})
        screen.wait_for("Amp $1.10")
        screen.type(editor.sessions)
        screen.wait_for("unreadable answer to report.session", "Amp $1.10")


def refuses_another_protocol(user: Sandbox, editor: Editor) -> None:
    """It says which side is to be updated."""
    said = {"session.hello": [{**HELLO, "protocol": "2.0"}]}
    with StandIn(user, said), editor.open(user) as screen:
        screen.wait_for("Amp offline")
        screen.type(editor.sessions)
        screen.wait_for("the service speaks protocol 2.0: update")


def never_waits(user: Sandbox, editor: Editor, greeting: bytes) -> None:
    """Typing goes on while whoever listens does not answer, and the silence ends."""
    with StandIn(user, {}, greeting=greeting), editor.open(user) as screen:
        screen.wait_for("x.txt", "Amp ")
        screen.type(editor.insert)
        for word in ("Nobody", "waits", "here"):
            began = time.monotonic()
            screen.type(word)
            screen.wait_for(word)
            assert time.monotonic() - began < PROMPT
        screen.wait_for("Amp offline")


def speaks_tcp(user: Sandbox, editor: Editor) -> None:
    """A service that listens on TCP is found by its file, and by its port."""
    user.write(thread(answer(now())))
    with editor.open(user) as screen:
        with user.started("serve", "--transport", "tcp") as service:
            wait_until_it_listens(service)
            screen.wait_for("Amp $0.01", without="offline")
            told = json.loads((user.home / "run/amp-tray/rpc.json").read_text("utf-8"))
            for port, words in ((told["port"], "Amp $0.01"), (told["port"] - 1, "Amp offline")):
                user.env["AMP_TRAY_SOCKET"] = f"tcp://127.0.0.1:{port}"
                with editor.open(user) as second:
                    second.wait_for(words)
        screen.wait_for("Amp $0.01 · offline")


def address_cases(user: Sandbox) -> Sequence[tuple[Mapping[str, str], str]]:
    """Return variables, and where a client with them has to look for the service."""
    home, plain = user.home, {"HOME": str(user.home), "PATH": user.env["PATH"]}
    return [
        ({**plain, **variables}, str(socket_address({**plain, **variables}, home)))
        for variables in (
            {"AMP_TRAY_SOCKET": f"{home}/a.sock", "XDG_RUNTIME_DIR": f"{home}/run"},
            {"AMP_TRAY_SOCKET": "", "XDG_RUNTIME_DIR": f"{home}/run/"},
            {"XDG_RUNTIME_DIR": "relative"},
            {"XDG_RUNTIME_DIR": f"{home}/{'long' * 20}", "TMPDIR": f"{home}"},
            {"TMPDIR": f"{home}/not-there"},
            {"AMP_TRAY_SOCKET": "tcp://127.0.0.1:4242"},
        )
    ]


def figure_cases() -> Sequence[tuple[str, list[Any], str]]:
    """Return functions, arguments and what they must return: what the tray says."""
    costs = (0, 0.004, 0.01, 0.125, 1.005, 1.1, 12.345, 999.995, 1234.5, 1234567.891)
    counts = (0, 1, 77, 999, 1000, 45_123, 999_949, 999_950, 3_200_000, 10**9, 2 * 10**15)
    texts = (
        *("plain", " two  blanks ", HOSTILE_TITLE, "a\r\nb\u2028c\td", "x" * 61, "Grüße, 世界"),
        *("👩\u200d👩\u200d👧", "zero\u200bwidth", "\ue000private", "\x9b31mC1 \x90q\x9c", ""),
    )
    ages = (-5, 59, 60, 3599, 3600, 7200, 86399, 86400, 3 * 86400)
    cases: list[tuple[str, list[Any], str]] = []
    for cost in costs:
        usd = Decimal(str(cost))
        cases.append(("money", [cost], figures.money(usd)))
        cases.append(("credits", [cost], figures.credits_text(usd)))
        for unpriced in (0, 1, 1500):
            row = {"totalCost": cost, "unpricedTokens": unpriced, "totalTokens": 5, "credits": 0}
            cases.append(("cost", [row], figures.cost(usd, unpriced)))
            usage = figures.usage(usd, unpriced, 5, Decimal(0))
            cases.append(("usage", [row], usage))
    for count in counts:
        cases.append(("short-number", [count], figures.short_number(count)))
        cases.append(("tokens", [count], figures.tokens(count)))
    for seconds in ages:
        then = NOW - timedelta(seconds=seconds)
        text = then.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        cases.append(("ago", [text, NOW.timestamp()], figures.ago(then, NOW)))
    cases.append(("ago", ["2026-11-22T13:00:00+02:00", NOW.timestamp()], "1 hour ago"))
    cases += [("clean", [text, 60], clean(text, 60)) for text in texts]
    return cases


def answers(summary: object) -> dict[str, Sequence[Any]]:
    """Return what a service answers that has nothing but a summary."""
    return {"session.hello": [HELLO], "usage.subscribe": [{}], "usage.summary": [summary]}
