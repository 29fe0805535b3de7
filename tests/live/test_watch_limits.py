"""The real program under the kernel's own limits, lowered in a user namespace of its own."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from amp_tray.surfaces.cli.ask import wait_until_ready
from tests.support import samples
from tests.support.sandbox import SECONDS, Sandbox

NAMESPACE = ("unshare", "--user", "--map-root-user", "sh", "-c")
# Limits of a user namespace go with it; those in /proc/sys/fs are the whole system's.
LIMITS = "/proc/sys/user/max_inotify_"
RETRY_SECONDS = 0.1
SERVE = f"""
import sys
from amp_tray.live import polling, watch
watch._RETRY_SECONDS = polling.SHORTEST_SECONDS = polling.LONGEST_SECONDS = {RETRY_SECONDS}
sys.argv = ["amp-tray", "serve"]
from amp_tray.app.main import main
main()
"""


def can_be_lowered() -> bool:
    try:
        done = subprocess.run(
            [*NAMESPACE, f"echo 0 > {LIMITS}watches"], check=False, capture_output=True, timeout=10
        )
    except OSError:
        return False
    return done.returncode == 0


@contextlib.contextmanager
def serving(user: Sandbox, limit: str) -> Iterator[subprocess.Popen[str]]:
    """Run the service under a limit of 0, which a line of input lifts again."""
    script = (
        f"echo 0 > {LIMITS}{limit}; {sys.executable} -c '{SERVE}' & "
        f"read line; echo 1000 > {LIMITS}{limit}; wait"
    )
    process = subprocess.Popen(
        [*NAMESPACE, script],
        env=user.env,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        while "listens" not in process.stderr.readline():
            pass
        yield process
    finally:
        with user.client() as client:
            client.call("service.shutdown")
        process.communicate("\n", timeout=SECONDS)


def tokens(client: Any) -> int:
    total: int = client.call("usage.summary")["today"]["totalTokens"]
    return total


@pytest.mark.skipif(not can_be_lowered(), reason="no user namespaces to lower limits in")
@pytest.mark.parametrize(
    ("limit", "reason"), [("watches", "watched directories"), ("instances", "watchers or of open")]
)
def test_at_the_limit_files_are_looked_at_and_watched_again_when_it_is_lifted(
    limit: str, reason: str
) -> None:
    with Sandbox() as user:
        user.write(samples.thread(samples.answer(samples.now()), thread_id="T-1"))
        with serving(user, limit) as process, user.client() as told, user.client() as client:
            wait_until_ready(client, lambda _done, _total: None)
            told.call("usage.subscribe")
            news = told.notifications()
            status = client.call("service.status")
            assert status["watchMode"] == "polling"
            assert reason in status["watchReason"]
            findings = user.run("doctor").stdout
            assert f"polling ({status['watchReason']}); the system lets you have" in findings
            user.write(samples.thread(samples.answer(samples.now()), thread_id="T-2"))
            while tokens(client) != 2 * 6110:
                next(news)
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
            # Native watching begins with a rescan, which finds this one at the latest.
            user.write(samples.thread(samples.answer(samples.now()), thread_id="T-3"))
            while tokens(client) != 3 * 6110:
                next(news)
            until_native(client)


def until_native(client: Any) -> None:
    """Ask until the mode is native; each answer takes a rescan, and a bound is set on them."""
    for _ in range(2000):
        client.call("service.refresh")
        status = client.call("service.status")
        if status["watchMode"] == "native":
            assert status["watchReason"] is None
            return
    pytest.fail("native watching did not come back")
