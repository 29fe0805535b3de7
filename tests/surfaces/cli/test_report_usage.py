"""What cannot be asked for: two lines on stderr, of which the second points to the help."""

import pytest

from amp_tray.core.report import KINDS as REPORTS
from amp_tray.surfaces.cli.main import run_command_line
from amp_tray.surfaces.cli.render.columns import TITLES
from amp_tray.surfaces.cli.report_options import HELP
from tests.support.sandbox import Sandbox

KINDS = "daily, weekly, monthly, session, blocks, project"
WRONG = [
    ("yearly", f"no report 'yearly'; there are: {KINDS}", "report"),
    ("--since someday", "since: 'someday' is no day; accepted: YYYYMMDD", "report daily"),
    ("weekly -u 2026-13-01", "until: '2026-13-01' is no day; accepted:", "report weekly"),
    ("-s 20260302 -u 20260301", "since 2026-03-02 is after until 2026-03-01", "report daily"),
    ("-z Mars", "unknown time zone 'Mars'; accepted: local, UTC, or an IANA", "report daily"),
    ("-o up", "'up' is not one of 'asc', 'desc'", "report daily"),
    ("-m credits", "'credits' is not one of 'auto', 'calculate', 'display'", "report daily"),
    ("--last 0", "'0' is not a number from 1 to 10,000", "report daily"),
    ("--last many", "'many' is not a number from 1 to 10,000", "report daily"),
    ("--last 10001", "'10001' is not a number from 1 to 10,000", "report daily"),
    ("--last 2 --since 7d", "exclude each other", "report daily"),
    ("session --last 2", "the session report takes none; accepted by: daily", "report session"),
    ("project --last 2", "the project report takes none; accepted by: daily", "report project"),
    ("--start-of-week monday", "accepted by: weekly", "report daily"),
    ("weekly --start-of-week noday", "'noday' is not one of 'monday'", "report weekly"),
    ("--source other", "'other' is no source; accepted: amp", "report daily"),
    ("--format xml", "'xml' is not one of 'table', 'json', 'csv'", "report daily"),
    ("--json --format csv", "--json and --format csv exclude each other", "report daily"),
    ("--json --chart", "--json and --chart exclude each other", "report daily"),
    ("--chart --html x", "--chart and --html exclude each other", "report daily"),
    ("--html x --output y", "--html x and --output y exclude each other", "report daily"),
    ("blocks --html x", "--html: the page shows no blocks; accepted by: daily", "report blocks"),
    ("session T-1 --html x", "the page is not of one thread, 'T-1'", "report session"),
    ("--json session", "'session' is a word too many; accepted: one of", "report daily"),
    ("session T-1 T-2", "'T-2' is a word too many; accepted: one of", "report session"),
    ("--jsn", "--jsn", "report daily"),
    ("--since", "--since", "report daily"),
]


@pytest.mark.parametrize(("args", "said", "command"), WRONG)
def test_it_names_the_value_and_what_is_accepted_and_points_to_the_help(
    user: Sandbox, capfd: pytest.CaptureFixture[str], args: str, said: str, command: str
) -> None:
    assert run_command_line(user.program, ["report", *args.split()]) == 2
    shown = capfd.readouterr()
    assert shown.out == ""
    first, second = shown.err.splitlines()
    assert first.startswith("amp-tray: ")
    assert said in first
    assert second == f"  see `amp-tray {command} --help`"


def test_what_the_environment_says_wrong_is_told_the_same(
    user: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    user.env["AMP_TRAY_MODE"] = "credits"
    assert run_command_line(user.program, ["report"]) == 2
    assert "mode: 'credits' is no cost mode; accepted: auto" in capfd.readouterr().err


@pytest.mark.parametrize("kind", HELP)
def test_every_report_explains_itself_with_examples_that_work(
    user: Sandbox, capfd: pytest.CaptureFixture[str], kind: str
) -> None:
    assert run_command_line(user.program, ["report", kind, "--help"]) == 0
    text = capfd.readouterr().out
    examples = [line.split() for line in text.splitlines() if line.startswith("    amp-tray")]
    assert len(examples) >= 2
    for name, *words in examples:
        assert name == "amp-tray"
        assert words[1] == kind
        for word in words:
            assert not word.startswith("-") or word in text.split("Options:")[1]
    assert "--last" in text.split("Options:")[1] or kind in {"session", "project"}


def test_there_is_a_command_for_every_report() -> None:
    assert list(HELP) == list(REPORTS) == list(TITLES)


def test_the_reports_are_listed_with_examples(
    user: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(user.program, ["report", "--help"]) == 0
    text = capfd.readouterr().out
    listed = [line.split()[0] for line in text.split("Commands:")[1].splitlines() if line.strip()]
    assert listed == list(HELP)
    assert text.count("    amp-tray report") >= 4
