"""`amp-tray ledger`: what each command says, writes, asks and refuses."""

import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest

from amp_tray.ledger.schema import MIGRATIONS
from amp_tray.surfaces.cli.main import run_command_line
from tests.support.claude_logs import PROJECT, SESSION, put, said
from tests.support.samples import answer, thread
from tests.support.sandbox import Sandbox

DAY = datetime(2026, 2, 10, 12, tzinfo=UTC)
SECRET = "what the user typed"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(user: Sandbox, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command in this process; its exit code, and what it said on stdout and stderr."""

    def run_one(*args: str, **env: str) -> tuple[int, str, str]:
        user.env.update(env)
        code = run_command_line(user.program, args)
        said = capfdbinary.readouterr()
        return code, said.out.decode(), said.err.decode()

    return run_one


@pytest.fixture
def filled(user: Sandbox, run: Run) -> Sandbox:
    """A user with three threads in the ledger, one of whose files is gone."""
    asked = {"role": "user", "messageId": 0, "content": [{"type": "text", "text": SECRET}]}
    for number in range(3):
        user.write(thread(asked, answer(DAY), thread_id=f"T-{number}", title="A \x1b[31mtitle"))
    run("report", "--json")
    (user.threads / "T-0.json").unlink()
    run("report", "--json")
    return user


def tokens(run: Run, **env: str) -> int:
    code, out, _ = run("report", "--json", **env)
    assert code == 0
    total: int = json.loads(out)["totals"]["totalTokens"]
    return total


def test_info_counts_a_session_once_however_many_hours_it_has(user: Sandbox, run: Run) -> None:
    user.write(thread(answer(DAY), thread_id="T-1"))
    hours = [said(str(hour), at=f"2026-02-10T{hour}:00:00.000Z") for hour in (10, 11, 12)]
    put(user.home / ".claude", f"{PROJECT}/{SESSION}.jsonl", *hours)
    assert tokens(run) > 0
    code, out, _ = run("ledger", "info", "--json")
    assert code == 0
    document = json.loads(out)
    assert (document["threads"], document["records"], document["events"]) == (2, 4, 4)


def test_info_tells_what_there_is_and_what_is_archived(filled: Sandbox, run: Run) -> None:
    code, out, _ = run("ledger", "info", "--json")
    assert code == 0
    document = json.loads(out)
    assert document["path"] == str(filled.program.ledger_path)
    assert document["files"] == {"present": 2, "archived": 1}
    assert (document["threads"], document["records"], document["events"]) == (3, 3, 3)
    assert document["oldestEventAt"] == document["newestEventAt"] == "2026-02-10T12:00:00.000Z"
    assert document["roots"][0] == {
        "source": "amp",
        "path": str(filled.threads.parent),
        "inForce": True,
        "present": 2,
        "archived": 1,
    }
    assert document["checkedAt"] is not None
    _, shown, _ = run("ledger", "info")
    assert "2 files and 1 archived" in shown
    assert "2026-02-10" in shown


@pytest.mark.parametrize("command", ["info", "export", "verify"])
def test_without_a_ledger_that_is_said(user: Sandbox, run: Run, command: str) -> None:
    code, out, err = run("ledger", command)
    assert (code, out) == (1, "")
    assert "there is no ledger" in err
    assert not user.program.ledger_path.exists()


def test_an_export_has_every_record_and_not_a_word_of_what_was_said(
    filled: Sandbox, run: Run
) -> None:
    code, out, _ = run("ledger", "export")
    assert code == 0
    head, *lines = map(json.loads, out.splitlines())
    assert (head["format"], head["version"], head["records"]) == ("amp-tray-ledger", 1, 3)
    assert [line["file"] for line in lines] == ["T-0.json", "T-1.json", "T-2.json"]
    assert SECRET not in out


def test_an_export_to_a_file_is_whole_and_the_users_alone(filled: Sandbox, run: Run) -> None:
    target = filled.home / "out.jsonl"
    target.write_text("what was there before")
    code, out, _ = run("ledger", "export", "--output", str(target))
    assert (code, out) == (0, "")
    assert len(target.read_text().splitlines()) == 4
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in filled.home.glob("*out*")] == ["out.jsonl"]
    code, _, err = run("ledger", "export", "--output", str(filled.home / "no/such/out.jsonl"))
    assert code == 1
    assert "cannot be written" in err


def test_an_import_shows_in_reports_and_a_second_changes_nothing(filled: Sandbox, run: Run) -> None:
    target = str(filled.home / "out.jsonl")
    run("ledger", "export", "-o", target)
    before = tokens(run)
    assert (
        "0 records are new, 0 have more than before, 3 were known"
        in run("ledger", "import", target)[1]
    )
    assert tokens(run) == before
    other = {
        "AMP_TRAY_DATA_DIR": str(filled.home / "second"),
        "AMP_DATA_DIR": str(filled.home / "root"),
    }
    assert tokens(run, **other) == 0
    assert "3 records are new" in run("ledger", "import", target)[1]
    assert tokens(run) == before
    assert run("ledger", "verify")[0] == 0
    assert run("ledger", "import", target)[1].startswith("Imported: 0 records are new")


def test_an_import_from_a_pipe(filled: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    exported = run("ledger", "export")[1].encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(exported)))
    code, out, _ = run("ledger", "import", "-")
    assert code == 0
    assert "3 were known" in out


def test_bad_lines_are_told_and_exit_1(filled: Sandbox, run: Run) -> None:
    target = filled.home / "out.jsonl"
    run("ledger", "export", "-o", str(target))
    target.write_text(target.read_text() + "no JSON\x1b[31m\n" * 30)
    code, out, err = run("ledger", "import", str(target))
    assert code == 1
    assert "3 were known" in out
    assert "line 5: " in err
    assert "and 10 more lines" in err
    assert "\x1b" not in err


def test_usage_for_a_root_in_no_report_is_told(filled: Sandbox, run: Run) -> None:
    target = str(filled.home / "out.jsonl")
    run("ledger", "export", "-o", target)
    code, _, err = run("ledger", "import", target, "--as-root", str(filled.home / "laptop"))
    assert code == 0
    assert f"No report covers {filled.home / 'laptop'}" in err
    assert tokens(run, AMP_DATA_DIR=str(filled.home / "laptop")) == 3 * 6110


def test_what_is_no_export_is_refused(filled: Sandbox, run: Run) -> None:
    code, _, err = run("ledger", "import", str(filled.threads / "T-1.json"))
    assert code == 1
    assert "not that of an export" in err
    assert run("ledger", "import", str(filled.home / "none"))[0] == 2


def test_verify_says_what_is_wrong_and_exits_1(filled: Sandbox, run: Run) -> None:
    code, out, err = run("ledger", "verify")
    assert (code, out, err) == (0, "Sound: 3 records, 3 usage events.\n", "")
    with closing(sqlite3.connect(filled.program.ledger_path)) as database:
        database.execute("UPDATE thread SET events = '[]' WHERE thread_id = 'T-1'")
        database.commit()
    code, out, err = run("ledger", "verify")
    assert code == 1
    assert out == "the stored usage of T-1 is not what its records give\n"
    assert "not sound" in err


def amp_roots(run: Run) -> int:
    roots = json.loads(run("ledger", "info", "--json")[1])["roots"]
    return sum(root["source"] == "amp" for root in roots)


def test_prune_removes_what_no_report_covers_and_asks_first(filled: Sandbox, run: Run) -> None:
    before = tokens(run)
    home = filled.home
    tokens(run, AMP_DATA_DIR=str(home / "tried"))
    del filled.env["AMP_DATA_DIR"]
    code, out, err = run("ledger", "prune")  # nobody at a terminal
    assert code == 2
    assert f"reports on {home / 'tried'}" in out
    assert "--yes" in err
    assert amp_roots(run) == 2
    assert run("ledger", "prune", "--yes")[0] == 0
    assert amp_roots(run) == 1
    assert run("ledger", "prune")[1] == "There is nothing to remove.\n"
    assert tokens(run) == before


@pytest.mark.parametrize(("said", "kept"), [("n", True), ("y", False)])
def test_prune_does_what_it_is_told(
    filled: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch, said: str, kept: bool
) -> None:
    terminal = io.StringIO(f"{said}\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    code, out, _ = run("ledger", "prune", "--root", str(filled.threads.parent))
    assert code == 0
    assert "3 records, of 2 files and 1 archived ones, gone for good" in out
    # What is still in files is read again; what was archived is gone.
    assert tokens(run) == (3 if kept else 2) * 6110


def test_an_unknown_root_is_named_with_those_there_are(filled: Sandbox, run: Run) -> None:
    code, _, err = run("ledger", "prune", "--root", "/no/such", "--yes")
    assert code == 2
    assert "/no/such" in err
    assert str(filled.threads.parent) in err


def test_beside_a_service_the_reading_commands_work_and_the_writing_ones_refuse(
    filled: Sandbox,
) -> None:
    target = str(filled.home / "out.jsonl")
    with filled.serving() as service:
        for args in (["info"], ["export", "-o", target], ["verify"]):
            done = filled.run("ledger", *args)
            assert (done.returncode, done.stderr) == (0, "")
        for args in (["import", target], ["prune", "--yes"]):
            done = filled.run("ledger", *args)
            assert done.returncode == 1
            assert f"process {service.pid}" in done.stderr
            assert "amp-tray stop" in done.stderr
        health = json.loads(filled.run("status", "--json").stdout)
        assert health["state"] == "ready"


def test_an_older_ledger_is_read_as_it_is(filled: Sandbox, run: Run) -> None:
    older = filled.home / "older.db"
    with closing(sqlite3.connect(older)) as database:
        for step in (1, 2):
            database.executescript(MIGRATIONS[step])
        database.execute("PRAGMA user_version = 2")
        database.execute("ATTACH ? AS now", (str(filled.program.ledger_path),))
        for table in ("root", "file", "record"):
            database.execute(f"INSERT INTO {table} SELECT * FROM now.{table}")
        database.commit()
    older.replace(filled.program.ledger_path)
    before = filled.program.ledger_path.read_bytes()
    assert json.loads(run("ledger", "info", "--json")[1])["records"] == 3
    assert run("ledger", "export")[1].count("\n") == 4
    assert filled.program.ledger_path.read_bytes() == before
