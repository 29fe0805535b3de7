"""`amp-tray report`: usage by day, week, month, thread, block or project, in any form."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from amp_tray.core.errors import UsageError
from amp_tray.live.query import ReportQuery
from amp_tray.surfaces.cli.output import STDOUT, write_to
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.progress import ScanProgress
from amp_tray.surfaces.cli.report_options import (
    HELP,
    Presentation,
    parameters_of,
    presentation_of,
    query_of,
)
from amp_tray.surfaces.cli.same_service import connect_to_same

if TYPE_CHECKING:
    from amp_tray_rpc.client import Client

Ask = Callable[[ReportQuery], bytes]
"""Answers a query with its document as JSON text."""

_PAGE_KINDS = ("daily", "session", "project")
_ROW_KEYS = {"daily": "date", "weekly": "week", "monthly": "month"}
_NO_TROUBLES = b'"diagnostics":[]}}'


class _Reports(click.Group):
    """The reports, each made when it is asked for; `report --json` is `report daily --json`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the reports' names."""
        return list(HELP)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return a report's command."""
        return _Report(cmd_name) if cmd_name in HELP else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of a name that is none say which there are."""
        if args[0] not in HELP and not args[0].startswith("-"):
            ctx.fail(f"no report {args[0]!r}; there are: {', '.join(HELP)}")
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default report in where none is named; a shell that completes names none."""
        first = args[0] if args else "-"
        if first.startswith("-") and first not in ctx.help_option_names:
            args = args if ctx.resilient_parsing else ["daily", *args]
        return super().parse_args(ctx, args)


class _Report(click.Command):
    """The command of one report."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            kind,
            params=parameters_of(kind),
            help=HELP[kind],
            context_settings={"allow_extra_args": True},
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options; an error of which nobody says where it was is this command's."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def invoke(self, ctx: click.Context) -> None:
        """Write the report; wrong usage is told with the command whose help tells more."""
        if ctx.args:
            accepted = f"one of {', '.join(HELP)} before all options, an ID after session"
            ctx.fail(f"{ctx.args[0]!r} is a word too many; accepted: {accepted}")
        program: Program = ctx.obj
        try:
            _report(program, self.name or "", ctx.params)
        except UsageError as error:
            said = f"{error.message}; {error.hint}" if error.hint else error.message
            raise click.UsageError(said, ctx) from error


@click.group(cls=_Reports)
def report() -> None:
    """Report tokens, credits and cost; without a name it is the daily report.

    \b
    Examples:
      amp-tray report --since 7d
      amp-tray report monthly --json
      amp-tray report session --since 2026-11-01 --order asc
      amp-tray report weekly --chart
      amp-tray report daily --format csv --output usage.csv
      amp-tray report --last 30 --html usage.html
    `amp-tray report daily --help` tells the options.
    """  # noqa: D301 - \b keeps the examples' lines


def _report(program: Program, kind: str, options: dict[str, Any]) -> None:
    shown = presentation_of(kind, options)
    query = query_of(program, kind, options)
    if shown.form == "html":
        with _asking(program) as ask:
            data, text = _page(ask, query)
    else:
        data = _answer(program, query)
        text = _written(program, kind, data, shown)
    write_to(shown.target, text)
    _mention_troubles(data)


def _answer(program: Program, query: ReportQuery) -> bytes:
    """Have the service make one report, or this process."""
    with ScanProgress() as progress:
        client = connect_to_same(program, progress)
        if client is None:
            return program.report_now(query, progress)
    with client:
        return _asked(client, query)


@contextmanager
def _asking(program: Program) -> Iterator[Ask]:
    """Have the service make several reports of one state, or this process."""
    with ScanProgress() as progress:
        client = connect_to_same(program, progress)
        if client is None:
            queries, snapshot = program.read_now(progress)
    if client is None:
        yield lambda query: queries.report(snapshot, query)
        return
    with client:
        yield lambda query: _asked(client, query)


def _asked(client: "Client", query: ReportQuery) -> bytes:
    from amp_tray.surfaces.cli.ask import call_raw  # noqa: PLC0415 - loaded with the client

    return call_raw(client, f"report.{query.kind}", query.params)


def _written(program: Program, kind: str, data: bytes, shown: Presentation) -> bytes:
    if shown.form == "json":
        return data + b"\n"
    # Loading what follows takes longer than all that JSON needs.
    from amp_tray.surfaces.cli.render.lines import View  # noqa: PLC0415
    from amp_tray.surfaces.cli.terminal import encoded, terminal_width, wants_colour  # noqa: PLC0415

    view = View(kind, _parsed(data), compact=shown.compact, breakdown=shown.breakdown)
    if shown.form == "csv":
        from amp_tray.surfaces.cli.render.spreadsheet import csv_text  # noqa: PLC0415

        return csv_text(view).encode()
    if shown.form == "markdown":
        from amp_tray.surfaces.cli.render.markdown import markdown_text  # noqa: PLC0415

        return markdown_text(view).encode()
    from amp_tray.surfaces.cli.render.chart import chart_text  # noqa: PLC0415
    from amp_tray.surfaces.cli.render.table import table_text  # noqa: PLC0415

    to_file = shown.target not in {None, STDOUT}
    text = (chart_text if shown.form == "chart" else table_text)(
        view,
        width=terminal_width(program.env),
        colour=wants_colour(program.env, asked=shown.colour, to_file=to_file),
    )
    return encoded(text, "utf-8" if to_file or sys.stdout is None else sys.stdout.encoding)


def _page(ask: Ask, query: ReportQuery) -> tuple[bytes, bytes]:
    """Return one of the documents that the page shows, and the page."""
    from amp_tray.surfaces.cli.html_report import html_page  # noqa: PLC0415 - few ask for it

    whole = _with_since(ask, query)
    answers = {kind: ask(whole._replace(kind=kind)) for kind in _PAGE_KINDS}
    page = html_page({kind: _parsed(data) for kind, data in answers.items()})
    return answers["daily"], page.encode()


def _with_since(ask: Ask, query: ReportQuery) -> ReportQuery:
    """Return a query for any kind, asked by the first period that has usage, not by a count."""
    bare = query._replace(last=None, start_of_week=None)
    if query.last is None:
        return bare
    rows = _parsed(ask(query))[query.kind]
    firsts = [row[_ROW_KEYS[query.kind]] for row in rows]
    # A month is `2026-11`. Without any usage in these periods there is none of today.
    return bare._replace(since=f"{min(firsts)}-01"[:10] if firsts else "today")


def _parsed(data: bytes) -> dict[str, Any]:
    import json  # noqa: PLC0415 - a document written as it came needs none
    from decimal import Decimal  # noqa: PLC0415

    document: dict[str, Any] = json.loads(data, parse_float=Decimal)
    return document


def _mention_troubles(data: bytes) -> None:
    """Say on stderr that there are files which could not be used."""
    if data.endswith(_NO_TROUBLES):  # as nearly always: parsing a large document takes a while
        return
    count = len(_parsed(data)["meta"]["diagnostics"])
    if count:
        what = "1 file or record" if count == 1 else f"{count:,} files or records"
        click.echo(f"{what} could not be used; `amp-tray doctor` lists them", err=True)
