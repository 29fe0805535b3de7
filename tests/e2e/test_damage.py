"""A ledger that is damaged or cannot be written: figures come all the same, and it is said."""

import sqlite3
import sys
from contextlib import closing
from typing import Any

import pytest

from amp_tray_rpc.client import Client
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox

if sys.platform != "win32":
    import resource

THREADS = 20


@pytest.fixture
def user(user: Sandbox) -> Sandbox:
    """A user with twenty threads in the ledger."""
    for number in range(THREADS):
        user.write(thread(answer(now()), thread_id=f"T-{number:02}"))
    assert total(user.report("daily")) == THREADS * 6110
    return user


def total(document: dict[str, Any]) -> int:
    tokens: int = document["totals"]["totalTokens"]
    return tokens


def ledger_troubles(diagnostics: list[dict[str, str]]) -> list[str]:
    return [item["message"] for item in diagnostics if item["code"] == "ledger"]


def today(client: Client) -> int:
    tokens: int = client.call("usage.summary")["today"]["totalTokens"]
    return tokens


def wait_for(client: Client, tokens: int) -> None:
    """Wait until the service counts so many tokens today."""
    while today(client) != tokens:
        next(client.notifications(timeout=SECONDS))


def test_a_report_sets_a_damaged_ledger_aside_and_says_so_once(user: Sandbox) -> None:
    user.program.ledger_path.write_bytes(b"spoilt " * 10_000)
    document = user.report("daily")
    assert total(document) == THREADS * 6110
    (told,) = ledger_troubles(document["meta"]["diagnostics"])
    (aside,) = user.program.data_directory.glob("ledger.corrupt-*.db")
    assert aside.name in told
    assert ledger_troubles(user.report("daily")["meta"]["diagnostics"]) == []
    assert str(aside) in user.run("ledger", "info").stdout
    assert user.run("ledger", "verify").returncode == 0


def test_the_service_starts_on_a_damaged_ledger_and_says_so(user: Sandbox) -> None:
    (user.threads / "T-00.json").unlink()
    user.report("daily")
    with user.program.ledger_path.open("r+b") as file:
        file.write(bytes(4096))
    with user.serving(), user.client() as client:
        status = client.call("service.status")
        assert status["state"] == "ready"
        (told,) = ledger_troubles(status["diagnostics"])
        assert f"{THREADS} of its records were kept" in told
        assert today(client) == THREADS * 6110  # the vanished file's usage too
    with user.serving(), user.client() as client:
        assert ledger_troubles(client.call("service.status")["diagnostics"]) == []
        assert today(client) == THREADS * 6110


def test_damage_under_a_running_service_does_not_end_it(user: Sandbox) -> None:
    path = user.program.ledger_path
    with user.serving() as service, user.client() as client:
        client.call("usage.subscribe")
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.write(b"\xff" * size)
        user.write(thread(answer(now()), thread_id="T-new"))
        wait_for(client, (THREADS + 1) * 6110)
        assert service.poll() is None
        status = client.call("service.status")
        (told,) = ledger_troubles(status["diagnostics"])
        assert "ledger.corrupt-" in told
        assert status["state"] == "ready"
        user.write(thread(answer(now()), thread_id="T-next"))
        wait_for(client, (THREADS + 2) * 6110)
    assert total(user.report("daily")) == (THREADS + 2) * 6110
    assert user.run("ledger", "verify").returncode == 0


@pytest.mark.parametrize("place", ["in-the-way/data", "directory"])
def test_where_no_ledger_can_be_written_the_service_works_from_memory(
    user: Sandbox, place: str
) -> None:
    (user.home / "in-the-way").write_text("a file, where the data directory should be")
    (user.home / "directory/ledger.db").mkdir(parents=True)
    user.env["AMP_TRAY_DATA_DIR"] = str(user.home / place)
    with user.serving(), user.client() as client:
        client.call("usage.subscribe")
        assert today(client) == THREADS * 6110
        status = client.call("service.status")
        assert status["state"] == "degraded"
        (told,) = ledger_troubles(status["diagnostics"])
        assert "not kept" in told
        user.write(thread(answer(now()), thread_id="T-new"))
        wait_for(client, (THREADS + 1) * 6110)
    document = user.report("daily")
    assert total(document) == (THREADS + 1) * 6110
    (told,) = ledger_troubles(document["meta"]["diagnostics"])
    assert "not kept" in told


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of another process is Linux's")
def test_a_full_disk_degrades_the_service_until_there_is_room(user: Sandbox) -> None:
    with user.serving() as service, user.client() as client:
        client.call("usage.subscribe")
        size = user.program.ledger_path.stat().st_size
        unlimited = resource.prlimit(service.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (size, unlimited[1]))
        many = [answer(now(), message_id=number) for number in range(2000)]
        user.write(thread(*many, thread_id="T-large"))
        wait_for(client, (THREADS + 2000) * 6110)
        status = client.call("service.status")
        assert status["state"] == "degraded"
        (told,) = ledger_troubles(status["diagnostics"])
        assert "not kept" in told
        assert service.poll() is None

        resource.prlimit(service.pid, resource.RLIMIT_FSIZE, unlimited)
        client.call("service.refresh")
        status = client.call("service.status")
        assert (status["state"], ledger_troubles(status["diagnostics"])) == ("ready", [])
        assert today(client) == (THREADS + 2000) * 6110
    (user.threads / "T-large.json").unlink()
    assert total(user.report("daily")) == (THREADS + 2000) * 6110


def test_a_newer_ledger_is_refused_with_a_clear_sentence(user: Sandbox) -> None:

    with closing(sqlite3.connect(user.program.ledger_path)) as database:
        database.execute("PRAGMA user_version = 99")
    for args in (["report"], ["serve"], ["ledger", "info"], ["ledger", "verify"]):
        done = user.run(*args)
        assert done.returncode == 1
        assert "schema version 99" in done.stderr
        assert "update amp-tray" in done.stderr
        assert "Traceback" not in done.stderr
    assert user.run("report", "--json").stdout == ""
