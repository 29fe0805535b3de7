"""A real service under attack: it answers others as before, and holds no more memory.

    pytest -m e2e -k hostile -rP   shows what was measured

What each attack is told is tested in `tests/rpc/test_hostile.py`.
"""

import itertools
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.rpc.hostile import INPUTS
from tests.support.attacker import ATTACKS, NOBODY, attack
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox
from tests.support.vitals import Latency, forget_peak, greeting, measured, resident_mb

MOST_MS = 50.0
MOST_MB = 20.0
THREADS = 200

BY_TOKEN = {"wrong token", "no token"}
ON_UNIX = [name for name in ATTACKS if name not in BY_TOKEN]
ON_TCP = [name for name in ATTACKS if name not in {*INPUTS, "another uid"}]

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]


@dataclass(frozen=True)
class Service:
    """A service that runs.

    Attributes:
        place: its socket, or where that would lie.
        held_mb: its memory after it has answered everything once.
    """

    user: Sandbox
    place: Path
    pid: int
    held_mb: float
    answers: Iterator[int] = field(default_factory=itertools.count)

    def grow(self) -> None:
        """Have a thread say more."""
        said = (answer(now(), message_id=key) for key in range(next(self.answers) % 50 + 1))
        self.user.write(thread(*said, thread_id="T-0"))


@pytest.fixture(scope="module")
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    with Sandbox() as user:
        place = user.socket
        user.env["AMP_TRAY_TRANSPORT"] = request.param
        for number in range(THREADS):
            user.write(thread(answer(now()), thread_id=f"T-{number}"))
        with user.serving() as process, user.client() as client:
            for _ in range(100):  # until all is loaded that a question needs
                for method in ("session.hello", "usage.summary", "report.session"):
                    client.call_raw(method)
            client.call_raw("service.refresh")
            held = resident_mb(process.pid)
            yield Service(user, place, process.pid, held)


def assert_soon(taken: Latency) -> None:
    assert taken.median <= MOST_MS
    assert taken.p95 <= MOST_MS


@pytest.mark.parametrize(
    ("service", "name"),
    [*(("unix", name) for name in ON_UNIX), *(("tcp", name) for name in ON_TCP)],
    indirect=["service"],
)
def test_others_are_answered_and_memory_stays(service: Service, name: str) -> None:
    uid = None
    if name == "another uid":
        if os.geteuid() != 0:
            pytest.skip("only root can become another user")
        uid = NOBODY
        # Modes loosened by hand let the other user reach the socket: the credentials do not.
        service.place.chmod(0o666)
        service.place.parent.chmod(0o777)
    forget_peak(service.pid)
    with attack(name, service.place, uid=uid), service.user.client() as client:
        questions = [lambda: client.call_raw("usage.summary"), greeting(service.user.client)]
        if "subscribers" in name:  # they are told of something until their buffers are full
            call, newcomer, _ = measured(service.pid, *questions, service.grow, seconds=8)
        else:
            call, newcomer = measured(service.pid, *questions)
    peak = resident_mb(service.pid, peak=True)
    print(  # noqa: T201 - the figures, for -rP
        f"{name}: median/p95 (felt) ms: call {call}, newcomer {newcomer};"
        f" {service.held_mb:.1f} MB, at most {peak:.1f}"
    )
    assert_soon(call)
    assert_soon(newcomer)
    assert peak <= service.held_mb + MOST_MB
