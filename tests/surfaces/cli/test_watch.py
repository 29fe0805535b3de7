"""The live view: drawn at every size, and followed in a real terminal."""

import contextlib
import os
import re
import signal
import termios
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from amp_tray.surfaces.cli.watch_view import Size, draw
from amp_tray.surfaces.cli.watch_words import View, age_text
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox
from tests.support.terminal import Terminal, terminal

NOW = datetime(2026, 11, 22, 4, 20, tzinfo=UTC)
SHOW_CURSOR, HIDE_CURSOR = b"\x1b[?25h", b"\x1b[?25l"
LEAVE_SCREEN = b"\x1b[?1049l"


def period(key: str, cost: str = "3.12") -> dict[str, Any]:
    return {
        "key": key,
        "totalTokens": 3_200_000,
        "credits": Decimal(45),
        "totalCost": Decimal(cost),
        "unpricedTokens": 77,
        "threads": [],
    }


def row(number: int, title: str | None = "Mend the login test", ago: int = 5) -> dict[str, Any]:
    at = NOW - timedelta(seconds=ago)
    return {
        "sessionId": f"T-{number}",
        "title": title,
        "project": None if number % 2 else "webshop",
        "lastActivityAt": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "totalTokens": 1_234_567,
        "totalCost": Decimal("1234.56"),
        "unpricedTokens": 0,
        "modelsUsed": ["claude-opus-4-5-20251101", "gpt-5.2"],
    }


def summary(**members: Any) -> dict[str, Any]:
    return {
        "today": period("2026-11-22"),
        "month": period("2026-11", "84.1"),
        "last7Days": [
            {"date": f"2026-11-{day}", "totalCost": Decimal(day - 16)} for day in range(16, 23)
        ],
        "burnRate": Decimal("1.2"),
        "projection": Decimal("301.5"),
        "newestEventAt": "2026-11-22T04:19:55.000Z",
        "generatedAt": "2026-11-22T04:19:58.000Z",
        "stale": False,
        "paused": False,
        "diagnostics": 0,
        "unpricedModels": [],
        "timezone": "Europe/Berlin",
        **members,
    }


def drawn(view: View, width: int, height: int | None = 30) -> list[str]:
    console = Console(width=width, highlight=False, color_system=None, _environ={})
    with console.capture() as capture:
        console.print(draw(view, NOW, Size(width, height)), end="")
    return capture.get().removesuffix("\n").split("\n")


def test_the_view_has_the_figures_and_the_last_threads() -> None:
    text = "\n".join(drawn(View(summary(), [row(1, ago=5), row(2, "Port it", ago=7300)]), 120))
    for part in (
        *("Today", "$3.12*", "3.2M tokens · 45.0 credits", "November", "$84.10*"),
        *("Burn rate", "$1.20/h", "Projection", "$301.50", "▁▂▃▅▆▇█", "$21.00"),
        *("5 s", "$1,234.56", "Mend the login test", "2 h", "Port it", "webshop", "1.2M"),
        *("opus-4-5, gpt-5.2", "● live", "Europe/Berlin"),
        "Newest usage 5 s ago · figures of 2 s ago",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"paused": True}, ["‖ paused", "Paused: new usage is not read"]),
        ({"stale": True}, ["● stale", "may be behind the thread files"]),
        ({"diagnostics": 1}, ["1 file or record could not be used"]),
        ({"unpricedModels": [{"model": "x", "tokens": 77}]}, ["without 77 tokens", "price: x"]),
        ({"newestEventAt": "2026-04-01T00:00:00.000Z"}, ["235 d ago", "since April 2026"]),
        ({"newestEventAt": None}, ["Newest usage none yet", "No threads yet"]),
        ({"projection": None}, ["—"]),
    ],
)
def test_what_must_be_known_is_said(members: dict[str, Any], said: list[str]) -> None:
    text = "\n".join(drawn(View(summary(**members)), 100))
    for part in said:
        assert part in text


def test_while_nothing_is_known_the_view_says_why() -> None:
    lines = drawn(View(trouble="Asking the service…"), 60)
    assert "○ waiting" in lines[0]
    assert lines[-1] == "Asking the service…"


@given(
    width=st.integers(40, 200),
    height=st.integers(12, 70),
    titles=st.lists(st.sampled_from([None, "a" * 300, "会議のまとめ" * 20, "[bold]x", "🗒️"])),
    members=st.fixed_dictionaries(
        {},
        optional={
            "stale": st.just(True),
            "paused": st.just(True),
            "diagnostics": st.just(3),
            "unpricedModels": st.just([{"model": "m" * 90, "tokens": 5}]),
        },
    ),
)
def test_the_view_fits_every_terminal_and_no_figure_is_cut(
    width: int, height: int, titles: list[str | None], members: dict[str, Any]
) -> None:
    view = View(summary(**members), [row(number, title) for number, title in enumerate(titles)])
    lines = drawn(view, width, height)
    assert len(lines) == height
    assert max(map(cell_len, lines)) <= width
    text = "\n".join(lines)
    for figure in ("$3.12*", "$84.10*", "$1.20/h", "$301.50", "$21.00"):
        assert figure in text
    figures = [line for line in lines if "$1,234.56" not in line]
    assert not any(re.search(r"\d…", line) for line in figures)
    if titles and height >= 20:
        assert "$1,234.56" in text


def test_titles_are_text() -> None:
    text = "\n".join(drawn(View(summary(), [row(1, "[red]not a style[/red]")]), 100))
    assert "[red]not a style[/red]" in text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "now"), (0, "now"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"),
     (3600, "1 h"), (86399, "23 h"), (86400, "1 d"), (86400 * 1500, "1,500 d")],
)  # fmt: skip
def test_ages_are_short(seconds: int, said: str) -> None:
    assert age_text(NOW - timedelta(seconds=seconds), NOW) == said


def test_without_a_service_the_error_says_how_to_start_one(user: Sandbox) -> None:
    done = user.run("watch")
    assert (done.returncode, done.stdout) == (1, "")
    assert "amp-tray serve" in done.stderr


def test_into_a_pipe_it_prints_what_is_known_and_ends(user: Sandbox) -> None:
    user.write(thread(answer(now()), title="Mend the login test"))
    with user.serving():
        done = user.run("watch", env={"COLUMNS": "60"})
    assert done.returncode == 0
    assert "Mend the login test" in done.stdout
    assert "$0.01" in done.stdout
    assert "\x1b" not in done.stdout
    assert max(map(cell_len, done.stdout.splitlines())) <= 60


@pytest.fixture
def watching(user: Sandbox) -> Iterator[Terminal]:
    """The view of a service with one thread, in a terminal."""
    user.write(thread(answer(now()), title="Mend the login test"))
    with user.serving(), terminal(["watch"], user.env) as shown:
        shown.wait_for_text("6.1k tokens")
        yield shown


def has_size(shown: Terminal, columns: int, rows: int) -> bool:
    return len(shown.picture) == rows and max(map(cell_len, shown.picture)) == columns


def grow(user: Sandbox) -> None:
    messages = (answer(now(), message_id=number) for number in range(2))
    user.write(thread(*messages, title="Mend the login test"))


def test_it_follows_a_growing_thread_and_its_ages_move(user: Sandbox, watching: Terminal) -> None:
    picture = watching.wait_for_text("● live")
    assert "Mend the login test" in "\n".join(picture)
    footer = picture[-1]
    watching.wait_for(lambda: watching.picture[-1] != footer)  # nothing changed but the time
    grow(user)
    assert "$0.02" in "\n".join(watching.wait_for_text("12.2k tokens"))


def test_it_survives_another_size(user: Sandbox, watching: Terminal) -> None:
    for columns, rows in ((40, 14), (200, 50), (100, 24)):
        watching.resize(columns, rows)
        watching.wait_for(partial(has_size, watching, columns, rows))
        text = "\n".join(watching.picture)
        assert "$0.01" in text
        assert "Mend the login test" in text
    grow(user)
    watching.wait_for_text("12.2k tokens")


@pytest.mark.parametrize("keys", [b"\x03", b"q"])
def test_it_ends_cleanly(watching: Terminal, keys: bytes) -> None:
    assert not watching.modes[3] & termios.ECHO
    watching.type(keys)
    assert watching.end() == 0
    assert watching.raw.rindex(SHOW_CURSOR) > watching.raw.rindex(HIDE_CURSOR)
    assert watching.raw.rindex(LEAVE_SCREEN) > watching.raw.rindex(b"\x1b[H")
    assert watching.modes[3] & termios.ECHO
    assert watching.modes[3] & termios.ICANON
    assert b"Traceback" not in watching.raw


def test_a_termination_leaves_the_terminal_as_it_was(watching: Terminal) -> None:
    watching.process.terminate()
    assert watching.end() == 0
    assert watching.raw.rindex(SHOW_CURSOR) > watching.raw.rindex(HIDE_CURSOR)
    assert watching.modes[3] & termios.ECHO


def test_it_gives_the_terminal_back_while_it_is_suspended(watching: Terminal) -> None:
    watching.type(b"\x1a")
    stat = Path(f"/proc/{watching.process.pid}/stat")
    if not stat.exists():
        pytest.skip("this system does not tell a process's state in /proc")
    watching.wait_for(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T")
    watching.wait_for(lambda: watching.raw.endswith(LEAVE_SCREEN))
    assert watching.modes[3] & termios.ECHO
    before = len(watching.raw)
    os.kill(watching.process.pid, signal.SIGCONT)
    watching.wait_for(lambda: watching.raw[before:].count(b"\x1b[H") > 1)
    assert not watching.modes[3] & termios.ECHO
    watching.type(b"q")
    assert watching.end() == 0


def test_a_service_that_stops_is_waited_for(user: Sandbox) -> None:
    user.write(thread(answer(now()), title="Mend the login test"))
    with contextlib.ExitStack() as stack:
        with user.serving():
            shown = stack.enter_context(terminal(["watch"], user.env))
            shown.wait_for_text("● live")
        stopped = "\n".join(shown.wait_for_text("The service stopped"))
        assert "○ waiting" in stopped
        assert "6.1k tokens" in stopped  # the last figures stay
        grow(user)
        with user.serving():
            shown.wait_for_text("12.2k tokens")
            assert "● live" in shown.picture[0]
            shown.type(b"\x03")
            assert shown.end() == 0
