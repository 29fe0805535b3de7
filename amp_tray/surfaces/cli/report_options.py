"""The options of `amp-tray report`, its commands' help, and what was chosen by them."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import click

from amp_tray.core.choices import MODES, MOST_PERIODS, WEEKDAYS
from amp_tray.core.errors import UsageError
from amp_tray.live.query import ReportQuery
from amp_tray.surfaces.cli.program import Program

HELP: Mapping[str, str] = {
    "daily": """Usage by day, oldest first.

    \b
    Examples:
      amp-tray report daily --since 7d --breakdown
      amp-tray report daily --last 30 --chart
      amp-tray report daily --json --until 2026-11-20
    """,
    "weekly": """Usage by week, oldest first, under the day that it begins on.

    \b
    Examples:
      amp-tray report weekly --last 8
      amp-tray report weekly --start-of-week sunday --format csv --output weeks.csv
    """,
    "monthly": """Usage by month, oldest first.

    \b
    Examples:
      amp-tray report monthly --breakdown
      amp-tray report monthly --json > usage.json
    """,
    "session": """Usage by thread, the dearest first; with an ID, or its beginning, that one alone.

    --since and --until go by a thread's last activity; a thread that passes is shown whole.

    \b
    Examples:
      amp-tray report session --since 20250525 --order asc
      amp-tray report session T-0199 --breakdown
      amp-tray report session --json | jq '.sessions[] | select(.totalCost > 50)'
    """,
    "blocks": """Usage by blocks of five hours, oldest first, and the gaps between them.

    The first usage begins a block at its full hour. Of the block that is running now you see
    how much of it is left, its burn rate, and what it comes to at that rate.

    \b
    Examples:
      amp-tray report blocks --last 5
      amp-tray report blocks --since today --timezone UTC
    """,
    "project": """Usage by project, the dearest first.

    \b
    Examples:
      amp-tray report project --since 1m
      amp-tray report project --model opus --format markdown
    """,
}
"""What each report's `--help` says; in the order in which they are listed."""

_DAY: Final = "YYYYMMDD, YYYY-MM-DD, today, yesterday, 7d, 2w or 3m"
_TAKEN_BY: Mapping[str, frozenset[str]] = {
    "last": frozenset({"daily", "weekly", "monthly", "blocks"}),
    "start_of_week": frozenset({"weekly"}),
    "html": frozenset(HELP) - {"blocks"},
}
"""Which reports take the options that not all take; the others' help leaves them out."""

_MOST_DIGITS = len(str(MOST_PERIODS))
_FORMATS = ("table", "json", "csv", "markdown")


def _count(text: str) -> int:
    """Return a number of periods; refuse what is none with what would be one."""
    if text.isdecimal() and len(text) <= _MOST_DIGITS and 1 <= int(text) <= MOST_PERIODS:
        return int(text)
    raise click.BadParameter(f"{text!r} is not a number from 1 to {MOST_PERIODS:,}.")


def _options() -> list[click.Option]:
    option = click.Option
    return [
        option(["-s", "--since"], metavar="DAY", help=f"First day: {_DAY}."),
        option(["-u", "--until"], metavar="DAY", help="Last day, included; the same forms."),
        option(["--last"], metavar="N", type=_count, help="The newest N periods alone."),
        option(["-o", "--order"], type=click.Choice(["asc", "desc"]), help="Order of the rows."),
        option(
            ["-z", "--timezone"],
            metavar="ZONE",
            help="Whose days count: an IANA name, or local (the default).",
        ),
        option(
            ["--start-of-week"],
            type=click.Choice(WEEKDAYS, case_sensitive=False),
            metavar="DAY",
            help="The day that weeks begin on: monday (the default) to sunday.",
        ),
        option(
            ["-m", "--mode"],
            type=click.Choice(MODES),
            help="Which cost: recorded in USD, else list price (auto, the default); list price"
            " (calculate); recorded, credits at $0.01 (display).",
        ),
        option(
            ["--project"],
            metavar="NAME",
            help="Usage of one project: its name, or the end of its path.",
        ),
        option(
            ["--source"],
            metavar="NAME",
            help="Usage of one agent's logs: amp, claude, or all (the default).",
        ),
        option(["--model"], metavar="NAME", help="Usage of the models with NAME in their name."),
        option(["-b", "--breakdown"], is_flag=True, help="Show each row's models below it."),
        option(["--no-cost"], is_flag=True, help="Leave costs out."),
        option(["-j", "--json", "as_json"], is_flag=True, help="Write the JSON document."),
        option(["--format"], type=click.Choice(_FORMATS), help="How to write it; as a table."),
        option(["--chart"], is_flag=True, help="Draw a bar chart instead of the table."),
        option(["--compact"], is_flag=True, help="Show the narrow table at any width."),
        option(
            ["--color/--no-color"], default=None, help="With or without colour; else as fits."
        ),
        option(["--output"], metavar="FILE", help="Write into FILE, whole or not at all."),
        option(["--html"], metavar="FILE", help="Write a page with charts into FILE."),
        option(
            ["-O", "--offline"],
            is_flag=True,
            help="Use no network; reports never do: prices are those on disk.",
        ),
    ]  # fmt: skip


def parameters_of(kind: str) -> list[click.Parameter]:
    """Return a report's parameters; those that it does not take are known, and refused later."""
    parameters: list[click.Parameter] = []
    if kind == "session":
        parameters.append(click.Argument(["session_id"], metavar="[ID]", required=False))
    for option in _options():
        option.hidden = kind not in _TAKEN_BY.get(option.name or "", HELP)
        parameters.append(option)
    return parameters


def query_of(program: Program, kind: str, options: Mapping[str, Any]) -> ReportQuery:
    """Return what to ask; where no option says, the environment does, and it before the file."""
    env = program.env
    start_of_week = options["start_of_week"]
    if start_of_week is None and kind in _TAKEN_BY["start_of_week"]:
        start_of_week = env.get("AMP_TRAY_START_OF_WEEK") or None
    return ReportQuery(
        kind,
        since=options["since"],
        until=options["until"],
        order=options["order"],
        timezone=_zone_of(program, options["timezone"]),
        session_id=options.get("session_id"),
        mode=options["mode"] or env.get("AMP_TRAY_MODE") or None,
        last=options["last"],
        project=options["project"],
        source=options["source"],
        model=options["model"],
        start_of_week=start_of_week,
        no_cost=options["no_cost"],
    )


def _zone_of(program: Program, asked: str | None) -> str:
    """Return the name of the zone; `local` as an option is the system's, whatever is set."""
    if asked is None:
        return program.local_zone_name()
    if asked != "local":
        return asked
    from amp_tray.host.clock import local_zone  # noqa: PLC0415 - few ask so

    return local_zone({**program.env, "AMP_TRAY_TIMEZONE": ""})[1]


class Presentation(NamedTuple):
    """How a report is shown, and where.

    Attributes:
        form: table, chart, json, csv, markdown or html.
        target: a file; None is standard output.
        colour: None is as the environment and the terminal have it.
    """

    form: str
    target: str | None
    compact: bool
    breakdown: bool
    colour: bool | None


def presentation_of(kind: str, options: Mapping[str, Any]) -> Presentation:
    """Return how to show a report; raises UsageError for options that exclude each other."""
    written, asked = options["format"], []
    if options["as_json"] and written != "json":
        asked.append("json")
    if written is not None:
        asked.append(written)
    if options["chart"]:
        asked.append("chart")
    if options["html"] is not None:
        asked.append("html")
    if len(asked) > 1:
        raise UsageError(
            f"{_spelled(asked[0])} and {_spelled(asked[1])} exclude each other", hint="ask for one"
        )
    form = asked[0] if asked else "table"
    if form == "html":
        _check_page(kind, options)
    target = options["html"] if form == "html" else options["output"]
    return Presentation(form, target, options["compact"], options["breakdown"], options["color"])


def _check_page(kind: str, options: Mapping[str, Any]) -> None:
    if options["output"] is not None:
        raise UsageError(
            f"--html {options['html']} and --output {options['output']} exclude each other",
            hint="--html names the file itself",
        )
    if kind not in _TAKEN_BY["html"]:
        takers = ", ".join(each for each in HELP if each in _TAKEN_BY["html"])
        raise UsageError(f"--html: the page shows no {kind}", hint=f"accepted by: {takers}")
    if options.get("session_id") is not None:
        raise UsageError(
            f"--html: the page is not of one thread, {options['session_id']!r}",
            hint="accepted: the same without an ID",
        )


def _spelled(form: str) -> str:
    return {"json": "--json", "chart": "--chart", "html": "--html"}.get(form, f"--format {form}")
