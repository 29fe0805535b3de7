"""`amp-tray explain`: one session, event by event, with what was dropped and why."""

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import click

from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.progress import ScanProgress

_SHORT_ID = 8


@click.command()
@click.argument("session_id", metavar="SESSION")
@click.option("-j", "--json", "as_json", is_flag=True, help="Print the JSON document.")
@click.pass_obj
def explain(program: Program, /, session_id: str, *, as_json: bool) -> None:
    """Show where each figure of a SESSION comes from (its id, or the beginning of it).

    \b
    Each row is one billed call: when and how that is known, what it was counted from (a
    message, a ledger event, a pair of both, a tool's own record), its tokens and its cost.
    Below: what the files hold and is counted elsewhere, by which rule, and the rates.
    """  # noqa: D301 - \b keeps the lines
    with ScanProgress() as progress:
        data = program.explain(session_id, progress)
    if as_json:
        sys.stdout.buffer.write(data + b"\n")
        return
    _print(json.loads(data, parse_float=Decimal), program.env)


def _print(document: Mapping[str, Any], env: Mapping[str, str]) -> None:
    from rich.console import Console  # noqa: PLC0415 - rich is slow to load
    from rich.text import Text  # noqa: PLC0415

    from amp_tray.surfaces.cli.terminal import terminal_width  # noqa: PLC0415

    console = Console(width=terminal_width(env), highlight=False)
    console.print(Text(document["title"] or "Untitled", style="bold"))
    for thread in document["threads"]:
        console.print(Text(f"Thread  {thread['threadId']}"))
        for file in thread["files"]:
            console.print(Text(f"  {file['path']}{' (archived)' if file['archived'] else ''}"))
    console.print(_events_table(document))
    if unpriced := document["totals"]["unpricedTokens"]:
        line = f"* without {unpriced:,} tokens that have no known price"
        console.print(Text(line, style="dim"))
    for drop in document["dropped"]:
        line = f"{drop['rule']}: {drop['what']}, {drop['tokens']:,} tokens: {drop['why']}"
        console.print(Text(line, style="dim"))
    for rate in document["rates"]:
        console.print(Text(_rate_line(rate), style="dim"))


def _events_table(document: Mapping[str, Any]) -> Any:
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from amp_tray.core.models import short_model  # noqa: PLC0415

    table = Table(box=box.SQUARE, header_style="cyan")
    for head in ("When (UTC)", "Counted from", "Model"):
        table.add_column(head, overflow="fold")
    for head in ("Input", "Output", "Cache\nCreate", "Cache\nRead", "Credits", "Cost\n(USD)"):
        table.add_column(head, justify="right", no_wrap=True)
    for event in document["events"]:
        cells = (
            f"{event['at'][:19].replace('T', ' ')}\n{event['timeFrom']}",
            _evidence(event),
            short_model(event["model"]),
            *_counts(event),
            "-" if event["credits"] is None else f"{Decimal(event['credits']):,.2f}",
            "unpriced" if event["cost"] is None else f"${Decimal(event['cost']):,.4f}",
        )
        table.add_row(*map(Text, cells))
    table.add_section()
    totals = document["totals"]
    star = " *" if totals["unpricedTokens"] else ""
    sums = (f"{Decimal(totals['credits']):,.2f}", f"${Decimal(totals['totalCost']):,.4f}{star}")
    table.add_row("Total", "", "", *map(Text, (*_counts(totals), *sums)), style="bold yellow")
    return table


def _counts(row: Mapping[str, Any]) -> list[str]:
    names = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens")
    return [f"{row[name]:,}" for name in names]


def _evidence(event: Mapping[str, Any]) -> str:
    names = {"messageId": "message", "eventId": "event", "toolUseId": "tool use"}
    known = [
        f"{word} {str(event[name])[:_SHORT_ID]}"
        for name, word in names.items()
        if event[name] is not None
    ]
    return ", ".join(known) or str(event["evidence"])


def _rate_line(rate: Mapping[str, Any]) -> str:
    if rate["card"] is None:
        return f"{rate['model']}: no known price"
    since = "" if rate["since"] is None else f" since {rate['since']}"
    return (
        f"{rate['model']}: priced as {rate['card']} ({rate['origin']}{since}), USD per million"
        f" tokens: input {rate['inputPerMillion']}, output {rate['outputPerMillion']}, cache"
        f" creation {rate['cacheCreationPerMillion']}, cache read {rate['cacheReadPerMillion']}"
    )
