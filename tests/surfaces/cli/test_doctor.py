"""The doctor finds what is wrong, says what to do, and exits with 1 for it."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from amp_tray.core.diagnostics import Code
from amp_tray.core.figures import SERVER_THREADS
from amp_tray.surfaces.cli.remedies import REMEDIES, remedy_of
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox


def findings(user: Sandbox, *, code: int) -> dict[str, Any]:
    done = user.run("doctor", "--json")
    assert (done.returncode, done.stderr) == (code, "")
    document: dict[str, Any] = json.loads(done.stdout)
    assert document["healthy"] is (code == 0)
    return document


def problems(document: dict[str, Any]) -> list[tuple[str, str]]:
    assert all(problem["remedy"] == remedy_of(problem["code"]) for problem in document["problems"])
    return [(problem["code"], problem["path"]) for problem in document["problems"]]


def test_every_code_has_a_remedy() -> None:
    assert set(REMEDIES) == {code.value for code in Code}
    assert all(REMEDIES.values())


def test_an_empty_home_is_healthy(user: Sandbox) -> None:
    document = findings(user, code=0)
    assert document["service"] is None
    first, *others = document["roots"]
    assert {root["source"] for root in others} == {"claude"}
    assert first == (
        {
            "source": "amp",
            "path": str(user.threads.parent),
            "folder": str(user.threads),
            "exists": False,
            "present": 0,
            "archived": 0,
        }
    )
    assert (document["newestEventAt"], document["newest"]) == (None, "no usage found yet")
    shown = user.run("doctor").stdout
    assert "does not run" in shown
    assert "not there; 0 files" in shown
    assert shown.endswith("Nothing is wrong.\n")


def test_what_is_there_is_counted(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    gone = user.write(thread(answer(now()), thread_id="T-gone"))
    findings(user, code=0)
    gone.unlink()
    document = findings(user, code=0)
    root, *_ = document["roots"]
    assert (root["exists"], root["present"], root["archived"]) == (True, 1, 1)
    assert document["newest"] == "just now"
    assert document["ledger"]["path"] == str(user.program.ledger_path)
    assert document["ledger"]["sizeBytes"] > 0
    shown = user.run("doctor").stdout
    assert "1 file and 1 archived" in shown
    assert f"schema {document['ledger']['schema']}" in shown


def test_every_trouble_is_told_with_its_place_and_remedy(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    for name in ("T-2.json", "T-1.json"):
        user.write_bytes(name, b'{"id":')
    user.write_bytes("T-3.json", b"[]")
    user.write_bytes("T-4.json", b" " * (2**20 + 1))
    user.env["AMP_TRAY_MAX_FILE_MB"] = "1"
    assert problems(findings(user, code=1)) == [
        ("torn-file", str(user.threads / "T-1.json")),
        ("torn-file", str(user.threads / "T-2.json")),
        ("not-a-thread", str(user.threads / "T-3.json")),
        ("too-large", str(user.threads / "T-4.json")),
    ]
    done = user.run("doctor")
    assert done.returncode == 1
    assert f"\ntorn-file (2): {REMEDIES['torn-file']}\n  {user.threads}/T-1.json: " in done.stdout
    assert f"\ntoo-large (1): {REMEDIES['too-large']}\n" in done.stdout


def test_old_usage_comes_with_the_reason(user: Sandbox) -> None:
    user.write(thread(answer(datetime(2026, 1, 20, tzinfo=UTC))))
    document = findings(user, code=0)
    assert document["newestEventAt"] == "2026-01-20T00:00:00.000Z"
    assert SERVER_THREADS in document["newest"]
    assert SERVER_THREADS in user.run("doctor").stdout


def test_the_service_is_asked_when_it_reads_the_same(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    user.write_bytes("T-1.json", b"{")
    alone = findings(user, code=1)
    with user.serving() as process:
        served = findings(user, code=1)
        shown = user.run("doctor").stdout
    assert served["service"]["pid"] == process.pid
    assert f"pid {process.pid}" in shown
    for key in ("roots", "newestEventAt", "newest", "problems"):
        assert served[key] == alone[key]


def test_a_service_on_other_files_is_told(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    with user.serving() as process:
        user.env["AMP_DATA_DIR"] = str(user.home / "elsewhere")
        document = findings(user, code=1)
    assert problems(document) == [
        ("service-differs", user.env["XDG_RUNTIME_DIR"] + "/amp-tray/rpc.sock")
    ]
    assert f"pid {process.pid}" in document["problems"][0]["message"]
    assert document["newest"] == "no usage found yet"


def test_a_ledger_that_cannot_be_read_is_told(user: Sandbox) -> None:
    findings(user, code=0)
    with closing(sqlite3.connect(user.program.ledger_path)) as database:
        database.execute("PRAGMA user_version = 999")
    document = findings(user, code=1)
    assert problems(document) == [("ledger", str(user.program.ledger_path))]
    assert "newer" in document["problems"][0]["message"]
    assert (document["ledger"], document["newest"]) == (None, "unknown")


def test_wrong_settings_are_wrong_usage(user: Sandbox) -> None:
    done = user.run("doctor", env={"AMP_TRAY_MAX_FILE_MB": "x"})
    assert done.returncode == 2


@pytest.mark.parametrize("code", ["service-differs", "of-a-newer-service"])
def test_other_codes_have_a_remedy_too(code: str) -> None:
    assert "amp-tray" in remedy_of(code)
