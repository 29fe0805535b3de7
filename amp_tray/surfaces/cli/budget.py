"""`amp-tray budget`: how the day, the week and the month stand against their limits."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import click

from amp_tray.core.figures import money, short_number
from amp_tray.surfaces.cli.ask import call_raw
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.progress import ScanProgress
from amp_tray.surfaces.cli.same_service import connect_to_same

Row = Mapping[str, Any]

_EXIT_OVER = 3
_BAR_CELLS = 20
_NAMES = {"daily": "Day", "weekly": "Week", "monthly": "Month"}


@click.command()
@click.option("--check", is_flag=True, help="Exit with 3 when a budget is used up.")
@click.option("-j", "--json", "as_json", is_flag=True, help="Print the budgets as JSON.")
@click.pass_obj
def budget(program: Program, *, check: bool, as_json: bool) -> int:
    """Show how much of each budget is used.

    \b
    Examples:
      amp-tray config set budgets.daily.usd 20
      amp-tray budget
      amp-tray budget --check || echo "enough for today"
    """  # noqa: D301 - \b keeps the lines
    rows = budget_rows(program)
    if as_json:
        sys.stdout.write(json.dumps(rows, separators=(",", ":"), default=_exact) + "\n")
    elif not rows:
        click.echo("No budget is set: `amp-tray config set budgets.daily.usd 20` sets one.")
    for line in () if as_json else budget_lines(rows):
        click.echo(line)
    return _EXIT_OVER if check and any(row["level"] == "over" for row in rows) else 0


def budget_rows(program: Program) -> Sequence[Row]:
    """Return the summary's `budgets`: of the service if it has the same ones, else read here."""
    ours = {(budget.span, budget.unit, budget.shown_limit) for budget in program.budgets().limits}
    if not ours:
        return ()
    with ScanProgress() as progress:
        client = connect_to_same(program, progress)
        if client is not None:
            with client:
                rows = _budgets_in(call_raw(client, "usage.summary", {}))
            if {(row["period"], row["unit"], row["limit"]) for row in rows} == ours:
                return rows
        queries, snapshot = program.read_now(progress)
    return _budgets_in(queries.summary(snapshot))


def budget_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a line for each budget: a bar, the share, and the figures."""
    for row in rows:
        share = Decimal(row["share"])
        filled = min(_BAR_CELLS, int(share * _BAR_CELLS))
        bar = "█" * filled + "░" * (_BAR_CELLS - filled)
        used, limit = (_figure(Decimal(row[key]), row["unit"]) for key in ("used", "limit"))
        mark = {"over": "  used up", "near": "  nearly used up"}.get(row["level"], "")
        yield f"{_NAMES[row['period']]:<6} {bar} {share:>5.0%}  {used} of {limit}{mark}"


def _budgets_in(summary: bytes) -> list[Row]:
    budgets: list[Row] = json.loads(summary, parse_float=Decimal)["budgets"]
    return budgets


def _figure(amount: Decimal, unit: str) -> str:
    match unit:
        case "usd":
            return money(amount)
        case "credits":
            return f"{amount:,.2f} credits"
        case _:
            return f"{short_number(int(amount))} tokens"


def _exact(amount: object) -> object:
    # Budgets are amounts a person set: a float writes them as they were.
    return float(amount) if isinstance(amount, Decimal) else str(amount)
