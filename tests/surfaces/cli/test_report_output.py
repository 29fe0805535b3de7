"""Where a report goes and in which form: options of writing, quiet ends, troubles on stderr."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from amp_tray.core.report import KINDS
from amp_tray.surfaces.cli.main import run_command_line
from amp_tray.surfaces.cli.report_options import HELP
from tests.support.samples import answer, thread
from tests.support.sandbox import SECONDS, Sandbox

Run = Callable[..., str]

OUT = "out.txt"
DAY = datetime(2026, 2, 10, 12, tzinfo=UTC)


@pytest.fixture
def run(user: Sandbox, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a report in this process that must succeed; what it printed on stdout."""
    user.write(thread(answer(DAY), title="会議"))

    def run_one(*args: str, **env: str) -> str:
        user.env.update(env)
        assert run_command_line(user.program, ["report", *args]) == 0
        return capfdbinary.readouterr().out.decode()

    return run_one


def shell(user: Sandbox, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command line in a real shell, in which `amp-tray` is this one."""
    prelude = f'amp-tray() {{ "{sys.executable}" -m amp_tray "$@"; }}; cd "{user.home}"; '
    return subprocess.run(
        ["bash", "-c", prelude + command],
        env=user.env,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_the_short_format_option_is_the_long_one(run: Run) -> None:
    masked = re.compile(r'"generatedAt":"[^"]*"')
    short, long = (masked.sub("", run(option)) for option in ("-j", "--format=json"))
    assert short == long
    assert run("--format", "table") == run()


@pytest.mark.parametrize("kind", HELP)
@pytest.mark.parametrize(
    "options", [(), ("--format", "csv"), ("--format", "markdown"), ("--chart",), ("--compact",)]
)
def test_a_file_holds_what_stdout_would(
    user: Sandbox, run: Run, kind: str, options: tuple[str, ...]
) -> None:
    printed = run(kind, *options, COLUMNS="90")
    assert run(kind, *options, "--output", str(user.home / OUT)) == ""
    assert (user.home / OUT).read_bytes().decode() == printed
    assert run(kind, *options, "--output", "-") == printed


def test_a_document_in_a_file_is_the_same_document(user: Sandbox, run: Run) -> None:
    assert run("session", "--json", "--output", str(user.home / OUT)) == ""
    written = (user.home / OUT).read_text()
    assert written.endswith("}\n")
    assert json.loads(written)["sessions"] == json.loads(run("session", "--json"))["sessions"]


@pytest.mark.parametrize("kind", HELP)
def test_csv_has_every_member_of_the_documents_rows(run: Run, kind: str) -> None:
    row = json.loads(run(kind, "--json"))[KINDS[kind].key][0]
    heads = run(kind, "--format", "csv").splitlines()[0].split(",")
    members = list(dict.fromkeys(head.partition(".")[0] for head in heads))
    assert [*members, "modelBreakdowns"] == list(row)


def test_every_form_is_the_same_through_a_service(user: Sandbox, run: Run) -> None:
    forms: tuple[list[str], ...] = (
        [],
        ["--chart"],
        ["--format", "csv"],
        ["--format", "markdown"],
        ["--no-cost"],
    )
    commands = [[kind, *form] for kind in HELP for form in forms]
    alone = [run(*command) for command in commands]
    with user.serving():
        assert [run(*command) for command in commands] == alone
        assert run("--html", str(user.home / "page.html")) == ""


def test_a_page_is_written_with_the_periods_that_were_asked_for(user: Sandbox, run: Run) -> None:
    target = user.home / "page.html"
    for query in (["monthly"], ["session"], ["project"], ["--since", "2026-02-01"]):
        assert run(*query, "--html", str(target)) == ""
        assert "会議" in target.read_text()
    today = datetime.now(UTC).date()
    days = (today - DAY.date()).days + 1
    for kind, periods in (("monthly", days // 28 + 1), ("weekly", days // 7 + 2), ("daily", days)):
        assert run(kind, "--last", str(periods), "--html", str(target)) == ""
        assert "会議" in target.read_text()
    assert run("daily", "--last", str(days - 1), "--html", str(target)) == ""
    assert "会議" not in target.read_text()


def test_a_file_gets_colour_only_by_request(user: Sandbox, run: Run) -> None:
    for options, coloured in (((), False), (("--color",), True), (("--no-color",), False)):
        run(*options, "--output", str(user.home / OUT))
        assert ("\x1b[" in (user.home / OUT).read_text()) is coloured
    assert "\x1b[" not in run()
    assert "\x1b[" in run("--color")
    assert "\x1b[" in run(FORCE_COLOR="1")
    assert "\x1b[" not in run("--no-color")
    assert "\x1b[" not in run(NO_COLOR="1")


def test_a_terminal_gets_colour_in_its_own_width(user: Sandbox, run: Run) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal, os.fdopen(theirs, "wb") as stdout:
        os.set_blocking(ours, False)
        env = {**user.env, "TERM": "xterm", "COLUMNS": "60"}
        command = [sys.executable, "-m", "amp_tray", "report", "session"]
        subprocess.run(command, env=env, stdout=stdout, timeout=SECONDS, check=True)
        text = terminal.read(100_000).decode()
    assert "\x1b[36m" in text
    assert "会議" in text


def test_a_terminal_that_knows_ascii_alone_gets_it(user: Sandbox, run: Run) -> None:
    user.env["PYTHONIOENCODING"] = "ascii"
    for options in ((), ("--chart",), ("--breakdown",)):
        done = user.run("report", "session", *options)
        assert done.returncode == 0
        assert done.stdout.isascii()
        assert "???? (0000000a)" in done.stdout
        assert "+----" in done.stdout


def test_without_costs_none_is_told_in_any_form(run: Run) -> None:
    for options in ((), ("--chart",), ("--format", "csv"), ("--format", "markdown"), ("--json",)):
        for kind in HELP:
            text = run(kind, "--no-cost", *options)
            assert "$" not in text
            assert not re.search("Cost|costPer|unpricedTokens", text)


def test_the_environment_says_what_options_do_not(run: Run) -> None:
    defaults = {
        "AMP_TRAY_MODE": "display",
        "AMP_TRAY_TIMEZONE": "Asia/Tokyo",
        "AMP_TRAY_START_OF_WEEK": "sunday",
    }
    for kind, week in (("daily", None), ("weekly", "2026-02-08")):
        document = json.loads(run(kind, "--json", **defaults))
        assert document["meta"]["mode"] == "display"
        assert document["meta"]["timezone"] == "Asia/Tokyo"
        assert document[kind][0].get("week") == week
    told = ("-m", "calculate", "-z", "local", "--start-of-week", "Monday")
    document = json.loads(run("weekly", "--json", *told))
    assert document["meta"]["mode"] == "calculate"
    assert document["meta"]["timezone"] == "UTC"
    assert document["weekly"][0]["week"] == "2026-02-09"


@pytest.mark.parametrize("options", ["", "--json", "--format csv", "--chart", "--breakdown"])
def test_whoever_stops_reading_hears_nothing(user: Sandbox, run: Run, options: str) -> None:
    for number in range(400):  # more than a pipe holds
        user.write(thread(answer(DAY), thread_id=f"T-{number}"))
    done = shell(user, f"set -o pipefail; amp-tray report session {options} | head -1")
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("amp-tray report > /dev/full", "standard output: no space left on device"),
        ("amp-tray report --json > /dev/full", "standard output: no space left on device"),
        ("amp-tray report >&-", "standard output is closed"),
        ("amp-tray report --output .", ".: is a directory"),
        ("amp-tray report --output missing/out", "missing/out: no such file or directory"),
        ("amp-tray report --html missing/out", "missing/out: no such file or directory"),
    ],
)
def test_what_cannot_be_written_is_two_lines_on_stderr_and_exit_1(
    user: Sandbox, run: Run, command: str, said: str
) -> None:
    done = shell(user, command)
    assert done.returncode == 1
    assert done.stdout == ""
    first, *others = done.stderr.splitlines()
    assert first == f"amp-tray: the report cannot be written: {said}"
    assert len(others) <= 1


def test_a_file_that_may_not_be_written_is_told_and_stays(user: Sandbox, run: Run) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    (user.home / "closed").mkdir(mode=0o500)
    done = user.run("report", "--output", str(user.home / "closed/out"))
    assert done.returncode == 1
    assert "permission denied" in done.stderr


def test_a_device_is_written_into_and_a_closed_stdout_does_not_matter_then(
    user: Sandbox, run: Run
) -> None:
    assert shell(user, "amp-tray report --output /dev/stdout").stdout == run()
    done = shell(user, f"amp-tray report --output {OUT} >&-")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Daily" in (user.home / OUT).read_text()


@pytest.mark.parametrize(
    "options", ["", "--json", "--format csv", "--chart", f"--output {OUT}", "--html page.html"]
)
def test_files_that_cannot_be_used_are_one_line_on_stderr_whatever_the_form(
    user: Sandbox, run: Run, options: str
) -> None:
    user.write_bytes("T-torn.json", b'{"id":')
    done = shell(user, f"amp-tray report {options}")
    assert done.returncode == 0
    assert done.stderr == "1 file or record could not be used; `amp-tray doctor` lists them\n"
    if options == "--json":
        assert len(json.loads(done.stdout)["meta"]["diagnostics"]) == 1


def test_where_nothing_is_wrong_nothing_is_said(user: Sandbox, run: Run) -> None:
    assert shell(user, "amp-tray report --json").stderr == ""


def test_nothing_is_left_beside_a_written_file(user: Sandbox, run: Run) -> None:
    folder = Path(user.home, "reports")
    folder.mkdir()
    run("--output", str(folder / "a.txt"))
    run("--output", str(folder / "a.txt"))
    assert [path.name for path in folder.iterdir()] == ["a.txt"]
