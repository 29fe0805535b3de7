"""What is said above and below a table or a chart: its title, what it lacks, how to see more."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.cells import cell_len

from amp_tray.surfaces.cli.render.columns import TITLES
from amp_tray.surfaces.cli.render.layout import WIDE_FROM
from amp_tray.surfaces.cli.render.lines import View

_SOURCES: Mapping[str, str] = {"amp": "Amp", "claude": "Claude Code"}
_LACKING = {"display": "recorded cost"}

NO_USAGE = "No usage found."


def title_of(view: View) -> str:
    """Return a report's title; the agent is named where all usage is of one."""
    sources: Sequence[str] = view.document["meta"]["sources"]
    agent = f"{_SOURCES.get(sources[0], sources[0])} " if len(sources) == 1 else ""
    return f"{agent}Token Usage Report - {TITLES[view.kind]}"


def unpriced_note(view: View) -> str | None:
    """Return which tokens the costs with a star leave out; None where they leave out none."""
    tokens = view.totals.get("unpricedTokens")
    if not tokens:
        return None
    meta: Mapping[str, Any] = view.document["meta"]
    lacking = _LACKING.get(meta["mode"], "known price")
    noun = "token that has" if tokens == 1 else "tokens that have"
    return f"* without {tokens:,} {noun} no {lacking}: {', '.join(meta['unpricedModels'])}"


def hidden_note(width: int, *, compact: bool) -> str:
    """Return the line that says how to see the columns that are not shown.

    Args:
        width: of the terminal; the line is no longer.
        compact: the user asked for fewer columns.
    """
    if compact and width >= WIDE_FROM:
        wider = "without --compact there are more, with --json all."
    elif width < WIDE_FROM:
        wider = f"a terminal of {WIDE_FROM} columns shows more, --json all."
    else:
        wider = "a wider terminal shows more, --json all."
    said = (f"Columns are hidden: {wider}", "Columns are hidden: --json has all.", "More: --json")
    return next((line for line in said if cell_len(line) <= width), said[-1])
