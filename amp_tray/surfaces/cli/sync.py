"""`amp-tray sync`: fetching threads that Amp keeps on its servers, through the user's own `amp`."""

import contextlib
import json
import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from amp_tray.core.errors import AmpTrayError, UsageError
from amp_tray.core.figures import plural
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.sync_words import announcement, status_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amp_tray.sync.child import Stop
    from amp_tray.sync.rounds import Setup
    from amp_tray.sync.state import SyncState

_EXIT_FAILURE = 1
_LOOK_SECONDS = 30.0
_BUSY_SECONDS = 5.0


@click.command()
@click.option("--once", is_flag=True, help="Make one round and end.")
@click.option("--since", metavar="SPAN", help="Only threads changed since: 7d, 2w, 3m, or a date.")
@click.option("--status", is_flag=True, help="Run nothing; show the last round and the next.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before the first round.")
@click.option("-j", "--json", "as_json", is_flag=True, help="Print the status as JSON.")
@click.pass_obj
def sync(
    program: Program, *, once: bool, since: str | None, status: bool, yes: bool, as_json: bool
) -> int:
    """Fetch the threads that Amp keeps on its servers, through your own `amp` program.

    Rounds follow one another until Ctrl+C, unless --once is given. The service makes them by
    itself when `sync.enabled` is set.

    \b
    Examples:
      amp-tray sync --once --since 30d
      amp-tray sync --status
      amp-tray config set sync.enabled true
    """  # noqa: D301 - \b keeps the lines
    if status:
        _show(program, as_json=as_json)
        return 0
    if program.offline:
        raise AmpTrayError(
            "`offline` is set, and `amp` uses the network",
            hint="unset it: `amp-tray config set offline false`, or AMP_TRAY_OFFLINE",
            title="nothing was fetched",
        )
    from_ms = None if since is None else _since(program, since)
    if not _agreed(program, yes=yes):
        return _EXIT_FAILURE
    with stopped_by_signals() as stop:
        state = _rounds(program.sync_setup, stop, from_ms, once=once)
    if as_json:
        _show(program, as_json=True)
    elif state.error is None:
        click.echo(_told(state))
    if state.error is not None:
        raise AmpTrayError(state.error, hint=state.hint or "", title="nothing more was fetched")
    return 0


def _rounds(setup: "Setup", stop: "Stop", since: int | None, *, once: bool) -> "SyncState":
    """Make a round, or one after another; return what became of the last."""
    from amp_tray.sync.errors import BusyError  # noqa: PLC0415 - who asks for the status has none
    from amp_tray.sync.rounds import sync_once  # noqa: PLC0415

    progress = _Progress()
    while True:
        try:
            with progress:
                state = sync_once(setup, stop=stop, since=since, tell=progress)
        except BusyError:
            if once:
                raise
            stop.pause(_BUSY_SECONDS)
            continue
        if once:
            return state
        click.echo(_told(state))
        while state.next_at is not None and setup.clock() < state.next_at:
            stop.pause(min(_LOOK_SECONDS, (state.next_at - setup.clock()) / 1000 + 1))


def _agreed(program: Program, *, yes: bool) -> bool:
    """Say what is run; before the first round of all, ask whoever can be asked."""
    status = program.sync_status()
    for line in announcement(status, program.sync_setup.options.max_threads):
        click.echo(line, err=True)
    first = status["lastRunAt"] is None and not status["enabled"]
    if yes or not first or not sys.stdin.isatty():
        return True
    return click.confirm("Go on?", err=True)


def _since(program: Program, text: str) -> int:
    from amp_tray.core.periods import day_of, parse_day, start_of_day  # noqa: PLC0415

    queries = program.queries()
    zone = queries.local_zone().info
    today = day_of(queries.clock(), zone)
    day = parse_day(text, today=today, option="since")
    if day > today:
        raise UsageError(f"--since: {text!r} is in the future", hint="accepted: 7d, 2w, 3m, a date")
    return start_of_day(day, zone)


def _told(state: "SyncState") -> str:
    if state.error is not None:
        return f"It failed: {state.error}."
    parts = [plural(state.exported, "thread exported", "threads exported")]
    if state.failed:
        parts.append(f"{state.failed:,} could not be had")
    if state.refused:
        parts.append(f"{state.refused:,} without a usable id")
    if state.waiting:
        parts.append(f"{state.waiting:,} left to the next round")
    return ", ".join(parts) + "."


def _show(program: Program, *, as_json: bool) -> None:
    status = program.sync_status()
    if as_json:
        click.echo(json.dumps(status, separators=(",", ":")))
        return
    for line in status_lines(status):
        click.echo(line)


class _Progress:
    """A line on a terminal that counts; a context, so that it is always wiped."""

    def __call__(self, done: int, total: int) -> None:
        """Show how far the round is."""
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[KExporting {done:,} of {total:,}", nl=False, err=True)

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, *_exception: object) -> None:
        if sys.stderr.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)


@contextlib.contextmanager
def stopped_by_signals() -> "Iterator[Stop]":
    """End as after Ctrl+C when told to: a program that is killed cannot kill its `amp`."""
    from amp_tray.sync.child import Stop  # noqa: PLC0415 - as above
    from amp_tray.sync.errors import StoppedError  # noqa: PLC0415

    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in (getattr(signal, n) for n in names)}
    try:
        yield stop
    except StoppedError:
        raise KeyboardInterrupt from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
