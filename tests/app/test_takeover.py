"""After an upgrade: an older version's service gives way, a newer one's does not."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from amp_tray import __version__
from tests.support.patched import patched
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox, wait_until_it_listens

OLDER, NEWER = "0.0.9", "99.0.0"


@contextmanager
def service_of(
    user: Sandbox, version: str, command: str = "serve"
) -> Iterator[subprocess.Popen[str]]:
    script = f"import amp_tray\namp_tray.__version__ = {version!r}"
    with patched(user, script, command) as process:
        wait_until_it_listens(process)
        assert hello(user)["version"] == version
        yield process


def hello(user: Sandbox) -> dict[str, Any]:
    with user.client() as client:
        said: dict[str, Any] = client.call("session.hello")
        return said


@pytest.mark.parametrize("command", ["serve", "run"])
def test_an_older_service_is_replaced(user: Sandbox, command: str) -> None:
    user.write(thread(answer(now())))
    with service_of(user, OLDER) as old, user.started(command) as new:
        wait_until_it_listens(new)
        assert old.wait(SECONDS) == 0
        said = hello(user)
        assert (said["version"], said["pid"]) == (__version__, new.pid)
        assert user.report("daily")["totals"]["totalTokens"] == 6110


def test_one_that_an_older_run_hosts_is_replaced_too(user: Sandbox) -> None:
    with service_of(user, OLDER, "run") as old, user.started("run") as new:
        wait_until_it_listens(new)
        assert old.wait(SECONDS) == 0
        assert hello(user)["pid"] == new.pid


def test_a_newer_service_stays_and_serve_says_so(user: Sandbox) -> None:
    with service_of(user, NEWER) as newer:
        done = user.run("serve")
        assert done.returncode == 1
        assert f"process {newer.pid}" in done.stderr
        assert f"newer version {NEWER}" in done.stderr
        assert newer.poll() is None


def test_run_shows_its_tray_on_a_newer_service(user: Sandbox) -> None:
    user.write(thread(answer(now())))
    with service_of(user, NEWER) as newer:
        done = user.run("run")  # which ends here, since there is no desktop
        assert done.returncode == 0
        assert f"of version {NEWER}" in done.stderr
        assert "6.1k tokens" in done.stderr
        assert newer.poll() is None


@pytest.mark.parametrize("version", [__version__, "not a version"])
def test_a_service_of_the_same_or_no_known_version_stays(user: Sandbox, version: str) -> None:
    with service_of(user, version) as first:
        done = user.run("serve")
        assert done.returncode == 1
        assert f"process {first.pid}" in done.stderr
        assert first.poll() is None
