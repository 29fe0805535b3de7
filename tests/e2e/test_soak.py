"""A service that runs for long while everything around it changes ends with the right figures.

Fifty threads grow, files are deleted, roots are moved and replaced, settings and prices change,
the process is stopped for a moment, clients come and go, some of them rude. It goes in rounds,
of which the first is the warm-up. After each everybody leaves, and the service must count what
a program counts that was never here before, and hold no more than before.

    make e2e                     two minutes of it
    make soak                    half an hour
    make soak MINUTES=60 SEED=7  longer, with other troubles

One seed makes the same troubles, though not at the same moments.
"""

import asyncio
import contextlib
import logging
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from amp_tray.surfaces.cli.ask import wait_until_ready
from tests.benchmarks.timing import resident_bytes
from tests.support.processes import children, handles, threads
from tests.support.sandbox import SECONDS, Sandbox, end
from tests.support.soak_clients import Clients
from tests.support.soak_troubles import Troubles
from tests.support.soak_world import World, encode, until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc"),
]

log = logging.getLogger("soak")

MINUTES = float(os.environ.get("SOAK_MINUTES") or 2)
SEED = os.environ.get("SOAK_SEED") or "1"
ROUND_SECONDS = 27.0
CLIENTS = 6

MOST_GROWTH = 16 * 2**20
MOST_A_SESSION = 10 * 2**10
"""How many bytes more than after the first round may be held, and for each session that came.

What Python holds grows by some kilobytes a session, as of 3,000 sessions that have to fit into
80 MB. The rest is SQLite's cache, which has to fill up, and the holes that answers of all sizes
leave: 8 MiB in the first ten minutes, and ever less. There are hundreds of connections, files
and reports in a round, so what one of each leaves behind would pass this after a few rounds.
"""

MOST_THREADS = 3 + min(32, (os.cpu_count() or 1) + 4)
"""The loop's, the writer's and the watcher's, and those that asyncio begins as it needs them."""

KINDS = {"daily": "daily", "session": "sessions"}
TROUBLE_IN_LOG = re.compile(r"Traceback|ERROR|CRITICAL|starts again|could not be decoded")


class Held(NamedTuple):
    """What the process holds when nobody is there, and for how many sessions."""

    handles: Counter[str]
    threads: int
    memory: int
    sessions: int


def test_a_service_lives_through_everything(user: Sandbox) -> None:
    world = World(user, SEED)
    world.configure()
    with serving(user) as pid:
        held = asyncio.run(soak(world, pid))
    assert any(level == "over" for *_, level in world.crossed)
    assert set(world.crossed.values()) == {1}, world.crossed
    for one in held[1:]:
        came = one.sessions - held[0].sessions
        most = held[0].memory + MOST_GROWTH + came * MOST_A_SESSION
        assert one.memory < most, [each.memory for each in held]
    written = user.program.log_path
    said = "".join(path.read_text("utf-8") for path in written.parent.glob(f"{written.name}*"))
    assert not [line for line in said.splitlines() if TROUBLE_IN_LOG.search(line)]
    assert not list(written.parent.glob("crash-*"))
    verdict = user.run("ledger", "verify")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    # And what is told without a service, and by one that begins anew.
    alone = counted(user)
    assert alone == fresh_count(world)
    with user.serving():
        assert counted(user) == alone


@contextlib.contextmanager
def serving(user: Sandbox) -> Iterator[int]:
    """Run the service, its output into nothing: nobody would read it for minutes."""
    nowhere = subprocess.DEVNULL
    command = [sys.executable, "-m", "amp_tray", "serve"]
    process = subprocess.Popen(command, env=user.env, stdout=nowhere, stderr=nowhere, text=True)
    try:
        while not user.socket.exists():
            assert process.poll() is None
        with user.client() as client:
            wait_until_ready(client, lambda _done, _total: None)
        yield process.pid
        process.terminate()
        assert process.wait(SECONDS) == 0
    finally:
        end(process)


async def soak(world: World, pid: int) -> list[Held]:
    """Go through all rounds; what the process held after each."""
    troubles, clients = Troubles(world, pid, SEED), Clients(world, SEED)
    held: list[Held] = []
    begun = handles(pid)
    for _ in range(max(2, round(MINUTES * 60 / ROUND_SECONDS))):
        await world.look()
        await live_through(world, troubles, clients)
        rows = (await world.ask("report.session"))["sessions"]
        assert {row["sessionId"]: row["totalTokens"] for row in rows} == world.library.sessions()
        expected = await asyncio.to_thread(fresh_count, world)
        for kind, document in expected.items():
            told = await world.ask(f"report.{kind}", timezone="UTC")
            assert without_moment(told) == document
        await world.ask("service.refresh")  # which gives back what memory is free
        await world.look_away()
        await until(lambda: not children(pid), lambda: children(pid))
        await until(lambda: handles(pid) <= begun, lambda: handles(pid) - begun)
        assert threads(pid) <= MOST_THREADS
        held.append(Held(handles(pid), threads(pid), resident_bytes(pid), len(rows)))
        tell(world, troubles, clients, held[-1])
    return held


def tell(world: World, troubles: Troubles, clients: Clients, held: Held) -> None:
    """Tell whoever looks on what a round came to."""
    calls = sum(story.calls for story in world.library.stories)
    log.info("%d threads, %d calls", len(world.library.stories), calls)
    log.info("troubles %s, visits %s", troubles.made, clients.visits)
    log.info("%d handles, %d threads", held.handles.total(), held.threads)
    log.info("%.1f MiB", held.memory / 2**20)


async def live_through(world: World, troubles: Troubles, clients: Clients) -> None:
    """Have everything happen at once for a round, and then put everything in its place."""
    tasks = [
        asyncio.create_task(world.grow()),
        asyncio.create_task(world.stream()),
        asyncio.create_task(troubles.make()),
        *(asyncio.create_task(clients.come_and_go()) for _ in range(CLIENTS)),
    ]
    await asyncio.wait(tasks, timeout=ROUND_SECONDS, return_when=asyncio.FIRST_EXCEPTION)
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if not isinstance(ended, asyncio.CancelledError):
            raise ended if isinstance(ended, BaseException) else AssertionError("it ended")
    await troubles.settle()


def fresh_count(world: World) -> dict[str, Any]:
    """Count the last state of every file that ever was, with a ledger that knows nothing."""
    with Sandbox() as other:
        for story in world.library.stories:
            other.write_bytes(f"{story.name}.json", encode(story))
        return counted(other)


def counted(user: Sandbox) -> dict[str, Any]:
    return {kind: without_moment(user.report(kind, "--timezone", "UTC")) for kind in KINDS}


def without_moment(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report without what the moment or the place of its making decides."""
    return {**document, "meta": {**document["meta"], "generatedAt": None, "stale": None}}
