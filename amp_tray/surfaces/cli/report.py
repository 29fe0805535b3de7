"""`amp-tray report`: the daily, monthly and session reports, as a table or as JSON."""

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import click

from amp_tray.live.query import ReportQuery
from amp_tray.surfaces.cli.ask import call_raw, connect_to_same
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.progress import ScanProgress

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _DailyByDefault(click.Group):
    """A group that takes `report --json` as `report daily --json`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default report in where none is named."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["daily", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_DailyByDefault)
def report() -> None:
    """Report tokens, credits and cost; without a name it is the daily report.

    \b
    Examples:
      amp-tray report daily --since 7d
      amp-tray report monthly --json
      amp-tray report session --since 2026-11-01 --order asc
    """  # noqa: D301 - \b keeps the examples' lines


def _report_options(command: _Command) -> _Command:
    day = "YYYYMMDD, YYYY-MM-DD, today, yesterday, 7d, 2w or 3m."
    for option in reversed(
        (
            click.option("-j", "--json", "as_json", is_flag=True, help="Print the JSON document."),
            click.option("-s", "--since", metavar="DAY", help=f"First day: {day}"),
            click.option("-u", "--until", metavar="DAY", help="Last day, included; same forms."),
            click.option(
                "-o", "--order", type=click.Choice(["asc", "desc"]), help="Order of the rows."
            ),
            click.option(
                "-z", "--timezone", metavar="ZONE", help="IANA zone whose days count, or local."
            ),
            click.option(
                "-O", "--offline", is_flag=True, help="Use no network: prices are those on disk."
            ),
            click.option("--compact", is_flag=True, help="Show the narrow table at any width."),
        )
    ):
        command = option(command)
    return command


@report.command()
@_report_options
@click.pass_obj
def daily(program: Program, /, **options: Any) -> None:
    """Usage by day, oldest first."""
    _report(program, "daily", **options)


@report.command()
@_report_options
@click.pass_obj
def monthly(program: Program, /, **options: Any) -> None:
    """Usage by month, oldest first."""
    _report(program, "monthly", **options)


@report.command()
@click.argument("session_id", metavar="[ID]", required=False)
@_report_options
@click.pass_obj
def session(program: Program, /, **options: Any) -> None:
    """Usage by thread, the dearest first; with an ID, or its beginning, that thread alone.

    --since and --until go by a thread's last activity.
    """
    _report(program, "session", **options)


def _report(
    program: Program,
    kind: str,
    *,
    as_json: bool,
    since: str | None,
    until: str | None,
    order: str | None,
    timezone: str | None,
    offline: bool,  # noqa: ARG001 - nothing here uses the network; scripts may say so anyway
    compact: bool,
    session_id: str | None = None,
) -> None:
    zone = program.local_zone_name() if timezone in {None, "local"} else timezone
    query = ReportQuery(kind, since, until, order, zone, session_id)
    data = _document(program, query)
    if as_json:
        sys.stdout.buffer.write(data + b"\n")
        return
    from amp_tray.surfaces.cli.table import print_report  # noqa: PLC0415 - rich is slow to load

    document = json.loads(data, parse_float=Decimal)
    print_report(kind, document, env=program.env, compact=compact)
    _mention_troubles(document)


def _document(program: Program, query: ReportQuery) -> bytes:
    with ScanProgress() as progress:
        client = connect_to_same(program, progress)
        if client is not None:
            with client:
                return call_raw(client, f"report.{query.kind}", query.params)
        queries, snapshot = program.read_now(progress)
    return queries.report(snapshot, query)


def _mention_troubles(document: dict[str, Any]) -> None:
    troubles = document["meta"]["diagnostics"]
    if troubles:
        count = len(troubles)
        what = "1 file or record" if count == 1 else f"{count:,} files or records"
        click.echo(f"{what} could not be used; `amp-tray doctor` lists them", err=True)
