"""`amp-tray watch`: the service's figures, live in the terminal."""

import asyncio
import contextlib
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.live import Live

from amp_tray.host.clock import now_ms
from amp_tray.surfaces.cli.ask import call_raw, connect, wait_until_ready
from amp_tray.surfaces.cli.keyboard import Keyboard
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.progress import ScanProgress
from amp_tray.surfaces.cli.terminal import terminal_width, wants_colour
from amp_tray.surfaces.cli.watch_follow import Follower, decoded, last_threads, newest_first
from amp_tray.surfaces.cli.watch_view import Size, draw
from amp_tray.surfaces.cli.watch_words import View
from amp_tray_rpc.client import Client

_PRINTED_THREADS = 10
_SIMPLE_TERMINALS = frozenset({"dumb", "unknown"})


@click.command()
@click.pass_obj
def watch(program: Program) -> None:
    """Show today, this month and the last threads, live; q or Ctrl+C ends it.

    It follows the service. Where the output is no terminal, it prints what is known and ends.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an encoding may lack some of our signs
    with connect(program) as client:
        if not sys.stdout.isatty() or program.env.get("TERM") in _SIMPLE_TERMINALS:
            _print_once(client, program.env)
            return
    asyncio.run(_watch(program))


def _print_once(client: Client, env: Mapping[str, str]) -> None:
    with ScanProgress() as progress:
        wait_until_ready(client, progress)
    summary = decoded(call_raw(client, "usage.summary", {}))
    params = last_threads(summary)
    rows = () if params is None else newest_first(
        decoded(call_raw(client, "report.session", params))
    )  # fmt: skip
    size = Size(terminal_width(env))
    coloured = wants_colour(env, asked=None)
    console = Console(width=size.width, highlight=False, force_terminal=coloured, _environ=env)
    console.print(draw(View(summary, rows[:_PRINTED_THREADS]), _now(), size))


async def _watch(program: Program) -> None:
    wake, stop = asyncio.Event(), asyncio.Event()

    def end() -> None:
        stop.set()
        wake.set()

    # The terminal says how large it is: what the shell exported it as goes stale.
    env = {name: value for name, value in program.env.items() if name not in {"COLUMNS", "LINES"}}
    coloured = wants_colour(env, asked=None)
    console = Console(highlight=False, no_color=not coloured, _environ=env)
    live = Live(
        console=console,
        screen=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    follower = Follower(program.address, wake.set)
    with Keyboard(end) as keyboard, live, _signals(end, wake.set, lambda: _suspend(live, keyboard)):
        following = asyncio.create_task(follower.run(), name="amp-tray-watch")
        following.add_done_callback(lambda _task: end())
        try:
            while not stop.is_set():
                wake.clear()
                picture = draw(follower.view, _now(), Size(*console.size))
                live.update(picture, refresh=True)
                await _next_second(wake)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    if not following.cancelled():
        following.result()  # it ends by itself only by a fault, which is told


async def _next_second(wake: asyncio.Event) -> None:
    """Return when something changed, and at the latest when the ages do."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1 - now_ms() % 1000 / 1000):
            await wake.wait()


@contextlib.contextmanager
def _signals(
    end: Callable[[], None], resize: Callable[[], None], suspend: Callable[[], None]
) -> Iterator[None]:
    """Take what the terminal and the system say; where there are no such signals, nothing."""
    wanted = {"SIGINT": end, "SIGTERM": end, "SIGWINCH": resize, "SIGTSTP": suspend}
    loop = asyncio.get_running_loop()
    taken = []
    for name, callback in wanted.items():
        number = getattr(signal, name, None)
        with contextlib.suppress(NotImplementedError):
            if number is not None:
                loop.add_signal_handler(number, callback)
                taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            loop.remove_signal_handler(number)


def _suspend(live: Live, keyboard: Keyboard) -> None:
    """Leave the terminal to the shell until it wakes this process again."""
    live.stop()
    keyboard.restore()
    os.kill(os.getpid(), signal.SIGSTOP)
    keyboard.silence()
    live.start(refresh=True)


def _now() -> datetime:
    return datetime.fromtimestamp(now_ms() / 1000, UTC)
