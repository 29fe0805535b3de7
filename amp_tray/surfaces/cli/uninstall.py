"""`amp-tray uninstall`: what the program wrote for this user, listed and then removed."""

import sys
from collections.abc import Iterable, Iterator

import click

from amp_tray.core.errors import AmpTrayError, UsageError
from amp_tray.core.text import clean
from amp_tray.host.lock import InstanceLock
from amp_tray.host.traces import Places, Trace, find_traces, remove_traces
from amp_tray.surfaces.cli.program import Program
from amp_tray_rpc.address import TcpAddress

_PATH_WIDTH = 4096
_AT_LOGIN = "login"
_WIDTH = 14


class NotRemovedError(AmpTrayError):
    """The program still runs, or a file cannot be removed."""

    title = "not uninstalled"


@click.command()
@click.option("--purge", is_flag=True, help="Remove the ledger, prices and settings too.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def uninstall(program: Program, *, purge: bool, yes: bool) -> None:
    """Remove what the program wrote for you: run it before you remove the program itself.

    That is what starts at login, logs, locks and the socket. The ledger, prices and settings
    stay unless you say --purge: usage whose files are gone is nowhere else. Your own prices in
    pricing.toml stay in any case. All of it is listed first.
    """
    places = places_of(program)
    login = [entry.place for entry in program.start_at_login.status().entries]
    with _nobody_else(places):
        traces = find_traces(places)
        going = [trace for trace in traces if purge or not trace.kept]
        for line in _lines(login, going, [trace for trace in traces if trace not in going]):
            click.echo(line)
        if (login or going) and _may_remove(yes=yes):
            program.start_at_login.disable()
            try:
                remove_traces(going, places)
            except OSError as error:
                raise NotRemovedError(f"{error.filename}: {error.strerror}") from error
            click.echo("Removed.")


def places_of(program: Program) -> Places:
    """Return where a program writes."""
    address = program.address
    return Places(
        data=program.ledger_path.parent,
        configuration=program.config_path.parent,
        logs=program.log_path.parent,
        socket=address.discovery if isinstance(address, TcpAddress) else address.path,
    )


class _nobody_else:  # noqa: N801 - a context, named as it reads
    """Hold the lock of the ledger, where there is one; refuse while a service or tray runs."""

    def __init__(self, places: Places) -> None:
        self._ledger = InstanceLock(places.data / "ledger.lock")
        self._tray = InstanceLock(places.data / "tray.lock")

    def __enter__(self) -> None:
        running = self._tray.running_holder()
        # A lock that is not there must not be made, and its directory with it.
        if running is None and self._ledger.path.exists() and not self._ledger.acquire():
            running = self._ledger.holder()
        if running is not None:
            raise NotRemovedError(
                f"amp-tray runs (pid {running})",
                hint="choose Quit in the tray, or stop the service: `amp-tray stop`",
            )

    def __exit__(self, *_exception: object) -> None:
        self._ledger.release()


def _lines(login: Iterable[str], going: Iterable[Trace], staying: Iterable[Trace]) -> Iterator[str]:
    lines = [_line(_AT_LOGIN, place) for place in login]
    lines += [_line(trace.what, str(trace.path)) for trace in going]
    yield from ["To be removed:", *lines] if lines else ["There is nothing to remove."]
    kept = [_line(trace.what, str(trace.path)) for trace in staying]
    if kept:
        yield from ["Stays, unless you say --purge:", *kept]


def _line(what: str, place: str) -> str:
    return f"  {what:<{_WIDTH}}{clean(place, _PATH_WIDTH)}"


def _may_remove(*, yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("there is nobody to ask", hint="`--yes` removes without asking")
    if click.confirm("Remove this?"):
        return True
    click.echo("Nothing was removed.")
    return False
