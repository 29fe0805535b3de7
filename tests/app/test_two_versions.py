"""One ledger, two versions of the program: an upgrade takes it along, a downgrade leaves it be."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox

# What a later version might do: another step for the ledger, which its own code then uses.
LATER = """
import amp_tray
from amp_tray.ledger import connect, schema
amp_tray.__version__ = "99.0.0"
step = schema.SCHEMA_VERSION + 1
schema.MIGRATIONS[step] = "ALTER TABLE session ADD COLUMN colour TEXT;"
schema.SCHEMA_VERSION = connect.SCHEMA_VERSION = step
from amp_tray.app.main import main
main()
"""


@pytest.fixture
def user() -> Iterator[Sandbox]:
    """Somebody with one thread on record whose file has gone since."""
    with Sandbox() as user:
        path = user.write(thread(answer(now())))
        assert total(user.report("daily")) == 6110
        path.unlink()
        yield user


def later(user: Sandbox, *args: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the later version."""
    return subprocess.run(
        [sys.executable, "-c", LATER, *args],
        env=user.env,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def total(document: dict[str, dict[str, int]]) -> int:
    return document["totals"]["totalTokens"]


def schema_of(user: Sandbox) -> int:
    with closing(sqlite3.connect(user.program.ledger_path)) as database:
        version: int = database.execute("PRAGMA user_version").fetchone()[0]
        return version


def test_an_upgrade_keeps_usage_whose_file_is_gone(user: Sandbox) -> None:
    before = schema_of(user)
    done = later(user, "report", "daily", "--json")
    assert done.returncode == 0, done.stderr
    assert total(json.loads(done.stdout)) == 6110
    assert schema_of(user) == before + 1


@pytest.mark.parametrize("command", [("report", "daily"), ("serve",), ("ledger", "info")])
def test_a_downgrade_is_refused_in_a_sentence_and_changes_nothing(
    user: Sandbox, command: tuple[str, ...]
) -> None:
    later(user, "report", "daily")
    path = user.program.ledger_path
    before = path.read_bytes()
    done = user.run(*command)
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if line.startswith("amp-tray:")]
    assert len(said) == 1, done.stderr
    assert said[0].startswith("amp-tray: the ledger is from a newer amp-tray: ")
    assert "update amp-tray" in done.stderr
    assert "Traceback" not in done.stderr
    assert path.read_bytes() == before
    assert list(path.parent.glob("*corrupt*")) == []
    assert total(json.loads(later(user, "report", "daily", "--json").stdout)) == 6110


def test_back_on_the_older_version_another_directory_serves_meanwhile(user: Sandbox) -> None:
    later(user, "report", "daily")
    user.write(thread(answer(now())))
    elsewhere = user.run(
        "report", "daily", "--json", env={"AMP_TRAY_DATA_DIR": str(user.home / "older")}
    )
    assert total(json.loads(elsewhere.stdout)) == 6110
